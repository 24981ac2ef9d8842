"""Changing the data key: everything is sealed anew, wherever it was cut off."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from command import command_line
from filled import DATA_KEY as FIRST
from filled import KEY, fill, send, silent
from postgresql_server import fresh_database

from forms.response import Change
from services.errors import Refusal
from services.upkeep.contents import EVERYTHING
from services.upkeep.rotation import Rotated, rotate
from storage.data_keys import read_data_keys
from storage.embedded import EmbeddedStore
from storage.key_files import KeyFiles
from storage.key_ring import recorded_ids
from storage.memory import MemoryStore
from storage.opening import open_store
from storage.sealed import SealedStore, sealer_of
from storage.sealer import file_key_id, key_ids
from storage.soundness import open_data_keys
from storage.store import Store

HERE = Path(__file__).resolve().parent.parent
FORMS = ("f21", "f28")


def keys_in(folder: Path, data: str = "") -> KeyFiles:
    return KeyFiles.of(folder, session="x", hashing=KEY.decode(), data=data)


def opened(store: Store, keys: KeyFiles) -> SealedStore:
    return SealedStore(store, sealer_of(store, keys))


def filled(store: Store, folder: Path, count: int = 12) -> Store:
    """Answers and photos under a key in a file, one of the answers corrected."""
    keys_in(folder).put_data_keys(read_data_keys(FIRST))
    fill(store, count)
    seen = opened(store, keys_in(folder))
    first = next(seen.iter_responses("f21", EVERYTHING))
    change = Change(first.submitted_at, "worker", "corrected", {"so_cccd": "012190999999"})
    assert seen.change_response(first, replace(first, history=(change,)))
    return store


def everything(store: Store, keys: KeyFiles) -> dict[str, object]:
    """All that can be read of a store, opened."""
    seen, read = opened(store, keys), dict[str, object]()
    for form in FORMS:
        for response in seen.iter_responses(form, EVERYTHING):
            befores = [dict(change.before) for change in response.history]
            read[response.id] = (dict(response.answers), befores)
        for name in seen.iter_files(form):
            read[name] = seen.file(form, name)
    return read


def used_keys(store: Store) -> set[str]:
    """The ids of all keys under which something is sealed; "" where a file is not."""
    used: set[str] = set()
    for form in FORMS:
        for response in store.iter_responses(form, EVERYTHING):
            used |= set(key_ids(response))
        used |= {file_key_id(store.file(form, name) or b"") for name in store.iter_files(form)}
    return used


def rotated(store: Store, keys: KeyFiles) -> Rotated:
    return rotate(store, keys, silent, wait=lambda: None)


@contextmanager
def any_store(kind: str, folder: Path) -> Iterator[Store]:
    if kind == "memory":
        yield MemoryStore()
    elif kind == "embedded":
        store = EmbeddedStore(folder / "data")
        yield store
        store.close()
    else:
        with fresh_database() as url:
            store = open_store(folder, url)
            yield store
            store.close()


@pytest.mark.parametrize("kind", ["memory", "embedded", "postgresql"])
def test_everything_is_under_the_new_key_and_the_old_one_is_gone(kind, tmp_path):
    with any_store(kind, tmp_path) as store:
        filled(store, tmp_path)
        old, before = recorded_ids(store), everything(store, keys_in(tmp_path))

        done = rotated(store, keys_in(tmp_path))

        assert (done.retired, done.responses, done.files) == (old, 6, 6)
        assert everything(store, keys_in(tmp_path)) == before
        assert used_keys(store) == {done.key} == set(keys_in(tmp_path).data_keys().ids)
        assert recorded_ids(store) == (done.key,) != old


def test_the_old_seals_are_nowhere_in_the_folder(tmp_path):
    store = filled(EmbeddedStore(tmp_path / "data"), tmp_path)
    old = next(store.iter_responses("f21", EVERYTHING)).sealed["so_cccd"].encode()
    there = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*.*"))

    rotated(store, keys_in(tmp_path))
    store.close()

    assert old in there
    assert old not in b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())


class Cut(Exception):
    """The machine goes off here."""


@dataclass
class Power:
    """Goes off at a certain step."""

    left: int

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cut


def cut_off(power: Power, act: Callable[..., object]) -> Callable[..., object]:
    """An act before and after which the power may go."""

    def run(*args: object, **named: object) -> object:
        power.step()
        done = act(*args, **named)
        power.step()
        return done

    return run


class FailingKeys(KeyFiles):
    """Keys on a disk that may go off."""

    def put(self, contents):
        POWER.step()
        super().put(contents)
        POWER.step()


POWER = Power(0)


def on_failing_power(store: MemoryStore) -> MemoryStore:
    failing = MemoryStore()
    failing.__dict__ = dict(store.__dict__)
    for name in ("change_responses", "replace_file"):
        setattr(failing, name, cut_off(POWER, getattr(store, name)))
    settings = type(store.settings).__new__(type(store.settings))
    settings.__dict__ = dict(store.settings.__dict__)
    settings.put = cut_off(POWER, store.settings.put)
    failing.settings = settings
    return failing


def test_wherever_it_is_cut_off_nothing_is_lost_and_it_goes_on(tmp_path):
    for at in range(100):
        folder = tmp_path / str(at)
        store = filled(MemoryStore(), folder)
        before, (old,) = everything(store, keys_in(folder)), recorded_ids(store)
        failing = FailingKeys(folder / "keys", keys_in(folder).given)

        POWER.left = at
        try:
            rotated(on_failing_power(store), failing)
        except Cut:
            pass
        else:
            break
        open_data_keys(store, keys_in(folder))
        halfway = everything(store, keys_in(folder))
        done = rotated(store, keys_in(folder))

        assert halfway == everything(store, keys_in(folder)) == before
        assert used_keys(store) == {done.key} == set(keys_in(folder).data_keys().ids)
        assert recorded_ids(store) == (done.key,) != (old,)
    assert at == 24  # before and after: two writings of keys, three settings, one form, six files


def test_a_killed_rotation_goes_on_and_a_server_starts_between(config, tmp_path):
    run = command_line(replace(config, hash_key=KEY.decode(), data_key=""), tmp_path)
    store = filled(run.store(), run.folder)
    send(store, 3_000, seed=3)
    keys = keys_in(run.folder)
    before = everything(store, keys)
    store.close()
    program = [sys.executable, "-m", "flask", "--app", "app", "key", "rotate"]
    environment = {"PHIEU_DATA_DIR": str(run.folder), "PHIEU_HASH_KEY": KEY.decode()}
    process = subprocess.Popen(program, cwd=HERE, env=environment)
    until = time.monotonic() + 30
    while len(keys.data_keys().ids) < 2 and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.001)
    process.kill()
    process.wait()

    store = run.store()
    open_data_keys(store, keys)
    halfway = everything(store, keys)
    store.close()
    done = run.told("key rotate")
    store = run.store()

    assert halfway == everything(store, keys) == before
    assert used_keys(store) == {done["key"]} == set(keys.data_keys().ids)
    store.close()


def test_what_came_before_there_was_a_key_is_sealed_and_found(tmp_path):
    store = filled(MemoryStore(), tmp_path)
    seen, older = opened(store, keys_in(tmp_path)), MemoryStore()
    older.__dict__ |= {n: v for n, v in store.__dict__.items() if n not in ("_responses", "_files")}
    clear = [replace(r, found_by={}) for r in seen.iter_responses("f21", EVERYTHING)]
    older.load_responses("f21", clear)
    for name in seen.iter_files("f21"):
        older.put_file("f21", name, seen.file("f21", name))
    before = everything(older, keys_in(tmp_path))

    done = rotated(older, keys_in(tmp_path))

    first = next(older.iter_responses("f21", EVERYTHING))
    assert "so_cccd" in before[first.id][0]
    assert "so_cccd" in first.sealed
    assert "so_cccd" in first.found_by
    assert "so_cccd" not in first.answers
    assert everything(older, keys_in(tmp_path)) == before
    assert used_keys(older) == {done.key}


def test_what_does_not_open_keeps_the_old_key(tmp_path):
    store = filled(MemoryStore(), tmp_path)
    (old,) = recorded_ids(store)
    first, second, *_ = store.iter_responses("f21", EVERYTHING)
    store.change_response(first, replace(first, sealed=second.sealed))

    done = rotated(store, keys_in(tmp_path))

    assert len(done.broken) == 1
    assert first.id in done.broken[0]
    assert done.retired == ()
    assert keys_in(tmp_path).data_keys().ids == (done.key, old) == recorded_ids(store)
    assert used_keys(store) == {done.key, old}


def test_what_a_server_seals_meanwhile_under_the_old_key_is_sealed_anew_before_it_goes(tmp_path):
    store = filled(MemoryStore(), tmp_path)
    running = opened(store, keys_in(tmp_path))
    running._sealer._keys.sealing()  # its lease begins

    def answers_come() -> None:
        first = next(running.iter_responses("f21", EVERYTHING))
        assert running.change_response(first, replace(first, message="đã xem"))

    done = rotate(store, keys_in(tmp_path), silent, wait=answers_come)

    assert used_keys(store) == {done.key}
    assert done.responses == 7


def test_a_key_from_the_environment_is_changed_there_first(tmp_path):
    store = MemoryStore()
    fill(store)
    old = keys_in(tmp_path, FIRST)
    both = keys_in(tmp_path, f"a-second-key-in-front,{FIRST}")
    before = everything(store, old)

    with pytest.raises(Refusal, match="PHIEU_DATA_KEY=new,old"):
        rotated(store, old)
    done = rotated(store, both)

    assert done.key == both.data_keys().ids[0]
    assert used_keys(store) == {done.key}
    assert everything(store, keys_in(tmp_path, "a-second-key-in-front")) == before
    assert not (tmp_path / "keys").exists()


def test_the_command_says_what_it_did_and_what_to_do_now(config, tmp_path):
    run = command_line(replace(config, hash_key=KEY.decode(), data_key=""), tmp_path)
    filled(run.store(), run.folder).close()
    run("key show")
    printed = run.told("doctor")

    result = run("key rotate")

    assert result.exit_code == 0
    assert "key show" in result.stdout
    assert [f["grade"] for f in printed if f["about"] == "keys"] == ["good"]
    assert [f["grade"] for f in run.told("doctor") if f["about"] == "keys"] == ["notice"]
    assert run("storage check").exit_code == 0
