"""Responses on PostgreSQL: order, anonymity, streams, and broken connections."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from postgresql_server import ask, fresh_database
from sqlalchemy import text
from test_store_contract import EVERYTHING, NOON, made

from forms.response import Response
from storage.errors import ReceiptTaken, StoreError, StoreFailed
from storage.postgresql import PostgresqlStore, adding, connections

ROOT = Path(__file__).resolve().parent.parent
KILL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_database() as fresh:
        yield fresh


@pytest.fixture
def store(url: str) -> Iterator[PostgresqlStore]:
    opened = PostgresqlStore(url)
    yield opened
    opened.close()


def anonymous(number: int, hour: int = 12) -> Response:
    return made(
        number,
        instance=f"h:{number}",
        receipt=f"h:{number}",
        submitted_at=NOON.replace(hour=hour),
        queued_at="",
    )


def test_of_an_anonymous_response_no_column_tells_the_minute(
    url: str, store: PostgresqlStore
) -> None:
    store.add_response(anonymous(1))
    store.load_responses("f51", [anonymous(2)])
    store.add_response(made(3))
    moments = ask(url, "SELECT submitted_at, arrived_at FROM responses WHERE receipt ~ '^h:'")
    ((arrived_at,),) = ask(url, "SELECT arrived_at FROM responses WHERE id = 'id-3'")

    assert moments == [(NOON, NOON), (NOON, NOON)]
    assert abs(arrived_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_anonymous_responses_come_by_hour_also_when_copied(store: PostgresqlStore) -> None:
    store.load_responses("f51", [anonymous(number, hour=20 - number) for number in range(1, 9)])

    ids = [response.id for response in store.iter_responses("f51", EVERYTHING)]

    assert ids == [f"id-{number}" for number in range(8, 0, -1)]


def test_a_long_copy_keeps_its_order_and_stands_behind_what_was_there(
    store: PostgresqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH", 50)
    store.add_response(made(1000))

    count = store.load_responses("f51", map(made, range(300, 0, -1)))

    ids = [response.id for response in store.iter_responses("f51", EVERYTHING)]
    assert count == 300
    assert ids == ["id-1000"] + [f"id-{number}" for number in range(300, 0, -1)]


def test_a_copy_of_what_was_resent_meanwhile_is_not_kept_twice(store: PostgresqlStore) -> None:
    store.add_response(made(1, id="resent"))

    assert store.load_responses("f51", [made(1), made(2)]) == 1
    assert store.response("f51", "resent") == made(1, id="resent")


def test_a_copy_never_gives_one_receipt_to_two_responses(store: PostgresqlStore) -> None:
    store.add_response(made(1))

    with pytest.raises(ReceiptTaken):
        store.load_responses("f51", [made(2, receipt="RECEIPT1")])


def test_twins_copied_without_their_flag_stay_as_they_are(store: PostgresqlStore) -> None:
    twins = [made(1), made(2, instance="instance-1"), made(3, instance="instance-1")]

    assert store.load_responses("f51", twins) == 3
    assert list(store.iter_responses("f51", EVERYTHING)) == twins
    assert store.add_response(made(4, instance="instance-1")).response.flags[-1] == "variant"


def test_a_variant_cannot_have_another_response_s_receipt(store: PostgresqlStore) -> None:
    store.add_response(made(1))
    store.add_response(made(2))

    with pytest.raises(ReceiptTaken):
        store.add_response(made(3, instance="instance-1", receipt="RECEIPT2"))


def test_an_id_that_another_response_has_is_refused(store: PostgresqlStore) -> None:
    store.add_response(made(1))

    with pytest.raises(StoreFailed, match="id-1 is taken"):
        store.add_response(made(2, id="id-1"))


def test_a_page_beyond_all_numbers_is_empty(store: PostgresqlStore) -> None:
    store.add_response(made(1))

    assert store.page_responses("f51", EVERYTHING, offset=10**40, limit=50) == (1, ())


def test_a_broken_off_iteration_gives_its_connection_back(store: PostgresqlStore) -> None:
    store.load_responses("f51", map(made, range(1, 20)))

    for _ in range(3 * connections.POOL):
        next(iter(store.iter_responses("f51", EVERYTHING)))

    assert len(list(store.iter_responses("f51", EVERYTHING))) == 19


def test_slow_downloads_keep_no_answer_waiting(store: PostgresqlStore) -> None:
    store.load_responses("f51", map(made, range(1, 1500)))
    slow = [store.iter_responses("f51", EVERYTHING) for _ in range(connections.POOL)]
    for stream in slow:
        next(stream)
    started = time.monotonic()

    assert store.add_response(made(2000)).stored
    assert time.monotonic() - started < 2
    assert [sum(1 for _ in stream) for stream in slow] == [1498] * connections.POOL


def test_an_iteration_is_one_state_while_others_write(url: str, store: PostgresqlStore) -> None:
    store.load_responses("f51", map(made, range(1, 1201)))
    stream = store.iter_responses("f51", EVERYTHING)
    seen = [next(stream).id]

    ask(url, "DELETE FROM responses WHERE id = 'id-1100'")
    store.load_responses("f51", map(made, range(2000, 2100)))
    seen += [response.id for response in stream]

    assert seen == [f"id-{number}" for number in range(1, 1201)]


MEASURE = """
import resource, sys
from storage.postgresql import PostgresqlStore
from storage.store import ResponseFilter

store = PostgresqlStore(sys.argv[1], read_only=True)
store.page_responses("f51", ResponseFilter(), offset=0, limit=10)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in store.iter_responses("f51", ResponseFilter()))
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
store.close()
"""


def test_an_iteration_needs_no_more_memory_for_more_responses(
    url: str, store: PostgresqlStore
) -> None:
    store.add_response(made(1, answers={"y_kien": "x" * 8_000}))
    ask(
        url,
        "INSERT INTO responses SELECT definition, id || n, instance || n, content, receipt || n,"
        " unit, place, point, submitted_at, arrived_at, variant, document"
        " FROM responses, generate_series(1, 15000) n",
    )

    done = subprocess.run(
        [sys.executable, "-c", MEASURE, url], cwd=ROOT, capture_output=True, text=True, check=True
    )

    count, megabytes = map(int, done.stdout.split())
    assert count == 15_001  # 120 MB of documents
    assert megabytes < 40


def test_what_the_database_undid_is_done_again(
    store: PostgresqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    monkeypatch.setattr(connections, "pause", waits.append)
    undo = text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")

    def act(connection):
        if len(waits) < 3:
            connection.execute(undo)
        return "done"

    assert store._database.run(act, again_if_cut_off=False) == "done"
    assert waits == [1, 2, 3]


def test_trying_again_has_an_end(store: PostgresqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[int] = []
    monkeypatch.setattr(connections, "pause", waits.append)
    undo = text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")

    with pytest.raises(StoreFailed, match="40P01"):
        store._database.run(lambda connection: connection.execute(undo))

    assert len(waits) == connections.TRIES - 1


@pytest.mark.parametrize(
    ("state", "told"),
    [("53100", "its disk is full"), ("25006", "can only be read"), ("58030", "its disk fails")],
)
def test_a_refusal_says_what_is_wrong_and_keeps_answers_out_of_the_text(
    url: str, store: PostgresqlStore, state: str, told: str
) -> None:
    ask(
        url,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$",
    )
    ask(url, "CREATE TRIGGER t BEFORE INSERT ON responses FOR EACH ROW EXECUTE FUNCTION refuse()")

    with pytest.raises(StoreFailed, match=told) as caught:
        store.add_response(made())

    told_in_full = str(caught.value) + str(caught.value.__cause__)
    assert not [secret for secret in ("RECEIPT1", "instance-1", "A Páo") if secret in told_in_full]


def test_a_restarted_database_is_not_noticed_by_the_next_answer(
    url: str, store: PostgresqlStore
) -> None:
    store.add_response(made(1))
    ask(url, KILL)

    assert store.add_response(made(2)).stored
    ask(url, KILL)
    assert store.settings.all() == ()
    ask(url, KILL)
    assert len(list(store.iter_responses("f51", EVERYTHING))) == 2
    assert store.refusal() == ""


def test_an_answer_kept_by_a_try_that_was_cut_off_is_stored_and_its_own(
    store: PostgresqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, cut = adding._add, []

    def add_then_break(connection, *more):
        added = real(connection, *more)
        if not cut:
            cut.append(1)
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        return added

    monkeypatch.setattr(adding, "_add", add_then_break)
    added = store.add_response(made())

    assert cut == [1]
    assert (added.stored, added.response) == (True, made())
    assert store.page_responses("f51", EVERYTHING, offset=0, limit=9)[0] == 1


def test_connections_killed_under_load_lose_nothing_acknowledged(
    url: str, store: PostgresqlStore
) -> None:
    acknowledged: list[str] = []
    refused: list[StoreError] = []

    def send(thread: int) -> None:
        for number in range(150):
            try:
                added = store.add_response(made(thread * 1000 + number))
                assert added.stored
                acknowledged.append(added.response.id)
            except StoreError as error:
                refused.append(error)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    killed = 0
    while any(thread.is_alive() for thread in threads):
        killed += len(ask(url, KILL))
        time.sleep(0.03)
    for thread in threads:
        thread.join()

    stored = {response.id for response in store.iter_responses("f51", EVERYTHING)}
    assert killed > 5
    assert len(acknowledged) + len(refused) == 900
    assert all(isinstance(error, StoreFailed) for error in refused)
    assert set(acknowledged) <= stored
    assert store.add_response(made(9999)).stored


def test_a_copy_that_is_cut_off_can_be_made_again(url: str, store: PostgresqlStore) -> None:
    def with_a_cut() -> Iterator[Response]:
        for number in range(1, 1601):
            if number == 900:
                ask(url, KILL)
            yield made(number)

    with pytest.raises(StoreFailed, match="connection was lost"):
        store.load_responses("f51", with_a_cut())
    kept = store.page_responses("f51", EVERYTHING, offset=0, limit=1)[0]
    again = store.load_responses("f51", map(made, range(1, 1601)))

    assert kept == adding.BATCH
    assert kept + again == 1600


def test_an_iteration_that_is_cut_off_says_so(url: str, store: PostgresqlStore) -> None:
    store.load_responses("f51", map(made, range(1, 2001)))
    stream = store.iter_responses("f51", EVERYTHING)
    next(stream)
    ask(url, KILL)

    with pytest.raises(StoreFailed, match="connection was lost"):
        list(stream)

    assert len(list(store.iter_responses("f51", EVERYTHING))) == 2000
