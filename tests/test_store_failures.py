"""The embedded store when the disk says no: nothing acknowledged is lost, and it mends itself."""

import errno
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import MEAL, SetClock, World, fill_world
from test_store_contract import EVERYTHING, made

from app import create_app
from config import Config
from storage.embedded import EmbeddedStore
from storage.errors import StoreBusy, StoreError, StoreFailed, StoreReadOnly
from storage.journal import Files
from storage.opening import open_store
from storage.store import ResponseFilter, Setting

SOON = 0.02  # seconds between two tries to mend


class FullDisk(Files):
    """A disk that can be full: every write and sync then fails with ENOSPC."""

    full = False

    def write(self, fd: int, content: bytes | memoryview) -> int:
        self._refuse()
        return super().write(fd, content)

    def fdatasync(self, fd: int) -> None:
        self._refuse()
        super().fdatasync(fd)

    def fsync(self, fd: int) -> None:
        self._refuse()
        super().fsync(fd)

    def _refuse(self) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk() -> FullDisk:
    return FullDisk()


@pytest.fixture
def store(tmp_path: Path, disk: FullDisk) -> Iterator[EmbeddedStore]:
    store = EmbeddedStore(tmp_path, files=disk, mend_every=SOON)
    yield store
    disk.full = False
    store.close()


def until(true: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return False


def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(
    store: EmbeddedStore, disk: FullDisk
) -> None:
    store.add_response(made(1))
    disk.full = True

    with pytest.raises(StoreFailed):
        store.add_response(made(2))
    with pytest.raises(StoreFailed):
        store.settings.put(Setting("a", "1"))

    assert "No space left" in store.refusal()
    assert [r.id for r in store.iter_responses("f51", EVERYTHING)] == ["id-1"]
    assert store.settings.get("a") is None


def test_the_store_mends_itself_when_the_disk_has_room_again(
    store: EmbeddedStore, disk: FullDisk
) -> None:
    store.add_response(made(1))
    disk.full = True
    with pytest.raises(StoreFailed):
        store.add_response(made(2))
    with pytest.raises(StoreFailed):
        store.settings.put(Setting("a", "1"))
    disk.full = False

    assert until(lambda: store.refusal() == "")
    again = store.add_response(made(2))
    store.settings.put(Setting("a", "2"))

    assert [r.id for r in store.iter_responses("f51", EVERYTHING)] == ["id-1", "id-2"]
    assert again.response == made(2)
    assert store.settings.get("a") == Setting("a", "2")


def test_a_repeated_instance_waits_for_the_first_ones_sync(tmp_path: Path) -> None:
    gate, syncing = threading.Event(), threading.Event()

    class SlowDisk(Files):
        slow = False

        def fdatasync(self, fd: int) -> None:
            if self.slow:
                syncing.set()
                gate.wait(10)
            super().fdatasync(fd)

    disk = SlowDisk()
    store = EmbeddedStore(tmp_path, files=disk)
    store.add_response(made(9))
    disk.slow = True
    answered: list[bool] = []
    send = lambda: answered.append(store.add_response(made(1)).stored)  # noqa: E731
    threads = [threading.Thread(target=send) for _ in range(2)]
    threads[0].start()
    assert syncing.wait(10)
    threads[1].start()
    threads[1].join(0.2)

    assert answered == []
    assert store.response("f51", "id-1") is None
    gate.set()
    for thread in threads:
        thread.join()
    assert sorted(answered) == [False, True]
    store.close()


def test_a_full_disk_answers_503_and_the_next_try_is_received(
    config: Config, clock: SetClock, disk: FullDisk
) -> None:
    store = EmbeddedStore(config.data_dir, files=disk, mend_every=SOON)
    world = World(create_app(config, store, clock=clock), store, clock)
    fill_world(store)
    code, client = world.publish("f28"), world.client()
    client.post(f"/q/{code}", data=MEAL)
    chair = world.signed_in("chu-tich")
    disk.full = True

    refused = client.post(f"/q/{code}", data=MEAL)
    health = client.get("/healthz")
    health_said, desk = health.text, chair.get("/desk")
    staff = world.client().get("/login")
    disk.full = False
    mended = until(lambda: client.get("/healthz").status_code == 200)
    received = client.post(f"/q/{code}", data=MEAL)

    assert (refused.status_code, health.status_code) == (503, 503)
    assert "Traceback" not in refused.text
    assert staff.status_code == 200
    assert "No space left" in desk.text
    assert "No space left" not in health_said
    assert "No space left" not in chair.get("/desk").text
    assert mended
    assert received.status_code == 303
    assert len(list(store.iter_responses("f28", EVERYTHING))) == 2
    store.close()


def test_one_folder_has_one_writer(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(StoreBusy, match=str(tmp_path)):
        EmbeddedStore(tmp_path)


def test_a_reader_needs_no_lock_and_writes_nothing(store: EmbeddedStore, tmp_path: Path) -> None:
    store.add_response(made(1))
    store.settings.put(Setting("a", "1"))

    reader = open_store(tmp_path, read_only=True)

    assert [r.id for r in reader.iter_responses("f51", ResponseFilter())] == ["id-1"]
    assert reader.settings.all() == (Setting("a", "1"),)
    assert reader.refusal()
    for write in (
        lambda: reader.add_response(made(2)),
        lambda: reader.load_responses("f51", [made(2)]),
        lambda: reader.settings.put(Setting("b", "1")),
        lambda: reader.settings.add(Setting("b", "1")),
        lambda: reader.settings.remove("a"),
        reader.exclusive,
    ):
        with pytest.raises(StoreReadOnly):
            write()
    reader.close()


def test_reading_a_folder_that_is_not_there_makes_none(tmp_path: Path) -> None:
    reader = open_store(tmp_path / "none", read_only=True)

    assert reader.units.all() == ()
    assert reader.forms_with_responses() == ()
    assert not (tmp_path / "none").exists()


def test_a_damaged_file_is_named_and_not_read(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.add_response(made(1))
    store.close()
    path = tmp_path / "responses" / "f51.json"
    path.write_bytes(path.read_bytes().replace(b"Gi\xc3\xa0ng", b"Gi\xc3\xa1ng"))

    store = EmbeddedStore(tmp_path)
    with pytest.raises(StoreFailed, match=r"f51\.json"):
        store.response("f51", "id-1")
    assert "f51.json" in store.refusal()
    store.close()


def test_a_form_id_never_becomes_another_path(store: EmbeddedStore) -> None:
    for name in ("../registry", "a/b", "A", "", "x" * 60, "a.b"):
        with pytest.raises(StoreError):
            store.response(name, "id-1")


PHOTO = "0" * 32 + "-01.jpg"


def test_a_full_disk_keeps_no_half_of_a_file(store: EmbeddedStore, disk: FullDisk) -> None:
    disk.full = True
    with pytest.raises(StoreFailed):
        store.put_file("f21", PHOTO, b"x" * 9_000)
    refused = (store.file("f21", PHOTO), list(store.iter_files("f21")))

    disk.full = False
    store.put_file("f21", PHOTO, b"x" * 9_000)

    assert refused == (None, [])
    assert store.file("f21", PHOTO) == b"x" * 9_000


def test_a_file_is_for_the_server_alone_and_tells_only_the_hour(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    store.put_file("f14", PHOTO, b"x")

    (path,) = (tmp_path / "files" / "f14").iterdir()

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_mtime % 3_600 == 0


def test_a_reader_sees_files_and_keeps_none(store: EmbeddedStore, tmp_path: Path) -> None:
    store.put_file("f21", PHOTO, b"x")
    reader = open_store(tmp_path, "", read_only=True)

    assert reader.file("f21", PHOTO) == b"x"
    with pytest.raises(StoreReadOnly):
        reader.put_file("f21", PHOTO, b"y")
    with pytest.raises(StoreReadOnly):
        reader.remove_file("f21", PHOTO)
    assert store.file("f21", PHOTO) == b"x"
