"""Two processes with eight threads each send the same responses: exactly once, whoever is first."""

import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from postgresql_server import ask, fresh_database
from test_store_contract import EVERYTHING

from storage.postgresql import PostgresqlStore

ROOT = Path(__file__).resolve().parent.parent
INSTANCES, CONTENTS, THREADS = 40, "ABC", 8

# Receipts follow from instance and content, as in services/identity.py; ids are drawn anew.
SENDER = f"""
import json, random, sys, threading, time, uuid
sys.path.insert(0, "tests")
from storage.postgresql import PostgresqlStore
from test_store_contract import made

store, direction = PostgresqlStore(sys.argv[1]), int(sys.argv[2])
stored, failures = [], []

def run(act, *arguments):
    threads = [threading.Thread(target=act, args=arguments) for _ in range({THREADS})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def send(begin):
    todo = [(i, c) for i in range({INSTANCES}) for c in {CONTENTS!r}]
    random.shuffle(todo)
    # Four instances at a time: one process upwards, the other downwards, until they meet.
    todo.sort(key=lambda pair: (pair[0] // 4, direction * pair[0]))
    for instance, content in todo:
        time.sleep(max(0, begin + instance // 4 * 0.1 - time.monotonic()))
        response = made(
            instance, id=str(uuid.uuid4()), content=content, receipt=f"{{instance}}-{{content}}"
        )
        try:
            added = store.add_response(response)
            assert added.response.content == content
            if added.stored:
                assert added.response.id == response.id
                stored.append((instance, content))
        except BaseException as error:
            failures.append(repr(error))

run(store.response, "f51", "none")  # connections are made before the clock starts
print("ready", flush=True)
begin = float(sys.stdin.readline())
run(send, begin)
store.close()
print(json.dumps([stored, failures]))
"""


@pytest.mark.parametrize("isolation", ["read committed", "serializable"])
def test_the_same_responses_at_once_on_two_processes_are_kept_once(isolation):
    with fresh_database() as url:
        database = url.partition("?")[0].rpartition("/")[2]
        ask(url, f"ALTER DATABASE {database} SET default_transaction_isolation = '{isolation}'")
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", SENDER, url, direction],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for direction in ("1", "-1")
        ]
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
        begin = time.monotonic() + 0.2
        for process in processes:
            process.stdin.write(f"{begin}\n")
            process.stdin.flush()
        told = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
        store = PostgresqlStore(url)
        kept = list(store.iter_responses("f51", EVERYTHING))
        store.close()

    firsts: dict[str, list[str]] = defaultdict(list)
    for response in kept:
        if "variant" not in response.flags:
            firsts[response.instance].append(response.content)
    stored = Counter((i, c) for shares, _ in told for i, c in shares)
    assert [failure for _, failures in told for failure in failures] == []
    assert set(stored.values()) == {1}
    assert len(stored) == INSTANCES * len(CONTENTS)
    assert len({(r.instance, r.content) for r in kept}) == len(kept) == len(stored)
    assert {len(contents) for contents in firsts.values()} == {1}
    assert len(firsts) == INSTANCES
    assert all(shares for shares, _ in told), "the processes never met"
