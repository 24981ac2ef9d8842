"""What happened to the files reaches the administrator's desk, and nobody else's."""

import errno
import itertools
import os
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import World, fill_world
from reading import Page
from test_store_contract import made
from test_store_failures import until

from app import create_app
from storage.embedded import EmbeddedStore
from storage.embedded_snapshot import EmbeddedSnapshot
from storage.journal import Files

HEADING = "Kho dữ liệu có điều cần biết"


def torn(folder: Path, form: str = "f51") -> None:
    """Leave a folder as a server does whose last line was cut off."""
    store = EmbeddedStore(folder)
    store.add_response(made(definition=form))
    (journal,) = (folder / "responses").glob(f"{form}.json.0*.journal")
    content = journal.read_bytes()
    store.close()
    (folder / "responses" / f"{form}.json").unlink()
    journal.write_bytes(content + b"0123")


@pytest.fixture
def world(config, clock):
    """The application on a folder in which a line was cut off an hour ago."""
    torn(config.data_dir)
    store = EmbeddedStore(config.data_dir)
    store.response("f51", "id-1")
    (aside,) = (config.data_dir / "responses").glob("*.torn-1")
    at = (clock() - timedelta(hours=1)).timestamp()
    os.utime(aside, (at, at))
    world = World(create_app(config, store, clock=clock), store, clock)
    fill_world(store)
    yield world
    store.close()


def cards(client):
    return [tag.text for tag in Page(client.get("/desk").text).all("li") if HEADING in tag.text]


def test_the_administrator_reads_what_was_set_aside(world):
    (card,) = cards(world.signed_in("quan-tri"))

    assert "24/11/2026: máy chủ ngừng khi đang ghi dở một dòng" in card
    assert "4 byte" in card
    assert "responses/f51.json.000001.torn-1" in card
    assert "Không mất phiếu nào đã báo nhận" in card
    assert world.store.response("f51", "id-1") == made()


@pytest.mark.parametrize("name", ["chu-tich", "lap-phieu", "to-truong"])
def test_nobody_else_is_troubled_with_it(world, name):
    assert cards(world.signed_in(name)) == []


def test_it_is_told_after_a_restart_too_but_not_for_ever(world, config):
    restarted = EmbeddedSnapshot(config.data_dir).notices()
    world.clock.move(days=13.9)
    before = cards(world.signed_in("quan-tri"))
    world.clock.move(days=0.2)
    after = cards(world.signed_in("quan-tri"))

    assert [notice.kind for notice in restarted] == ["set_aside"]
    assert (len(before), after) == (1, [])


def test_a_sound_folder_has_nothing_to_tell(tmp_path):
    store = EmbeddedStore(tmp_path)
    store.add_response(made())

    assert store.notices() == ()
    store.close()
    assert EmbeddedSnapshot(tmp_path / "none").notices() == ()


class NoRename(Files):
    """A disk with room for a line, but not for a whole file more."""

    refuses = False

    def rename(self, source: Path, target: Path) -> None:
        if self.refuses:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().rename(source, target)


def test_a_fold_that_was_put_off_is_told_until_it_is_done(config, clock, monkeypatch):
    monkeypatch.setattr("storage.journal.engine.FOLD_BYTES", 5_000)
    disk = NoRename()
    store = EmbeddedStore(config.data_dir, files=disk)
    world = World(create_app(config, store, clock=clock), store, clock)
    fill_world(store)
    admin = world.signed_in("quan-tri")
    numbers = itertools.count()
    disk.refuses = True
    assert until(lambda: store.add_response(made(next(numbers))).stored and store.notices())

    (notice,), told = store.notices(), cards(admin)
    disk.refuses = False
    assert until(lambda: store.add_response(made(next(numbers))).stored and not store.notices())

    assert (notice.kind, notice.file) == ("put_off", "f51.json")
    assert "Chưa sắp xếp lại được f51.json" in told[0]
    assert "No space left" in told[0]
    assert cards(admin) == []
    store.close()
