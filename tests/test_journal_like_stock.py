"""The journal's tables behave as stock TinyDB's do, but for ids, which are never given twice."""

import copy
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from journal_faults import crashed_copy
from tinydb import TinyDB, where
from tinydb.operations import delete, increment
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from storage.journal import JournalDB

TABLES = st.sampled_from(["phiếu", "b"])
TEXT = st.text(st.characters(codec="utf-8"), max_size=5)
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(-2, 2), TEXT)
DOCUMENT = st.fixed_dictionaries(
    {"n": st.integers(0, 3)},
    optional={"x": SCALAR, "l": st.lists(SCALAR, max_size=2), "o": st.dictionaries(TEXT, SCALAR)},
)
N = st.integers(0, 3)
IDS = st.lists(st.integers(1, 12), max_size=4, unique=True)


def bump_list(document: dict[str, Any]) -> None:
    document.setdefault("l", []).append(document["n"])


CHANGES = st.one_of(
    st.dictionaries(st.sampled_from(["n", "new"]), st.integers(0, 3), min_size=1),
    st.just({"n": True}),
    st.sampled_from([increment("n"), bump_list]),
)


class LikeJson(MemoryStorage):
    """In memory, but read and written as the stock file is: nothing in two documents is one."""

    def write(self, data: Any) -> None:
        super().write(json.loads(json.dumps(data)))


class LikeStock(RuleBasedStateMachine):
    """Do everything to both; stock TinyDB is told which ids ours gave."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "0" / "a.json"
        self.ours = JournalDB(self.path)
        self.stock = TinyDB(storage=LikeJson)
        self.given: dict[str, set[int]] = {}
        self.crashes = 0

    def teardown(self) -> None:
        self.ours.close()
        with TinyDB(self.path, encoding="utf-8") as folded:  # made here if nothing was written
            assert folded.tables() - {"_meta"} == self.stock.tables()
            for name in self.stock.tables():
                assert folded.table(name).all() == self.stock.table(name).all()
        shutil.rmtree(self.folder)

    def note(self, table: str, doc_id: int) -> None:
        assert doc_id not in self.given.setdefault(table, set())
        self.given[table].add(doc_id)

    @rule(table=TABLES, document=DOCUMENT)
    def insert(self, table: str, document: dict[str, Any]) -> None:
        doc_id = self.ours.table(table).insert(document)
        self.note(table, doc_id)
        self.stock.table(table).insert(Document(copy.deepcopy(document), doc_id))

    @rule(table=TABLES, document=DOCUMENT, doc_id=st.integers(1, 20))
    def insert_as(self, table: str, document: dict[str, Any], doc_id: int) -> None:
        outcomes = []
        for db in (self.ours, self.stock):
            try:
                given = db.table(table).insert(Document(copy.deepcopy(document), doc_id))
                outcomes.append(str(given))
                self.given.setdefault(table, set()).add(doc_id)
            except ValueError as error:
                outcomes.append(str(error))

        assert outcomes[0] == outcomes[1]

    @rule(table=TABLES, documents=st.lists(DOCUMENT, max_size=3))
    def insert_multiple(self, table: str, documents: list[dict[str, Any]]) -> None:
        ids = self.ours.table(table).insert_multiple(iter(documents))
        for doc_id in ids:
            self.note(table, doc_id)
        numbered = [Document(copy.deepcopy(d), i) for d, i in zip(documents, ids, strict=True)]

        assert self.stock.table(table).insert_multiple(numbered) == ids

    @rule(table=TABLES, change=CHANGES, n=N)
    def update_where(self, table: str, change: Any, n: int) -> None:
        cond = where("n") == n
        assert self.ours.table(table).update(change, cond) == self.stock.table(table).update(
            change, cond
        )

    @rule(table=TABLES, change=CHANGES, ids=IDS)
    def update_ids(self, table: str, change: Any, ids: list[int]) -> None:
        done = [db.table(table).update(change, doc_ids=iter(ids)) for db in self.both]
        assert done[0] == done[1]

    @rule(table=TABLES, change=CHANGES)
    def update_all(self, table: str, change: Any) -> None:
        done = [db.table(table).update(change) for db in self.both]
        assert done[0] == done[1]

    @rule(table=TABLES, change=CHANGES, n=N, m=N)
    def update_multiple(self, table: str, change: Any, n: int, m: int) -> None:
        updates = [
            (change, where("n") == n),
            (delete("x"), (where("n") == m) & where("x").exists()),
        ]
        done = [db.table(table).update_multiple(updates) for db in self.both]
        assert done[0] == done[1]

    @rule(table=TABLES, document=DOCUMENT, n=N)
    def upsert(self, table: str, document: dict[str, Any], n: int) -> None:
        cond = where("n") == n
        ids = self.ours.table(table).upsert(document, cond)
        if self.stock.table(table).contains(cond):
            assert self.stock.table(table).upsert(copy.deepcopy(document), cond) == ids
        else:
            self.note(table, ids[0])
            self.stock.table(table).update({}, cond)
            self.stock.table(table).insert(Document(copy.deepcopy(document), ids[0]))

    @rule(table=TABLES, document=DOCUMENT, doc_id=st.integers(1, 20))
    def upsert_id(self, table: str, document: dict[str, Any], doc_id: int) -> None:
        self.given.setdefault(table, set()).add(doc_id)
        done = [
            db.table(table).upsert(Document(copy.deepcopy(document), doc_id)) for db in self.both
        ]
        assert done[0] == done[1]

    @rule(table=TABLES, n=N)
    def remove_where(self, table: str, n: int) -> None:
        done = [db.table(table).remove(where("n") == n) for db in self.both]
        assert done[0] == done[1]

    @rule(table=TABLES, ids=IDS)
    def remove_ids(self, table: str, ids: list[int]) -> None:
        done = [db.table(table).remove(doc_ids=ids) for db in self.both]
        assert done[0] == done[1]

    @rule(table=TABLES)
    def truncate(self, table: str) -> None:
        for db in self.both:
            db.table(table).truncate()

    @rule(table=TABLES)
    def drop_table(self, table: str) -> None:
        for db in self.both:
            db.drop_table(table)

    @rule()
    def drop_tables(self) -> None:
        for db in self.both:
            db.drop_tables()

    @rule(table=TABLES, n=N, ids=IDS, doc_id=st.integers(1, 20))
    def look(self, table: str, n: int, ids: list[int], doc_id: int) -> None:
        cond = where("n") == n
        seen = [
            (
                db.table(table).search(cond),
                [found.doc_id for found in db.table(table).search(cond)],
                db.table(table).get(cond),
                db.table(table).get(doc_id=doc_id),
                db.table(table).get(doc_ids=ids),
                db.table(table).count(cond),
                db.table(table).contains(cond),
                db.table(table).contains(doc_id=doc_id),
            )
            for db in self.both
        ]
        assert seen[0] == seen[1]

    @rule()
    def fold(self) -> None:
        self.ours.fold()

    @rule()
    def close_and_open(self) -> None:
        self.ours.close()
        self.ours = JournalDB(self.path)

    @rule()
    def crash_and_open(self) -> None:
        self.crashes += 1
        path = crashed_copy(self.path, self.folder / str(self.crashes))
        self.ours.close()
        self.path, self.ours = path, JournalDB(path)

    @property
    def both(self) -> tuple[Any, Any]:
        return self.ours, self.stock

    @invariant()
    def all_is_equal(self) -> None:
        assert self.ours.tables() == self.stock.tables()
        for name in self.stock.tables():
            ours, stock = self.ours.table(name), self.stock.table(name)
            assert [(d.doc_id, repr(d)) for d in ours] == [(d.doc_id, repr(d)) for d in stock]
            assert len(ours) == len(stock)


LikeStock.TestCase.settings = settings(
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLikeStock = LikeStock.TestCase
