"""Move, merge and close a unit: the form, then what it means, then the act."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.units import Unit
from forms.problems import N_
from services.days import read_day
from services.errors import Refusal
from services.organization.unit_acts import closing, founding, merging, moving, withdrawing
from services.organization.units import Decision, decide, foresee

from ..language import refusal_text
from ..options import Option, unit_options
from ..session import staff_blueprint, staff_page
from ..site import site
from .unit_questions import (
    Question,
    close_question,
    merge_question,
    move_question,
    withdraw_question,
)
from .unit_words import kind_words
from .units import find_unit, may_decide, mine, posted_day, typed_day

blueprint = staff_blueprint("unit_acts", Act.KEEP_UNITS)

# What a form may ask besides the day: its inputs, and what the template draws them from.
_ASKED = {
    "parent": "parents",
    "successor": "successors",
    "kind": "kinds",
    "heir": "heirs",
    "name": "name",
}

Deciding = Callable[[], Decision]
"""Reads what was posted; raises Refusal."""


def _decidable(unit_id: str) -> Unit:
    unit = find_unit(unit_id)
    if not may_decide(unit, mine()):
        abort(404)
    return unit


def _chosen(name: str) -> str:
    """The unit that was chosen in a select; raises Refusal for one out of reach."""
    chosen = request.form.get(name, "")
    unit = site().tree.get(chosen)
    if unit is None or not unit.is_open or chosen not in mine():
        raise Refusal(N_("Please choose a unit."), field=name)
    return chosen


@blueprint.get("/units/<unit_id>/move")
def show_move(unit_id: str) -> Response:
    return _move_form(_decidable(unit_id), None)


def _move_form(unit: Unit, refusal: Refusal | None) -> Response:
    others = mine() - site().tree.subtree(unit.id)
    chosen = request.form.get("parent", unit.parent or "")
    return _form(
        unit,
        refusal,
        heading=gettext("Move %(name)s", name=unit.name),
        lead=gettext("All that stands below it goes along. Its code and its history stay."),
        action="unit_acts.move",
        parents=unit_options(site().tree, others, chosen),
    )


@blueprint.post("/units/<unit_id>/move")
def move(unit_id: str) -> Response:
    unit = _decidable(unit_id)

    def decision() -> Decision:
        return moving(unit.id, _chosen("parent"), posted_day())

    def question(decided: Decision) -> Question:
        return move_question(unit, request.form["parent"], decided.day)

    return _step(unit, decision, _move_form, question)


@blueprint.get("/units/<unit_id>/merge")
def show_merge(unit_id: str) -> Response:
    return _merge_form(_decidable(unit_id), None)


def _merge_form(unit: Unit, refusal: Refusal | None) -> Response:
    tree, posted = site().tree, request.form
    siblings = [tree.units[other] for other in tree.children(unit.parent or "") if other != unit.id]
    ticked = posted.getlist("also")
    kind = posted.get("kind", unit.kind)
    none = Option("", gettext("A new unit (write its name below)"), False)
    return _form(
        unit,
        refusal,
        heading=gettext("Merge %(name)s", name=unit.name),
        lead=gettext(
            "The unit is closed and another one goes on: it gets the responses, the scan points "
            "and all units below."
        ),
        action="unit_acts.merge",
        siblings=[Option(u.id, u.name, u.id in ticked) for u in siblings if u.is_open],
        successors=[none, *unit_options(tree, mine() - {unit.id}, posted.get("successor", ""))],
        name=posted.get("name", "")[:200],
        kinds=[Option(k, word, k == kind) for k, word in kind_words().items()],
    )


def _merged_units(unit: Unit) -> list[str]:
    siblings = site().tree.children(unit.parent or "")
    return list(
        dict.fromkeys([unit.id, *(u for u in request.form.getlist("also") if u in siblings)])
    )


@blueprint.post("/units/<unit_id>/merge")
def merge(unit_id: str) -> Response:
    unit = _decidable(unit_id)

    def decision() -> Decision:
        units, day = _merged_units(unit), posted_day()
        if request.form.get("successor"):
            return merging(units, _chosen("successor"), day)
        posted = request.form
        return founding(units, posted.get("name", ""), posted.get("kind", ""), day)

    def question(decided: Decision) -> Question:
        successor = request.form.get("successor", "")
        heir = site().tree.name(successor) if successor else request.form.get("name", "").strip()
        return merge_question(_merged_units(unit), heir, decided.day)

    return _step(unit, decision, _merge_form, question)


@blueprint.get("/units/<unit_id>/close")
def show_close(unit_id: str) -> Response:
    return _close_form(_decidable(unit_id), None)


def _close_form(unit: Unit, refusal: Refusal | None) -> Response:
    tree = site().tree
    has_below = any(not tree.units[child].closed for child in tree.children(unit.id))
    others = mine() - tree.subtree(unit.id)
    heir = request.form.get("heir", unit.parent or "")
    return _form(
        unit,
        refusal,
        heading=gettext("Close %(name)s", name=unit.name),
        lead=gettext(
            "For a unit that ends and that no other one carries on. Its responses are kept. "
            "If another unit goes on for it, choose “Merge” instead."
        ),
        action="unit_acts.close",
        heirs=unit_options(tree, others, heir) if has_below else None,
    )


@blueprint.post("/units/<unit_id>/close")
def close(unit_id: str) -> Response:
    unit = _decidable(unit_id)

    def decision() -> Decision:
        heir = _chosen("heir") if request.form.get("heir") else None
        return closing(unit.id, posted_day(), heir)

    def question(decided: Decision) -> Question:
        heir = request.form.get("heir", "")
        return close_question(unit, site().tree.name(heir) if heir else "", decided.day)

    return _step(unit, decision, _close_form, question)


@blueprint.post("/units/<unit_id>/withdraw")
def withdraw(unit_id: str) -> Response:
    unit, reach = find_unit(unit_id), mine()
    day = read_day(request.form.get("day", ""))
    if day is None or (unit.parent or "") not in reach | {""}:
        abort(404)

    def decision() -> Decision:
        decided = withdrawing(unit.id, day)
        stands = foresee(site().store, decided).on(max(day, site().today)).get(unit.id)
        if unit.parent and (stands is None or stands.parent not in reach):
            abort(404)  # it would leave this person's reach
        return decided

    def refused(unit: Unit, refusal: Refusal | None) -> Response:
        flash(refusal_text(refusal) if refusal else "", "problem")
        return redirect(url_for("units.show_unit", unit_id=unit.id), 303)

    return _step(unit, decision, refused, lambda decided: withdraw_question(unit, decided.day))


def _step(
    unit: Unit,
    decision: Deciding,
    form: Callable[[Unit, Refusal | None], Response],
    question: Callable[[Decision], Question],
) -> Response:
    """First ask, saying what it means; do it when that was confirmed."""
    try:
        decided = decision()
        foresee(site().store, decided)
        if "confirmed" not in request.form:
            return _ask(unit, question(decided))
        decide(site().store, decided)
    except Refusal as refusal:
        return form(unit, refusal)
    flash(gettext("It is decided and stands in the history below."), "done")
    return redirect(url_for("units.show_unit", unit_id=unit.id), 303)


def _ask(unit: Unit, question: Question) -> Response:
    kept = [(n, v) for n, v in request.form.items(multi=True) if n != "csrf_token"]
    return staff_page(
        "staff/confirm.html",
        title=question.heading,
        question={
            **vars(question),
            "action": request.path,
            "hidden": [*kept, ("confirmed", "1")],
            "cancel_href": url_for("units.show_unit", unit_id=unit.id),
        },
    )


def _form(
    unit: Unit, refusal: Refusal | None, *, heading: str, lead: str, action: str, **fields: object
) -> Response:
    error, field = (refusal_text(refusal), refusal.field) if refusal else ("", "")
    if field == "parent" and not fields.get("parents"):
        field = "heir" if fields.get("heirs") else "successor"
    shown = [name for name, given in _ASKED.items() if fields.get(given) is not None]
    act = {
        "heading": heading,
        "lead": lead,
        "action": url_for(action, unit_id=unit.id),
        "since": typed_day(),
        "errors": {field if field in shown else "since": error} if error else {},
        "unit_name": unit.name,
        "unit_href": url_for("units.show_unit", unit_id=unit.id),
        **fields,
    }
    return staff_page("staff/unit_act.html", title=heading, status=422 if refusal else 200, act=act)
