"""The contract of storage/store.py for changes, withdrawal and tries, run on every backend."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from test_store_contract import EVERYTHING, NOON, Reopen, backend, made, store

from forms.response import Change, Response, emptied
from storage.embedded_snapshot import EmbeddedSnapshot
from storage.errors import StoreError, StoreReadOnly
from storage.opening import open_store
from storage.store import ResponseFilter, Store, Tries

__all__ = ["backend", "store"]

COUNTED = ResponseFilter(withdrawn=False)
CORRECTED = made(
    answers={"ho_ten": "Giàng A Hồ", "so": -5},
    flags=("corrected",),
    message="Mời anh lên công đoàn",
    helper="to-truong",
    channel="phone",
    history=(Change(NOON, "worker", "corrected", {"ho_ten": "Giàng A Páo", "chon": ["a"]}),),
)
WITHDRAWN = emptied(made(), NOON + timedelta(hours=1), "withdrawn")


def test_a_change_is_kept_whole_and_found_as_before(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    for number in (1, 2):
        store.add_response(made(number))

    done = store.change_response(made(), CORRECTED)
    store = reopen(store)

    assert done
    assert store.response("f51", "id-1") == CORRECTED
    assert store.response_by_receipt("f51", "RECEIPT1") == CORRECTED
    assert list(store.iter_responses("f51", EVERYTHING)) == [CORRECTED, made(2)]


def test_a_change_of_what_is_no_longer_there_changes_nothing(store: Store) -> None:
    store.add_response(made())
    store.change_response(made(), CORRECTED)

    outdated = store.change_response(made(), WITHDRAWN)
    unknown = store.change_response(made(2), replace(made(2), state="seen"))

    assert (outdated, unknown) == (False, False)
    assert list(store.iter_responses("f51", EVERYTHING)) == [CORRECTED]


def test_of_changes_at_once_one_is_kept(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    store.add_response(made())
    start, done = threading.Barrier(8), []

    def change(number: int) -> None:
        start.wait()
        if store.change_response(made(), made(message=str(number))):
            done.append(str(number))

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = reopen(store).response("f51", "id-1")

    assert kept is not None
    assert done == [kept.message]


@pytest.mark.parametrize("name", ["id", "instance", "receipt", "definition"])
def test_a_change_cannot_make_another_response_of_it(store: Store, name: str) -> None:
    store.add_response(made())

    with pytest.raises(StoreError, match=f"the {name} of a response never changes"):
        store.change_response(made(), made(**{name: "other"}))

    assert store.response("f51", "id-1") == made()


def test_the_first_sending_is_recognised_after_a_correction(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    store.add_response(made())
    store.change_response(made(), CORRECTED)
    store = reopen(store)

    again = store.add_response(made(id="again", receipt="AGAIN"))

    assert (again.stored, again.response) == (False, CORRECTED)


@pytest.mark.parametrize("content", ["content-1", "other"])
def test_a_withdrawn_response_is_not_taken_again(
    backend: tuple[Store, Reopen], content: str
) -> None:
    store, reopen = backend
    store.add_response(made())
    store.change_response(made(), WITHDRAWN)
    resent = made(id="again", receipt="AGAIN", content=content)

    first = store.add_response(resent)
    store = reopen(store)
    second = store.add_response(resent)

    assert [(a.stored, a.response) for a in (first, second)] == [(False, WITHDRAWN)] * 2
    assert list(store.iter_responses("f51", EVERYTHING)) == [WITHDRAWN]


def test_withdrawing_a_variant_leaves_the_other(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    store.add_response(made())
    variant = store.add_response(made(2, instance="instance-1")).response
    store.change_response(made(), WITHDRAWN)
    store.change_response(variant, emptied(variant, NOON, "withdrawn"))
    store = reopen(store)

    states = [response.state for response in store.iter_responses("f51", EVERYTHING)]

    assert states == ["withdrawn", "withdrawn"]


def test_withdrawn_responses_are_not_counted(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    for number in (1, 2, 3):
        store.add_response(made(number))
    store.change_response(made(), WITHDRAWN)
    store = reopen(store)

    assert store.count_by_point("f51") == {"7FK722": 2}
    assert store.count_by_group("f51") == {("nam-na", "Cổng"): 2}
    assert store.page_responses("f51", COUNTED, offset=0, limit=9)[0] == 2
    assert list(store.iter_responses("f51", COUNTED)) == [made(2), made(3)]
    assert store.page_responses("f51", EVERYTHING, offset=0, limit=9)[0] == 3


def test_restricted_responses_are_kept_and_not_counted_and_known_when_resent(
    backend: tuple[Store, Reopen],
) -> None:
    store, reopen = backend
    restricted = replace(made(), restricted=True)
    for number in (1, 2):
        store.add_response(made(number))
    store.change_response(made(), restricted)
    store = reopen(store)

    same = store.add_response(made(id="again", receipt="AGAIN"))
    other = store.add_response(made(id="new", receipt="NEW", content="other"))

    assert (same.stored, same.response) == (False, restricted)
    assert (other.stored, other.response.flags[-1]) == (True, "variant")
    assert store.count_by_point("f51") == {"7FK722": 2}
    assert store.count_by_group("f51") == {("nam-na", "Cổng"): 2}
    assert [r.id for r in store.iter_responses("f51", COUNTED)] == ["id-2", "new"]
    assert store.page_responses("f51", COUNTED, offset=0, limit=9)[0] == 2
    assert store.response("f51", "id-1") == restricted
    store.change_response(restricted, made())
    assert store.page_responses("f51", COUNTED, offset=0, limit=9)[0] == 3


def test_a_changed_response_is_copied_as_it_is(store: Store) -> None:
    store.load_responses("f51", [WITHDRAWN, made(2)])

    assert list(store.iter_responses("f51", EVERYTHING)) == [WITHDRAWN, made(2)]
    assert store.add_response(made(id="again", receipt="AGAIN")).response == WITHDRAWN
    assert store.count_by_point("f51") == {"7FK722": 1}


def test_tries_are_kept(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    store.tries.put(Tries("h:1", (NOON,)))
    store.tries.put(Tries("h:1", (NOON, NOON + timedelta(minutes=1))))
    store = reopen(store)

    assert store.tries.all() == (Tries("h:1", (NOON, NOON + timedelta(minutes=1))),)


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def planted(**changes: object) -> Response:
    return made(answers={"ho_ten": "Tẩn Lở Mẩy", "ghi": "chi tiet rieng"}, **changes)


def test_forgotten_answers_are_on_no_disk(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add_response(planted())
    torn = tmp_path / "responses" / "f51.json.000001.torn-1"
    torn.write_bytes("Tẩn Lở Mẩy".encode())
    before = every_byte(tmp_path)

    store.change_response(planted(), emptied(planted(), NOON, "withdrawn"))
    store.forget_changed("f51")
    after = every_byte(tmp_path)
    store.forget_changed("f51")
    store.close()

    assert before.count("Tẩn Lở Mẩy".encode()) == 2
    assert b"chi tiet rieng" in before
    assert "Tẩn Lở Mẩy".encode() not in after
    assert b"chi tiet rieng" not in after
    assert b"RECEIPT1" in after


def test_a_snapshot_changes_nothing(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    snapshot = EmbeddedSnapshot(tmp_path)

    for act in (
        lambda: snapshot.change_response(made(), CORRECTED),
        lambda: snapshot.forget_changed("f51"),
    ):
        with pytest.raises(StoreReadOnly):
            act()
