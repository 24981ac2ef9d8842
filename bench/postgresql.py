"""The store on PostgreSQL beside raw psycopg: the same row into the same table, synced."""

import statistics
import threading
from collections.abc import Callable

import orjson
import psycopg

from storage.postgresql import PostgresqlStore
from storage.postgresql.adding import _row
from storage.postgresql.schema import RESPONSES
from tests.postgresql_server import durable_database

from .inserting import Rate, inserting
from .profiling import profiled
from .report import Measured
from .sample import FORM, Supply, fresh

ROUNDS = 3
_COLUMNS = [column.name for column in RESPONSES.columns]
_INSERT = (
    f"INSERT INTO responses ({', '.join(_COLUMNS)}) VALUES"  # noqa: S608 - our own columns
    f" ({', '.join(f'%({name})s' for name in _COLUMNS)}) ON CONFLICT DO NOTHING"
)


def measure_postgresql(measured: Measured, size: int, seconds: float) -> None:
    """Both in turn on one database, so that both meet the same moods of the machine."""
    with durable_database() as url:
        store = PostgresqlStore(url)
        store.load_responses(FORM, (fresh() for _ in range(size)))
        supply = Supply(int(30_000 * seconds))
        raw = _raw_insert(url, supply)
        for threads in (1, 8):
            pairs = [
                (
                    inserting(raw, threads, seconds),
                    inserting(lambda: store.add_response(supply.take()), threads, seconds),
                )
                for _ in range(ROUNDS)
            ]
            measured.rates["psycopg", size, threads] = _middle([pair[0] for pair in pairs])
            measured.rates["postgresql", size, threads] = _middle([pair[1] for pair in pairs])
            measured.shares[size, threads] = statistics.median(
                ours.per_second / bare.per_second for bare, ours in pairs
            )
        measured.profiles["postgresql", size] = profiled(lambda: store.add_response(supply.take()))
        store.close()


def _raw_insert(url: str, supply: Supply) -> Callable[[], object]:
    """A connection for each thread, nothing between it and the caller."""
    own = threading.local()

    def insert() -> None:
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(url, autocommit=True, prepare_threshold=1)
        response = supply.take()
        row = _row(response, first=True, arrived_at=response.submitted_at)
        own.connection.execute(_INSERT, row | {"document": orjson.dumps(row["document"]).decode()})

    return insert


def _middle(rates: list[Rate]) -> Rate:
    return sorted(rates, key=lambda rate: rate.per_second)[len(rates) // 2]
