"""Scan points as lists and their own pages show them: what is picked, asked and named."""

from datetime import datetime
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext, ngettext

from federation.access import Act
from forms.cleaning import fold
from forms.publication import Availability
from qr.address import point_url
from qr.codes import spaced
from services.moments import last_moment_text, moment_text
from services.offering.point_list import QUIET_DAYS, PointFilter, PointLine, chairs_of, list_points
from services.publishing.publish import published_versions

from ..language import availability_word, screen_language
from ..options import STATE_KINDS, Option, number_text, unit_now, unit_options
from ..session import my_units
from ..site import site

_LONGEST_QUIET = 365


def asked_filter() -> PointFilter:
    """The filter in the address, or in what was posted from it; strange values are left out."""
    values = request.values
    days = values.get("days", QUIET_DAYS, type=int)
    return PointFilter(
        forms=frozenset(filter(None, values.getlist("form"))),
        below=values.get("below", "") if values.get("below", "") in site().tree else "",
        state=values.get("state", "") if values.get("state", "") in set(Availability) else "",
        quiet="quiet" in values,
        quiet_days=min(max(days, 1), _LONGEST_QUIET),
        words=tuple(fold(values.get("q", "")[:100]).split()),
        made=asked_moment(),
    )


def asked_moment() -> datetime | None:
    """The moment of the act of publishing whose scan points are asked for."""
    try:
        moment = datetime.fromisoformat(request.values.get("made", "")[:40])
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def found_points(where: PointFilter) -> list[PointLine]:
    """The scan points of the signed-in person that fit."""
    units, shared = my_units(Act.PUBLISH_FORMS), site()
    return list_points(shared.store, shared.openings, shared.tree, units, where, shared.now())


def address_of(where: PointFilter, **more: object) -> str:
    """The list with this filter."""
    asked = [("form", form) for form in sorted(where.forms)]
    asked += [("below", where.below), ("state", where.state), ("q", " ".join(where.words))]
    if where.quiet:
        asked += [("quiet", "1"), ("days", str(where.quiet_days))]
    if where.made:
        asked.append(("made", where.made.isoformat()))
    asked += [(name, str(value)) for name, value in more.items()]
    given = [(name, value) for name, value in asked if value]
    return url_for("point_list.list_points") + (f"?{urlencode(given)}" if given else "")


def filter_view(where: PointFilter) -> dict[str, object]:
    """The inputs of the filter."""
    language, mine = screen_language(), my_units(Act.PUBLISH_FORMS)
    forms = [
        Option(v.definition.id, v.definition.title.into(language), v.definition.id in where.forms)
        for v in published_versions(site().store)
    ]
    states = (Availability.OPEN, Availability.EARLY, Availability.PAUSED, Availability.CLOSED)
    return {
        "action": url_for("point_list.list_points"),
        "q": request.values.get("q", "")[:100],
        "forms": [Option("", gettext("All forms")), *forms],
        "units": [Option("", gettext("All units")), *unit_options(site().tree, mine, where.below)],
        "states": [
            Option("", gettext("Any state")),
            *(Option(s, availability_word(s), s == where.state) for s in states),
        ],
        "quiet": where.quiet,
        "days": where.quiet_days,
        "is_set": where != PointFilter(),
    }


def line_view(line: PointLine) -> dict[str, object]:
    """One scan point in the list."""
    point, tree = line.point, site().tree
    url = point_url(site().base_url, point.code)
    chairs = chairs_of(site().store, tree, point.unit, site().now()) if line.is_quiet else ()
    hotline = tree.hotline(point.unit) if line.is_quiet else ""
    return {
        "code": point.code,
        "code_shown": spaced(point.code),
        "href": url_for("points.show_point", code=point.code),
        "url": url,
        "url_shown": url.split("://", 1)[-1],
        "form": line.definition.title.into(screen_language()),
        "unit": unit_now(tree, point.unit),
        "place": point.place,
        "state_word": availability_word(line.state),
        "state_kind": STATE_KINDS[line.state],
        "times": times_text(line),
        "responses": line.responses,
        "openings": line.openings,
        "quiet": line.is_quiet,
        "contact": " · ".join(filter(None, (", ".join(chairs), hotline))),
    }


def times_text(line: PointLine) -> str:
    """When it opens, or until when it is open."""
    point = line.point
    if line.state is Availability.EARLY and point.opens_at:
        return gettext("from %(moment)s", moment=moment_text(point.opens_at))
    if line.state is Availability.OPEN and point.closes_at:
        return gettext("until %(moment)s", moment=last_moment_text(point.closes_at))
    return ""


def count_text(count: int) -> str:
    """12 scan points."""
    return ngettext(
        "%(count)s scan point", "%(count)s scan points", count, count=number_text(count)
    )
