"""The inputs by which one scan point is changed, and what its page tells of its times and past."""

from flask import request, url_for
from flask_babel import gettext

from federation.access import Act
from forms.publication import Former, ScanPoint
from services.errors import NotFound, Refusal
from services.moments import last_moment_text, moment_input, moment_text
from services.publishing.publish import find_definition, published_versions

from ..language import refusal_text, screen_language
from ..options import Option, unit_options
from ..session import my_units
from ..site import site


def point_inputs(point: ScanPoint, refusal: Refusal | None, what: str) -> dict[str, object]:
    """What the forms of the page show; after a refusal what was typed, with the error."""
    typed, language = (request.form if refusal else {}), screen_language()
    forms = [version.definition for version in published_versions(site().store)]
    readers = find_definition(site().store, point.definition).readers
    form, unit = typed.get("form", point.definition), typed.get("unit", point.unit)
    return {
        "what": what,
        "error": refusal_text(refusal) if refusal else "",
        "field": refusal.field if refusal else "",
        "times_action": url_for("point_acts.change_times", code=point.code),
        "opens": typed.get("opens", moment_input(point.opens_at)),
        "closes": typed.get("closes", moment_input(point.closes_at)),
        "place_action": url_for("point_acts.change_place", code=point.code),
        "place": typed.get("place", point.place)[:200],
        "lead_action": url_for("point_acts.lead_elsewhere", code=point.code),
        "forms": [
            Option(d.id, d.title.into(language), d.id == form)
            for d in forms
            if d.readers == readers
        ],
        "units": unit_options(site().tree, my_units(Act.PUBLISH_FORMS), unit),
        "lead_place": typed.get("lead_place", point.place)[:200],
    }


def times_lines(point: ScanPoint) -> list[str]:
    """When it opens and closes, where that is set."""
    now, lines = site().now(), []
    if point.opens_at and point.opens_at > now:
        lines.append(gettext("Opens at %(moment)s", moment=moment_text(point.opens_at)))
    if point.closes_at and point.closes_at > now:
        until = last_moment_text(point.closes_at)
        lines.append(gettext("Takes answers until %(moment)s", moment=until))
    elif point.closes_at:
        lines.append(gettext("Closed at %(moment)s", moment=moment_text(point.closes_at)))
    return lines


def former_text(former: Former) -> str:
    """What a code led to before."""
    try:
        title = find_definition(site().store, former.definition).title.into(screen_language())
    except NotFound:
        title = former.definition
    return " · ".join(filter(None, (title, site().tree.name(former.unit), former.place)))
