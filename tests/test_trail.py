"""The audit trail: appended in order on every backend, chained, whole or told where it is not."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_store_contract import backend, store

from federation.trail import Entry
from services.identity import Hasher
from services.trail.audit import COMMAND, Audit, Deed
from storage.embedded import EmbeddedStore
from storage.embedded_snapshot import EmbeddedSnapshot
from storage.errors import StoreReadOnly
from storage.memory import MemoryStore

__all__ = ["backend", "store"]

NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def audit_of(store) -> Audit:
    return Audit(store, Hasher(b"k" * 32))


def test_entries_are_numbered_and_come_newest_first(store):
    audit = audit_of(store)
    for number in range(5):
        audit.note("chu-tich", Deed.EXPORTED, NOW + timedelta(minutes=number), form="f21", rows=7)

    count, page = store.trail.page(offset=1, limit=2)

    assert (count, [entry.number for entry in page]) == (5, [4, 3])
    assert page[0].about == {"form": "f21", "rows": "7"}
    assert store.trail.last().number == 5
    assert [entry.number for entry in store.trail.all()] == [1, 2, 3, 4, 5]
    assert audit.first_broken() is None


def test_an_empty_trail_is_whole(store):
    assert store.trail.last() is None
    assert store.trail.page(offset=0, limit=10) == (0, ())
    assert audit_of(store).first_broken() is None


def test_many_at_once_make_one_chain(store):
    audit, start = audit_of(store), threading.Barrier(8)

    def write() -> None:
        start.wait()
        for _ in range(5):
            audit.note(COMMAND, Deed.RESPONSE_OPENED, NOW)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [entry.number for entry in store.trail.all()] == list(range(1, 41))
    assert audit.first_broken() is None


def filled() -> tuple[Audit, list[Entry]]:
    memory = MemoryStore()
    audit = audit_of(memory)
    for number in range(6):
        audit.note("admin", Deed.RESPONSE_OPENED, NOW, response=str(number))
    return audit, list(memory.trail.all())


CHANGES = {
    "at": NOW + timedelta(seconds=1),
    "who": "ai-do",
    "act": "exported",
    "about": {"response": "9"},
    "number": 9,
    "seal": "0" * 64,
}


@given(st.integers(0, 5), st.sampled_from(sorted(CHANGES)))
def test_a_changed_entry_is_found(at, name):
    audit, entries = filled()
    entries[at] = replace(entries[at], **{name: CHANGES[name]})

    broken = audit.first_broken(entries)

    assert broken is not None
    assert broken in entries[at : at + 2]


@given(st.integers(0, 4))
def test_an_entry_taken_out_is_found_at_the_next(at):
    audit, entries = filled()
    after = entries[at + 1]
    del entries[at]

    assert audit.first_broken(entries) == after


def test_another_key_cannot_go_on_with_the_chain():
    _, entries = filled()

    assert Audit(MemoryStore(), Hasher(b"x" * 32)).first_broken(entries) == entries[0]


def test_the_trail_outlives_a_restart_and_is_read_beside_the_server(tmp_path):
    first = EmbeddedStore(tmp_path)
    audit_of(first).note("admin", Deed.SIGNED_IN, NOW)
    snapshot = EmbeddedSnapshot(tmp_path)
    first.close()
    again = EmbeddedStore(tmp_path)
    audit_of(again).note("admin", Deed.SIGNED_OUT, NOW)

    acts = [entry.act for entry in again.trail.all()]

    assert acts == ["signed_in", "signed_out"]
    assert audit_of(again).first_broken() is None
    assert [entry.act for entry in snapshot.trail.all()] == ["signed_in"]
    with pytest.raises(StoreReadOnly):
        audit_of(snapshot).note("admin", Deed.SIGNED_IN, NOW)
    again.close()
