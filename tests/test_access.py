"""What each role may do, and where: the whole matrix as data."""

import pytest

from federation.access import RIGHTS, Act, may, scope
from federation.people import Grant, Person, Role
from federation.units import ROOT, Unit, UnitTree

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
MATRIX = """
                    admin  organizer  chair  inspector  women  helper  viewer
    see_responses   yes    no         yes    no         no     no      no
    export_responses yes   no         yes    no         no     no      no
    publish_forms   yes    yes        no     no         no     no      no
    keep_units      yes    no         no     no         no     no      no
    keep_people     yes    no         no     no         no     no      no
    assist          yes    yes        yes    no         no     yes     no
"""


def allowed() -> dict[tuple[str, str], bool]:
    head, *rows = (line.split() for line in MATRIX.strip().splitlines())
    return {
        (role, act): word == "yes"
        for act, *words in rows
        for role, word in zip(head, words, strict=True)
    }


def person(*grants: tuple[Role, str], active: bool = True) -> Person:
    return Person("an", "Lò Văn An", "hash", tuple(Grant(*grant) for grant in grants), active)


def test_the_matrix_names_every_role_and_every_act():
    assert set(allowed()) == {(role, act) for role in Role for act in Act}
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize(("unit", "inside"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_allows_its_acts_in_its_unit_and_below_only(role, act, unit, inside):
    someone = person((role, "che"))
    expected = allowed()[role, act] and inside

    assert may(someone, act, TREE, unit) is expected
    assert (unit in scope(someone, act, TREE)) is expected


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_allows_its_acts_somewhere_or_nowhere(role, act):
    assert may(person((role, "che")), act, TREE) is allowed()[role, act]


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_an_inactive_person_may_do_nothing(role, act):
    gone = person((role, ROOT), (Role.ADMIN, ROOT), active=False)

    assert scope(gone, act, TREE) == frozenset()
    assert not may(gone, act, TREE)
    assert not may(gone, act, TREE, ROOT)


@pytest.mark.parametrize("act", Act)
def test_a_person_without_grants_may_do_nothing(act):
    assert scope(person(), act, TREE) == frozenset()
    assert not may(person(), act, TREE)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_grant_in_a_unit_that_is_gone_gives_nothing(role, act):
    assert not may(person((role, "nowhere")), act, TREE)
    assert not may(person((role, "nowhere")), act, TREE, "nowhere")


def test_several_grants_are_united():
    chair_of_two = person((Role.CHAIR, "doi"), (Role.CHAIR, "xa-khac"), (Role.CHAIR, "doi"))

    assert scope(chair_of_two, Act.SEE_RESPONSES, TREE) == {"doi", "xa-khac"}


def test_each_grant_counts_for_its_own_role_only():
    both = person((Role.CHAIR, "che"), (Role.ORGANIZER, "xa-khac"))

    assert scope(both, Act.SEE_RESPONSES, TREE) == {"che", "doi", "doi-dong"}
    assert scope(both, Act.PUBLISH_FORMS, TREE) == {"xa-khac"}
    assert scope(both, Act.KEEP_UNITS, TREE) == frozenset()


def test_an_administrator_of_the_root_reaches_every_unit():
    for act in Act:
        assert scope(person((Role.ADMIN, ROOT)), act, TREE) == set(TREE.units)


def test_a_wider_grant_swallows_a_narrower_one():
    wide = person((Role.CHAIR, "doi"), (Role.CHAIR, "xa"))

    assert scope(wide, Act.SEE_RESPONSES, TREE) == TREE.subtree("xa")


def test_a_unit_that_moves_takes_its_responses_along():
    moved = UnitTree([*TREE.units.values(), Unit("doi", "Đội 1", "xa-khac")])

    assert not may(person((Role.CHAIR, "che")), Act.SEE_RESPONSES, moved, "doi")
    assert may(person((Role.CHAIR, "xa-khac")), Act.SEE_RESPONSES, moved, "doi")
