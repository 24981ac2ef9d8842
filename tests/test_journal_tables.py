"""What the journal's tables promise beyond stock TinyDB: ids, copies, and what is refused."""

import math
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from journal_faults import crashed_copy, state_of
from tinydb import TinyDB, where
from tinydb.operations import increment
from tinydb.table import Document

from storage.journal import JournalDB, NotStorable


@pytest.fixture
def db(tmp_path: Path):
    with JournalDB(tmp_path / "a.json") as opened:
        yield opened


def test_the_default_table_works_through_the_database_itself(db):
    doc_id = db.insert({"a": 1})

    assert (doc_id, len(db), db.get(doc_id=1), db.tables()) == (1, 1, {"a": 1}, {"_default"})
    assert [document.doc_id for document in db] == [1]
    assert "tables_count=1" in repr(db)


def test_an_id_is_never_given_again(tmp_path):
    path = tmp_path / "a.json"
    with JournalDB(path) as db:
        db.table("t").insert_multiple([{}, {}, {}])
        db.table("t").remove(doc_ids=[2, 3])
    with JournalDB(path) as db:
        assert db.table("t").insert({}) == 4
        db.table("t").truncate()
        assert db.next_id("t") == 5
        db.drop_table("t")
    with JournalDB(path) as db:
        assert db.table("t").insert({}) == 6
        db.drop_tables()
        assert db.table("t").insert(Document({}, 20)) == 20
        assert db.table("t").insert_multiple([Document({}, 30), {}]) == [30, 31]
        db.commit([("t", 40, {})]).wait()
        db.table("t").remove(doc_ids=[40])
    with JournalDB(crashed_copy(path, tmp_path / "copy")) as db:
        assert db.next_id("t") == 41


def test_a_commit_over_two_tables_is_one_line(db, tmp_path):
    db.table("a").insert({"n": 1})
    before = len((tmp_path / "a.json.000001.journal").read_bytes().splitlines())
    db.commit([("a", 1, None), ("b", 7, {"n": 2}), ("a", 2, {"n": 3})]).wait()

    assert state_of(db) == {"a": {2: {"n": 3}}, "b": {7: {"n": 2}}}
    assert len((tmp_path / "a.json.000001.journal").read_bytes().splitlines()) == before + 1


def test_what_is_handed_out_or_in_shares_nothing_with_the_store(db):
    given = {"l": [1, {"deep": [2]}]}
    table = db.table("t")
    doc_id = table.insert(given)
    given["l"][1]["deep"].append("x")
    fresh = {"list": ["a"]}
    table.update(fresh, doc_ids=[doc_id])
    fresh["list"].append("b")
    for document in (
        table.get(doc_id=doc_id),
        table.search(where("l").exists())[0],
        table.get(where("l").exists()),
        table.all()[0],
        table.get(doc_ids=[doc_id])[0],
    ):
        document["l"][1]["deep"].append("y")
        document["new"] = 1
    db.storage.read()["t"]["1"]["l"].clear()

    assert state_of(db) == {"t": {1: {"l": [1, {"deep": [2]}], "list": ["a"]}}}


def test_an_update_that_fails_changes_nothing(db):
    table = db.table("t")
    table.insert_multiple([{"n": 1}, {"n": "text"}])
    with pytest.raises(TypeError):
        table.update(increment("n"))
    with pytest.raises(ValueError, match="not a Mapping"):
        table.insert_multiple([{"n": 2}, 5])

    assert state_of(db) == {"t": {1: {"n": 1}, 2: {"n": "text"}}}
    assert table.insert({}) > 2


def test_an_update_from_1_to_true_is_kept(db, tmp_path):
    db.table("t").insert({"n": 1})
    db.table("t").update({"n": True})
    with JournalDB(crashed_copy(tmp_path / "a.json", tmp_path / "copy")) as copied:
        assert copied.table("t").get(doc_id=1)["n"] is True


CIRCLE: dict[str, Any] = {}
CIRCLE["self"] = CIRCLE
DEEP: dict[str, Any] = {}
for _ in range(252):
    DEEP = {"d": DEEP}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"a": b"bytes"}, r"\['a'\] is of type bytes"),
        ({"a": [{"b": math.nan}]}, r"\['a'\]\[0\]\['b'\] is nan"),
        ({"a": math.inf}, "is inf"),
        ({"a": "\ud800"}, r"\['a'\] contains half a character"),
        ({"\udfff": 1}, "key that contains half a character"),
        ({"a": 2**64}, "more than 64 bits"),
        ({"a": -(2**63) - 1}, "more than 64 bits"),
        ({1: 2}, "key 1, which is not text"),
        ({"a": datetime(2026, 1, 1, tzinfo=UTC)}, "of type datetime"),
        ({"a": UUID(int=1)}, "of type UUID"),
        ({"a": {1, 2}}, "of type set"),
        (CIRCLE, "nested too deeply"),
        (DEEP, "nested too deeply|[Rr]ecursion"),
    ],
)
def test_what_json_cannot_keep_is_refused_before_anything_is_queued(db, document, reason):
    table = db.table("t")
    table.insert({"a": 1})
    before = state_of(db)
    for attempt in (
        lambda: table.insert(document),
        lambda: table.insert(Document(document, 9)),
        lambda: table.insert_multiple([{}, document]),
        lambda: table.update(document),
        lambda: table.upsert(document, where("a") == 1),
        lambda: db.commit([("t", 8, {}), ("t", 9, document)]),
    ):
        with pytest.raises(NotStorable, match=reason):
            attempt()

    assert state_of(db) == before
    assert table.insert({"still": "works"})


@pytest.mark.parametrize("name", ["_meta", "\ud800", 7])
def test_a_table_name_that_the_file_cannot_keep_is_refused(db, name):
    with pytest.raises(NotStorable, match="table's name"):
        db.commit([(name, 1, {})])
    with pytest.raises(NotStorable, match="table's name"):
        db.table(name).insert({})
    with pytest.raises(NotStorable, match="table's name"):
        db.table(name).truncate()


@pytest.mark.parametrize("doc_id", ["1", True, 2**63, None, 1.0])
def test_an_id_that_is_no_64_bit_int_is_refused(db, doc_id):
    with pytest.raises(NotStorable, match="id"):
        db.commit([("t", doc_id, {})])


def test_the_deepest_document_that_is_taken_can_be_folded_and_read(db, tmp_path):
    document: dict[str, Any] = {}
    while True:
        try:
            db.table("t").insert(document)
        except NotStorable:
            break
        document = {"d": document}
    db.fold()

    with TinyDB(tmp_path / "a.json", access_mode="r", encoding="utf-8") as stock:
        assert len(stock.table("t")) == len(db.table("t")) > 200


def test_values_come_back_as_json_gives_them(db):
    given = OrderedDict(t=(1, 2), i=2**64 - 1, s="Nguyễn \x00\u2028", f=1e300, e={})
    doc_id = db.table("t").insert(given)

    kept = {"t": [1, 2], "i": 2**64 - 1, "s": "Nguyễn \x00\u2028", "f": 1e300, "e": {}}
    assert db.table("t").get(doc_id=doc_id) == kept


def test_documents_are_read_without_copies_from_a_snapshot(db):
    db.table("t").insert_multiple([{"n": n} for n in range(3)])
    seen = db.documents("t")
    db.table("t").insert({"n": 3})
    db.table("t").remove(doc_ids=[1])

    assert list(seen) == [(1, {"n": 0}), (2, {"n": 1}), (3, {"n": 2})]
    assert list(db.documents("nothing")) == []
