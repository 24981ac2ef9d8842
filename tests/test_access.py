"""What each role may do, where, when, and with whose forms: the whole matrix as data."""

from datetime import date, timedelta
from typing import get_args

import pytest

from federation.access import (
    READS,
    RIGHTS,
    Act,
    Readers,
    may,
    may_grant,
    may_keep,
    may_somewhere,
    scope,
)
from federation.people import Grant, Person, Role
from federation.units import ROOT, Unit, UnitTree
from forms.definition import Definition

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
TREE = UnitTree(
    [
        Unit(ROOT, "Tỉnh", None),
        Unit("xa", "Công đoàn xã", ROOT),
        Unit("che", "Công ty Chè", "xa"),
        Unit("doi", "Đội 1", "che"),
        Unit("doi-dong", "Đội cũ", "che", closed=True),
        Unit("da", "Mỏ Đá", "xa"),
        Unit("xa-khac", "Xã khác", ROOT),
    ]
)
# A grant in `che`, seen from: the unit itself, below it, above it, beside it, and nowhere.
PLACES = {
    "own": ("che", True),
    "below": ("doi", True),
    "closed below": ("doi-dong", True),
    "above": ("xa", False),
    "root": (ROOT, False),
    "sister": ("da", False),
    "far": ("xa-khac", False),
    "unknown": ("nowhere", False),
}
# Per act: whose forms each role may do it with. c chairs', w women's, i inspections, x complaints
# (inspectors only); "all" where forms do not matter.
MATRIX = """
                      admin  organizer  chair  inspector  women  helper  viewer
    see_responses     cwi    -          cwi    ix         w      -       -
    export_responses  cwi    -          cwi    ix         w      -       -
    review_responses  cwi    -          cwi    ix         w      -       -
    see_totals        cwi    -          cwi    i          w      -       cwi
    publish_forms     all    all        -      -          -      -       -
    keep_units        all    -          -      -          -      -       -
    keep_people       all    -          -      -          -      -       -
    assist            all    all        all    -          -      all     -
    see_trail         all    -          -      -          -      -       -
    keep_requests     all    -          -      -          -      -       -
    keep_retention    all    -          -      -          -      -       -
"""
SIGNS = dict(zip("cwix", Readers, strict=True))


def allowed() -> dict[tuple[str, str, Readers], bool]:
    head, *rows = (line.split() for line in MATRIX.strip().splitlines())
    return {
        (role, act, readers): word == "all" or sign in word
        for act, *words in rows
        for role, word in zip(head, words, strict=True)
        for sign, readers in SIGNS.items()
    }


def person(
    *grants: tuple[Role, str],
    active: bool = True,
    since: date | None = None,
    until: date | None = None,
) -> Person:
    given = tuple(Grant(role, unit, since, until) for role, unit in grants)
    return Person("an", "Lò Văn An", "hash", given, active)


def test_the_matrix_names_every_role_every_act_and_all_readers():
    assert set(allowed()) == {(role, act, r) for role in Role for act in Act for r in Readers}
    assert set(RIGHTS) == set(Role)
    assert set(READS) == set(Readers)


def test_a_form_can_name_exactly_the_readers_there_are():
    field = Definition.model_fields["readers"]

    assert set(get_args(field.annotation)) == set(Readers)
    assert field.default == Readers.CHAIRS


@pytest.mark.parametrize(("unit", "inside"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("readers", Readers)
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_allows_its_acts_in_its_unit_and_below_only(role, act, readers, unit, inside):
    someone = person((role, "che"))
    expected = allowed()[role, act, readers] and inside
    if unit == "che" and readers is Readers.INSPECTORS and act.endswith("_responses"):
        expected = False  # a complaint goes above the unit

    assert may(someone, act, TREE, TODAY, unit, readers) is expected
    assert (unit in scope(someone, act, TREE, TODAY, readers)) is expected


@pytest.mark.parametrize("readers", Readers)
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_allows_its_acts_somewhere_or_nowhere(role, act, readers):
    assert (
        may(person((role, "che")), act, TREE, TODAY, None, readers)
        is (allowed()[role, act, readers])
    )


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_door_opens_to_whom_any_form_does(role, act):
    expected = any(allowed()[role, act, readers] for readers in Readers)

    assert may_somewhere(person((role, "che")), act, TREE, TODAY) is expected


@pytest.mark.parametrize("readers", Readers)
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_an_inactive_person_may_do_nothing(role, act, readers):
    gone = person((role, ROOT), (Role.ADMIN, ROOT), active=False)

    assert scope(gone, act, TREE, TODAY, readers) == frozenset()
    assert not may(gone, act, TREE, TODAY, None, readers)
    assert not may(gone, act, TREE, TODAY, ROOT, readers)
    assert not may_somewhere(gone, act, TREE, TODAY)


@pytest.mark.parametrize("act", Act)
def test_a_person_without_grants_may_do_nothing(act):
    assert scope(person(), act, TREE, TODAY) == frozenset()
    assert not may_somewhere(person(), act, TREE, TODAY)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_grant_in_a_unit_that_is_gone_gives_nothing(role, act):
    assert not may_somewhere(person((role, "nowhere")), act, TREE, TODAY)
    assert not may(person((role, "nowhere")), act, TREE, TODAY, "nowhere")


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (None, None, True),
        (TODAY, None, True),
        (None, TODAY, True),
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY + DAY, None, False),
        (None, TODAY - DAY, False),
        (TODAY - 2 * DAY, TODAY - DAY, False),
        (TODAY + DAY, TODAY + 2 * DAY, False),
    ],
)
@pytest.mark.parametrize("role", Role)
def test_a_grant_gives_something_from_its_first_to_its_last_day(role, since, until, holds):
    someone = person((role, ROOT), since=since, until=until)
    given = {(act, r) for act in Act for r in Readers if scope(someone, act, TREE, TODAY, r)}

    assert given == {(a, r) for a in Act for r in Readers if holds and allowed()[role, a, r]}


def test_several_grants_are_united():
    chair_of_two = person((Role.CHAIR, "doi"), (Role.CHAIR, "xa-khac"), (Role.CHAIR, "doi"))

    assert scope(chair_of_two, Act.SEE_RESPONSES, TREE, TODAY) == {"doi", "xa-khac"}


def test_each_grant_counts_for_its_own_role_and_days_only():
    ended = Grant(Role.ADMIN, ROOT, None, TODAY - DAY)
    both = Person(
        "an", "An", "x", (Grant(Role.CHAIR, "che"), Grant(Role.ORGANIZER, "xa-khac"), ended)
    )

    assert scope(both, Act.SEE_RESPONSES, TREE, TODAY) == {"che", "doi", "doi-dong"}
    assert scope(both, Act.PUBLISH_FORMS, TREE, TODAY) == {"xa-khac"}
    assert scope(both, Act.KEEP_UNITS, TREE, TODAY) == frozenset()
    assert scope(both, Act.KEEP_UNITS, TREE, TODAY - DAY) == set(TREE.units)


def test_an_administrator_of_the_root_reaches_every_unit():
    for act in Act:
        assert scope(person((Role.ADMIN, ROOT)), act, TREE, TODAY) == set(TREE.units)


def test_a_wider_grant_swallows_a_narrower_one():
    wide = person((Role.CHAIR, "doi"), (Role.CHAIR, "xa"))

    assert scope(wide, Act.SEE_RESPONSES, TREE, TODAY) == TREE.subtree("xa")


def test_a_unit_that_moves_takes_its_responses_along():
    moved = UnitTree([*TREE.units.values(), Unit("doi", "Đội 1", "xa-khac")])

    assert not may(person((Role.CHAIR, "che")), Act.SEE_RESPONSES, moved, TODAY, "doi")
    assert may(person((Role.CHAIR, "xa-khac")), Act.SEE_RESPONSES, moved, TODAY, "doi")


def complaints(*grants: tuple[Role, str]) -> frozenset[str]:
    return scope(person(*grants), Act.SEE_RESPONSES, TREE, TODAY, Readers.INSPECTORS)


def test_complaints_go_above_the_unit_and_those_of_the_root_to_its_own_inspectors():
    assert complaints((Role.INSPECTOR, "xa")) == TREE.subtree("xa") - {"xa"}
    assert complaints((Role.INSPECTOR, ROOT)) == TREE.subtree(ROOT)
    assert complaints((Role.INSPECTOR, "doi")) == frozenset()
    assert complaints((Role.INSPECTOR, "xa"), (Role.INSPECTOR, ROOT)) == TREE.subtree(ROOT)


def test_what_was_merged_into_a_unit_is_its_own():
    merged = UnitTree(
        [*TREE.units.values(), Unit("cu", "Đơn vị cũ", ROOT, closed=True, successor="che")]
    )

    def reach(role: Role, unit: str, readers: Readers) -> frozenset[str]:
        return scope(person((role, unit)), Act.SEE_RESPONSES, merged, TODAY, readers)

    assert reach(Role.CHAIR, "che", Readers.CHAIRS) == {"che", "doi", "doi-dong", "cu"}
    assert reach(Role.INSPECTOR, "che", Readers.INSPECTORS) == {"doi", "doi-dong"}
    assert reach(Role.INSPECTOR, "xa", Readers.INSPECTORS) == {"che", "doi", "doi-dong", "cu", "da"}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CHAIR])
@pytest.mark.parametrize("unit", [ROOT, "xa-khac", "doi"])
def test_who_is_administrator_or_chair_anywhere_reads_no_complaint(role, unit):
    assert complaints((Role.INSPECTOR, ROOT), (role, unit)) == frozenset()


def test_a_former_chair_may_be_an_inspector():
    former = Person(
        "an",
        "An",
        "x",
        (Grant(Role.CHAIR, "che", None, TODAY - DAY), Grant(Role.INSPECTOR, ROOT)),
    )

    assert may(former, Act.SEE_RESPONSES, TREE, TODAY, "che", Readers.INSPECTORS)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
@pytest.mark.parametrize("given", Role)
def test_only_administrators_give_roles(role, given):
    assert not may_grant(person((role, ROOT)), Grant(given, "che"), TREE, TODAY)


@pytest.mark.parametrize(("unit", "inside"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("given", Role)
def test_an_administrator_gives_any_role_within_reach_and_none_outside(given, unit, inside):
    assert may_grant(person((Role.ADMIN, "che")), Grant(given, unit), TREE, TODAY) is inside


@pytest.mark.parametrize(
    ("role", "until", "possible"),
    [
        (Role.ADMIN, TODAY + DAY, True),
        (Role.ADMIN, TODAY, True),
        (Role.ADMIN, TODAY + 2 * DAY, False),
        (Role.ADMIN, None, False),
        (Role.CHAIR, None, True),
    ],
)
def test_an_administrator_s_term_ends_the_administrators_he_makes(role, until, possible):
    ending = person((Role.ADMIN, "xa"), until=TODAY + DAY)

    assert may_grant(ending, Grant(role, "che", None, until), TREE, TODAY) is possible


def test_a_longer_term_elsewhere_does_not_count():
    two = Person(
        "an", "An", "x", (Grant(Role.ADMIN, "xa", None, TODAY), Grant(Role.ADMIN, "xa-khac"))
    )

    assert not may_grant(two, Grant(Role.ADMIN, "che"), TREE, TODAY)
    assert may_grant(two, Grant(Role.ADMIN, "xa-khac"), TREE, TODAY)


def test_an_account_is_kept_by_who_reaches_all_of_it():
    keeper = person((Role.ADMIN, "xa"))
    inside, outside = person((Role.CHAIR, "che")), person((Role.CHAIR, "che"), (Role.CHAIR, ROOT))

    assert may_keep(keeper, inside, TREE, TODAY)
    assert not may_keep(keeper, outside, TREE, TODAY)
    assert not may_keep(keeper, person(), TREE, TODAY)
    assert may_keep(person((Role.ADMIN, ROOT)), person(), TREE, TODAY)
    assert not may_keep(person((Role.CHAIR, ROOT)), inside, TREE, TODAY)
