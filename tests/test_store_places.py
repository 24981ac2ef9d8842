"""The contract of storage/store.py for places that only so many may have, on every backend."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from journal_faults import crashed_copy
from test_store_contract import EVERYTHING, NOON, Reopen, backend, made, store

from forms.response import Change, Response, emptied
from storage.embedded import EmbeddedStore
from storage.embedded_snapshot import EmbeddedSnapshot
from storage.errors import ReceiptTaken, StoreError, StoreReadOnly
from storage.opening import open_store
from storage.places import Claim, Place
from storage.store import Store

__all__ = ["backend", "store"]

LATER = NOON + timedelta(hours=1)
TWO = [Claim("total", 2)]
PERSON = [Claim("once:person:h", 1)]


def at_once(count: int, act: Callable[[int], None]) -> None:
    """Do it in so many threads, all beginning together."""
    start, failures = threading.Barrier(count), list[BaseException]()

    def run(number: int) -> None:
        start.wait()
        try:
            act(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def add(store: Store, number: int, claims: Sequence[Claim] = TWO, **changes: object) -> Response:
    return store.add_response(made(number, **changes), claims).response


def kept(store: Store, number: int) -> Response:
    found = store.response("f51", f"id-{number}")
    assert found is not None
    return found


def have_places(store: Store) -> list[str]:
    return [r.id for r in store.iter_responses("f51", EVERYTHING) if r.holds]


def test_places_are_given_until_they_are_full(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    for number in (1, 2, 3):
        add(store, number)
    store = reopen(store)

    assert [kept(store, number).holds for number in (1, 2)] == [("total",), ("total",)]
    assert kept(store, 3) == made(
        3, flags=("so_cccd:sex", "waiting"), claims=("total",), waits_for=("total",)
    )
    assert store.places("f51", ["total", "other"]) == {"total": Place(2, 1), "other": Place()}
    assert store.places("f28", ["total"]) == {"total": Place()}


def test_a_second_of_the_same_person_is_kept_and_flagged(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    add(store, 1, PERSON)
    add(store, 2, PERSON)
    store = reopen(store)

    assert kept(store, 1).flags == ("so_cccd:sex",)
    assert kept(store, 2).flags == ("so_cccd:sex", "repeated")
    assert kept(store, 2).waits_for == ("once:person:h",)


def test_of_32_who_race_for_10_places_exactly_10_get_one(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend

    at_once(
        32, lambda number: add(store, number, [Claim("buoi:sang", 10), Claim("total", 50)]) and None
    )
    store = reopen(store)

    waiting = [r for r in store.iter_responses("f51", EVERYTHING) if r.waits_for]
    assert (len(have_places(store)), len(waiting)) == (10, 22)
    assert {r.waits_for for r in waiting} == {("buoi:sang",)}
    assert store.places("f51", ["buoi:sang", "total"]) == {
        "buoi:sang": Place(10, 22),
        "total": Place(10),
    }


def test_of_one_person_eight_times_at_once_exactly_one_is_first(store: Store) -> None:
    at_once(8, lambda number: add(store, number, PERSON) and None)

    flags = sorted("repeated" in r.flags for r in store.iter_responses("f51", EVERYTHING))
    assert flags == [False] + [True] * 7


def test_claims_named_in_any_order_never_block_each_other(store: Store) -> None:
    """Whoever locked them as they come would wait in a circle."""
    names = [f"buoi:{letter}" for letter in "abcd"]

    def take(number: int) -> None:
        order = names if number % 2 else names[::-1]
        for more in range(6):
            add(store, 10 * number + more, [Claim(name, 10) for name in order])

    at_once(8, take)

    assert store.places("f51", names) == dict.fromkeys(names, Place(10, 38))


def test_the_same_response_from_many_threads_takes_one_place(store: Store) -> None:
    at_once(8, lambda number: add(store, 1, TWO, id=f"id-{number}", receipt=f"R{number}") and None)

    assert len(list(store.iter_responses("f51", EVERYTHING))) == 1
    assert store.places("f51", ["total"]) == {"total": Place(1)}


def test_those_who_wait_are_told_in_the_order_of_their_turn(
    backend: tuple[Store, Reopen],
) -> None:
    store, reopen = backend
    for number in (3, 1, 2, 4):
        add(store, number)
    store = reopen(store)

    assert [r.id for r in store.waiting("f51")] == ["id-2", "id-4"]
    assert store.waiting("f28") == ()


def test_a_resend_and_a_variant_take_no_place(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    add(store, 1)
    store = reopen(store)

    again = store.add_response(made(id="again", receipt="AGAIN"), TWO)
    variant = store.add_response(made(2, instance="instance-1"), TWO)

    assert (again.stored, again.response.holds) == (False, ("total",))
    assert (variant.response.claims, variant.response.flags[-1]) == ((), "variant")
    assert store.places("f51", ["total"]) == {"total": Place(1)}


def test_a_refused_receipt_takes_no_place(store: Store) -> None:
    add(store, 1)

    with pytest.raises(ReceiptTaken):
        add(store, 2, TWO, receipt="RECEIPT1")

    assert store.places("f51", ["total"]) == {"total": Place(1)}


def test_one_full_place_leaves_the_others_free(store: Store) -> None:
    add(store, 1, [Claim("buoi:sang", 1), Claim("total", 9)])

    second = add(store, 2, [Claim("buoi:sang", 1), Claim("total", 9), *PERSON])

    assert (second.holds, second.waits_for) == ((), ("buoi:sang",))
    assert store.places("f51", ["buoi:sang", "total", "once:person:h"]) == {
        "buoi:sang": Place(1, 1),
        "total": Place(1),
        "once:person:h": Place(),
    }


def test_a_place_named_twice_is_one_place(store: Store) -> None:
    first = add(store, 1, [*TWO, *TWO])

    assert first.claims == ("total",)
    assert store.places("f51", ["total"]) == {"total": Place(1)}


def test_withdrawal_releases_the_place_and_nobody_passes_those_who_wait(
    backend: tuple[Store, Reopen],
) -> None:
    store, reopen = backend
    for number in (1, 2, 3):
        add(store, number)

    store.change_response(kept(store, 1), emptied(kept(store, 1), LATER, "withdrawn"))
    store = reopen(store)
    newcomer = add(store, 4)

    assert kept(store, 1).claims == ()
    assert newcomer.waits_for == ("total",)
    assert store.places("f51", ["total"]) == {"total": Place(1, 2)}


def test_a_free_place_goes_to_who_waits_longest(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    for number in (1, 2, 3, 4):
        add(store, number)
    refused = replace(kept(store, 2), state="khong_duyet", claims=(), waits_for=())
    store.change_response(kept(store, 2), refused)
    store = reopen(store)

    seated = store.promote("f51", {"total": 2}, LATER)
    again = store.promote("f51", {"total": 2}, LATER)
    store = reopen(store)

    assert seated == (made(3, claims=("total",), history=(Change(LATER, "", "seated"),)),)
    assert again == ()
    assert kept(store, 3) == seated[0]
    assert kept(store, 4).waits_for == ("total",)
    assert store.places("f51", ["total"]) == {"total": Place(2, 1)}


def test_a_raised_limit_seats_as_many_as_fit(store: Store) -> None:
    for number in range(1, 8):
        add(store, number)

    seated = store.promote("f51", {"total": 5}, LATER)
    rest = store.promote("f51", {}, LATER)

    assert [r.id for r in seated] == ["id-3", "id-4", "id-5"]
    assert [r.id for r in rest] == ["id-6", "id-7"]
    assert store.places("f51", ["total"]) == {"total": Place(7)}


def test_the_repeated_one_counts_when_the_first_is_taken_back(store: Store) -> None:
    for number in (1, 2, 3):
        add(store, number, PERSON)
    store.change_response(kept(store, 1), emptied(kept(store, 1), LATER, "withdrawn"))

    seated = store.promote("f51", {}, LATER)

    assert [(r.id, r.flags) for r in seated] == [("id-2", ("so_cccd:sex",))]
    assert kept(store, 3).flags == ("so_cccd:sex", "repeated")


def test_who_cannot_be_seated_yet_lets_others_pass_who_want_something_else(store: Store) -> None:
    morning, evening = Claim("buoi:sang", 1), Claim("buoi:toi", 1)
    total = Claim("total", 2)
    add(store, 1, [total, morning])
    add(store, 2, [total])
    add(store, 3, [total, morning])
    add(store, 4, [total, evening])
    store.change_response(kept(store, 2), emptied(kept(store, 2), LATER, "withdrawn"))

    seated = store.promote("f51", {"total": 2, "buoi:sang": 1, "buoi:toi": 1}, LATER)

    assert [r.id for r in seated] == ["id-4"]
    assert kept(store, 3).waits_for == ("buoi:sang",)
    assert store.places("f51", ["total"]) == {"total": Place(2)}


def test_who_waits_is_told_for_what(store: Store) -> None:
    total, morning = Claim("total", 2), Claim("buoi:sang", 1)
    add(store, 1, [total, morning])
    add(store, 2, [total])
    add(store, 3, [total, morning])
    store.change_response(kept(store, 2), emptied(kept(store, 2), LATER, "withdrawn"))

    seated = store.promote("f51", {"total": 2, "buoi:sang": 1}, LATER)
    newcomer = add(store, 4, [total])

    assert seated == ()
    assert kept(store, 3).waits_for == ("buoi:sang",)
    assert newcomer.holds == ("total",)


def test_a_free_place_is_given_once_by_many_at_once(store: Store) -> None:
    for number in range(1, 12):
        add(store, number)
    for number in (1, 2):
        store.change_response(kept(store, number), emptied(kept(store, number), LATER, "deleted"))
    seated: list[str] = []

    at_once(8, lambda _: seated.extend(r.id for r in store.promote("f51", {"total": 2}, LATER)))

    assert sorted(seated) == ["id-3", "id-4"]
    assert have_places(store) == ["id-3", "id-4"]
    assert store.places("f51", ["total"]) == {"total": Place(2, 7)}


def test_arrivals_withdrawals_and_promotions_at_once_keep_the_count(store: Store) -> None:
    five = [Claim("total", 5)]

    def come_and_go(number: int) -> None:
        for more in range(5):
            own = add(store, 10 * number + more, five)
            while more % 2 and not store.change_response(own, emptied(own, LATER, "withdrawn")):
                own = kept(store, 10 * number + more)
            store.promote("f51", {"total": 5}, LATER)

    at_once(8, come_and_go)

    waiting = [r for r in store.iter_responses("f51", EVERYTHING) if r.waits_for]
    assert (len(have_places(store)), len(waiting)) == (5, 19)
    assert store.places("f51", ["total"]) == {"total": Place(5, 19)}


def test_a_correction_keeps_its_place_and_claims_another(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    add(store, 1, [Claim("buoi:sang", 1), *PERSON])
    add(store, 2, [Claim("buoi:sang", 1)])
    add(store, 3, [Claim("buoi:toi", 1)])
    before = kept(store, 1)

    same = store.change_response(
        before, replace(before, flags=("corrected",)), [Claim("buoi:sang", 1), *PERSON]
    )
    unchanged = kept(store, 1)
    moved = store.change_response(unchanged, unchanged, [Claim("buoi:toi", 1), *PERSON])
    store = reopen(store)

    assert (same, moved) == (True, True)
    assert (unchanged.holds, unchanged.flags) == (("buoi:sang", "once:person:h"), ("corrected",))
    assert kept(store, 1).waits_for == ("buoi:toi",)
    assert kept(store, 1).flags == ("corrected", "waiting")
    assert store.places("f51", ["buoi:sang", "buoi:toi", "once:person:h"]) == {
        "buoi:sang": Place(0, 1),
        "buoi:toi": Place(1, 1),
        "once:person:h": Place(),
    }


def test_a_correction_of_who_waits_does_not_lose_its_turn(store: Store) -> None:
    for number in (1, 2, 3, 4):
        add(store, number)
    before = kept(store, 3)
    store.change_response(before, replace(before, answers={"ho_ten": "Giàng A Hồ"}), TWO)
    store.change_response(kept(store, 1), emptied(kept(store, 1), LATER, "withdrawn"))

    seated = store.promote("f51", {"total": 2}, LATER)

    assert [r.id for r in seated] == ["id-3"]
    assert seated[0].flags == ("so_cccd:sex",)


@pytest.mark.parametrize(
    "taken", [{"claims": ("total",)}, {"claims": ("total", "more")}, {"waits_for": ("total",)}]
)
def test_nobody_but_the_store_gives_places(store: Store, taken: dict[str, object]) -> None:
    store.add_response(made())

    with pytest.raises(StoreError, match="gets its places from the store"):
        store.change_response(made(), made(**taken))

    assert store.places("f51", ["total", "more"]) == {"total": Place(), "more": Place()}


def test_an_outdated_change_releases_nothing(store: Store) -> None:
    add(store, 1)
    before = kept(store, 1)
    store.change_response(before, replace(before, message="Mời anh lên công đoàn"))

    outdated = store.change_response(before, emptied(before, LATER, "withdrawn"))

    assert not outdated
    assert store.places("f51", ["total"]) == {"total": Place(1)}


def test_copied_responses_bring_their_places(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    copies = [
        made(1, claims=("total",)),
        made(2, claims=("total", "buoi:sang")),
        made(3, claims=("total",), waits_for=("total",), flags=("waiting",)),
        made(4),
    ]

    store.load_responses("f51", copies)
    store.load_responses("f51", copies)
    store = reopen(store)

    assert list(store.iter_responses("f51", EVERYTHING)) == copies
    assert store.places("f51", ["total", "buoi:sang"]) == {
        "total": Place(2, 1),
        "buoi:sang": Place(1),
    }
    assert [r.id for r in store.promote("f51", {"total": 3}, LATER)] == ["id-3"]


def test_a_line_cut_anywhere_leaves_the_response_with_its_place_or_neither(tmp_path: Path) -> None:
    folder = tmp_path / "0"
    live = EmbeddedStore(folder)
    add(live, 1)
    (journal,) = (folder / "responses").glob("f51.json.0*")
    before = journal.stat().st_size
    add(live, 2)
    live.change_response(kept(live, 1), emptied(kept(live, 1), LATER, "withdrawn"))
    add(live, 3)
    crashed = crashed_copy(journal, tmp_path / "copy").read_bytes()
    live.close()

    for size in range(before, len(crashed) + 1):
        again = tmp_path / "again" / "responses"
        again.mkdir(parents=True, exist_ok=True)
        for left in again.iterdir():
            left.unlink()
        (again / journal.name).write_bytes(crashed[:size])
        reader = EmbeddedSnapshot(again.parent)
        whole = crashed[before:size].count(b"\n")
        held = sum(bool(r.holds) for r in reader.iter_responses("f51", EVERYTHING))

        assert held == (1, 2, 1, 2)[whole]
        assert reader.places("f51", ["total"]) == {"total": Place(held)}


def test_a_snapshot_promotes_nobody(tmp_path: Path) -> None:
    open_store(tmp_path).close()

    with pytest.raises(StoreReadOnly):
        EmbeddedSnapshot(tmp_path).promote("f51", {}, NOON)
