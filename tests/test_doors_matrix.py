"""All routes, roles and units answer as tests/doors.txt says; rules that the table must keep."""

import difflib

import pytest
from doors import ACTORS, STRANGER, TABLE, Doors

from federation.people import Role

LINES = TABLE.read_text("utf-8").splitlines()
# Pages that show complaints, or how many there are.
CONFIDENTIAL = ("/responses/[inspectors]", "/totals/[inspectors]", "/[passed_on]")


def rows():
    """Method, route and unit of each line, and its cells by actor."""
    for line in LINES[1:]:
        method, route, unit, *cells = line.split()
        yield method, route, unit, dict(zip(ACTORS, cells, strict=True))


def test_every_route_answers_everybody_as_the_table_says(tmp_path):
    found = Doors(tmp_path).lines()

    changed = "\n".join(difflib.unified_diff(LINES, found, "tests/doors.txt", "now", lineterm=""))
    assert found == LINES, f"\n{changed}\nRead it; if it is right: make doors"


def test_the_table_names_every_role():
    assert LINES[0].split() == ["route", "unit", *ACTORS]


def test_a_stranger_sees_no_answer():
    assert [(route, cells) for _, route, _, cells in rows() if "+" in cells[STRANGER]] == []


@pytest.mark.parametrize("actor", ACTORS)
def test_nobody_sees_answers_of_another_unit(actor):
    seen = [(route, cells[actor]) for _, route, _, cells in rows() if "t" in cells[actor]]

    assert seen == []


@pytest.mark.parametrize("actor", [a for a in ACTORS if a != Role.INSPECTOR])
def test_complaints_are_closed_to_all_but_inspectors(actor):
    closed = {"403", "404"} | ({"303"} if actor == STRANGER else set())  # led to sign in

    opened = [
        (method, route, unit, cells[actor])
        for method, route, unit, cells in rows()
        if any(part in route for part in CONFIDENTIAL) and cells[actor] not in closed
    ]

    assert opened == []


@pytest.mark.parametrize(
    ("role", "readers"),
    [
        (Role.ADMIN, "chairs women inspections"),
        (Role.CHAIR, "chairs women inspections"),
        (Role.WOMEN, "women"),
        (Role.INSPECTOR, "inspections inspectors"),
        (Role.ORGANIZER, ""),
        (Role.HELPER, ""),
        (Role.VIEWER, ""),
    ],
)
def test_each_role_reads_the_answers_of_its_forms_only(role, readers):
    read = {
        route.partition("[")[2].partition("]")[0]
        for _, route, _, cells in rows()
        if "[" in route and "+" in cells[role] and route.startswith("/responses")
    }

    assert read == set(readers.split())
