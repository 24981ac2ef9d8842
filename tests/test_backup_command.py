"""Backup commands: made beside a writer, put back whole with their keys, never over anything."""

import errno
import threading
from contextlib import nullcontext
from dataclasses import replace

import pytest
from command import command_line
from filled import KEY, NOON, begin, fill, keys_of, send, silent, sums
from journal_faults import FaultyFiles
from postgresql_server import fresh_database
from test_backup_archive import put_back

from services.errors import Refusal
from services.upkeep.backup import Source, create_backup
from storage.embedded import EmbeddedStore
from storage.errors import StoreFailed
from storage.memory import MemoryStore
from storage.opening import open_store
from storage.soundness import RESTORING
from storage.store import ResponseFilter
from storage.whole_file import write_whole

PHRASE = "một hai ba bốn năm\n"


@pytest.fixture
def run(config, tmp_path):
    """An installation whose keys are files."""
    made = command_line(replace(config, hash_key="", secret_key="", data_key=""), tmp_path)
    assert made("demo fill").exit_code == 0
    return made


@pytest.fixture
def other(run, tmp_path):
    """A second machine, with nothing on it."""
    return command_line(run.config, tmp_path / "other")


def summed(run):
    store = run.store()
    found = sums(store)
    store.close()
    return found


def assert_restored(other, run):
    """All is there again, and the trail goes on with one line about it."""
    (found, left), (kept, _) = (split_trail(one) for one in (other, run))
    assert found == kept
    assert [(entry.who, entry.act) for entry in left] == [("command", "store_restored")]


def split_trail(run):
    store = run.store()
    found, entries = sums(store), store.trail.all()
    store.close()
    found.pop("trail")
    return found, entries


def key_files_of(run):
    return {path.name: path.read_bytes() for path in (run.folder / "keys").iterdir()}


def test_a_sealed_backup_moves_everything_with_its_keys(run, other, tmp_path):
    file = tmp_path / "b.age"
    told = run.told(["backup", "create", "-o", file, "--passphrase-stdin"], stdin=PHRASE)
    verified = run.told(["backup", "verify", file, "--passphrase-stdin"], stdin=PHRASE)

    other.told(["backup", "restore", file, "--passphrase-stdin"], stdin=PHRASE)

    assert (
        told["keys_inside"]
        == verified["keys_inside"]
        == [
            "data.key",
            "hash.key",
            "session.key",
        ]
    )
    assert_restored(other, run)
    assert other.told("key show")["keys"][0]["key"] == run.told("key show")["keys"][0]["key"]


def test_an_open_backup_holds_no_key_and_asks_for_it(run, other, tmp_path):
    file = tmp_path / "b.zip"
    assert run.told(["backup", "create", "-o", file])["keys_inside"] == []

    refused = other(["backup", "restore", file])
    (other.folder / "keys").mkdir(parents=True, exist_ok=True)
    (other.folder / "keys" / "hash.key").write_bytes((run.folder / "keys/hash.key").read_bytes())
    half = other(["backup", "restore", file])
    (other.folder / "keys" / "data.key").write_bytes((run.folder / "keys/data.key").read_bytes())
    done = other(["backup", "restore", file])

    assert (refused.exit_code, half.exit_code, done.exit_code) == (1, 1, 0)
    assert "hash.key" in refused.stderr
    assert "data.key" in half.stderr
    assert_restored(other, run)


def test_another_key_is_refused_unless_the_old_one_is_given_up(run, other, tmp_path):
    file = tmp_path / "b.zip"
    run(["backup", "create", "-o", file])
    (other.folder / "keys").mkdir(parents=True)
    (other.folder / "keys" / "hash.key").write_text("ab" * 32)

    assert other(["backup", "restore", file]).exit_code == 1
    assert other(["backup", "restore", file, "--with-other-key"]).exit_code == 0
    assert other("demo fill").exit_code == 0


def test_a_store_with_anything_in_it_is_never_overwritten(run, other, tmp_path):
    file = tmp_path / "b.age"
    run(["backup", "create", "-o", file, "--passphrase-stdin"], stdin=PHRASE)
    other("user create ai-do --role admin --password-stdin", stdin="mat-khau-dai-2026")
    before, keys = summed(other), key_files_of(other)

    result = other(["backup", "restore", file, "--passphrase-stdin"], stdin=PHRASE)

    assert result.exit_code == 1
    assert "people" in result.stderr
    assert summed(other) == before
    assert key_files_of(other) == keys


def test_a_restore_that_was_cut_off_serves_nobody_and_goes_on(tmp_path):
    source = MemoryStore()
    fill(source)
    file = tmp_path / "b.zip"
    create_backup(Source(lambda: nullcontext(source), keys_of(tmp_path)), file, NOON, silent)

    class Full(MemoryStore):
        def load_responses(self, definition, responses):
            if definition == "f28" and not self.healed:
                raise StoreFailed("full")
            return super().load_responses(definition, responses)

        healed = False

    target = Full()
    with pytest.raises(StoreFailed):
        put_back(file, target)
    half = target.settings.get(RESTORING)
    target.healed = True
    put_back(file, target)

    assert half is not None
    assert sums(target) == sums(source)
    assert target.settings.get(RESTORING) is None


def test_another_backup_does_not_go_on_where_one_stopped(tmp_path):
    source, target = MemoryStore(), MemoryStore()
    fill(source)
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    created = Source(lambda: nullcontext(source), keys_of(tmp_path))
    create_backup(created, first, NOON, silent)
    send(source, 2, seed=8)
    create_backup(created, second, NOON, silent)
    put_back(first, target)
    target.settings.put(replace(target.settings.all()[0], name=RESTORING, value="other"))

    with pytest.raises(Refusal, match="Another restore"):
        put_back(second, target)


def test_a_file_that_is_there_is_not_replaced(run, tmp_path):
    file = tmp_path / "b.zip"
    file.write_text("holiday")

    assert run(["backup", "create", "-o", file]).exit_code == 1
    assert file.read_text() == "holiday"


@pytest.mark.parametrize("phrase", ["short\n", "\n"])
def test_a_weak_passphrase_is_refused(run, tmp_path, phrase):
    file = tmp_path / "b.age"

    assert run(["backup", "create", "-o", file, "--passphrase-stdin"], stdin=phrase).exit_code > 0
    assert not file.exists()


def test_without_a_folder_the_file_must_be_named(run, tmp_path):
    assert run("backup create").exit_code == 1
    run.config = replace(run.config, backup_dir=tmp_path / "backups")
    assert run("backup create").exit_code == 1
    (tmp_path / "backups").mkdir()

    told = run.told("backup create")

    assert told["file"].startswith(str(tmp_path / "backups" / "phieu-"))
    assert run(["backup", "verify", told["file"]]).exit_code == 0


@pytest.mark.parametrize("short", [False, True])
def test_a_disk_that_fails_leaves_no_half_file(tmp_path, short):
    counting = FaultyFiles()
    write_whole(tmp_path / "whole", [b"a" * 100, b"b" * 100], files=counting)

    for at in range(1, len(counting.calls) + 1):
        if counting.calls[at - 1] in ("unlink", "sync_dir"):
            continue
        faulty = FaultyFiles(at, errno.ENOSPC, short=short)
        faulty.only_once = True
        with pytest.raises(StoreFailed):
            write_whole(tmp_path / "b.zip", [b"a" * 100, b"b" * 100], files=faulty)

        assert [p.name for p in tmp_path.iterdir()] == ["whole"], at


def test_a_backup_that_was_killed_is_cleared_away_by_the_next(tmp_path):
    (tmp_path / ".b.zip.0a1b2c3d.partial").write_bytes(b"half")

    write_whole(tmp_path / "b.zip", [b"whole"])

    assert [p.name for p in tmp_path.iterdir()] == ["b.zip"]


def ids(store):
    return {r.id for form in ("f28", "f21") for r in store.iter_responses(form, ResponseFilter())}


@pytest.mark.parametrize("backend", ["embedded", "postgresql"])
def test_a_backup_under_load_holds_all_that_was_acknowledged_before(tmp_path, backend):
    with fresh_database() if backend == "postgresql" else nullcontext("") as url:
        store = open_store(tmp_path / "data", url)
        begin(store)
        send(store, 20, seed=1)
        before = ids(store)
        stop, sent = threading.Event(), []

        def load():
            for seed in range(100, 1_000):
                if stop.is_set():
                    return
                sent.extend(send(store, 2, seed=seed))

        sender = threading.Thread(target=load)
        sender.start()
        try:
            source = Source(lambda: nullcontext(store), keys_of(tmp_path))
            manifest = create_backup(source, tmp_path / "b.zip", NOON, silent)
        finally:
            stop.set()
            sender.join()
        target = EmbeddedStore(tmp_path / "target")
        put_back(tmp_path / "b.zip", target)
        kept, there = ids(target), ids(store)
        target.close()
        store.close()

    assert 20 <= sum(manifest.responses.values()) == len(kept) <= 20 + len(sent)
    assert before <= kept <= there


def test_keys_of_another_store_are_not_sealed_in(run, tmp_path):
    wrong = command_line(replace(run.config, hash_key=KEY.decode()), tmp_path)

    result = wrong(["backup", "create", "-o", tmp_path / "b", "--passphrase-stdin"], stdin=PHRASE)

    assert result.exit_code == 1
    assert not (tmp_path / "b").exists()
