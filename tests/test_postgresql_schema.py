"""The schema on PostgreSQL: versions, keys fit for distribution, hash partitions."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from postgresql_server import ask, empty_database, fresh_database
from sqlalchemy import create_engine, text
from test_store_contract import EVERYTHING, NOON, made

from storage.errors import ReceiptTaken, StoreError, StoreReadOnly
from storage.opening import open_store
from storage.places import Claim, Place
from storage.postgresql import PostgresqlStore
from storage.postgresql.schema import METADATA
from storage.response_filter import Order, ResponseFilter, Word
from storage.store import Setting

TABLES = {"alembic_version", "responses", "places", "files", "shelves", "shelf_records"}


@pytest.fixture
def empty() -> Iterator[str]:
    with empty_database() as url:
        yield url


@pytest.fixture
def fresh() -> Iterator[str]:
    with fresh_database() as url:
        yield url


def tables(url: str) -> set[str]:
    return {
        name for (name,) in ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }


def test_opening_makes_the_schema_once_and_keeps_what_is_there(tmp_path: Path, empty: str) -> None:
    first = open_store(tmp_path, empty)
    first.add_response(made())
    first.close()

    second = open_store(tmp_path, empty)
    kept = second.response("f51", "id-1")
    second.close()

    assert isinstance(first, PostgresqlStore)
    assert tables(empty) == TABLES
    assert kept == made()
    assert list(tmp_path.iterdir()) == []


def test_processes_that_open_at_once_make_the_schema_once(empty: str) -> None:
    start, failures = threading.Barrier(6), []

    def open_it() -> None:
        start.wait()
        try:
            PostgresqlStore(empty).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert ask(empty, "SELECT version_num FROM alembic_version") == [("0007",)]


def test_the_migrations_make_what_the_statements_expect(fresh: str) -> None:
    engine = create_engine(fresh.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    engine.dispose()

    assert differences == []


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_schema_is_refused(fresh: str, read_only: bool) -> None:
    ask(fresh, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StoreError, match=r"9999.* newer than this program"):
        PostgresqlStore(fresh, read_only=read_only)


def test_reading_only_needs_the_schema_and_does_not_make_it(empty: str) -> None:
    with pytest.raises(StoreError, match="missing or older"):
        PostgresqlStore(empty, read_only=True)

    assert tables(empty) == set()


def test_a_store_for_reading_reads_what_is_new_and_writes_nothing(fresh: str) -> None:
    writer, reader = PostgresqlStore(fresh), PostgresqlStore(fresh, read_only=True)
    writer.add_response(made())
    writer.settings.add(Setting("a", "1"))

    refusals = []
    for write in (
        lambda: reader.add_response(made(2)),
        lambda: reader.load_responses("f51", [made(2)]),
        lambda: reader.change_response(made(), made(state="seen")),
        lambda: reader.promote("f51", {}, NOON),
        lambda: reader.forget_changed("f51"),
        lambda: reader.settings.add(Setting("b", "1")),
        lambda: reader.settings.put(Setting("a", "2")),
        lambda: reader.settings.remove("a"),
        lambda: reader.exclusive().__enter__(),
    ):
        with pytest.raises(StoreReadOnly) as caught:
            write()
        refusals.append(str(caught.value))

    assert refusals == ["opened for reading only"] * 9
    assert reader.refusal() == "opened for reading only"
    assert list(reader.iter_responses("f51", EVERYTHING)) == [made()]
    assert reader.settings.all() == (Setting("a", "1"),)
    reader.close()
    writer.close()


def test_a_database_that_may_only_be_read_is_reported_before_answers_come(fresh: str) -> None:
    database = fresh.partition("?")[0].rpartition("/")[2]
    ask(fresh, f"ALTER DATABASE {database} SET default_transaction_read_only = on")

    store = PostgresqlStore(fresh)
    refusal = store.refusal()
    store.close()

    assert refusal.endswith("it can only be read now")


def test_acknowledged_means_on_the_disk_also_where_the_server_thinks_otherwise(fresh: str) -> None:
    database = fresh.partition("?")[0].rpartition("/")[2]
    ask(fresh, f"ALTER DATABASE {database} SET synchronous_commit = off")
    asked = "SHOW synchronous_commit"

    store = PostgresqlStore(fresh)
    inside = store._database.run(lambda connection: connection.exec_driver_sql(asked).scalar())
    store.close()

    assert ask(fresh, asked) == [("off",)]
    assert inside == "on"


def test_every_unique_key_of_places_contains_the_definition(fresh: str) -> None:
    keys = ask(fresh, "SELECT indexdef FROM pg_indexes WHERE tablename = 'places'")

    assert [key.rpartition("(")[2] for (key,) in keys] == ["definition, name)"]


def test_every_unique_key_of_responses_contains_the_definition(fresh: str) -> None:
    keys = ask(
        fresh,
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'responses' AND indexdef ~ 'UNIQUE'",
    )

    columns = sorted(re.findall(r"\(([^)]*)\)(?: WHERE \((.*)\))?$", key)[0] for (key,) in keys)

    assert columns == [
        ("definition, id", ""),
        ("definition, instance", "NOT variant"),
        ("definition, instance, content", ""),
        ("definition, receipt", ""),
    ]
    assert ask(fresh, "SELECT count(*) FROM pg_sequences") == [(0,)]


def test_the_same_schema_works_on_hash_partitions(fresh: str) -> None:
    for table in ("responses", "places"):
        ask(fresh, f"ALTER TABLE {table} RENAME TO whole_{table}")
        ask(
            fresh,
            f"CREATE TABLE {table} (LIKE whole_{table} INCLUDING ALL)"
            " PARTITION BY HASH (definition)",
        )
        for number in range(4):
            ask(
                fresh,
                f"CREATE TABLE {table}_{number} PARTITION OF {table}"
                f" FOR VALUES WITH (MODULUS 4, REMAINDER {number})",
            )
    store = PostgresqlStore(fresh)

    for number in range(1, 21):
        response = made(number, definition=f"f{number}")
        assert store.add_response(response, [Claim("total", 1)]).response.holds == ("total",)
        assert not store.add_response(replace(response, id="again", receipt="AGAIN")).stored
        other = replace(response, content="other", id="other", receipt="OTHER")
        assert store.add_response(other).response.flags[-1] == "variant"
        with pytest.raises(ReceiptTaken):
            store.add_response(replace(response, instance="new", id="new"))
        assert (
            store.load_responses(f"f{number}", [response, made(99, definition=f"f{number}")]) == 1
        )
        assert store.places(f"f{number}", ["total"]) == {"total": Place(1)}

    filled = [count for (count,) in ask(fresh, "SELECT count(*) FROM responses GROUP BY tableoid")]
    assert sum(filled) == 60
    assert len(filled) == 4
    assert store.page_responses("f7", EVERYTHING, offset=0, limit=1)[0] == 3
    assert len(store.forms_with_responses()) == 20
    store.close()


def test_what_was_kept_before_lists_had_columns_is_found_by_them(tmp_path: Path) -> None:
    with fresh_database() as url:
        store = open_store(tmp_path, url)
        for number, name in enumerate(("Lò Thị Phương", "Giàng A Páo")):
            flags = ("queued",) if number else ()
            store.add_response(made(number, answers={"ho_ten": name}, flags=flags, state="duyet"))
        store.close()
        for column in ("state", "version", "assigned", "flags", "written", "name_key"):
            run(url, f"ALTER TABLE responses DROP COLUMN {column}")
        run(url, "UPDATE alembic_version SET version_num = '0006'")

        store = open_store(tmp_path, url)
        asked = ResponseFilter(
            states=frozenset({"duyet"}),
            versions=frozenset({1}),
            flags=frozenset({"queued"}),
            words=(Word("pao"),),
        )
        found = [response.id for response in store.iter_responses("f51", asked)]
        _, by_name = store.page_responses("f51", EVERYTHING, offset=0, limit=9, order=Order.NAME)
        store.close()

    assert found == ["id-1"]
    assert [response.id for response in by_name] == ["id-1", "id-0"]


def run(url: str, statement: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
