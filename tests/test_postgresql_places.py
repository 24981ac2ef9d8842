"""Places on PostgreSQL: a response and the count of its place are kept together or not at all."""

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from postgresql_server import ask, fresh_database
from test_postgresql_responses import KILL
from test_store_contract import EVERYTHING, NOON, made

from forms.response import emptied
from storage.errors import StoreError, StoreFailed
from storage.places import Claim, Place, PlaceCount, stake_of
from storage.postgresql import PostgresqlStore

ONE = [Claim("total", 1), Claim("once:person:h", 1)]
HELD = {"total": Place(1), "once:person:h": Place(1)}


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_database() as fresh:
        yield fresh


@pytest.fixture
def store(url: str) -> Iterator[PostgresqlStore]:
    opened = PostgresqlStore(url)
    yield opened
    opened.close()


def refuse(url: str, act: str, table: str, state: str, times: int) -> None:
    """Let the database break off the first acts on a table; its sequence counts what is undone."""
    ask(url, "CREATE SEQUENCE refused")
    ask(
        url,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF nextval('refused') <= {times} THEN RAISE EXCEPTION USING ERRCODE = '{state}'; END IF;"
        " RETURN NEW; END $$",
    )
    ask(url, f"CREATE TRIGGER t AFTER {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()")


def refused_times(url: str) -> int:
    ((times,),) = ask(url, "SELECT last_value FROM refused")
    return int(times)


@pytest.mark.parametrize("state", ["40001", "40P01"])
@pytest.mark.parametrize(("act", "table"), [("INSERT", "responses"), ("UPDATE", "places")])
def test_an_undone_act_is_done_again_as_a_whole(
    url: str, store: PostgresqlStore, act: str, table: str, state: str
) -> None:
    refuse(url, act, table, state, times=3)

    added = store.add_response(made(), ONE)

    assert refused_times(url) > 3
    assert (added.stored, added.response.holds) == (True, ("total", "once:person:h"))
    assert store.places("f51", HELD) == HELD
    assert store.page_responses("f51", EVERYTHING, offset=0, limit=9)[0] == 1


@pytest.mark.parametrize(("act", "table"), [("INSERT", "responses"), ("UPDATE", "places")])
def test_a_full_disk_keeps_neither_response_nor_place(
    url: str, store: PostgresqlStore, act: str, table: str
) -> None:
    refuse(url, act, table, "53100", times=1)

    with pytest.raises(StoreFailed, match="disk is full"):
        store.add_response(made(), ONE)

    assert ask(url, "SELECT * FROM places") == []
    assert list(store.iter_responses("f51", EVERYTHING)) == []
    assert store.add_response(made(), ONE).response.holds == ("total", "once:person:h")


def test_an_undone_withdrawal_releases_once(url: str, store: PostgresqlStore) -> None:
    kept = store.add_response(made(), ONE).response
    refuse(url, "DELETE", "places", "40001", times=2)

    done = store.change_response(kept, emptied(kept, NOON, "withdrawn"))

    assert (done, refused_times(url) > 2) == (True, True)
    assert ask(url, "SELECT * FROM places") == []
    assert store.add_response(made(2), ONE).response.holds == ("total", "once:person:h")


def test_no_row_stays_of_places_that_nobody_has(url: str, store: PostgresqlStore) -> None:
    store.add_response(made(), ONE)
    store.add_response(made(id="again", receipt="AGAIN"), [Claim("buoi:sang", 1)])
    store.add_response(made(2, instance="instance-1"), [Claim("buoi:toi", 1)])

    assert ask(url, "SELECT name FROM places ORDER BY name") == [("once:person:h",), ("total",)]


def test_connections_killed_under_load_leave_every_count_right(
    url: str, store: PostgresqlStore
) -> None:
    other = PostgresqlStore(url)
    acknowledged: list[str] = []
    limit, results = 40, Counter[str]()

    def send(thread: int) -> None:
        own = (store, other)[thread % 2]
        for number in range(40):
            try:
                claims = [Claim("total", limit), Claim(f"once:person:{number % 20}", 1)]
                kept = own.add_response(made(thread * 1000 + number), claims).response
                acknowledged.append(kept.id)
                if number % 3 == 0:
                    own.change_response(kept, emptied(kept, NOON, "withdrawn"))
                    own.promote("f51", {"total": limit}, NOON)
            except StoreError as error:
                results[type(error).__name__] += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    killed = 0
    while any(thread.is_alive() for thread in threads):
        killed += len(ask(url, KILL))
        time.sleep(0.05)
    for thread in threads:
        thread.join()

    by_responses = PlaceCount()
    for response in store.iter_responses("f51", EVERYTHING):
        by_responses.add(stake_of(response))
    counted = {
        name: Place(taken, waiting)
        for name, taken, waiting in ask(url, "SELECT name, taken, waiting FROM places")
    }
    other.close()
    assert killed > 5
    assert set(results) <= {"StoreFailed"}
    assert set(acknowledged) <= {r.id for r in store.iter_responses("f51", EVERYTHING)}
    assert counted == by_responses.all()
    assert 0 < counted["total"].taken <= limit
    assert all(place.taken <= 1 for name, place in counted.items() if name != "total")
