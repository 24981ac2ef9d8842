"""Exact search, changes many at a time and changes of what is encrypted, on every backend."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from filled import NOON, keys_of
from test_store_contract import EVERYTHING, backend, made, store

from forms.gallery import gallery
from forms.publication import PublishedVersion
from forms.response import Response
from services.identity import Hasher
from storage.embedded import EmbeddedStore
from storage.errors import SealBroken, StoreError
from storage.memory import MemoryStore
from storage.sealed import SealedStore, sealer_of
from storage.sealer import key_ids
from storage.soundness import open_data_keys
from storage.store import ResponseFilter, Store

__all__ = ["backend", "store"]

ID, PHONE = "012190123456", "0912345678"
NAME = "a" * 32 + "-01.jpg"


def found(there: Store, form: str, *hashes: str) -> list[str]:
    where = ResponseFilter(hashes=frozenset(hashes))
    total, page = there.page_responses(form, where, offset=0, limit=9)
    assert total == len(page)
    assert [r.id for r in there.iter_responses(form, where)] == [r.id for r in reversed(page)]
    return [response.id for response in page]


def test_responses_are_found_by_any_of_their_hashes(store):
    store.add_response(made(1, found_by={"so_cccd": "aa", "dien_thoai": "bb"}))
    store.add_response(made(2, found_by={"so_cccd": "cc", "dien_thoai": "bb"}))
    store.add_response(made(3))

    assert found(store, "f51", "aa") == ["id-1"]
    assert found(store, "f51", "bb") == ["id-2", "id-1"]
    assert found(store, "f51", "aa", "cc", "dd") == ["id-2", "id-1"]
    assert found(store, "f51", "dd") == found(store, "f51") == found(store, "f21", "aa") == []


def test_the_other_limits_hold_beside_the_hashes(store):
    store.add_response(made(1, found_by={"so_cccd": "aa"}))
    store.add_response(made(2, found_by={"so_cccd": "aa"}, unit="che"))
    where = ResponseFilter(hashes=frozenset({"aa"}), units=frozenset({"che"}))

    assert [r.id for r in store.iter_responses("f51", where)] == ["id-2"]
    assert [r.id for r in (made(1), made(2)) if where.accepts(r)] == []


def test_a_change_changes_what_a_response_is_found_by(store):
    store.add_response(made(found_by={"so_cccd": "aa"}))
    before = store.response("f51", "id-1")

    assert store.change_response(before, replace(before, found_by={"so_cccd": "bb"}))

    assert (found(store, "f51", "aa"), found(store, "f51", "bb")) == ([], ["id-1"])


def test_many_are_changed_at_once_but_for_those_that_changed_meanwhile(backend):
    store, reopen = backend
    old = [store.add_response(made(number)).response for number in (1, 2, 3)]
    new = [replace(response, message="đã xem") for response in old]
    store.change_response(old[1], replace(old[1], message="khác"))

    changed = store.change_responses("f51", zip(old, new, strict=True))
    store = reopen(store)

    messages = [response.message for response in store.iter_responses("f51", EVERYTHING)]
    assert (changed, messages) == (2, ["đã xem", "khác", "đã xem"])
    assert store.change_responses("f51", []) == 0


def test_one_response_is_not_changed_twice_at_once_nor_under_another_form(store):
    old = store.add_response(made()).response
    pair = (old, replace(old, message="x"))

    for form, changes in (("f51", [pair, pair]), ("f21", [pair])):
        with pytest.raises(StoreError):
            store.change_responses(form, changes)
    assert store.response("f51", "id-1") == old


def test_a_file_is_replaced_where_it_is_and_nowhere_else(backend):
    store, reopen = backend
    store.put_file("f21", NAME, b"\xff\xd8 first")

    done = store.replace_file("f21", NAME, b"\xff\xd8 second")
    gone = store.replace_file("f51", NAME, b"\xff\xd8 third")
    store = reopen(store)

    assert (done, gone) == (True, False)
    assert store.file("f21", NAME) == b"\xff\xd8 second"
    assert list(store.iter_files("f51")) == []


@pytest.fixture(params=["memory", "embedded"])
def inner(request, tmp_path: Path):
    made_store = MemoryStore() if request.param == "memory" else EmbeddedStore(tmp_path)
    made_store.versions.put(PublishedVersion(gallery()["f51"], 1, "7FK", NOON))
    open_data_keys(made_store, keys_of(tmp_path))
    yield made_store
    made_store.close()


@pytest.fixture
def sealed(inner, tmp_path: Path) -> SealedStore:
    return SealedStore(inner, sealer_of(inner, keys_of(tmp_path)))


def application(number: int = 1, **changes: object) -> Response:
    answers = {"ho_ten": "Lò Thị Sú", "so_cccd": ID, "dien_thoai": PHONE}
    return made(number, **{"answers": answers, **changes})


def test_only_what_is_personal_is_kept_encrypted_and_all_is_read_open(sealed, inner):
    sealed.add_response(application())

    kept, read = inner.response("f51", "id-1"), sealed.response("f51", "id-1")

    assert kept.answers == {"ho_ten": "Lò Thị Sú"}
    assert set(kept.sealed) == set(kept.found_by) == {"so_cccd", "dien_thoai"}
    assert read.answers == application().answers
    assert read.sealed == {}


def test_a_person_is_found_by_the_hash_of_an_id_or_phone_number(sealed, inner):
    sealed.add_response(application(1))
    sealed.add_response(application(2, answers={"so_cccd": "012190999999", "dien_thoai": PHONE}))
    hasher = Hasher(keys_of(Path("x")).hashing())

    assert found(sealed, "f51", hasher.of_person("citizen_id", ID)) == ["id-1"]
    assert found(sealed, "f51", hasher.of_person("phone", PHONE)) == ["id-2", "id-1"]
    assert found(sealed, "f51", hasher.of_person("phone", ID)) == []


def test_of_many_that_change_the_same_response_at_once_one_does(sealed):
    before = sealed.add_response(application()).response
    start, done = threading.Barrier(8), []

    def change(number: int) -> None:
        new = replace(before, answers={**before.answers, "dien_thoai": f"091234567{number}"})
        start.wait()
        done.append((sealed.change_response(before, new), new))

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [sealed.response("f51", "id-1")] == [
        replace(new, found_by=sealed.response("f51", "id-1").found_by) for won, new in done if won
    ]


def test_a_seal_renewed_between_reading_and_changing_hinders_nobody(sealed, inner):
    before = sealed.add_response(application()).response
    kept = inner.response("f51", "id-1")
    renewed = sealed._sealer.sealed(kept)
    assert renewed.sealed != kept.sealed
    steps = iter([kept])

    class Slow(type(inner)):  # type: ignore[misc] # somebody renews the seal after the first look
        def response(self, definition: str, response_id: str) -> Response | None:
            if next(steps, None):
                inner.change_response(kept, renewed)
                return kept
            return inner.response(definition, response_id)

        def __init__(self) -> None:
            self.__dict__ = inner.__dict__

    late = SealedStore(Slow(), sealed._sealer)

    assert late.change_response(before, replace(before, message="đã xem"))
    assert sealed.response("f51", "id-1").message == "đã xem"


def test_a_change_of_an_answer_that_was_changed_before_is_refused(sealed):
    before = sealed.add_response(application()).response
    other = replace(before, answers={**before.answers, "so_cccd": "012190999999"})
    sealed.change_response(before, other)

    assert not sealed.change_response(before, replace(before, message="x"))
    assert sealed.response("f51", "id-1").answers == other.answers


def test_an_answer_that_was_tampered_with_is_never_read_as_one(sealed, inner):
    sealed.add_response(application())
    kept = inner.response("f51", "id-1")
    swapped = {"so_cccd": kept.sealed["dien_thoai"], "dien_thoai": kept.sealed["so_cccd"]}
    inner.change_response(kept, replace(kept, sealed=swapped))

    read = sealed.response("f51", "id-1")

    assert read.answers["ho_ten"] == "Lò Thị Sú"
    with pytest.raises(SealBroken):
        read.answers["so_cccd"]


def test_a_file_is_kept_encrypted(sealed, inner):
    sealed.put_file("f51", NAME, b"\xff\xd8 a photo")
    sealed.put_file("f51", NAME, b"\xff\xd8 a photo")

    assert b"photo" not in inner.file("f51", NAME)
    assert sealed.file("f51", NAME) == b"\xff\xd8 a photo"
    assert sealed.file("f51", NAME.replace("a", "b")) is None


def test_every_value_says_under_which_key_it_is(sealed, inner, tmp_path):
    sealed.add_response(application())

    assert set(key_ids(inner.response("f51", "id-1"))) == set(keys_of(tmp_path).data_keys().ids)
