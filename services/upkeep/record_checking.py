"""What is wrong between the records of a store: units, people, forms, points and what they name."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from federation.breaches import Breach
from federation.headcounts import Headcount
from federation.history import Fault, History, Impossible
from federation.people import Person
from federation.requests import DataRequest
from federation.units import ROOT, Unit
from forms.campaign import Campaign
from forms.publication import PublishedVersion, ScanPoint
from storage.looking import Finding

Units = Mapping[str, Unit]


def record_findings(found: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Every fault between the records, which are given by shelf and key."""
    units, versions = found["units"], found["versions"]
    yield from _of_units(units)
    yield from _of_headcounts(found["headcounts"], units)
    yield from _of_people(found["people"], units)
    yield from _of_requests(found["requests"], units)
    yield from _of_breaches(found["breaches"], units)
    yield from _of_versions(versions)
    yield from _of_points(found["points"], units, versions)
    yield from _of_what_is_said_of_forms(found, versions)
    yield from _of_campaigns(found["campaigns"], units)


def _of_units(units: Units) -> Iterator[Finding]:
    for unit in units.values():
        if unit.parent is None and unit.id != ROOT:
            yield Finding(f"units, {unit.id}", "it stands below no other unit")
    for found in History(units.values()).faults():
        if found.other or found.fault in (Fault.ITSELF, Fault.ROOT):
            yield Finding(f"units, {found.unit}", _unit_problem(found))


def _of_headcounts(headcounts: Mapping[str, Headcount], units: Units) -> Iterator[Finding]:
    for headcount in headcounts.values():
        if headcount.unit not in units:
            yield Finding(f"headcounts, {headcount.key}", "its unit is missing")


def _of_people(people: Mapping[str, Person], units: Units) -> Iterator[Finding]:
    for person in people.values():
        for grant in person.grants:
            if grant.unit not in units:
                problem = f"a grant is for the unit {grant.unit}, which is missing"
                yield Finding(f"people, {person.name}", problem)


def _of_requests(requests: Mapping[str, DataRequest], units: Units) -> Iterator[Finding]:
    for request in requests.values():
        if request.unit not in units:
            yield Finding(f"requests, {request.id}", f"its unit {request.unit} is missing")


def _of_breaches(breaches: Mapping[str, Breach], units: Units) -> Iterator[Finding]:
    for breach in breaches.values():
        for unit in breach.extent.units:
            if unit not in units:
                yield Finding(f"breaches, {breach.id}", f"its unit {unit} is missing")


def _of_versions(versions: Mapping[str, PublishedVersion]) -> Iterator[Finding]:
    prefixes: dict[str, str] = {}
    for version in versions.values():
        form = version.definition.id
        first = prefixes.setdefault(version.prefix, form)
        if first != form:
            problem = f"its receipts begin with {version.prefix}, as those of {first} do"
            yield Finding(f"versions, {version.key}", problem)


def _of_points(
    points: Mapping[str, ScanPoint], units: Units, versions: Mapping[str, PublishedVersion]
) -> Iterator[Finding]:
    published = {version.definition.id for version in versions.values()}
    for point in points.values():
        where = f"points, {point.code}"
        if point.unit not in units:
            yield Finding(where, f"its unit {point.unit} is missing")
        for form in sorted(point.led_to - published):
            yield Finding(where, f"no version of its form {form} is published")


def _of_what_is_said_of_forms(
    found: Mapping[str, Mapping[str, Any]], versions: Mapping[str, PublishedVersion]
) -> Iterator[Finding]:
    """Of shelves whose keys are forms."""
    published = {version.definition.id for version in versions.values()}
    for table in ("retentions", "offers", "openings"):
        for form in sorted(found[table].keys() - published):
            yield Finding(f"{table}, {form}", "no version of the form is published")


def _of_campaigns(campaigns: Mapping[str, Campaign], units: Units) -> Iterator[Finding]:
    for campaign in campaigns.values():
        for unit in sorted(set(campaign.units) - units.keys()):
            yield Finding(f"campaigns, {campaign.id}", f"its unit {unit} is missing")


def _unit_problem(found: Impossible) -> str:
    said = {
        Fault.PARENT_UNKNOWN: f"it stands below {found.other}, which is missing",
        Fault.PARENT_NOT_YET: f"it stands below {found.other}, which begins later",
        Fault.SUCCESSOR_UNKNOWN: f"its successor {found.other} is missing",
        Fault.SUCCESSOR_NOT_YET: f"its successor {found.other} begins later",
        Fault.CHILDREN: f"it is closed, but {found.other} stands below it",
        Fault.ITSELF: "it stands below itself",
        Fault.ROOT: "the root is closed, or stands below another unit",
    }[found.fault]
    return said if found.day == date.min else f"from {found.day} on {said}"
