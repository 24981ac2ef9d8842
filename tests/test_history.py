"""The dated history of the federation: what it was on any day, and what it can never be."""

from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from federation.access import Act, scope
from federation.history import Fault, History, Impossible
from federation.people import Grant, Person, Role
from federation.units import ROOT, Change, Unit, UnitKind, UnitTree

JULY, AUGUST, LATER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 12, 31)
BEFORE = date(2026, 6, 30)
HISTORY = History(
    [
        Unit(ROOT, "LĐLĐ tỉnh", None, UnitKind.PROVINCE),
        Unit("p", "Xã P", ROOT, UnitKind.COMMUNE),
        Unit("q", "Xã Q", ROOT, UnitKind.COMMUNE),
        Unit("a", "CĐCS A", "p"),
        Unit("b", "CĐCS B", "p"),
        Unit("c", "CĐCS C", "q"),
        Unit("a1", "Tổ 1 của A", "a", UnitKind.SECTION),
    ]
)
MERGED = HISTORY.merged(["a", "b"], "c", JULY)


def chair(unit):
    return Person("an", "An", "x", (Grant(Role.CHAIR, unit),))


def seen(unit, history, day):
    return scope(chair(unit), Act.SEE_RESPONSES, history.on(day), day)


def refused(act):
    with pytest.raises(Impossible) as caught:
        act()
    return caught.value.fault


def faults(history, since=date.min):
    return {(found.fault, found.unit) for found in history.faults(since)}


def test_a_name_holds_from_its_day_and_not_before():
    renamed = HISTORY.changed("a", Change(JULY, name="CĐCS Mới"))

    assert renamed.on(BEFORE).name("a") == "CĐCS A"
    assert renamed.on(JULY).name("a") == renamed.on(LATER).name("a") == "CĐCS Mới"
    assert HISTORY.on(LATER).name("a") == "CĐCS A"


def test_an_earlier_change_that_is_told_later_leaves_the_later_one():
    late = HISTORY.changed("a", Change(AUGUST, name="Ba", parent="q"))

    both = late.changed("a", Change(JULY, name="Hai"))

    assert [both.on(day).name("a") for day in (BEFORE, JULY, AUGUST)] == ["CĐCS A", "Hai", "Ba"]
    assert both.on(JULY).get("a").parent == "p"
    assert both.on(AUGUST).get("a").parent == "q"


def test_a_second_word_on_the_same_day_corrects_the_first():
    first = HISTORY.changed("a", Change(JULY, name="Nhầm")).changed("a", Change(JULY, parent="q"))

    corrected = first.changed("a", Change(JULY, name="Đúng"))

    assert corrected.units["a"].changes == (Change(JULY, name="Đúng", parent="q"),)


def test_what_alters_nothing_is_not_recorded():
    same = HISTORY.changed("a", Change(JULY, name="CĐCS A", parent="p", kind=UnitKind.ENTERPRISE))
    undone = HISTORY.changed("a", Change(JULY, name="X")).changed("a", Change(JULY, name="CĐCS A"))

    assert same.differences(HISTORY) == undone.differences(HISTORY) == ()


def test_a_correction_on_the_first_day_is_how_the_unit_began():
    begun = HISTORY.with_unit(Unit("n", "Nhầm", "q", since=JULY))

    corrected = begun.changed("n", Change(JULY, name="Đúng"))

    assert (corrected.units["n"].name, corrected.units["n"].changes) == ("Đúng", ())


def test_a_unit_is_planned_until_its_first_day():
    begun = HISTORY.with_unit(Unit("n", "Mới", "q", since=JULY))

    before, then = begun.on(BEFORE).get("n"), begun.on(JULY).get("n")

    assert (before.planned, before.is_open) == (True, False)
    assert (then.planned, then.is_open) == (False, True)
    assert refused(lambda: begun.changed("n", Change(BEFORE, name="X"))) is Fault.NOT_YET


def test_a_closed_unit_goes_on_in_its_successor_with_all_below():
    tree = MERGED.on(JULY)

    assert (tree.get("a").closed, tree.get("a").closed_on, tree.get("a").successor) == (
        True,
        JULY,
        "c",
    )
    assert tree.get("a1").parent == "c"
    assert tree.home("a").id == tree.home("b").id == "c"
    assert tree.home("a1").id == "a1"
    assert MERGED.on(BEFORE).home("a").id == "a"


def test_old_responses_are_read_where_the_successor_stands_and_no_longer_where_it_stood():
    assert {"a", "b", "a1"} <= seen("c", MERGED, JULY)
    assert {"a", "b", "a1"} <= seen("q", MERGED, JULY)
    assert seen("p", MERGED, JULY) == {"p"}
    assert seen(ROOT, MERGED, JULY) == set(HISTORY.units)
    assert {"a", "b"} <= seen("p", MERGED, BEFORE)
    assert "a" not in seen("c", MERGED, BEFORE)


def test_who_held_a_role_in_the_closed_unit_reads_what_it_collected_and_nothing_else():
    assert seen("a", MERGED, JULY) == {"a"}


def test_a_merger_that_was_cut_off_is_ended_by_deciding_it_again():
    half = HISTORY.merged(["a"], "c", JULY)

    assert half.merged(["a", "b"], "c", JULY).units == MERGED.units
    assert MERGED.merged(["a", "b"], "c", JULY).differences(MERGED) == ()
    assert refused(lambda: MERGED.merged(["a"], "p", JULY)) is Fault.CLOSED


def test_mergers_go_on_from_one_successor_to_the_next():
    twice = MERGED.merged(["c"], "q", AUGUST)

    assert twice.on(AUGUST).home("a").id == "q"
    assert twice.on(JULY).home("a").id == "c"
    assert {"a", "b", "c"} <= seen("q", twice, AUGUST)
    assert faults(twice) == set()


def test_a_successor_that_stood_below_moves_up_to_where_the_closed_one_was():
    up = HISTORY.merged(["p"], "a", JULY)

    assert faults(up) == set()
    assert up.on(JULY).get("a").parent == ROOT
    assert up.on(JULY).get("b").parent == "a"


def test_a_planned_move_below_a_closed_unit_goes_to_the_heir():
    planned = HISTORY.changed("c", Change(AUGUST, parent="a"))
    planned = planned.with_unit(Unit("n", "Mới", "a", since=AUGUST))

    merged = planned.merged(["a"], "b", JULY)

    assert faults(merged) == set()
    assert merged.on(AUGUST).get("c").parent == merged.on(AUGUST).get("n").parent == "b"
    assert merged.on(JULY).get("c").parent == "q"


def test_a_unit_closed_without_a_successor_stays_where_it_was():
    closed = HISTORY.closed("b", JULY)

    assert faults(closed) == set()
    assert "b" in seen("p", closed, LATER)
    assert closed.on(LATER).home("b") is None


def test_what_stands_below_a_closed_unit_must_go_somewhere():
    assert (Fault.CHILDREN, "a") in faults(HISTORY.closed("a", JULY))
    assert faults(HISTORY.closed("a", JULY, heir="b")) == set()
    assert HISTORY.closed("a", JULY, heir="b").on(JULY).get("a1").parent == "b"


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        (lambda: HISTORY.with_unit(Unit("a", "A", "p")), Fault.TAKEN),
        (lambda: HISTORY.changed("x", Change(JULY, name="X")), Fault.UNKNOWN),
        (lambda: HISTORY.changed(ROOT, Change(JULY, parent="a")), Fault.ROOT),
        (lambda: HISTORY.closed(ROOT, JULY), Fault.ROOT),
        (lambda: MERGED.changed("a", Change(AUGUST, name="X")), Fault.CLOSED),
        (lambda: MERGED.closed("a", JULY), Fault.CLOSED),
        (
            lambda: HISTORY.changed("b", Change(AUGUST, name="X")).closed("b", JULY),
            Fault.LATER,
        ),
        (lambda: HISTORY.withdrawn("a", JULY), Fault.UNKNOWN),
        (lambda: HISTORY.begun("x", "X", ROOT, None), Fault.UNKNOWN),
    ],
)
def test_what_cannot_be_is_refused_at_once(act, fault):
    assert refused(act) is fault


@pytest.mark.parametrize(
    ("history", "fault"),
    [
        (HISTORY.changed("a", Change(JULY, parent="a1")), (Fault.ITSELF, "a")),
        (HISTORY.changed("a", Change(JULY, parent="a")), (Fault.ITSELF, "a")),
        (HISTORY.changed("a", Change(JULY, parent="x")), (Fault.PARENT_UNKNOWN, "a")),
        (HISTORY.with_unit(Unit("n", "N", "x")), (Fault.PARENT_UNKNOWN, "n")),
        (HISTORY.closed("b", JULY, successor="x"), (Fault.SUCCESSOR_UNKNOWN, "b")),
        (HISTORY.closed("b", JULY, successor="b"), (Fault.ITSELF, "b")),
        (
            HISTORY.with_unit(Unit("n", "N", "p", since=AUGUST)).closed("b", JULY, successor="n"),
            (Fault.SUCCESSOR_NOT_YET, "b"),
        ),
        (
            HISTORY.with_unit(Unit("n", "N", "p", since=AUGUST)).changed(
                "b", Change(JULY, parent="n")
            ),
            (Fault.PARENT_NOT_YET, "b"),
        ),
        (MERGED.with_unit(Unit("n", "N", "a", since=AUGUST)), (Fault.CHILDREN, "a")),
        (History([Unit(ROOT, "T", None, closed=True)]), (Fault.ROOT, ROOT)),
    ],
)
def test_what_is_not_sound_on_a_day_is_found(history, fault):
    assert fault in faults(history)


def test_a_ring_that_two_moves_close_only_later_is_found_on_that_day():
    ring = HISTORY.changed("p", Change(JULY, parent="q")).changed("q", Change(AUGUST, parent="p"))

    found = list(ring.faults())

    assert {(fault.fault, fault.unit, fault.day) for fault in found} == {
        (Fault.ITSELF, "p", AUGUST),
        (Fault.ITSELF, "q", AUGUST),
    }
    assert list(ring.faults(since=LATER))


def test_what_was_wrong_before_a_day_is_not_found_after_it():
    short = HISTORY.changed("p", Change(JULY, parent="q")).changed("q", Change(JULY, parent="p"))
    mended = short.changed("q", Change(AUGUST, parent=ROOT))

    assert faults(mended, since=JULY)
    assert faults(mended, since=AUGUST) == set()


def test_a_change_that_is_taken_back_was_never_made():
    assert MERGED.withdrawn("a", JULY).on(LATER).get("a").is_open
    assert (
        HISTORY.changed("a", Change(JULY, name="X")).withdrawn("a", JULY).differences(HISTORY) == ()
    )


def test_units_of_earlier_versions_have_no_history_and_stand_on_every_day():
    old = [Unit(ROOT, "Tỉnh", None), Unit("x", "X", ROOT), Unit("y", "Y", ROOT, closed=True)]

    for day in (date.min, JULY, date.max):
        assert History(old).on(day).units == UnitTree(old).units
    assert faults(History(old)) == set()


def there(history, day):
    """The units that there are on a day, as they are then."""
    return {unit.id: unit for unit in history.on(day).units.values() if not unit.planned}


DAYS = [JULY + timedelta(days=n) for n in range(0, 60, 6)]
ANY_DAY = st.sampled_from(DAYS)


class Federation(RuleBasedStateMachine):
    """Random decisions for random days, each kept only when it leaves no fault."""

    def __init__(self):
        super().__init__()
        self.history = History([Unit(ROOT, "Tỉnh", None)])
        self.told = {}  # what the tree was for whoever looked at it before the latest decisions
        self.count = 0

    def keep(self, act, first):
        try:
            after = act()
        except Impossible:
            return
        if next(after.faults(), None) is None:
            for day in [day for day in self.told if day >= first]:
                del self.told[day]  # that day is what was decided about
            self.history = after

    def pick(self, number):
        return sorted(self.history.units)[number % len(self.history.units)]

    @rule(parent=st.integers(0, 50), day=ANY_DAY | st.none())
    def create(self, parent, day):
        self.count += 1
        above = self.pick(parent)
        new = Unit(f"u{self.count}", f"Đơn vị {self.count}", above, since=day)
        self.keep(lambda: self.history.with_unit(new), day or date.min)

    @rule(unit=st.integers(0, 50), day=ANY_DAY, name=st.sampled_from("ABC"))
    def rename(self, unit, day, name):
        chosen = self.pick(unit)
        self.keep(lambda: self.history.changed(chosen, Change(day, name=name)), day)

    @precondition(lambda self: len(self.history.units) > 2)
    @rule(unit=st.integers(0, 50), parent=st.integers(0, 50), day=ANY_DAY)
    def move(self, unit, parent, day):
        chosen, above = self.pick(unit), self.pick(parent)
        self.keep(lambda: self.history.changed(chosen, Change(day, parent=above)), day)

    @precondition(lambda self: len(self.history.units) > 3)
    @rule(one=st.integers(0, 50), two=st.integers(0, 50), into=st.integers(0, 50), day=ANY_DAY)
    def merge(self, one, two, into, day):
        units, heir = {self.pick(one), self.pick(two)}, self.pick(into)
        self.keep(lambda: self.history.merged(sorted(units - {heir}), heir, day), day)

    @precondition(lambda self: len(self.history.units) > 2)
    @rule(unit=st.integers(0, 50), heir=st.none() | st.integers(0, 50), day=ANY_DAY)
    def close(self, unit, heir, day):
        chosen = self.pick(unit)
        to = None if heir is None else self.pick(heir)
        self.keep(lambda: self.history.closed(chosen, day, heir=to), day)

    @rule(day=ANY_DAY)
    def look(self, day):
        self.told[day] = there(self.history, day)

    @invariant()
    def no_unit_ever_stands_above_itself(self):
        for day in (date.min, *DAYS, date.max):
            tree = self.history.on(day)
            for unit in tree.units:
                assert unit not in tree.ancestors(unit)
                at, steps = tree.get(unit), 0
                while at and at.above:
                    at, steps = tree.get(at.above), steps + 1
                    assert steps <= len(tree.units)

    @invariant()
    def whoever_keeps_the_root_sees_every_unit_on_every_day(self):
        for day in (date.min, *DAYS, date.max):
            assert seen(ROOT, self.history, day) == set(self.history.units)

    @invariant()
    def every_open_unit_stands_below_an_open_one(self):
        for day in DAYS:
            tree = self.history.on(day)
            for unit in tree.units.values():
                if unit.is_open and unit.parent:
                    assert tree.get(unit.parent).is_open

    @invariant()
    def what_was_merged_is_read_by_its_home_and_all_above(self):
        tree = self.history.on(DAYS[-1])
        for unit in tree.units.values():
            home = tree.home(unit.id)
            if home:
                assert unit.id in tree.subtree(home.id)
                assert all(unit.id in tree.subtree(above) for above in tree.ancestors(home.id))

    @invariant()
    def a_day_before_a_decision_is_as_it_was_told(self):
        for day, units in self.told.items():
            assert there(self.history, day) == units


TestFederation = Federation.TestCase
TestFederation.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
