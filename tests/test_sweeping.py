"""Uploads that no response names are erased after a day, and no others, on every backend."""

import os
import threading
import uuid
from datetime import timedelta
from pathlib import Path

from filled import KEY, NOON, begin, send
from pictures import jpeg
from sending import HARDSHIP
from serving import Installation
from test_store_contract import Reopen, backend, store

from forms.types.base import Upload
from services.identity import Hasher
from services.organization.units import tree_of
from services.receiving.receive import Receiver
from services.receiving.received import Invalid, Received
from services.upkeep.sweeping import DailySweep, sweep_uploads
from storage.embedded import EmbeddedStore
from storage.embedded_files import FILES
from storage.store import Store

__all__ = ["backend", "store"]

LOST = "a" * 32 + "-01.jpg"
DAY = timedelta(days=1)


def receive(store: Store, now, instance: str, **changed: list[str]):
    """What a phone sends, or sends again, with one photo."""
    point = next(p for p in store.points.all() if p.definition == "f21")
    typed = {name: [v] if isinstance(v, str) else v for name, v in HARDSHIP.items()}
    return Receiver(store, Hasher(KEY), lambda: str(uuid.uuid4())).receive(
        point,
        typed | {"instance_id": [instance]} | changed,
        {"giay_to": [Upload("a.jpg", "image/jpeg", jpeg(500))]},
        tree=tree_of(store),
        language="vi",
        now=now,
    )


def test_what_no_response_names_goes_after_a_day_and_nothing_else(
    backend: tuple[Store, Reopen],
) -> None:
    store, reopen = backend
    begin(store)
    send(store, 4)
    named = list(store.iter_files("f21"))
    store.put_file("f21", LOST, b"of a crash", NOON)
    store = reopen(store)

    sweep_uploads(store, NOON + DAY - timedelta(hours=1))
    early = list(store.iter_files("f21"))
    found = sweep_uploads(store, NOON + 2 * DAY)

    assert len(named) == 2
    assert early == sorted([*named, LOST])
    assert found == 1
    assert list(store.iter_files("f21")) == named


def test_a_queued_resend_finds_its_photo_again_whenever_it_comes(store: Store) -> None:
    begin(store)
    same = str(uuid.uuid4())
    refused = receive(store, NOON, same, ho_ten=[""])
    first = receive(store, NOON, same)
    assert isinstance(first, Received)
    (name,) = first.response.answers["giay_to"]
    store.remove_file("f21", name)
    store.put_file("f21", name, b"", NOON - 9 * DAY)  # as a crash before the response leaves it
    receive(store, NOON + 3 * DAY, same, _queued_at=[NOON.isoformat()])

    sweep_uploads(store, NOON + 3 * DAY)

    assert isinstance(refused, Invalid)
    assert list(store.iter_files("f21")) == [name]


def test_a_swept_photo_is_written_again_by_the_resend(store: Store) -> None:
    begin(store)
    same = str(uuid.uuid4())
    first = receive(store, NOON, same)
    assert isinstance(first, Received)
    (name,) = first.response.answers["giay_to"]
    content = store.file("f21", name)
    store.remove_file("f21", name)

    again = receive(store, NOON + 5 * DAY, same)

    assert isinstance(again, Received)
    assert (again.stored, store.file("f21", name)) == (False, content)


def test_sweeping_beside_senders_loses_no_photo(store: Store) -> None:
    begin(store)
    senders = [str(uuid.uuid4()) for _ in range(6)]
    late, stop = NOON + 3 * DAY, threading.Event()
    told: list[object] = []

    def sweep() -> None:
        while not stop.is_set():
            sweep_uploads(store, late)

    def resend(instance: str) -> None:
        told.append(receive(store, late, instance))

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    threads = [threading.Thread(target=resend, args=(instance,)) for instance in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    sweeper.join()

    names = [t.response.answers["giay_to"][0] for t in told if isinstance(t, Received)]
    assert len(names) == len(senders)
    assert sorted(names) == list(store.iter_files("f21"))


def test_it_is_done_once_a_day_and_again_when_the_disk_refused(tmp_path: Path) -> None:
    store, now = EmbeddedStore(tmp_path), [NOON + 2 * DAY]
    begin(store)
    sweep = DailySweep(store, lambda: now[0])
    folder = tmp_path / FILES / "f21"
    folder.mkdir(parents=True)
    (folder / LOST).mkdir()  # cannot be unlinked
    os.utime(folder / LOST, (0, 0))

    sweep.look()
    (folder / LOST).rmdir()
    store.put_file("f21", LOST, b"x", NOON)
    sweep.look()
    after_refusal = list(store.iter_files("f21"))
    store.put_file("f21", LOST, b"x", NOON)
    sweep.look()
    same_day = list(store.iter_files("f21"))
    now[0] += DAY
    sweep.look()
    next_day = list(store.iter_files("f21"))
    store.close()

    assert (after_refusal, same_day, next_day) == ([], [LOST], [])


def test_the_server_sweeps_by_itself(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.told("form", "publish", "F21", "--unit", "root")
    lost = tmp_path / FILES / "f21" / LOST
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"x")
    os.utime(lost, (0, 0))

    with installation.serving():
        pass

    assert not lost.exists()
