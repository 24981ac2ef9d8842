"""Erasing for good by staff and by the server's own jobs: every backend, many at once, crashes."""

import io
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from cases import sent
from conftest import SetClock, World
from pictures import jpeg
from postgresql_server import ask, fresh_database
from sending import MEAL, send
from test_cases_erased import PLANTED, Dying, world_on
from test_store_changes import every_byte

from app import create_app
from config import Config
from services.erased import LIST_NAME, ErasedList, read_list
from services.erasure.erasing import DELETED, PURGED, UNDER_WAY, Eraser, Erasure, finish_erasing
from services.errors import NotAllowed
from services.identity import Hasher
from services.trail.audit import SERVER
from storage.embedded import EmbeddedStore
from storage.errors import StoreFailed
from storage.opening import open_store
from storage.store import ResponseFilter

CLEAR = "Tẩn Lở Mẩy"
SECRETS = (CLEAR, "Nha bi to mai", "012190123456", "0912345678")


@pytest.fixture(params=["memory", "embedded", "postgresql"])
def place(
    request: pytest.FixtureRequest, config: Config, clock: SetClock, tmp_path: Path, world: World
) -> Iterator[World]:
    """A world on each backend."""
    if request.param == "memory":
        yield world
        return
    with fresh_database() if request.param == "postgresql" else nullcontext("") as url:
        store = open_store(tmp_path / "data", url)
        yield world_on(store, config, clock)
        store.close()


def eraser(world: World, folder: Path | None = None) -> Eraser:
    hasher = world.app.extensions["phieu"].hasher
    return Eraser(world.store, hasher, ErasedList(folder / LIST_NAME, hasher) if folder else None)


def erasure(world: World, what: str = DELETED, who: str = "quan-tri") -> Erasure:
    return Erasure(world.clock(), what, who, "yêu cầu số 1")


def responses(world: World, form: str = "f21"):
    return list(world.store.iter_responses(form, ResponseFilter()))


def sealed(world: World) -> list[str]:
    """What stands in the store in the place of personal answers, and the hashes that find them."""
    kept = list(world.kept.iter_responses("f21", ResponseFilter()))
    return [text for one in kept for text in (*one.sealed.values(), *one.found_by.values())]


def with_photo(world: World, **answers: object):
    code = world.publish("f21")
    return send(world, code, PLANTED | answers, giay_to=(io.BytesIO(jpeg(300)), "so.jpg"))


def test_what_staff_erase_leaves_a_tombstone_no_file_and_a_line_in_the_trail(place):
    sender = sent(place, answers=PLANTED | {"giay_to": (io.BytesIO(jpeg(300)), "so.jpg")})
    [response] = responses(place)

    tombstone = eraser(place).erase(response, erasure(place))

    [kept] = responses(place)
    assert (kept.answers, kept.is_withdrawn, kept.files_left) == ({}, True, ())
    assert (kept.id, kept.receipt, kept.unit) == (response.id, response.receipt, response.unit)
    assert (kept.history[0].who, kept.history[0].what) == ("quan-tri", "deleted")
    assert tombstone.id == response.id
    assert list(place.store.iter_files("f21")) == []
    assert sender.resend(PLANTED).status_code == 410
    told = place.store.trail.last()
    assert (told.who, told.act) == ("quan-tri", "responses_deleted")
    assert dict(told.about) == {
        "form": "f21",
        "response": response.id,
        "rows": "1",
        "what": "deleted",
        "reason": "yêu cầu số 1",
    }


def test_a_worker_who_takes_back_leaves_a_line_in_the_trail_once(place):
    sender = sent(place)
    proof = sender.proof()

    for _ in range(3):
        sender.press("delete", _proof=proof)

    told = [(entry.who, entry.act) for entry in place.store.trail.all()]
    assert told == [("worker", "response_taken_back")]


def test_many_of_several_forms_go_at_once_and_the_rest_stays(place):
    for _ in range(3):
        with_photo(place)
    meals = place.publish("f28")
    for _ in range(2):
        send(place, meals, MEAL)
    wanted = [*responses(place)[:2], responses(place, "f28")[0]]

    done = eraser(place).erase_many(wanted, erasure(place, PURGED, SERVER))

    assert (len(done.tombstones), done.left) == (3, 0)
    assert [r.is_withdrawn for r in responses(place)] == [True, True, False]
    assert [r.is_withdrawn for r in responses(place, "f28")] == [True, False]
    assert len(list(place.store.iter_files("f21"))) == 1
    anonymous = responses(place, "f28")[0].history[0]
    assert (anonymous.at.minute, anonymous.who) == (0, "")
    rows = [(e.about["form"], e.about["rows"], e.at.minute) for e in place.store.trail.all()]
    assert rows == [("f21", "2", 30), ("f28", "1", 0)]


def test_each_form_is_folded_once_however_many_go(place, monkeypatch):
    for _ in range(4):
        with_photo(place)
    folded, forget = [], place.store.forget_changed
    monkeypatch.setattr(
        place.store, "forget_changed", lambda form: (folded.append(form), forget(form))
    )

    eraser(place).erase_many(responses(place), erasure(place))

    assert folded == ["f21"]


def test_one_that_others_change_all_the_time_is_left_and_told(place, monkeypatch):
    with_photo(place)
    monkeypatch.setattr(place.store, "change_response", lambda *_: False)
    found = responses(place)

    with pytest.raises(NotAllowed):
        eraser(place).erase(found[0], erasure(place))

    assert responses(place) == found
    assert eraser(place).erase_many(found, erasure(place)).left == 1


def test_nothing_of_many_erased_ones_is_in_the_folder_or_the_list(config, clock, tmp_path):
    folder = tmp_path / "data"
    store = open_store(folder)
    world = world_on(store, config, clock)
    for _ in range(3):
        with_photo(world)
    first = responses(world)
    before, hidden = every_byte(folder), sealed(world)

    eraser(world, tmp_path).erase_many(first, erasure(world))
    after = every_byte(folder) + (tmp_path / LIST_NAME).read_bytes()
    store.close()

    assert len(hidden) >= 3 * 5
    for text in (CLEAR, *hidden):
        assert text.encode() in before, text
    for text in (*SECRETS, *hidden):
        assert text.encode() not in after, text
    listed = (tmp_path / LIST_NAME).read_text()
    for response in first:
        assert response.instance not in listed
        assert response.receipt not in listed


def test_nothing_of_them_is_in_the_tables_of_postgresql(config, clock):
    with fresh_database() as url:
        store = open_store(config.data_dir, url)
        world = world_on(store, config, clock)
        with_photo(world)
        before = ask(url, "SELECT responses::text FROM responses")[0][0]
        hidden = sealed(world)

        eraser(world).erase_many(responses(world), erasure(world))
        after = str(
            ask(url, "SELECT responses::text FROM responses")
            + ask(url, "SELECT shelf_records::text FROM shelf_records")
            + ask(url, "SELECT encode(content, 'escape') FROM files")
        )
        store.close()

    for text in (CLEAR, *hidden):
        assert text in before, text
    for text in (*SECRETS, *hidden):
        assert text not in after, text


@pytest.mark.parametrize("removed", [0, 1, 2])
def test_the_next_start_finishes_what_a_crash_cut_off(config, clock, tmp_path, removed):
    disk, folder = Dying(), tmp_path / "data"
    store = EmbeddedStore(folder, files=disk)
    world = world_on(store, config, clock)
    for _ in range(3):
        with_photo(world)
    disk.left = removed

    with pytest.raises((StoreFailed, OSError)):
        eraser(world).erase_many(responses(world), erasure(world))
    disk.left = -1
    store.close()
    store = EmbeddedStore(folder)
    left_over = len(list(store.iter_files("f21")))
    kept = responses(World(create_app(config, store, clock=clock), store, clock))
    notes = [s.name for s in store.settings.all() if s.name.startswith(UNDER_WAY)]
    files = list(store.iter_files("f21"))
    store.close()

    assert left_over == 3 - removed
    assert all(r.is_withdrawn and not r.files_left for r in kept)
    assert (files, notes) == ([], [])
    assert CLEAR.encode() not in every_byte(folder)


def test_where_nothing_was_cut_off_there_is_nothing_to_finish(place):
    with_photo(place)
    eraser(place).erase_many(responses(place), erasure(place))

    assert finish_erasing(place.store, place.app.extensions["phieu"].hasher, place.clock()) == 0


# The list beside the backups ----------------------------------------------------------------


def test_each_erased_response_is_on_the_list_under_hashes(place, tmp_path):
    with_photo(place)
    [response] = responses(place)

    eraser(place, tmp_path).erase(response, erasure(place))

    [line] = read_list(tmp_path / LIST_NAME)
    assert (line.form, line.what, line.at) == ("f21", "deleted", place.clock().isoformat())
    assert len({line.instance, line.receipt, line.key}) == 3
    assert (tmp_path / LIST_NAME).stat().st_mode & 0o777 == 0o600


def test_a_missing_backup_disk_does_not_keep_anything_from_being_erased(place, tmp_path, caplog):
    with_photo(place)
    gone = tmp_path / "usb"

    eraser(place, gone).erase(responses(place)[0], erasure(place))
    gone.mkdir()
    hasher: Hasher = place.app.extensions["phieu"].hasher
    caught_up = ErasedList(gone / LIST_NAME, hasher).catch_up(place.store)

    assert responses(place)[0].is_withdrawn
    assert "Not on the list" in caplog.text
    assert caught_up == 1
    assert ErasedList(gone / LIST_NAME, hasher).catch_up(place.store) == 0
    assert len(list(read_list(gone / LIST_NAME))) == 1


def test_a_torn_line_is_ended_and_written_again(place, tmp_path):
    path = tmp_path / LIST_NAME
    for _ in range(2):
        with_photo(place)
    hasher = place.app.extensions["phieu"].hasher
    eraser(place, tmp_path).erase_many(responses(place), erasure(place))
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])

    missing = ErasedList(path, hasher).catch_up(place.store)

    assert missing == 1
    assert len(list(read_list(path))) == 2
