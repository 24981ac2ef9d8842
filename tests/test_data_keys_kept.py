"""The data keys over an installation's life: starting, checking, printing, copying, restoring."""

import json
import zipfile
from contextlib import nullcontext
from dataclasses import replace
from hashlib import sha256

import pytest
from command import command_line
from conftest import MEAL
from filled import DATA_KEY, KEY, NOON, fill, keys_of, opened, silent, sums
from sending import HARDSHIP, send
from test_storage_check import change, checked

from app import create_app
from services.errors import Refusal
from services.upkeep.backup import Source, create_backup
from services.upkeep.contents import EVERYTHING
from storage.data_keys import DataKeys, read_data_keys
from storage.errors import StoreRefused
from storage.key_files import DATA, KeyFiles
from storage.key_ring import DATA_KEY as SETTING
from storage.key_ring import recorded_ids
from storage.memory import MemoryStore
from storage.sealed import SealedStore
from storage.store import Setting
from views.site import EXTENSION

PHRASE = "một hai ba bốn năm"
OTHER = "quite-another-data-key"


@pytest.fixture
def run(config, tmp_path):
    """An installation with answers under a key in a file."""
    made = command_line(replace(config, hash_key=KEY.decode(), data_key=""), tmp_path)
    KeyFiles.of(made.folder).put_data_keys(read_data_keys(DATA_KEY))
    store = made.store()
    fill(store)
    store.close()
    return made


@pytest.fixture
def other(run, tmp_path):
    """A second machine, with nothing on it."""
    return command_line(run.config, tmp_path / "other")


def started(run):
    store = run.store()
    try:
        return create_app(run.config, store).extensions[EXTENSION].store
    finally:
        store.close()


def test_a_server_starts_with_its_key_and_refuses_another_or_none(run):
    path = run.folder / "keys" / DATA
    right = path.read_text()

    started(run)
    path.write_text(DataKeys().with_new().text)
    with pytest.raises(StoreRefused, match=r"holds other keys .* were encrypted under .* key show"):
        started(run)
    path.unlink()
    with pytest.raises(StoreRefused, match=r"data\.key is missing"):
        started(run)
    digit = "0" if right[30] != "0" else "1"
    path.write_text(right[:30] + digit + right[31:])
    with pytest.raises(StoreRefused, match="a digit differs"):
        started(run)
    path.write_text(right)
    assert isinstance(started(run), SealedStore)


def test_a_server_refuses_another_key_of_the_environment(run):
    run.config = replace(run.config, data_key=OTHER)

    with pytest.raises(StoreRefused, match="PHIEU_DATA_KEY holds other keys"):
        started(run)


def test_a_store_of_before_gets_its_key_at_the_next_start(config, tmp_path):
    store = MemoryStore()
    fill(store)
    store.settings.remove(SETTING)
    own = replace(config, data_key="")

    create_app(own, store)

    ids = KeyFiles.of(tmp_path).data_keys().ids
    assert len(ids) == 1
    assert recorded_ids(store) == ids


def test_commands_that_need_no_answer_work_without_the_key(run):
    (run.folder / "keys" / DATA).unlink()

    listed, exported = run("unit list"), run("response export f21")

    assert listed.exit_code == 0
    assert exported.exit_code == 1
    assert "data.key does not hold" in exported.stderr


def test_an_export_that_masks_sensitive_answers_does_not_open_them(world):
    code = world.publish("f21")
    send(world, code, HARDSHIP)
    (kept,) = world.kept.iter_responses("f21", EVERYTHING)
    broken = {"mo_ta": "00000000.AAAA", "hoan_canh": "00000000.AAAA"}
    world.kept.change_response(kept, replace(kept, sealed={**kept.sealed, **broken}))
    chair = world.signed_in("chu-tich")

    listed = chair.get("/responses/f21")
    exported = chair.get("/responses/f21.csv")

    assert listed.status_code == 200
    assert exported.status_code == 200
    assert "***" in exported.text


def test_a_sound_store_opens_everything(run):
    assert checked(run) == (0, [], [])


def test_a_seal_that_does_not_open_is_told_with_its_place_and_question(run):
    store = run.store()
    first, second = list(store.iter_responses("f21", EVERYTHING))[:2]
    name = next(iter(store.iter_files("f21")))
    store.replace_file("f21", name, store.file("f21", name)[:-1] + b"x")
    store.close()
    swapped = {**first.sealed, "so_cccd": second.sealed["so_cccd"]}
    change(run.folder / "responses/f21.json", "responses", 1, sealed=swapped)

    code, faults, _ = checked(run)

    assert code == 1
    assert {(fault["where"], fault["problem"]) for fault in faults} == {
        ("responses/f21.json, document 1", "its encrypted answer to so_cccd does not open"),
        (f"files/f21/{name}", "this encrypted file does not open"),
    }


def test_what_is_under_a_key_that_is_not_here_is_counted(run):
    (run.folder / "keys" / DATA).unlink()

    code, faults, _ = checked(run)

    (key_id,) = read_data_keys(DATA_KEY).ids
    assert code == 1
    assert [fault["where"] for fault in faults] == ["data key"]
    assert f"under {key_id}, which is not here" in faults[0]["problem"]
    assert [
        f["grade"] for f in json.loads(run("doctor --json").stdout) if f["about"] == "store"
    ] == ["fault"]


def test_answers_of_before_are_told_and_are_no_fault(run):
    store = run.store()
    kept = next(store.iter_responses("f21", EVERYTHING))
    clear = dict(opened(store).response("f21", kept.id).answers)
    store.change_response(kept, replace(kept, answers=clear, sealed={}, found_by={}))
    count = len(kept.sealed)
    store.close()

    code, faults, notices = checked(run)

    assert (code, faults) == (0, [])
    assert [notice["problem"] for notice in notices] == [
        f"{count} answers and files of before are not encrypted yet: key rotate does"
    ]


def test_the_printed_page_names_every_key_and_doctor_knows_it_was_printed(run):
    before = run.told("doctor")

    told, page = run.told("key show"), run("key show").stdout

    after = run.told("doctor")
    (key,) = read_data_keys(DATA_KEY).keys
    assert told["data_keys"] == [key.id]
    assert key.text in page
    assert "data.key" in page
    assert [f["grade"] for f in before if f["about"] == "keys"] == ["notice"]
    assert [f["grade"] for f in after if f["about"] == "keys"] == ["good"]
    printed = run.folder / "keys" / "printed"
    assert key.secret.hex() not in printed.read_text()


def test_a_sealed_backup_brings_the_data_key_and_an_open_one_holds_none(run, other, tmp_path):
    sealed, plain = tmp_path / "b.age", tmp_path / "b.zip"
    run.told(["backup", "create", "-o", sealed, "--passphrase-stdin"], stdin=PHRASE)
    run.told(["backup", "create", "-o", plain])

    other.told(["backup", "restore", sealed, "--passphrase-stdin"], stdin=PHRASE)

    with zipfile.ZipFile(plain) as archive:
        assert [name for name in archive.namelist() if name.startswith("keys/")] == []
    assert (other.folder / "keys" / DATA).read_bytes() == (run.folder / "keys" / DATA).read_bytes()
    assert run.told(["backup", "verify", plain])["notes"] == []
    assert checked(other) == (0, [], [])


def test_a_restore_keeps_the_keys_that_are_there_already(run, other, tmp_path):
    file = tmp_path / "b.age"
    run.told(["backup", "create", "-o", file, "--passphrase-stdin"], stdin=PHRASE)
    there = KeyFiles.of(other.folder)
    there.put_data_keys(read_data_keys(OTHER))

    other.told(["backup", "restore", file, "--passphrase-stdin"], stdin=PHRASE)

    assert there.data_keys() == read_data_keys(f"{DATA_KEY},{OTHER}")


def test_a_restore_without_the_data_key_is_refused_before_anything_is_written(run, other, tmp_path):
    file = tmp_path / "b.zip"
    run.told(["backup", "create", "-o", file])

    refused = other(["backup", "restore", file])
    given_up = other(["backup", "restore", file, "--with-other-key"])

    assert refused.exit_code == 1
    assert "data.key" in refused.stderr
    assert given_up.exit_code == 0
    store = other.store()
    assert store.settings.get(SETTING) is None
    store.close()


def test_a_backup_during_which_the_keys_change_is_not_made(tmp_path):
    store, file = MemoryStore(), tmp_path / "b.zip"
    fill(store)

    def rotation_begins(_count):
        store.settings.put(Setting(SETTING, "11111111," + recorded_ids(store)[0]))

    with pytest.raises(Refusal, match="changed meanwhile"):
        create_backup(
            Source(lambda: nullcontext(store), keys_of(tmp_path)), file, NOON, rotation_begins
        )
    assert list(tmp_path.iterdir()) == []


def test_a_backup_with_another_data_key_inside_is_refused(run, tmp_path):
    store, file = run.store(), tmp_path / "b.zip"
    source = Source(lambda: nullcontext(store), KeyFiles.of(run.folder, hashing=KEY.decode()))
    create_backup(source, file, NOON, silent)
    store.close()
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    wrong = DataKeys().with_new().text.encode()
    manifest["members"]["keys/data.key"] = member_of(wrong)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in {**members, "keys/data.key": wrong}.items():
            if name != "manifest.json":
                archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))

    result = run(["backup", "verify", file])

    assert result.exit_code == 1
    assert "data keys inside" in result.stderr


def member_of(content):
    return {
        "count": content.count(b"\n"),
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }


def test_a_copy_moves_seals_as_they_are_and_brings_the_key(run, tmp_path):
    target = command_line(run.config, tmp_path / "copy")

    run.told(["storage", "copy", "--to", target.folder])

    one, two = run.store(), target.store()
    assert sums(one) == sums(two)
    assert next(one.iter_responses("f21", EVERYTHING)).sealed
    one.close()
    two.close()
    assert checked(target) == (0, [], [])


def test_a_copy_made_again_gets_the_keys_that_were_added(run, tmp_path):
    target = command_line(run.config, tmp_path / "copy")
    run.told(["storage", "copy", "--to", target.folder])
    keys = KeyFiles.of(run.folder)
    keys.put_data_keys(keys.data_keys().with_new())
    started(run)

    run.told(["storage", "copy", "--to", target.folder])

    assert KeyFiles.of(target.folder).data_keys() == keys.data_keys()
    assert started(target)


def test_the_anonymous_form_is_found_by_nothing(world):
    code = world.publish("f28")
    send(world, code, {**MEAL, "gop_y": "canh nguội"})

    (kept,) = world.kept.iter_responses("f28", EVERYTHING)

    assert (kept.found_by, kept.sealed) == ({}, {})
