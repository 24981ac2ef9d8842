"""Publish a form to many units: choose them, see what it means, do it in one act."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.definition import Definition
from forms.problems import N_
from qr.address import is_loopback
from services.errors import NotFound, Refusal
from services.moments import moment_input, read_span
from services.publishing.publish import (
    checked_places,
    find_definition,
    points_by_place,
    publish_many,
)
from services.publishing.unit_choice import Chosen, Doubt, choose_units, read_kinds
from services.receiving.claims import offer_of

from ..language import refusal_text, screen_language
from ..options import Option, number_text, unit_options
from ..organization.unit_words import kind_words
from ..session import my_units, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell

blueprint: Blueprint = staff_blueprint("publishing", Act.PUBLISH_FORMS)

_MOST_SHOWN = 200


def _find(definition: str) -> Definition:
    try:
        return find_definition(site().store, definition)
    except NotFound:
        abort(404)


@blueprint.get("/forms/<definition>/publish")
def choose(definition: str) -> Response:
    return _page(_find(definition), None, 200)


@blueprint.post("/forms/<definition>/publish")
def publish(definition: str) -> Response:
    """First show what it means; do it when that was confirmed."""
    found, now = _find(definition), site().now()
    try:
        if "confirmed" not in request.form:
            return _preview(found)
        chosen, places = _confirmed_units(), _places()
        span = read_span(request.form.get("opens", ""), request.form.get("closes", ""))
        done = publish_many(
            site().store, found.id, chosen, places, tree=site().tree, now=now, span=span
        )
    except Refusal as refusal:
        return _page(found, refusal, 422)
    tell(rows=len(done.points), found=done.new)
    flash(_done_text(len(done.points), done.new), "done")
    made = now.isoformat() if done.new else None
    return redirect(url_for("point_list.list_points", form=found.id, made=made), 303)


def _done_text(count: int, new: int) -> str:
    return gettext(
        "Published: %(new)s new scan points, %(known)s were there already.",
        new=number_text(new),
        known=number_text(count - new),
    )


def _confirmed_units() -> list[str]:
    """The units of the preview; those out of reach meanwhile are refused by name."""
    units, mine = request.form.get("units", "").split(), my_units(Act.PUBLISH_FORMS)
    for unit in units:
        if unit not in mine:
            unknown = N_("No active unit has the code %(unit)s.")
            raise NotFound(unknown, {"unit": unit[:40]}, field="pasted")
    return units


def _places() -> list[str]:
    return [line for line in request.form.get("places", "").splitlines() if line.strip()] or [""]


def chosen_units() -> Chosen:
    """The units that the inputs of staff/choosing.html mean."""
    posted = request.form
    return choose_units(
        site().tree,
        my_units(Act.PUBLISH_FORMS),
        below=posted.get("below", ""),
        kinds=read_kinds(posted.getlist("kind")),
        pasted=posted.get("pasted", ""),
    )


def choosing_view() -> dict[str, object]:
    """What staff/choosing.html draws its inputs from."""
    posted, ticked = request.form, request.form.getlist("kind")
    mine = my_units(Act.PUBLISH_FORMS)
    return {
        "units": [
            Option("", gettext("All units that I may publish to")),
            *unit_options(site().tree, mine, posted.get("below", "")),
        ],
        "kinds": [Option(k, word, k in ticked) for k, word in kind_words().items()],
        "pasted": posted.get("pasted", "")[:100_000],
    }


def choice_view(chosen: Chosen) -> dict[str, object]:
    """What was chosen, and the lines that somebody must look at."""
    tree = site().tree
    return {
        "names": [tree.name(unit) for unit in chosen.units[:_MOST_SHOWN]],
        "more": number_text(max(len(chosen.units) - _MOST_SHOWN, 0)),
        "twice": list(chosen.twice),
        "doubts": [_doubt_text(doubt) for doubt in chosen.doubts[:_MOST_SHOWN]],
        "doubt_count": len(chosen.doubts),
    }


def _doubt_text(doubt: Doubt) -> str:
    near = "; ".join(f"{unit.name} ({unit.id})" for unit in doubt.near)
    if doubt.closed and near:
        return gettext("“%(text)s” is closed; %(near)s goes on.", text=doubt.text, near=near)
    if doubt.closed:
        return gettext("“%(text)s” is closed.", text=doubt.text)
    if near:
        return gettext("“%(text)s”: do you mean %(near)s?", text=doubt.text, near=near)
    return gettext("“%(text)s”: no unit is called so.", text=doubt.text)


def _preview(found: Definition) -> Response:
    span = read_span(request.form.get("opens", ""), request.form.get("closes", ""))
    chosen = chosen_units()
    if not chosen.units and not chosen.doubts:
        raise Refusal(
            N_("No unit is chosen. Please choose a part, a kind or paste a list."), field="below"
        )
    where = checked_places(_places(), chosen.units, site().tree)
    known = points_by_place(site().store, found.id)
    there = sum(at in known for at in where)
    units = number_text(len(chosen.units))
    preview = choice_view(chosen) | {
        "line": gettext(
            "%(units)s units, %(new)s new scan points, %(known)s are there already",
            units=units,
            new=number_text(len(where) - there),
            known=number_text(there),
        ),
        "hidden": [
            ("units", " ".join(chosen.units)),
            ("places", request.form.get("places", "")),
            ("opens", moment_input(span[0])),
            ("closes", moment_input(span[1])),
            ("confirmed", "1"),
        ],
        "button": _button_text(len(chosen.units)) if chosen.units else "",
    }
    return _page(found, None, 200, preview)


def _button_text(count: int) -> str:
    return ngettext(
        "Publish to %(count)s unit", "Publish to %(count)s units", count, count=number_text(count)
    )


def _page(
    found: Definition,
    refusal: Refusal | None,
    status: int,
    preview: dict[str, object] | None = None,
) -> Response:
    offer, posted = offer_of(site().store, found.id), request.form
    field = refusal.field if refusal else ""
    field = {"place": "places"}.get(field, field) or "below"
    page = {
        "form_title": found.title.into(screen_language()),
        "form_href": url_for("organizer.show_form", definition=found.id),
        "action": url_for("publishing.publish", definition=found.id),
        "places": posted.get("places", "")[:10_000],
        "opens": posted.get("opens", moment_input(offer.opens_at)),
        "closes": posted.get("closes", moment_input(offer.closes_at)),
        "errors": {field: refusal_text(refusal)} if refusal else {},
        "loopback": is_loopback(site().base_url),
    }
    title = gettext("Publish to many units")
    return staff_page(
        "staff/publishing.html",
        title=title,
        status=status,
        page=page,
        choosing=choosing_view(),
        preview=preview,
    )
