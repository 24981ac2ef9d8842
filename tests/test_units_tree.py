"""The tree of units: who stands below whom, in which order, also when the data are wrong."""

import pytest

from federation.units import ROOT, Unit, UnitKind, UnitTree

UNITS = (
    Unit("tra-doi-2", "Đội 2", "che"),
    Unit(ROOT, "LĐLĐ tỉnh Lai Châu", None, UnitKind.PROVINCE, hotline="02133878436"),
    Unit("sin-ho", "Công đoàn xã Sìn Hồ", ROOT, UnitKind.COMMUNE),
    Unit("dien", "Đường dây Điện", "tam-duong"),
    Unit("che", "Công ty Chè", "tam-duong", hotline="0912345678"),
    Unit("tam-duong", "Công đoàn xã Tam Đường", ROOT, UnitKind.COMMUNE, hotline="0987654321"),
    Unit("tra-doi-1", "Đội 1", "che", closed=True),
    Unit("mam-non", "Mầm non Ánh Sao", "sin-ho", UnitKind.PUBLIC_SERVICE),
    Unit("da", "Mỏ Đá", "tam-duong"),
)
TREE = UnitTree(UNITS)
# Two units below each other, as a careless import could leave them, and one below itself.
CYCLE = UnitTree(
    [
        Unit(ROOT, "Tỉnh", None, hotline="1"),
        Unit("a", "A", "b"),
        Unit("b", "B", "a"),
        Unit("c", "C", "b"),
        Unit("self", "Một mình", "self"),
    ]
)


@pytest.mark.parametrize(
    ("unit", "below"),
    [
        (ROOT, {unit.id for unit in UNITS}),
        ("tam-duong", {"tam-duong", "che", "dien", "da", "tra-doi-1", "tra-doi-2"}),
        ("che", {"che", "tra-doi-1", "tra-doi-2"}),
        ("mam-non", {"mam-non"}),
        ("unknown", set()),
    ],
)
def test_a_subtree_is_the_unit_and_all_below_it(unit, below):
    assert TREE.subtree(unit) == below


@pytest.mark.parametrize(
    ("unit", "above"),
    [
        (ROOT, ()),
        ("sin-ho", (ROOT,)),
        ("tra-doi-2", (ROOT, "tam-duong", "che")),
        ("unknown", ()),
    ],
)
def test_ancestors_stand_root_first_without_the_unit(unit, above):
    assert TREE.ancestors(unit) == above


def test_subtree_and_ancestors_agree():
    pairs = {(upper, lower) for upper in TREE.units for lower in TREE.subtree(upper)}

    assert pairs == {
        (upper, lower) for lower in TREE.units for upper in (*TREE.ancestors(lower), lower)
    }


def test_children_stand_in_vietnamese_order():
    assert TREE.children("tam-duong") == ("che", "dien", "da")
    assert TREE.children("mam-non") == TREE.children("unknown") == ()


def test_the_outline_reads_like_a_book():
    assert [(depth, unit.id) for depth, unit in TREE.outline()] == [
        (0, ROOT),
        (1, "sin-ho"),
        (2, "mam-non"),
        (1, "tam-duong"),
        (2, "che"),
        (3, "tra-doi-1"),
        (3, "tra-doi-2"),
        (2, "dien"),
        (2, "da"),
    ]


def test_the_outline_does_not_depend_on_the_order_of_the_data():
    assert UnitTree(reversed(UNITS)).outline() == TREE.outline()


@pytest.mark.parametrize(
    ("unit", "hotline"),
    [
        (ROOT, "02133878436"),
        ("sin-ho", "02133878436"),
        ("mam-non", "02133878436"),
        ("dien", "0987654321"),
        ("che", "0912345678"),
        ("tra-doi-1", "0912345678"),
        ("unknown", ""),
    ],
)
def test_a_unit_without_a_hotline_has_the_nearest_one_above(unit, hotline):
    assert TREE.hotline(unit) == hotline


def test_a_tree_without_any_hotline_has_none():
    tree = UnitTree([Unit(ROOT, "Tỉnh", None), Unit("a", "A", ROOT)])

    assert tree.hotline("a") == ""


def test_units_are_found_and_named_by_id():
    assert "che" in TREE
    assert "unknown" not in TREE
    assert TREE.get("che") == UNITS[4]
    assert TREE.get("unknown") is None
    assert TREE.name("che") == "Công ty Chè"
    assert TREE.name("unknown") == "unknown"


def test_an_empty_tree_answers_every_question():
    tree = UnitTree([])

    assert tree.outline() == ()
    assert tree.ancestors(ROOT) == tree.children(ROOT) == ()
    assert tree.subtree(ROOT) == frozenset()


def test_units_below_each_other_hang_nothing():
    assert CYCLE.subtree("a") == CYCLE.subtree("b") == {"a", "b", "c"}
    assert CYCLE.subtree("self") == {"self"}
    assert CYCLE.ancestors("c") == ("a", "b")
    assert CYCLE.hotline("a") == CYCLE.hotline("self") == ""


@pytest.mark.parametrize("unit", ["a", "b", "self"])
def test_no_unit_stands_above_itself(unit):
    assert unit not in CYCLE.ancestors(unit)


def test_the_root_gains_nothing_from_a_circle():
    assert CYCLE.subtree(ROOT) == {ROOT}


def test_the_outline_hides_no_unit_whatever_the_data():
    orphans = [Unit("x", "X", "gone"), Unit("y", "Y", "x")]
    tree = UnitTree([*orphans[::-1], *CYCLE.units.values()])

    lines = [(depth, unit.id) for depth, unit in tree.outline()]

    assert lines[:3] == [(0, ROOT), (0, "x"), (1, "y")]
    assert sorted(unit for _, unit in lines) == sorted(tree.units)


def test_a_very_deep_tree_is_walked():
    deep = UnitTree(Unit(f"u{n}", f"Đơn vị {n}", f"u{n - 1}" if n else None) for n in range(2_000))

    assert len(deep.subtree("u0")) == len(deep.outline()) == 2_000
    assert deep.ancestors("u1999")[0] == "u0"
