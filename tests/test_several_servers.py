"""Several web servers on one database: they start together, and one may be killed under load."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import date
from pathlib import Path

from postgresql_server import fresh_database
from test_store_contract import EVERYTHING

from services.organization.start import ADMIN, FirstAdmin, ensure_administrator, prepare
from storage.postgresql import PostgresqlStore

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 24)
SHARED, THREADS, ENOUGH = 1200, 6, 200

# Both processes send the same responses, one after the other; what is acknowledged is printed.
SENDER = f"""
import os, sys, threading, uuid
sys.path.insert(0, "tests")
from storage.postgresql import PostgresqlStore
from test_store_contract import made

store = PostgresqlStore(sys.argv[1])

def send(thread):
    for number in range(thread, {SHARED}, {THREADS}):
        response = made(number, id=str(uuid.uuid4()))
        kept = store.add_response(response).response
        os.write(1, f"{{number}} {{kept.id}}\\n".encode())

for thread in range({THREADS}):
    threading.Thread(target=send, args=(thread,)).start()
"""


def test_servers_that_start_together_make_one_administrator() -> None:
    with fresh_database() as url:
        first, second = PostgresqlStore(url), PostgresqlStore(url)
        prepare(first, "LĐLĐ tỉnh Lai Châu")
        late: list[FirstAdmin | None] = []
        other = threading.Thread(
            target=lambda: late.append(ensure_administrator(second, "mat-khau-dai-2026", DAY))
        )

        with first.exclusive():
            other.start()
            other.join(0.3)
            made = ensure_administrator(first, "mat-khau-dai-2026", DAY)
        other.join()
        people = [person.name for person in first.people.all()]
        first.close()
        second.close()

    assert made == FirstAdmin(ADMIN, None)
    assert late == [None]
    assert people == [ADMIN]


def test_a_process_killed_under_load_loses_and_doubles_nothing() -> None:
    with fresh_database() as url:
        killed, other = (
            subprocess.Popen(
                [sys.executable, "-c", SENDER, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
            )
            for _ in range(2)
        )
        told = [killed.stdout.readline() for _ in range(ENOUGH)]  # type: ignore[union-attr]
        os.kill(killed.pid, signal.SIGKILL)
        told += killed.communicate()[0].splitlines(keepends=True)
        finished = other.communicate(timeout=60)[0].splitlines(keepends=True)
        store = PostgresqlStore(url)
        kept = {
            response.instance: response.id for response in store.iter_responses("f51", EVERYTHING)
        }
        count = store.page_responses("f51", EVERYTHING, offset=0, limit=1)[0]
        store.close()

    acknowledged = [line.split() for line in told + finished if line.endswith("\n")]
    assert killed.returncode == -signal.SIGKILL
    assert ENOUGH <= len(told) < SHARED
    assert len(finished) == SHARED
    assert other.returncode == 0
    assert count == len(kept) == SHARED
    assert all(kept[f"instance-{number}"] == kept_id for number, kept_id in acknowledged)
    assert max(Counter(kept.values()).values()) == 1
