"""How the figures of quarters are shown, and the part of a unit's page that has them."""

from collections.abc import Mapping

from flask import url_for
from flask_babel import gettext

from federation.headcounts import quarter_of
from federation.units import Unit
from services.organization.headcounts import headcounts_of

from ..options import number_text
from ..site import site


def quarter_text(quarter: str) -> str:
    year, _, number = quarter.partition("-Q")
    return gettext("Quarter %(number)s/%(year)s", number=number, year=year)


def figure_text(number: int | None) -> str:
    return "" if number is None else number_text(number)


def headcount_view(unit: Unit, typed: Mapping[str, str]) -> dict[str, object]:
    """The part of a unit's page: its figures by quarter, and the form for one."""
    quarter = typed.get("quarter", quarter_of(site().today))[:20]
    return {
        "rows": [
            {
                "quarter": quarter_text(known.quarter),
                "workers": figure_text(known.workers),
                "members": figure_text(known.members),
            }
            for known in headcounts_of(site().store, unit.id)
        ],
        "action": url_for("headcounts.keep", unit_id=unit.id),
        "quarter": quarter,
        "workers": typed.get("workers", "")[:20],
        "members": typed.get("members", "")[:20],
    }
