"""A damaged, incomplete or foreign data folder never starts as an empty one."""

import os
import shutil
from contextlib import contextmanager
from dataclasses import replace

import pytest
from command import command_line
from filled import KEY, fill
from postgresql_server import fresh_database
from serving import Installation

from app import create_app
from services.organization.start import prepare
from storage.embedded import EmbeddedStore
from storage.errors import StoreError, StoreFailed, StoreRefused
from storage.key_files import KeyFiles
from storage.memory import MemoryStore
from storage.opening import open_store, open_whole_store
from storage.soundness import HASH_KEY, RESTORING, open_keys
from storage.store import Setting

OTHER = "another hashing key, of some length, too"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "data"
    store = EmbeddedStore(path)
    fill(store)
    store.close()
    return path


def refused(folder, *, read_only=False):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(StoreError) as caught:
        open_whole_store(folder, read_only=read_only)
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {k: v for k, v in after.items() if k.name != ".lock"} == {
        k: v for k, v in before.items() if k.name != ".lock"
    }
    return str(caught.value)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_lost_registry_is_not_made_anew(folder, read_only):
    (folder / "registry.json").unlink()

    said = refused(folder, read_only=read_only)

    assert "registry.json is missing" in said
    assert "backup restore" in said


@pytest.mark.parametrize("read_only", [False, True])
def test_a_registry_that_does_not_know_the_responses_is_refused(folder, tmp_path, read_only):
    other = EmbeddedStore(tmp_path / "other")
    prepare(other, "Another federation")
    other.close()
    shutil.copy(tmp_path / "other" / "registry.json", folder / "registry.json")

    assert "f21, f28" in refused(folder, read_only=read_only)


@pytest.mark.parametrize("content", [b"{}", b"", b'{"_default": {"1": {"a": 1}}}', b"\x00\xff"])
def test_a_registry_of_another_program_is_refused(folder, content):
    (folder / "registry.json").write_bytes(content)

    assert "registry.json" in refused(folder)


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")

    assert "PHIEU_DATA_DIR" in refused(tmp_path)


def test_a_new_disk_and_keys_put_there_before_are_no_strangers(tmp_path):
    for name in ("lost+found", "keys", ".Trash-0"):
        (tmp_path / name).mkdir()

    open_whole_store(tmp_path).close()


def test_a_half_restored_store_is_refused_for_all(config, tmp_path):
    run = command_line(config, tmp_path)
    store = run.store()
    store.settings.put(Setting(RESTORING, "x"))
    store.close()

    for command in ("unit list", "form publish f28 --unit root"):
        result = run(command)
        assert result.exit_code == 1
        assert "did not end" in result.stderr


def keys(folder, given=""):
    return KeyFiles.of(folder, session="x", hashing=given)


def test_a_first_start_makes_a_key_and_remembers_it(tmp_path):
    store = MemoryStore()

    made = open_keys(store, keys(tmp_path), "x")

    assert store.settings.get(HASH_KEY).value == keys(tmp_path).fingerprint()
    assert open_keys(store, keys(tmp_path), "x") == made


def test_a_store_from_before_remembers_its_key_at_the_next_start(tmp_path):
    store = MemoryStore()
    fill(store)
    store.settings.remove(HASH_KEY)
    with pytest.raises(StoreRefused, match=r"hash\.key is missing"):
        open_keys(store, keys(tmp_path), "x")
    assert not (tmp_path / "keys").exists()

    open_keys(store, keys(tmp_path, KEY.decode()), "x")

    assert store.settings.get(HASH_KEY) is not None


def test_a_missing_key_is_not_made_anew(tmp_path):
    store = MemoryStore()
    open_keys(store, keys(tmp_path), "x")
    shutil.rmtree(tmp_path / "keys")

    with pytest.raises(StoreRefused, match="key show"):
        open_keys(store, keys(tmp_path), "x")

    assert not (tmp_path / "keys").exists()


def test_another_key_is_refused_from_a_file_and_from_the_environment(config, tmp_path):
    store = MemoryStore()
    create_app(config, store)

    with pytest.raises(StoreRefused, match="PHIEU_HASH_KEY is another key"):
        create_app(replace(config, hash_key=OTHER), store)
    (tmp_path / "keys").mkdir(exist_ok=True)
    (tmp_path / "keys" / "hash.key").write_text("ab" * 32)
    with pytest.raises(StoreRefused, match=r"hash\.key is another key"):
        create_app(replace(config, hash_key=""), store)


@pytest.mark.parametrize("text", ["", "not hex", "ab" * 31])
def test_a_damaged_key_is_refused(config, tmp_path, text):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "hash.key").write_text(text)

    with pytest.raises(StoreFailed, match=r"hash\.key"):
        create_app(replace(config, hash_key=""), MemoryStore())


def test_a_database_knows_its_key_whatever_machine_asks(config, tmp_path):
    with fresh_database() as url:
        store = open_store(tmp_path, url)
        create_app(config, store)
        with pytest.raises(StoreRefused, match="PHIEU_HASH_KEY"):
            create_app(replace(config, hash_key=OTHER), store)
        store.close()


@contextmanager
def as_nobody():
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_cannot_be_written_says_so(folder):
    if os.geteuid() != 0:
        folder.chmod(0o500)
        with pytest.raises(StoreFailed, match="writable by the user"):
            open_whole_store(folder)
        folder.chmod(0o700)
        return
    for path in (folder, *folder.rglob("*"), *folder.parents):
        if path.owner() == "root" and path.is_relative_to("/tmp/"):  # noqa: S108 - pytest's own
            path.chmod(0o755 if path.is_dir() else 0o644)

    with as_nobody(), pytest.raises(StoreFailed, match="writable by the user"):
        open_whole_store(folder)


def test_a_server_says_why_and_ends_with_1(folder):
    (folder / "registry.json").unlink()

    place = Installation(folder)
    result = place.run("unit", "list")

    assert result.returncode == 1
    assert "registry.json is missing" in result.stderr


def test_doctor_finds_nothing_wrong_and_then_the_key(config, folder, tmp_path):
    run = command_line(replace(config, hash_key=KEY.decode()), tmp_path)
    run.config = replace(run.config, data_dir=folder)

    good = run("doctor")
    wrong = command_line(run.config, tmp_path)
    wrong.config = replace(run.config, hash_key=OTHER)
    bad = wrong("doctor")

    assert good.exit_code == 0, good.stderr
    assert bad.exit_code == 1
    assert "✗ store" in bad.stdout


def test_doctor_sees_missing_backups_and_an_address_no_phone_opens(config, folder, tmp_path):
    run = command_line(config, tmp_path)
    run.config = replace(
        config,
        data_dir=folder,
        hash_key=KEY.decode(),
        base_url="http://127.0.0.1:8000",
        backup_dir=tmp_path / "none",
    )

    result = run("doctor")

    assert result.exit_code == 1
    assert "✗ backup" in result.stdout
    assert "· address" in result.stdout


def test_doctor_sees_a_damaged_store(config, folder, tmp_path):
    (folder / "registry.json").write_bytes(b"{}")
    run = command_line(config, tmp_path)
    run.config = replace(config, data_dir=folder)

    assert "✗ store" in run("doctor").stdout


def test_without_keys_there_is_nothing_to_print(config, tmp_path):
    run = command_line(replace(config, hash_key="", secret_key="", data_key=""), tmp_path)

    assert run("key show").exit_code == 1
    assert not run.folder.exists()


def test_keys_of_the_environment_are_named_and_not_printed(config, tmp_path):
    told = command_line(config, tmp_path).told("key show")

    assert told["given"] == ["PHIEU_SECRET_KEY", "PHIEU_HASH_KEY", "PHIEU_DATA_KEY"]
    assert told["keys"] == []
    assert told["hash_key"]
