"""The contract of storage/store.py for uploaded files, run on every backend."""

import threading
from datetime import timedelta

import pytest
from test_store_contract import NOON, Reopen, backend, store

from storage.errors import StoreError
from storage.store import Store

__all__ = ["backend", "store"]

PHOTO, PAPER = "0" * 32 + "-01.jpg", "f" * 32 + "-02.pdf"
CONTENT = bytes(range(256)) * 40


def test_a_file_is_kept_byte_for_byte(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend

    store.put_file("f21", PHOTO, CONTENT)
    store = reopen(store)

    assert store.file("f21", PHOTO) == CONTENT
    assert store.file("f21", PAPER) is None
    assert store.file("f52", PHOTO) is None


def test_a_file_that_comes_again_is_kept_once(store: Store) -> None:
    store.put_file("f21", PHOTO, CONTENT)

    store.put_file("f21", PHOTO, b"another program would have written it otherwise")

    assert store.file("f21", PHOTO) == CONTENT
    assert list(store.iter_files("f21")) == [PHOTO]


def test_one_file_from_many_threads_is_kept_once(store: Store) -> None:
    start, failures = threading.Barrier(6), []

    def put() -> None:
        start.wait()
        try:
            store.put_file("f21", PHOTO, CONTENT)
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=put) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert list(store.iter_files("f21")) == [PHOTO]


def test_all_files_of_a_form_are_found_and_can_be_removed(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    for form, name in (("f21", PAPER), ("f21", PHOTO), ("f52", PHOTO)):
        store.put_file(form, name, CONTENT)

    found = list(store.iter_files("f21"))
    store.remove_file("f21", PHOTO)
    store.remove_file("f21", PHOTO)
    store = reopen(store)

    assert found == [PHOTO, PAPER]
    assert list(store.iter_files("f21")) == [PAPER]
    assert list(store.iter_files("f52")) == [PHOTO]
    assert list(store.iter_files("f28")) == []


def test_only_a_file_that_nobody_put_since_is_removed_by_its_age(
    backend: tuple[Store, Reopen],
) -> None:
    store, reopen = backend
    day = timedelta(days=1)
    store.put_file("f21", PHOTO, CONTENT, NOON)
    store.put_file("f21", PAPER, CONTENT)  # of unknown age: very old
    store = reopen(store)

    store.remove_file("f21", PHOTO, kept_before=NOON)
    store.remove_file("f21", PAPER, kept_before=NOON)
    young = list(store.iter_files("f21"))
    store.put_file("f21", PHOTO, b"once more", NOON + day)
    store.remove_file("f21", PHOTO, kept_before=NOON + day)
    renewed = store.file("f21", PHOTO)
    store.remove_file("f21", PHOTO, kept_before=NOON + 2 * day)

    assert young == [PHOTO]
    assert renewed == CONTENT
    assert list(store.iter_files("f21")) == []


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("f21", "../registry.json"),
        ("f21", "a/b.jpg"),
        ("f21", PHOTO + "/.."),
        ("f21", PHOTO.replace("jpg", "svg")),
        ("f21", "\x00" * 36),
        ("f21", PHOTO + "\n"),
        ("../f21", PHOTO),
        ("", PHOTO),
    ],
)
def test_a_name_that_could_be_a_path_is_refused(store: Store, form: str, name: str) -> None:
    with pytest.raises(StoreError):
        store.put_file(form, name, CONTENT)
    with pytest.raises(StoreError):
        store.file(form, name)
    with pytest.raises(StoreError):
        store.remove_file(form, name)
