"""What was taken back is on no disk: the embedded store's folder, and PostgreSQL's tables."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from cases import Sender, sent
from conftest import SetClock, World, fill_world
from pictures import jpeg
from postgresql_server import ask, fresh_database
from sending import HARDSHIP
from test_store_changes import every_byte
from test_uploads import multipart
from werkzeug.datastructures import FileStorage

from app import create_app
from config import Config
from storage.embedded import EmbeddedStore
from storage.embedded_files import FILES
from storage.journal import Files
from storage.opening import open_store
from storage.store import ResponseFilter, Store

PLANTED = HARDSHIP | {"ho_ten": "Tẩn Lở Mẩy", "mo_ta": "Nha bi to mai o ban Nam"}
NEW_NAME = "Chang Hừ Xá"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def embedded(config: Config, clock: SetClock, folder: Path) -> Iterator[World]:
    store = open_store(folder)
    yield world_on(store, config, clock)
    store.close()


def world_on(store: Store, config: Config, clock: SetClock) -> World:
    app = create_app(config, store, clock=clock)
    fill_world(store)
    return World(app, store, clock)


def test_neither_first_nor_corrected_answers_are_in_the_folder(
    embedded: World, folder: Path
) -> None:
    sender = sent(embedded, answers=PLANTED)
    sender.client.post(sender.url, data=sender.typed() | {"ho_ten": NEW_NAME})
    before = every_byte(folder)

    sender.press("withdraw", _proof=sender.proof())
    after = every_byte(folder)

    for text in ("Tẩn Lở Mẩy", NEW_NAME):
        assert text.encode() in before, text
        assert text.encode() not in after, text
    assert sender.resend(PLANTED).status_code == 410


def test_neither_is_in_the_tables_of_postgresql(config: Config, clock: SetClock) -> None:
    with fresh_database() as url:
        store = open_store(config.data_dir, url)
        world = world_on(store, config, clock)
        sender = sent(world, answers=PLANTED)
        sender.client.post(sender.url, data=sender.typed() | {"ho_ten": NEW_NAME})
        before = ask(url, "SELECT responses::text FROM responses")

        sender.press("withdraw", _proof=sender.proof())
        after = ask(url, "SELECT responses::text FROM responses")
        again = sender.resend(PLANTED)
        store.close()

    for text in ("Tẩn Lở Mẩy", NEW_NAME):
        assert text in before[0][0], text
        assert text not in after[0][0], text
    assert again.status_code == 410


# Files ------------------------------------------------------------------------------------


class Dying(Files):
    """A disk on which, once it is told so, the machine goes off after some more deletions."""

    left = -1

    def unlink(self, path: Path) -> None:
        is_upload = FILES in path.parts and path.suffix != ".tmp"
        if self.left == 0 and is_upload:
            raise OSError(5, "the machine is off")
        self.left -= is_upload and self.left > 0
        super().unlink(path)


def with_photos(world: World) -> Sender:
    """Somebody who sent two photos and replaced them by one."""
    posted = HARDSHIP | {"giay_to": [photo(800), photo(700)]}
    sender = sent(world, answers=posted)
    changed = sender.typed() | {"giay_to": photo(500)}
    assert sender.client.post(sender.url, **multipart(changed)).status_code == 303
    return sender


def photo(width: int) -> FileStorage:
    return FileStorage(io.BytesIO(jpeg(width)), "anh.jpg")


def test_no_photo_stays_in_the_folder(embedded: World, folder: Path) -> None:
    sender = with_photos(embedded)
    (name,) = embedded.store.iter_files("f21")
    content = (folder / FILES / "f21" / name).read_bytes()  # sealed
    before = every_byte(folder)

    sender.press("delete", _proof=sender.proof())
    after = every_byte(folder)

    assert content
    assert content in before
    assert name.encode() in before
    assert content[:200] not in after
    assert name.encode() not in after
    assert [path for path in (folder / FILES).rglob("*") if path.is_file()] == []


def test_no_photo_stays_in_postgresql(config: Config, clock: SetClock) -> None:
    with fresh_database() as url:
        store = open_store(config.data_dir, url)
        sender = with_photos(world_on(store, config, clock))
        (name,) = store.iter_files("f21")

        sender.press("delete", _proof=sender.proof())
        left = ask(url, "SELECT count(*) FROM files")
        told = ask(url, "SELECT responses::text FROM responses")
        store.close()

    assert left == [(0,)]
    assert name not in told[0][0]


@pytest.mark.parametrize("removed", [0, 1])
def test_taking_back_again_finishes_what_a_crash_left(
    config: Config, clock: SetClock, folder: Path, removed: int
) -> None:
    disk = Dying()
    store = EmbeddedStore(folder, files=disk)
    world = world_on(store, config, clock)
    sender = sent(world, answers=HARDSHIP | {"giay_to": [photo(800), photo(700)]})
    disk.left = removed

    broken = sender.press("withdraw", _proof=sender.proof())
    disk.left = -1
    store.close()
    store = EmbeddedStore(folder)
    (between,) = store.iter_responses("f21", ResponseFilter())
    kept = list(store.iter_files("f21"))
    again = create_app(config, store, clock=clock).test_client()
    done = again.post(sender.url, data={"_act": "withdraw"})
    (after,) = store.iter_responses("f21", ResponseFilter())
    left = list(store.iter_files("f21"))
    store.close()

    assert broken.status_code == 503
    assert (between.answers, between.is_withdrawn) == ({}, True)
    assert len(kept) == 2 - removed
    assert set(kept) <= set(between.files_left)
    assert (done.status_code, left, after.files_left) == (303, [], ())
    assert not any(name.encode() in every_byte(folder) for name in between.files_left)


def test_photos_that_a_crash_left_at_a_correction_go_when_it_is_taken_back(
    config: Config, clock: SetClock, folder: Path
) -> None:
    disk = Dying()
    store = EmbeddedStore(folder, files=disk)
    world = world_on(store, config, clock)
    sender = sent(world, answers=HARDSHIP | {"giay_to": [photo(800)]})
    typed = sender.typed() | {"giay_to": photo(500)}
    disk.left = 0

    done = sender.client.post(sender.url, **multipart(typed))
    disk.left = -1
    kept = list(store.iter_files("f21"))
    sender.press("withdraw", _proof=sender.proof())
    left = list(store.iter_files("f21"))
    store.close()

    assert done.status_code == 303
    assert len(kept) == 2
    assert left == []
