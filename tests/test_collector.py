"""The garbage collector does not walk over what a store loads, neither meanwhile nor afterwards."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_store_contract import made

from storage.embedded import EmbeddedStore
from storage.embedded_snapshot import EmbeddedSnapshot
from storage.journal import JournalDB
from storage.records import Document, response_document
from storage.response_file import TABLE, ResponseReader

COUNT = 3_000


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Leave the collector as it was, also where a test stops half-way."""
    threshold = gc.get_threshold()
    gc.collect()
    yield
    gc.set_threshold(*threshold)
    gc.enable()
    gc.unfreeze()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = EmbeddedStore(tmp_path)
    store.load_responses("f51", map(made, range(COUNT)))
    store.close()
    gc.unfreeze()
    return tmp_path


class Collections:
    """How often the collector begins, and how much is frozen when it first does."""

    def __init__(self) -> None:
        self.count, self.frozen_at_first = 0, 0

    def __call__(self, phase: str, _info: object) -> None:
        if phase == "start":
            self.frozen_at_first = self.frozen_at_first or gc.get_freeze_count()
            self.count += 1

    def __enter__(self) -> "Collections":
        gc.callbacks.append(self)
        gc.set_threshold(100, 5, 5)  # so eager that loading without a pause would start it
        return self

    def __exit__(self, *_: object) -> None:
        gc.callbacks.remove(self)


def watched_documents() -> Iterator[tuple[int, Document]]:
    for number in range(COUNT):
        yield number, response_document(made(number, claims=("total",), waits_for=("total",)))


class Watched:
    """A source of documents that notes whether the collector is on while they are taken."""

    def __init__(self) -> None:
        self.was_on: set[bool] = set()

    def documents(self, _table: str) -> Iterator[tuple[int, Document]]:
        for item in watched_documents():
            self.was_on.add(gc.isenabled())
            yield item

    def document(self, _table: str, _doc_id: int) -> Document | None:
        return None


def test_the_index_is_built_while_the_collector_is_paused() -> None:
    source, before = Watched(), gc.get_freeze_count()

    reader = ResponseReader(source)

    assert len(reader) == COUNT
    assert source.was_on == {False}
    assert gc.isenabled()
    assert gc.get_freeze_count() > before


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()

    ResponseReader(Watched())

    assert not gc.isenabled()


def test_a_failure_while_loading_leaves_the_collector_on() -> None:
    class Broken(Watched):
        def documents(self, _table: str) -> Iterator[tuple[int, Document]]:
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        ResponseReader(Broken())

    assert gc.isenabled()


def test_opening_a_file_collects_nothing_and_freezes_its_documents(folder: Path) -> None:
    path = folder / "responses" / "f51.json"
    before = gc.get_freeze_count()

    with Collections() as collections:
        db = JournalDB(path, lock=False)

    documents = {id(document) for _, document in db.documents(TABLE)}
    db.close()
    assert collections.count < 10  # the thousands of new documents alone would cause 30 and more
    assert gc.get_freeze_count() - before > COUNT
    assert not documents & {id(one) for one in gc.get_objects()}


@pytest.mark.parametrize("kind", [EmbeddedStore, EmbeddedSnapshot])
def test_the_first_collection_after_opening_finds_everything_frozen(
    folder: Path, kind: type[EmbeddedStore | EmbeddedSnapshot]
) -> None:
    store = kind(folder)

    with Collections() as collections:
        assert store.response("f51", "id-7") == made(7)
        gc.collect()

    store.close()
    assert collections.frozen_at_first > COUNT
