"""What a form offers: how many places, the waiting list, what counts once, when new points open."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.units import ROOT
from forms.definition import Definition
from forms.offer import Offer, place_of, slot_questions
from services.errors import Refusal
from services.moments import moment_input
from services.offering.offers import (
    AS_FORM,
    OFF,
    PER_UNIT,
    keep_offer,
    once_chosen,
    once_questions,
    read_offer,
    slot_input,
)
from services.reading.responses import SMALLEST_GROUP, is_confidential
from services.receiving.claims import offer_of
from services.receiving.receive import newest_version

from ..language import refusal_text, screen_language
from ..options import Option, number_text
from ..session import i_may, staff_blueprint, staff_page
from ..site import site

blueprint: Blueprint = staff_blueprint("offers", Act.PUBLISH_FORMS)


def _published(definition: str) -> Definition:
    """The newest version; 404 for what is not published, and for who has only a part of it.

    An offer holds for all units, so it is for those who publish to all of them.
    """
    if not i_may(Act.PUBLISH_FORMS, ROOT):
        abort(404)
    try:
        return newest_version(site().store, definition).definition
    except LookupError:
        abort(404)


@blueprint.get("/forms/<definition>/places")
def show(definition: str) -> Response:
    return _page(_published(definition), None, 200)


@blueprint.post("/forms/<definition>/places")
def change(definition: str) -> Response:
    found = _published(definition)
    try:
        offer = read_offer(found, request.form)
        kept = keep_offer(site().store, site().hasher, found, offer, site().now())
    except Refusal as refusal:
        return _page(found, refusal, 422)
    said = gettext("The places and times are kept.")
    if kept.seated:
        said += " " + ngettext(
            "%(count)s person on the waiting list has a place now.",
            "%(count)s people on the waiting list have a place now.",
            kept.seated,
            count=number_text(kept.seated),
        )
    flash(said, "done")
    return redirect(url_for("offers.show", definition=found.id), 303)


def _page(found: Definition, refusal: Refusal | None, status: int) -> Response:
    language, offer = screen_language(), offer_of(site().store, found.id)
    typed = request.form if refusal else None
    error = {refusal.field or "total": refusal_text(refusal)} if refusal else {}
    shown = {
        "form_title": found.title.into(language),
        "form_href": url_for("organizer.show_form", definition=found.id),
        "action": url_for("offers.change", definition=found.id),
        "limits": not is_confidential(found),
        "total": _value("total", offer.total, typed),
        "per_unit": _value("per_unit", offer.per_unit, typed),
        "held": _held(found, offer, "total"),
        "slots": [] if found.anonymous or is_confidential(found) else _slots(found, offer, typed),
        "waiting": bool(typed.get("waiting")) if typed is not None else offer.waiting,
        "once": _once_options(found, typed.get("once") if typed else once_chosen(offer)),
        "opens": typed.get("opens", "") if typed else moment_input(offer.opens_at),
        "closes": typed.get("closes", "") if typed else moment_input(offer.closes_at),
        "errors": error,
    }
    title = gettext("Places and times")
    return staff_page("staff/offer.html", title=title, status=status, offer=shown)


def _value(name: str, kept: int | None, typed: object) -> str:
    if typed is not None:
        return request.form.get(name, "")[:20]
    return "" if kept is None else str(kept)


def _slots(found: Definition, offer: Offer, typed: object) -> list[dict[str, object]]:
    language = screen_language()
    return [
        {
            "label": question.label.into(language),
            "choices": [
                {
                    "input": slot_input(question.name, choice.name),
                    "label": choice.label.into(language),
                    "value": _value(
                        slot_input(question.name, choice.name),
                        offer.slots.get(question.name, {}).get(choice.name),
                        typed,
                    ),
                    "held": _held(found, offer, place_of(question.name, choice.name)),
                }
                for choice in question.choices
            ],
        }
        for question in slot_questions(found)
    ]


def _held(found: Definition, offer: Offer, name: str) -> str:
    """How many have and wait for a place; of few answers to an anonymous form nothing is told."""
    if not offer.is_limited or is_confidential(found):
        return ""
    place = site().store.places(found.id, [name])[name]
    if found.anonymous and place.taken < SMALLEST_GROUP:
        return ""
    taken, waiting = number_text(place.taken), number_text(place.waiting)
    if not place.taken and not place.waiting:
        return ""
    return gettext("%(taken)s taken, %(waiting)s waiting", taken=taken, waiting=waiting)


def _once_options(found: Definition, chosen: str | None) -> list[Option]:
    language = screen_language()
    own = gettext("one per person or unit") if found.once else gettext("as many as are sent")
    options = [
        (AS_FORM, gettext("As the form says (%(what)s)", what=own)),
        (OFF, gettext("Every form counts")),
        (PER_UNIT, gettext("One per unit")),
        *(
            (q.name, gettext("One for each “%(question)s”", question=q.label.into(language)))
            for q in once_questions(found)
        ),
    ]
    return [Option(value, label, value == chosen) for value, label in options]
