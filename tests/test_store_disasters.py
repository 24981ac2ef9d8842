"""Disasters around a whole store: faults at every call, folders that cannot be written, clocks."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import uuid
from pathlib import Path

import pytest
from conftest import MEAL, SetClock, World, fill_world
from journal_faults import FaultyFiles
from test_store_contract import EVERYTHING, made
from tinydb import TinyDB

from app import create_app
from config import Config
from services.identity import Hasher
from storage.embedded import EmbeddedStore
from storage.embedded_snapshot import EmbeddedSnapshot
from storage.errors import StoreFailed
from storage.store import Setting

HERE = Path(__file__).resolve().parent.parent
JSON = {"Accept": "application/json"}
PRESSES = [str(uuid.UUID(int=number, version=4)) for number in range(4)]
NEVER = 3600.0


def press(world: World, code: str, instance: str) -> tuple[int, dict[str, object]]:
    answer = world.client().post(f"/q/{code}", data=MEAL | {"instance_id": instance}, headers=JSON)
    return answer.status_code, answer.json


def play(world: World, code: str, store: EmbeddedStore) -> list[tuple[int, dict[str, object]]]:
    """Two answers, a fold as in the background, two more answers; gives what was told."""
    told = [press(world, code, instance) for instance in PRESSES[:2]]
    for file in store._files.values():
        file.db._journal._fold_in_background()
    return told + [press(world, code, instance) for instance in PRESSES[2:]]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_fault_at_any_call_answers_503_and_loses_nothing_acknowledged(
    config: Config, clock: SetClock, tmp_path: Path, code: int
) -> None:
    hasher = Hasher(config.hash_key.encode())
    refused = 0
    for at in range(1, 200):
        files, folder = FaultyFiles(), tmp_path / f"{at}"
        store = EmbeddedStore(folder, files=files, mend_every=NEVER)
        world = World(create_app(config, store, clock=clock), store, clock)
        fill_world(store)
        point = world.publish("f28")
        files.calls.clear()
        files.at, files.code = at, code

        told = play(world, point, store)
        health = world.client().get("/healthz").status_code
        left = shutil.copytree(folder, tmp_path / f"{at}-left")
        reader = EmbeddedSnapshot(left)
        there = [response.instance for response in reader.iter_responses("f28", EVERYTHING)]
        hit = len(files.calls) >= at
        files.heal()
        store._mend()
        again = [press(world, point, instance) for instance in PRESSES]
        kept = [response.instance for response in store.iter_responses("f28", EVERYTHING)]
        store.close()

        statuses = [status for status, _ in told]
        assert set(statuses) <= {201, 503}
        assert health == (503 if 503 in statuses else 200)
        assert all(set(answer) == {"error"} for status, answer in told if status == 503)
        for instance, (status, _) in zip(PRESSES, told, strict=True):
            assert status == 503 or there.count(hasher.of_instance("f28", instance)) == 1
        assert {status for status, _ in again} <= {200, 201}
        assert sorted(kept) == sorted(hasher.of_instance("f28", i) for i in PRESSES)
        refused += 503 in statuses
        if not hit:
            break
    assert not hit, "the loop ended before all calls had failed once"
    assert refused > 8


READ_ONLY = """
import os, sys
from pathlib import Path
sys.path[:0] = [sys.argv[2], sys.argv[2] + "/tests"]
from storage.embedded import EmbeddedStore
from storage.errors import StoreError
from storage.store import Setting
from test_store_contract import made
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    store = EmbeddedStore(Path(sys.argv[1]))
    print("read", store.response("f51", "id-1").receipt)
    for write, item in ((store.add_response, made(2)), (store.settings.put, Setting("a", "2"))):
        try:
            write(item)
        except StoreError as error:
            print("refused", type(error).__name__)
    print("reason", store.refusal())
except StoreError as error:
    print("not opened", type(error).__name__, error)
"""


def told_on_a_folder(mode: int) -> list[str]:
    """What a store says, as a plain user, in a folder of its own with this mode."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "data"
        store = EmbeddedStore(folder)
        store.add_response(made(1))
        store.settings.put(Setting("a", "1"))
        store.close()
        Path(place).chmod(0o755)
        for path in [folder, *folder.rglob("*")]:
            if os.geteuid() == 0:
                os.chown(path, 65534, 65534)
            if path.is_dir():
                path.chmod(mode)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(folder), str(HERE)],
            capture_output=True,
            text=True,
            check=True,
        )
        for path in [folder, folder / "responses"]:
            path.chmod(0o700)
    return done.stdout.splitlines()


def test_a_folder_that_can_only_be_read_is_read_and_every_write_refused() -> None:
    told = told_on_a_folder(0o500)

    assert told[:3] == ["read RECEIPT1", "refused StoreFailed", "refused StoreFailed"]
    assert "Permission denied" in told[3]


def test_a_folder_that_cannot_be_entered_is_reported_and_not_taken_for_empty() -> None:
    (told,) = told_on_a_folder(0o000)

    assert told.startswith("not opened StoreFailed")
    assert "Permission denied" in told


@pytest.mark.parametrize("file", ["registry.json", "responses/f51.json"])
def test_a_file_of_a_newer_program_is_refused_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    with monkeypatch.context() as later:
        later.setattr("storage.journal.lines.FORMAT", 2)
        later.setattr("storage.journal.snapshot.FORMAT", 2)
        store = EmbeddedStore(tmp_path)
        store.add_response(made(1))
        if file == "registry.json":
            store.settings.put(Setting("a", "1"))
        store.close()
    before = (tmp_path / file).read_bytes()

    for open_it in (EmbeddedStore, EmbeddedSnapshot):
        with pytest.raises(StoreFailed, match="newer program"):
            open_it(tmp_path).response("f51", "id-1")

    assert (tmp_path / file).read_bytes() == before


def test_all_files_are_the_owners_and_stock_tinydb_opens_them(
    config: Config, clock: SetClock
) -> None:
    store = EmbeddedStore(config.data_dir)
    world = World(create_app(config, store, clock=clock), store, clock)
    fill_world(store)
    press(world, world.publish("f28"), PRESSES[0])
    beside = [path.stat().st_mode & 0o777 for path in files_in(config.data_dir)]
    store.close()

    assert set(beside) == {0o600}
    assert {path.stat().st_mode & 0o777 for path in files_in(config.data_dir)} == {0o600}
    with TinyDB(config.data_dir / "registry.json", access_mode="r", encoding="utf-8") as stock:
        assert {unit["id"] for unit in stock.table("units")} >= {"root", "nam-na", "che"}
    folded = config.data_dir / "responses" / "f28.json"
    with TinyDB(folded, access_mode="r", encoding="utf-8") as stock:
        assert [kept["answers"]["ca"] for kept in stock.table("responses")] == ["ca_dem"]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_clock_that_was_set_back_changes_no_order_and_loses_nothing(
    config: Config, clock: SetClock
) -> None:
    store = EmbeddedStore(config.data_dir)
    world = World(create_app(config, store, clock=clock), store, clock)
    fill_world(store)
    code = world.publish("f28")
    told = [press(world, code, PRESSES[0])]
    clock.move(days=-400)
    told += [press(world, code, instance) for instance in PRESSES[:3]]
    store.close()
    store = EmbeddedStore(config.data_dir)
    hasher = Hasher(config.hash_key.encode())
    kept = [response.instance for response in store.iter_responses("f28", EVERYTHING)]
    store.close()

    assert [status for status, _ in told] == [201, 200, 201, 201]
    assert told[1][1]["receipt"] == told[0][1]["receipt"]
    assert kept == [hasher.of_instance("f28", instance) for instance in PRESSES[:3]]


def test_a_reader_under_load_and_folding_sees_every_acknowledged_answer_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.journal.engine.FOLD_BYTES", 20_000)
    store = EmbeddedStore(tmp_path)
    store.add_response(made(0))
    acknowledged, stop = [0], threading.Event()

    def send(thread: int) -> None:
        number = thread * 10_000
        while not stop.is_set():
            number += 1
            store.add_response(made(number))
            acknowledged.append(number)

    threads = [threading.Thread(target=send, args=(thread,)) for thread in range(1, 5)]
    for thread in threads:
        thread.start()
    folds, looks = set(), []
    while len(folds) < 4 or len(looks) < 20:
        known = list(acknowledged)
        reader = EmbeddedSnapshot(tmp_path)
        seen = list(reader.iter_responses("f51", EVERYTHING))
        looks.append((known, [int(response.id[3:]) for response in seen]))
        folded = tmp_path / "responses" / "f51.json"
        folds |= {folded.stat().st_mtime_ns} if folded.exists() else set()
        assert all(response == made(int(response.id[3:])) for response in seen)
    stop.set()
    for thread in threads:
        thread.join()
    final = [int(r.id[3:]) for r in store.iter_responses("f51", EVERYTHING)]
    store.close()

    for known, seen_ids in looks:
        assert set(known) <= set(seen_ids)
        assert seen_ids == final[: len(seen_ids)]
