"""What was taken back is on no disk: the embedded store's folder, and PostgreSQL's tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cases import sent
from conftest import SetClock, World, fill_world
from postgresql_server import ask, fresh_database
from sending import HARDSHIP
from test_store_changes import every_byte

from app import create_app
from config import Config
from storage.opening import open_store
from storage.store import Store

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
