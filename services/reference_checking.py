"""What the small records refer to: units, forms and scan points that must be there."""

from collections.abc import Iterator, Mapping
from typing import Any

from storage.looking import Finding

Shelves = Mapping[str, Mapping[str, Any]]
"""All records by the name of their shelf and their key."""


def reference_faults(found: Shelves) -> Iterator[Finding]:
    """Every record that names something missing."""
    published = {version.definition.id for version in found["versions"].values()}
    yield from _of_units(found)
    yield from _of_points(found, published)
    for table in ("offers", "openings"):
        for form in sorted(found[table].keys() - published):
            yield Finding(f"{table}, {form}", "no version of its form is published")


def _of_units(found: Shelves) -> Iterator[Finding]:
    units = found["units"]
    for headcount in found["headcounts"].values():
        if headcount.unit not in units:
            yield Finding(f"headcounts, {headcount.key}", "its unit is missing")
    for campaign in found["campaigns"].values():
        for unit in sorted(set(campaign.units) - units.keys()):
            yield Finding(f"campaigns, {campaign.id}", f"its unit {unit} is missing")


def _of_points(found: Shelves, published: set[str]) -> Iterator[Finding]:
    for point in found["points"].values():
        where = f"points, {point.code}"
        if point.unit not in found["units"]:
            yield Finding(where, f"its unit {point.unit} is missing")
        for form in sorted(point.led_to - published):
            yield Finding(where, f"no version of its form {form} is published")
