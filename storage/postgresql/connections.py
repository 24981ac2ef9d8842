"""Connections to the database: which pool an act uses, and how often it is tried."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import orjson
import psycopg
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from ..errors import StoreReadOnly
from .address import Address
from .failures import meaning, was_cut_off, was_undone

Result = TypeVar("Result")

POOL = 8
TRIES = 8
_PATIENCE = 10  # seconds for a free connection
_LINK = {
    "application_name": "phieu",
    "connect_timeout": "5",
    # A database whose machine vanished is noticed within a minute, not within hours.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}


class Database:
    """One database in three ways: short acts, long reads, and one connection aside.

    Long reads have a pool of their own: eight slow downloads must not keep an answer waiting.
    """

    def __init__(self, address: Address, *, read_only: bool = False) -> None:
        self.address, self.read_only = address, read_only
        self._acts = self._engine(
            isolation_level="AUTOCOMMIT",
            pool_size=POOL,
            max_overflow=0,
            pool_timeout=_PATIENCE,
            pool_reset_on_return=None,  # there is nothing to roll back; `run` ends what it begins
        )
        self._whole_acts = self._acts.execution_options(isolation_level="READ COMMITTED")
        self._reads = self._engine(
            isolation_level="REPEATABLE READ",
            pool_size=1,
            max_overflow=POOL - 1,
            pool_timeout=_PATIENCE,
        ).execution_options(postgresql_readonly=True)
        self._aside = self._engine(isolation_level="READ COMMITTED", poolclass=NullPool)

    def _engine(self, **options: Any) -> Engine:
        link = {name: value for name, value in _LINK.items() if name not in self.address.url.query}
        engine = create_engine(
            self.address.url,
            connect_args={**link, **self.address.secrets},
            hide_parameters=True,  # answers must not reach a log inside an error's text
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            **options,
        )
        event.listen(engine, "connect", self._set_up)
        return engine

    def _set_up(self, connection: psycopg.Connection[Any], _record: object) -> None:
        """Hold every session to our promise, whatever the server's defaults are."""
        # "Acknowledged" means on the disk; stronger settings (a replica's disk) stay as they are.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
        if self.read_only:
            connection.execute("SELECT set_config('default_transaction_read_only', 'on', false)")
        if not connection.autocommit:
            connection.commit()

    def run(
        self,
        act: Callable[[Connection], Result],
        *,
        again_if_cut_off: bool = True,
        whole: bool = False,
    ) -> Result:
        """Do a short act, every statement of it by itself, or `whole` in one transaction.

        Raises StoreError. It is done again when the database undid it, and when the connection
        broke; the latter only where a second doing changes nothing more.
        """
        tries = 0
        while True:
            tries += 1
            try:
                with self._begun(whole=whole) as connection:
                    return act(connection)
            except SQLAlchemyError as error:
                repeatable = was_undone(error) or (again_if_cut_off and was_cut_off(error))
                if tries == TRIES or not repeatable:
                    raise self.meaning(error) from error
            pause(tries)

    def _begun(self, *, whole: bool) -> AbstractContextManager[Connection]:
        return self._whole_acts.begin() if whole else self._acts.connect()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees one state as long as it is held; for long reads."""
        try:
            with self._reads.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self.meaning(error) from error

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction on a connection of its own; for locks and migrations."""
        try:
            with self._aside.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self.meaning(error) from error

    def meaning(self, error: SQLAlchemyError) -> Exception:
        return meaning(error, self.address, read_only=self.read_only)

    def refuse_reader(self) -> None:
        """Raise StoreReadOnly where the store was opened for reading only."""
        if self.read_only:
            raise StoreReadOnly("opened for reading only")

    def close(self) -> None:
        for engine in (self._acts, self._reads, self._aside):
            engine.dispose()


def pause(tries: int) -> None:
    """Wait a random time, longer after each try, so that rivals do not meet again in step."""
    longest = min(2**tries, 64)  # milliseconds
    time.sleep(secrets.randbelow(longest * 1000) / 1_000_000)


def is_storable(*texts: str) -> bool:
    """Whether PostgreSQL can hold these texts; what it cannot hold is not there either."""
    return not any("\0" in text or any("\ud800" <= c <= "\udfff" for c in text) for text in texts)
