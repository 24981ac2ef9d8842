"""Totals: how many responses, per form and unit; no name and no answer stands here."""

from flask import Blueprint, abort, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.definition import Definition
from services.publishing.publish import published_versions
from services.reading.responses import may_read
from services.reading.totals import Totals, totals_for

from ..language import screen_language
from ..options import number_text
from ..session import me, staff_blueprint, staff_page
from ..site import site

blueprint: Blueprint = staff_blueprint("totals", Act.SEE_TOTALS)


def _mine() -> list[Definition]:
    """The forms of which this person may know how many responses there are."""
    tree, today = site().tree, site().today
    published = (version.definition for version in published_versions(site().store))
    return [d for d in published if may_read(me(), d, tree, today, Act.SEE_TOTALS)]


def _totals(definition: Definition) -> Totals:
    return totals_for(site().store, definition, me(), site().tree, site().today)


@blueprint.get("/totals")
def list_forms() -> Response:
    rows = [
        {
            "title": definition.title.into(screen_language()),
            "code": definition.code,
            "count": number_text(_totals(definition).total),
            "href": url_for("totals.show_form", definition=definition.id),
        }
        for definition in _mine()
    ]
    return staff_page("staff/totals.html", title=gettext("Totals"), forms=rows)


@blueprint.get("/totals/<definition>")
def show_form(definition: str) -> Response:
    found = next((d for d in _mine() if d.id == definition), None)
    if found is None:
        abort(404)
    totals, tree = _totals(found), site().tree
    most = max(totals.by_unit.values(), default=1)
    ordered = sorted(totals.by_unit.items(), key=lambda pair: (-pair[1], tree.name(pair[0])))
    view = {
        "title": found.title.into(screen_language()),
        "count": number_text(totals.total),
        "back_href": url_for("totals.list_forms"),
        "results_href": url_for("results.show_results", definition=found.id),
        "withheld": totals.withheld,
        "purged": number_text(totals.purged) if totals.purged else "",
        "units": [
            {
                "name": tree.name(unit),
                "count": number_text(count),
                "percent": f"{100 * count / totals.total:.0f}",
                "width": f"{100 * count / most:.1f}",
            }
            for unit, count in ordered
        ],
    }
    return staff_page("staff/total.html", title=found.title.into(screen_language()), form=view)
