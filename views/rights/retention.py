"""How long responses are kept: per form what goes when, what is held and was purged; the acts.

For who administers the whole federation. Of confidential forms it shows the period and the holds,
and no number.
"""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.units import ROOT
from forms.definition import Definition
from forms.problems import N_
from services.errors import NotFound, Refusal
from services.publishing.publish import all_versions, published_versions
from services.reading.retentions import RetentionDesk, checked_days, checked_reason
from services.rights.purging import Purger

from ..language import refusal_text, screen_language
from ..options import number_text
from ..session import i_may, me, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from .retention_page import (
    Standing,
    history_rows,
    origin_text,
    period_text,
    purge_rows,
    skipped_rows,
)

blueprint: Blueprint = staff_blueprint("retention", Act.KEEP_RETENTION)

ACTS, PURGE = ("period", "hold", "lift", "passed"), "purge"


@blueprint.before_request
def open_to_the_province() -> None:
    """A period holds for all units, so that the rights of one part are not enough."""
    if not i_may(Act.KEEP_RETENTION, ROOT):
        abort(403)


def _purger() -> Purger:
    return Purger(site().store, site().hasher, site().now, site().erased)


def _desk() -> RetentionDesk:
    return RetentionDesk(site().store, me().name, site().now())


@blueprint.get("/retention")
def list_forms() -> Response:
    """What goes next stands first."""
    found = [_standing(version.definition) for version in published_versions(site().store)]
    found.sort(key=lambda one: one.order)
    return staff_page(
        "staff/retentions.html",
        title=gettext("How long responses are kept"),
        forms=[one.row() for one in found],
    )


def _standing(definition: Definition) -> Standing:
    return Standing.of(definition, _purger().plan(definition.id, site().tree))


@blueprint.get("/retention/<definition>")
def show_form(definition: str) -> Response:
    return _form_page(_found(definition), None, "")


def _found(form: str) -> Definition:
    try:
        return all_versions(site().store, form)[-1]
    except NotFound:
        abort(404)


def _form_page(definition: Definition, refusal: Refusal | None, what: str) -> Response:
    standing = _standing(definition)
    record = standing.record
    field = (refusal.field or "reason") if refusal else ""
    view = standing.row() | {
        "promised": period_text(definition.kept),
        "counted_from": origin_text(standing.period),
        "skipped": [] if standing.is_confidential else skipped_rows(standing.plan),
        "history": history_rows(record),
        "purges": [] if standing.is_confidential else purge_rows(record),
        "actions": {
            act: url_for("retention.ask", definition=definition.id, what=act)
            for act in (*ACTS, PURGE)
        },
        "may_pass": definition.kept.after == "exported",
        "due": 0 if standing.is_confidential else len(standing.plan.due),
        "purge_button": _purge_button(len(standing.plan.due)),
        "typed": {f"{what}_{n}": request.form.get(n, "")[:600] for n in ("days", "reason")},
        "errors": {f"{what}_{field}": refusal_text(refusal)} if refusal else {},
        "where": what,
        "back_href": url_for("retention.list_forms"),
    }
    status = 422 if refusal else 200
    return staff_page("staff/retention.html", title=str(view["title"]), status=status, form=view)


def _purge_button(count: int) -> str:
    return ngettext(
        "Delete %(count)s response now", "Delete %(count)s responses now", count,
        count=number_text(count),
    )  # fmt: skip


@blueprint.post("/retention/<definition>/<what>/ask")
def ask(definition: str, what: str) -> Response:
    """What the act would mean, before it is done."""
    found = _found(definition)
    if what not in (*ACTS, PURGE):
        abort(404)
    try:
        _check(found, what)
    except Refusal as refusal:
        return _form_page(found, refusal, what)
    heading, lines, button = _question(_standing(found), what)
    question: Mapping[str, object] = {
        "heading": heading,
        "lines": lines,
        "button": button,
        "action": url_for("retention.purge", definition=found.id)
        if what == PURGE
        else url_for("retention.change", definition=found.id, what=what),
        "hidden": [(name, request.form.get(name, "")) for name in ("days", "reason")],
        "cancel_href": url_for("retention.show_form", definition=found.id),
        "is_mild": what == "hold",
    }
    return staff_page("staff/confirm.html", title=heading, question=question)


def _check(definition: Definition, what: str) -> None:
    """Refuse what would be refused later, before asking."""
    if what == "period":
        checked_days(all_versions(site().store, definition.id), request.form.get("days", ""))
    if what != PURGE:
        checked_reason(request.form.get("reason", ""))


@blueprint.post("/retention/<definition>/<what>")
def change(definition: str, what: str) -> Response:
    """The act, when it was confirmed; the trail gets the reason."""
    found, desk = _found(definition), _desk()
    if what not in ACTS:
        abort(404)
    form, reason = found.id, request.form.get("reason", "")
    try:
        if what == "period":
            tell(days=desk.change_period(form, request.form.get("days", ""), reason).days)
        else:
            {"hold": desk.hold, "lift": desk.lift, "passed": desk.passed_on}[what](form, reason)
    except Refusal as refusal:
        return _form_page(found, refusal, what)
    tell(reason=checked_reason(reason))
    flash(gettext("It is written down."), "done")
    return redirect(url_for("retention.show_form", definition=form), 303)


@blueprint.post("/retention/<definition>/purge")
def purge(definition: str) -> Response:
    """Erase what is due now; the act itself writes into the trail."""
    found = _found(definition)
    try:
        outcome = _purger().purge(found.id, me().name)
        if outcome.held:
            raise Refusal(N_("This form is on hold: nothing was deleted."), field=PURGE)
    except Refusal as refusal:
        return _form_page(found, refusal, PURGE)
    said = ngettext(
        "%(count)s response was deleted for good.",
        "%(count)s responses were deleted for good.",
        outcome.rows,
        count=number_text(outcome.rows),
    )
    flash(said, "done")
    return redirect(url_for("retention.show_form", definition=found.id), 303)


def _question(standing: Standing, what: str) -> tuple[str, list[str], str]:
    title = standing.definition.title.into(screen_language())
    reason = gettext("Reason: %(reason)s", reason=request.form.get("reason", "").strip())
    stays = gettext("The notice that people read stays as it is; it may end earlier, never later.")
    gone = gettext(
        "Answers and files are erased for good. How many there were stays in the totals."
    )
    if what == "period":
        days = request.form.get("days", "").strip()
        soon = standing.changed(int(days)).due_text()
        heading = gettext("%(form)s: keep for %(days)s days?", form=title, days=days)
        return heading, [soon, stays, reason], gettext("Change the period of 1 form")
    if what == "hold":
        heading = gettext("%(form)s: delete nothing until further notice?", form=title)
        why = gettext("Only what a court, an inspection or an open case needs may be held.")
        return heading, [why, reason], gettext("Put 1 form on hold")
    if what == "lift":
        heading = gettext("%(form)s: end the hold?", form=title)
        return heading, [standing.due_text(), gone, reason], gettext("End the hold of 1 form")
    if what == "passed":
        heading = gettext("%(form)s: are the records in the member software?", form=title)
        means = gettext(
            "From today the period runs for every application that is decided, in all units."
        )
        return heading, [means, reason], gettext("The records are passed on")
    heading = gettext("%(form)s: delete what is due?", form=title)
    return heading, [gone], _purge_button(len(standing.plan.due))
