"""Copying a store: equal in both directions, on from where it was cut off, never over others."""

import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from command import command_line
from filled import KEY, fill, send, silent, sums
from postgresql_server import empty_database, fresh_database
from serving import HERE

from federation.units import Unit
from services.errors import Refusal
from services.upkeep.contents import StoreParts
from services.upkeep.copying import copy_store, target_of
from storage.embedded import EmbeddedStore
from storage.errors import StoreRefused
from storage.memory import MemoryStore
from storage.opening import open_store, open_whole_store
from storage.soundness import RESTORING


@pytest.fixture
def source():
    store = MemoryStore()
    fill(store)
    return store


def copied(source, target, told=silent):
    return copy_store(lambda: nullcontext(source), target, told)


@pytest.fixture
def run(config, tmp_path):
    return command_line(replace(config, hash_key=KEY.decode()), tmp_path)


@pytest.fixture
def filled(run):
    with_store = EmbeddedStore(run.folder)
    fill(with_store)
    expected = sums(with_store)
    with_store.close()
    return expected


def test_everything_goes_to_postgresql_and_back(run, filled, tmp_path, config):
    with fresh_database() as url:
        told = run.told(["storage", "copy", "--to", url])
        there = open_store(run.folder, url)
        on_database = sums(there)
        there.close()
        back = command_line(replace(run.config, database_url=url), tmp_path)
        back.told(["storage", "copy", "--to", tmp_path / "back"])

    home = EmbeddedStore(tmp_path / "back")
    here = sums(home)
    trails = [parts.pop("trail")[0] for parts in (on_database, filled, here)]
    assert on_database == filled == here
    assert trails == [0, 0, 2]  # what the first command left was taken in when the second wrote
    assert {entry.act for entry in home.trail.all()} == {"store_copied"}
    assert told["copied"]["responses of f28"]["count"] == 6
    home.close()


def test_an_empty_database_is_given_its_schema(run, filled):
    with empty_database() as url:
        assert run(["storage", "copy", "--to", url]).exit_code == 0


def test_a_copied_folder_has_its_keys_and_serves(config, tmp_path):
    run = command_line(replace(config, hash_key="", secret_key="", data_key=""), tmp_path)
    run("demo fill")

    run.told(["storage", "copy", "--to", tmp_path / "other"])

    other = command_line(replace(run.config), tmp_path / "x")
    other.config = replace(run.config, data_dir=tmp_path / "other")
    assert other.told("key show")["hash_key"] == run.told("key show")["hash_key"]
    assert other("demo fill").exit_code == 0


def test_the_copy_is_made_beside_a_running_writer(run, filled, tmp_path):
    writer = run.store()

    result = run(["storage", "copy", "--to", tmp_path / "other"])

    writer.close()
    assert result.exit_code == 0, result.stderr


def test_a_second_run_takes_what_came_since(source):
    target = MemoryStore()
    copied(source, target)
    send(source, 6, seed=2)
    source.units.put(Unit("che", "CĐCS Chè Than Uyên (đổi tên)", "root"))

    copied(source, target)

    assert sums(target) == sums(source)


@pytest.mark.parametrize("at", [1, 2])
def test_a_copy_that_was_cut_off_goes_on(source, tmp_path, at):
    steps = 0

    def cut(_count):
        nonlocal steps
        steps += 1
        if steps == at:
            raise KeyboardInterrupt

    target = EmbeddedStore(tmp_path / "t")
    with pytest.raises(KeyboardInterrupt):
        copied(source, target, cut)
    half = target.settings.get(RESTORING)
    target.close()

    with pytest.raises(StoreRefused, match="did not end"):
        open_whole_store(tmp_path / "t")
    target = EmbeddedStore(tmp_path / "t")
    copied(source, target)

    assert half is not None
    assert sums(target) == sums(source)
    assert target.settings.get(RESTORING) is None
    target.close()


def test_a_killed_copy_goes_on(run, filled, tmp_path):
    store = run.store()
    send(store, 3_000, seed=3)
    expected = sums(store)
    store.close()
    target = tmp_path / "other"
    program = [sys.executable, "-m", "flask", "--app", "app", "storage", "copy", "--to", target]
    environment = {"PHIEU_DATA_DIR": str(run.folder), "PHIEU_HASH_KEY": KEY.decode()}
    process = subprocess.Popen(program, cwd=HERE, env=environment)
    until = time.monotonic() + 30
    while not list(target.glob("responses/*")) and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.001)
    process.kill()
    process.wait()

    result = run(["storage", "copy", "--to", target])

    assert result.exit_code == 0, result.stderr
    made = EmbeddedStore(target)
    assert sums(made) == expected
    made.close()


def test_a_store_with_other_responses_is_refused_and_left_as_it_is(source):
    target = MemoryStore()
    fill(target, 4)
    send(target, 2, seed=9)
    before = sums(target)

    with pytest.raises(Refusal, match="not empty"):
        copied(source, target)

    assert sums(target) == before


def test_a_copy_in_which_somebody_answered_is_refused(source):
    target = MemoryStore()
    copied(source, target)
    send(target, 1, seed=9)

    with pytest.raises(Refusal, match="not in the source"):
        copied(source, target)


def test_a_copy_in_which_somebody_worked_is_refused(source):
    target = MemoryStore()
    copied(source, target)
    target.units.put(Unit("che", "another name", "root"))

    with pytest.raises(Refusal, match="not empty"):
        copied(source, target)


def test_a_store_is_not_copied_onto_itself(run, filled):
    assert run(["storage", "copy", "--to", run.folder]).exit_code == 1
    with fresh_database() as url:
        run.told(["storage", "copy", "--to", url])
        on = command_line(replace(run.config, database_url=url), run.folder.parent)
        result = on(["storage", "copy", "--to", url.replace("postgresql:", "postgres:")])
        store = open_store(run.folder, url)
        marked = store.settings.get(RESTORING)
        store.close()

    assert result.exit_code == 1
    assert marked is None


def test_a_folder_with_other_things_is_refused(run, filled, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    file = tmp_path / "file"
    file.write_text("x")

    for target in (tmp_path / "photos", file):
        assert run(["storage", "copy", "--to", target]).exit_code == 1
    assert sorted(p.name for p in (tmp_path / "photos").iterdir()) == ["a.jpg"]


def test_a_folder_with_another_key_is_refused(run, filled, tmp_path):
    other = command_line(replace(run.config, hash_key=""), tmp_path / "x")
    other("demo fill")

    result = run(["storage", "copy", "--to", other.folder])

    assert result.exit_code == 1
    assert other.told("key show")["hash_key"] in result.stderr


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/a/b", "/a/b"),
        ("file:/a/b", "/a/b"),
        ("file:///a/b%20c", "/a/b c"),
        ("file://localhost/a", "/a"),
    ],
)
def test_a_folder_may_be_named_as_a_url(address, path):
    assert target_of(address) == Path(path)


def test_other_schemes_are_refused():
    with pytest.raises(Refusal, match="postgresql"):
        target_of("mysql://a/b")


def test_sign_ins_stay_behind(source):
    parts = [kind.table for kind, _ in StoreParts(lambda: nullcontext(source)).shelves()]

    assert "sign_ins" not in parts
