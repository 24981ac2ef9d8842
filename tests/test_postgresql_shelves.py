"""Shelves and locks on PostgreSQL, seen from several processes at once."""

import threading
from collections.abc import Callable, Iterator

import pytest
from postgresql_server import ask, fresh_database
from test_store_contract import NOON

from forms.gallery import gallery
from forms.publication import PublishedVersion
from storage.errors import StoreBusy, StoreFailed
from storage.postgresql import PostgresqlStore, locks
from storage.store import Setting


@pytest.fixture
def pair() -> Iterator[tuple[PostgresqlStore, PostgresqlStore]]:
    """Two stores on one database, as two processes have them."""
    with fresh_database() as url:
        stores = PostgresqlStore(url), PostgresqlStore(url)
        yield stores
        for store in stores:
            store.close()


Pair = tuple[PostgresqlStore, PostgresqlStore]


def test_a_change_is_seen_by_the_other_process_at_once(pair: Pair) -> None:
    one, two = pair
    states = []

    for change in (
        lambda: one.settings.add(Setting("a", "1")),
        lambda: two.settings.add(Setting("b", "1")),
        lambda: one.settings.put(Setting("a", "2")),
        lambda: two.settings.remove("a"),
        lambda: one.settings.add(Setting("a", "3")),
    ):
        change()
        assert one.settings.all() == two.settings.all()
        assert one.settings.get("a") == two.settings.get("a")
        states.append([(setting.name, setting.value) for setting in one.settings.all()])

    assert states == [
        [("a", "1")],
        [("a", "1"), ("b", "1")],
        [("a", "2"), ("b", "1")],
        [("b", "1")],
        [("b", "1"), ("a", "3")],
    ]


def test_what_has_not_changed_is_not_made_anew(pair: Pair) -> None:
    one, two = pair
    one.versions.add(PublishedVersion(gallery()["f51"], 1, "7FK", NOON))
    before = one.versions.all()[0]

    two.versions.add(PublishedVersion(gallery()["f28"], 1, "9MN", NOON))
    after = one.versions.all()

    assert len(after) == 2
    assert after[0] is before
    assert one.versions.get("f51@1") is before


def test_a_key_is_added_once_however_many_try(pair: Pair) -> None:
    start, added = threading.Barrier(8), []

    def add(number: int) -> None:
        start.wait()
        added.append(pair[number % 2].settings.add(Setting("a", str(number))))

    run_threads(add, 8)

    assert sorted(added) == [False] * 7 + [True]


def test_changes_of_one_shelf_from_all_sides_do_not_block_each_other(pair: Pair) -> None:
    def change(number: int) -> None:
        shelf = pair[number % 2].settings
        for turn in range(20):
            shelf.put(Setting(f"own-{number}", str(turn)))
            shelf.put(Setting("shared", str(turn)))
            shelf.remove("shared")

    run_threads(change, 6)

    assert {(s.name, s.value) for s in pair[0].settings.all()} == {
        (f"own-{number}", "19") for number in range(6)
    }


def test_a_key_that_no_database_can_hold_is_not_there(pair: Pair) -> None:
    assert pair[0].points.get("7FK\0") is None
    assert pair[0].points.get("\ud800") is None
    assert pair[0].response_by_receipt("f51", "\0") is None
    pair[0].points.remove("\0")


def test_exclusive_holds_off_the_other_process_and_may_be_nested(pair: Pair) -> None:
    one, two = pair
    order: list[str] = []

    def other() -> None:
        with two.exclusive():
            order.append(f"other sees {len(one.settings.all())}")

    with one.exclusive():
        thread = threading.Thread(target=other)
        thread.start()
        with one.exclusive():
            one.settings.add(Setting("a", "1"))
        thread.join(0.2)
        order.append("first leaves")
    thread.join()

    assert order == ["first leaves", "other sees 1"]


def test_exclusive_acts_of_many_threads_lose_no_update(pair: Pair) -> None:
    pair[0].settings.put(Setting("count", "0"))

    def count_up(number: int) -> None:
        store = pair[number % 2]
        for _ in range(10):
            with store.exclusive():
                found = store.settings.get("count")
                assert found is not None
                store.settings.put(Setting("count", str(int(found.value) + 1)))

    run_threads(count_up, 6)

    assert pair[0].settings.get("count") == Setting("count", "60")


def test_whoever_waits_too_long_for_the_lock_is_told(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_PATIENCE", "50ms")

    with pair[0].exclusive(), pytest.raises(StoreBusy, match="another process"):
        pair[1].exclusive().__enter__()

    with pair[1].exclusive():
        assert pair[1].refusal() == ""


def test_an_error_inside_lets_go_of_the_lock(pair: Pair) -> None:
    with pytest.raises(ZeroDivisionError), pair[0].exclusive():
        raise ZeroDivisionError

    with pair[1].exclusive():
        assert pair[1].refusal() == ""


def test_a_lock_that_was_lost_underway_is_told() -> None:
    with fresh_database() as url:
        store = PostgresqlStore(url)
        with pytest.raises(StoreFailed, match="connection was lost"), store.exclusive():
            ask(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d"
                " ON d.oid = database AND datname = current_database()"
                " WHERE locktype = 'advisory'",
            )
        with store.exclusive():
            assert store.settings.add(Setting("a", "1"))
        store.close()


def run_threads(act: Callable[[int], None], count: int) -> None:
    failures: list[BaseException] = []

    def run(number: int) -> None:
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
