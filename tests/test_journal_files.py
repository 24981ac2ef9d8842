"""What lies on the disk: damage is found, torn ends are set aside, stock TinyDB reads the rest."""

import gc
import os
import stat
from pathlib import Path

import orjson
import pytest
from journal_faults import StutteringFiles, crashed_copy, state_of
from tinydb import TinyDB

from storage.journal import JournalDamaged, JournalDB, read_tables, torn_files
from storage.journal.lines import header_line
from storage.journal.names import segment_path

DOCUMENTS = [{"họ tên": f"Lò Thị {n}", "n": n, "chọn": ["a", "b"]} for n in range(6)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "files" / "f28.json"


def crashed(path: Path, tmp_path: Path) -> Path:
    """Leave a folded file with three documents and a segment with three more."""
    with JournalDB(path) as db:
        db.table("r").insert_multiple(DOCUMENTS[:3])
    with JournalDB(path) as db:
        for document in DOCUMENTS[3:]:
            db.table("r").insert(document)
        return crashed_copy(path, tmp_path / "crashed")


def opened(path: Path) -> list[dict]:
    """Open, read and leave as it was but for repairs."""
    with JournalDB(path) as db:
        return db.table("r").all()


def test_stock_tinydb_opens_the_folded_file(path):
    with JournalDB(path) as db:
        db.table("r").insert_multiple(DOCUMENTS)
        db.table("empty").truncate()
        db.table("r").remove(doc_ids=[2])
        expected = state_of(db)

    assert {file.name for file in path.parent.iterdir()} == {"f28.json", "f28.json.lock"}
    with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
        assert stock.tables() == {"r", "empty", "_meta"}
        assert {d.doc_id: d for d in stock.table("r")} == expected["r"]
        meta = stock.table("_meta").get(doc_id=1)
    assert (meta["format"], meta["segment"], meta["last"]) == (1, 1, {"r": 6})


def test_a_database_opened_and_closed_unchanged_leaves_no_file_but_its_lock(path):
    JournalDB(path).close()
    assert [file.name for file in path.parent.iterdir()] == ["f28.json.lock"]


def test_files_are_for_their_owner_only(path, tmp_path):
    before = os.umask(0)
    try:
        copied = crashed(path, tmp_path)
        with copied.with_name("f28.json.000002.journal").open("ab") as segment:
            segment.write(b"torn")
        for file in copied.parent.iterdir():
            file.chmod(0o600)  # the copy is the test's own
        db = JournalDB(copied)
        db.table("r").insert({})
        made = [*path.parent.iterdir(), *copied.parent.iterdir()]
    finally:
        os.umask(before)

    assert {file.suffix for file in made} >= {".json", ".journal", ".lock", ".torn-1"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    db.close()


def test_a_journal_cut_at_any_byte_opens_with_exactly_the_complete_commits(path, tmp_path):
    copied = crashed(path, tmp_path)
    segment = segment_path(copied, 2)
    whole = segment.read_bytes()
    ends = [n + 1 for n, byte in enumerate(whole) if byte == 10]
    assert len(ends) == 4
    for size in range(len(whole)):
        segment.write_bytes(whole[:size])
        expected = DOCUMENTS[: 3 + sum(end <= size for end in ends[1:])]
        assert list(read_tables(copied)["r"].values()) == expected
        db = JournalDB(copied)
        again = crashed_copy(copied, tmp_path / "again")

        assert db.table("r").all() == expected
        assert len(db.notices) == (0 if size in (0, *ends) else 1)
        assert opened(again) == expected
        db._journal._release()  # as a kill would: nothing is folded
        for aside in torn_files(copied):
            assert aside.read_bytes() == whole[max([0, *(e for e in ends if e <= size)]) : size]
            aside.unlink()


def test_a_torn_end_is_set_aside_and_reported(path, tmp_path):
    copied = crashed(path, tmp_path)
    torn_ends = [(1, b"0123abcd [[torn"), (2, b"0123"), (2, b"0123")]
    for round_, (n, torn) in enumerate(torn_ends):
        segment = segment_path(copied, 2)
        size = segment.stat().st_size
        with segment.open("ab") as file:
            file.write(torn)
        with JournalDB(copied) as db:
            (notice,) = db.notices
            assert str(notice.path).endswith(f"f28.json.000002.torn-{n}")
            assert f"cut off at byte {size}" in str(notice)
            assert notice.path.name in str(notice)
            assert notice.path.read_bytes() == torn
            assert segment.stat().st_size == size
            copied = crashed_copy(copied, tmp_path / f"again{round_}")

    assert [file.name for file in torn_files(copied)] == [
        "f28.json.000002.torn-1",
        "f28.json.000002.torn-2",
    ]
    with JournalDB(copied) as db:
        assert db.notices == []
        assert db.table("r").all() == DOCUMENTS


@pytest.mark.parametrize("hole", [1, 40, 5000])
def test_a_hole_that_a_power_cut_left_at_the_end_counts_as_torn(path, tmp_path, hole):
    copied = crashed(path, tmp_path)
    segment = segment_path(copied, 2)
    whole = segment.read_bytes()
    for end in (whole[:-1] + bytes(hole), whole[:-50] + bytes(hole), whole + bytes(hole)):
        segment.write_bytes(end)
        kept = 6 if end.startswith(whole) else 5
        again = crashed_copy(copied, tmp_path / "again")

        assert opened(again) == DOCUMENTS[:kept]
        assert len(torn_files(again)) == 1
    segment.write_bytes(whole[:-70] + bytes(60) + whole[-10:])
    assert opened(copied) == DOCUMENTS[:5]


def flipped(content: bytes, step: int):
    """Yield the content with one bit changed, once for every `step`-th byte."""
    for offset in range(0, len(content), step):
        bit = 1 << (offset * 5 % 8)
        yield content[:offset] + bytes([content[offset] ^ bit]) + content[offset + 1 :]


def test_a_flipped_bit_anywhere_in_the_journal_is_found(path, tmp_path):
    segment = segment_path(crashed(path, tmp_path), 2)
    copied, whole = segment.with_name("f28.json"), segment.read_bytes()
    before = sorted(file.name for file in segment.parent.iterdir())
    for content in flipped(whole, 1):
        segment.write_bytes(content)
        with pytest.raises(JournalDamaged) as caught:
            JournalDB(copied)

        assert caught.value.path == segment
        assert str(segment) in str(caught.value)
        assert "backup" in str(caught.value)
        assert 0 <= caught.value.offset < len(whole)
        assert segment.read_bytes() == content
        assert sorted(file.name for file in segment.parent.iterdir()) == before
    with pytest.raises(JournalDamaged, match="checksum"):
        read_tables(copied)


def test_every_bit_of_the_last_line_and_of_the_header_is_watched(path, tmp_path):
    segment = segment_path(crashed(path, tmp_path), 2)
    whole = segment.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    places = [*range(len(header_line(2))), *range(last, len(whole))]
    for offset in places:
        for bit in range(8):
            content = bytearray(whole)
            content[offset] ^= 1 << bit
            segment.write_bytes(content)
            with pytest.raises(JournalDamaged):
                read_tables(segment.with_name("f28.json"))


def test_a_flipped_bit_anywhere_in_the_folded_file_is_found(path, tmp_path):
    crashed(path, tmp_path)
    whole = path.read_bytes()
    for content in flipped(whole, 1):
        path.write_bytes(content)
        with pytest.raises(JournalDamaged, match=r"f28\.json, byte \d+: .*backup"):
            JournalDB(path)
        assert path.read_bytes() == content
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        with pytest.raises(JournalDamaged):
            JournalDB(path)
    path.write_bytes(whole)
    assert opened(path) == DOCUMENTS


def test_a_file_that_another_program_wrote_is_refused(path):
    path.parent.mkdir()
    with TinyDB(path) as stock:
        stock.table("r").insert({"a": 1})
    with pytest.raises(JournalDamaged, match="another program wrote it"):
        JournalDB(path)


def test_a_torn_line_in_a_segment_that_is_not_the_last_is_damage(path, tmp_path):
    copied = crashed(path, tmp_path)
    segment = segment_path(copied, 2)
    segment.write_bytes(segment.read_bytes()[:-5])
    segment_path(copied, 3).write_bytes(header_line(3))
    with pytest.raises(JournalDamaged, match=r"000002\.journal, byte \d\d\d: .*checksum"):
        JournalDB(copied)


@pytest.mark.parametrize("gone", [2, 3, "json"])
def test_a_missing_file_is_damage(path, tmp_path, gone):
    copied = crashed(path, tmp_path)
    for n in (3, 4):
        segment_path(copied, n).write_bytes(header_line(n))
    assert opened(crashed_copy(copied, tmp_path / "whole")) == DOCUMENTS
    (copied if gone == "json" else segment_path(copied, gone)).unlink()
    for attempt in (JournalDB, read_tables):
        with pytest.raises(JournalDamaged, match="missing"):
            attempt(copied)


def test_a_segment_under_anothers_name_is_damage(path, tmp_path):
    copied = crashed(path, tmp_path)
    segment_path(copied, 3).write_bytes(segment_path(copied, 2).read_bytes())
    with pytest.raises(JournalDamaged, match="holds segment 2"):
        JournalDB(copied)


def test_a_newer_format_is_refused_with_the_advice_to_update(path, tmp_path, monkeypatch):
    copied = crashed(path, tmp_path)
    monkeypatch.setattr("storage.journal.lines.FORMAT", 0)
    with pytest.raises(JournalDamaged, match=r"000002\.journal.*Update the program"):
        JournalDB(copied)
    monkeypatch.setattr("storage.journal.snapshot.FORMAT", 0)
    with pytest.raises(JournalDamaged, match=r"f28\.json, .*Update the program"):
        read_tables(copied)


def test_what_a_crash_left_behind_is_cleared_away(path, tmp_path):
    copied = crashed(path, tmp_path)
    segment_path(copied, 1).write_bytes(b"folded long ago, and not even read")
    leftovers = ["f28.json.tmp", "f28.json.000002.journal.tmp", "f28.json.000002.torn-1.tmp"]
    others = ["f280.json", "f28.json.bak", "xf28.json.000001.journal", "f28.json.txt.tmp"]
    for name in leftovers + others:
        copied.with_name(name).write_bytes(b"x")
    assert opened(copied) == DOCUMENTS

    assert sorted(file.name for file in copied.parent.iterdir()) == sorted(
        [*others, "f28.json", "f28.json.lock"]
    )


def test_short_writes_are_completed(path, tmp_path):
    with JournalDB(path, files=StutteringFiles()) as db:
        db.table("r").insert_multiple(DOCUMENTS)
        assert opened(crashed_copy(path, tmp_path / "copy")) == DOCUMENTS
    assert opened(path) == DOCUMENTS


def test_segments_pile_up_over_crashes_and_are_folded_together(path, tmp_path):
    copied = crashed(path, tmp_path)
    for n in range(3):
        db = JournalDB(copied)
        db.table("r").insert({"n": n})
        copied = crashed_copy(copied, tmp_path / f"again{n}")
        db.close()
    assert len(list(copied.parent.glob("*.journal"))) == 4
    expected = DOCUMENTS + [{"n": n} for n in range(3)]
    assert opened(copied) == expected

    assert list(copied.parent.glob("*.journal")) == []
    assert list(read_tables(copied)["r"].values()) == expected


def test_only_the_new_file_remains_of_what_was_removed(path, tmp_path):
    with JournalDB(path) as db:
        doc_id = db.table("r").insert({"secret": "0912345678"})
        db.fold()
        db.table("r").remove(doc_ids=[doc_id])
        db.fold()

        kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
        assert b"0912345678" not in kept


def test_what_was_loaded_is_out_of_the_collectors_sight(path, tmp_path):
    copied = crashed(path, tmp_path)
    gc.unfreeze()
    with JournalDB(copied):
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    assert orjson.loads(copied.read_bytes())["_meta"]["1"]["segment"] == 2
