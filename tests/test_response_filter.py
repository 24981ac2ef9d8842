"""What a list can ask for, on every backend: filters, words without tones, orders."""

from dataclasses import replace
from datetime import timedelta

import pytest
from filled import OneKey, sealed_by
from hypothesis import given
from hypothesis import strategies as st
from test_store_contract import NOON, backend, made

from federation.names import person_sort_key
from forms.cleaning import fold
from forms.gallery import gallery
from forms.publication import PublishedVersion
from storage.embedded import EmbeddedStore
from storage.response_filter import Order, ResponseFilter, Word, name_key, written
from storage.response_rows import Row

__all__ = ["backend"]

ALL = ResponseFilter(withdrawn=False)
PEOPLE = ("Giàng A Páo", "Lò Thị Ánh", "Vàng Thị Sú", "Lý Mò An", "Đỗ Văn Ân", "Bùi Văn An")


@pytest.fixture
def store(backend):
    """Every backend, with the versions by which one seals what is personal."""
    kept, _ = backend
    for version in (1, 2):
        kept.versions.put(PublishedVersion(gallery()["f51"], version, "7FK", NOON))
    return kept


def keep(store, number, **changes):
    return store.add_response(made(number, **changes)).response


def ids(store, **where):
    found = store.page_responses("f51", replace(ALL, **where), offset=0, limit=99)
    assert [
        r.id for r in store.iter_responses("f51", replace(ALL, **where), newest_first=True)
    ] == [r.id for r in found[1]]
    return [int(response.id.removeprefix("id-")) for response in found[1]]


def test_words_are_found_without_tones_in_names_places_receipts_and_units(store):
    keep(store, 1, answers={"ho_ten": "Lò Thị Phương"}, receipt="7FKM2K9")
    keep(store, 2, answers={"gop_y": "Món canh nguội"}, place="Nhà ăn ca")
    keep(store, 3, answers={"gioi_tinh": "nam"}, unit="che", place="")

    def found(*words):
        return ids(store, words=tuple(Word(word) for word in words))

    assert found("phuong") == [1]
    assert found("thi", "lo") == [1]
    assert found("7fk", "2k9") == [1]
    assert found("canh") == found("nha", "an") == [2]
    assert found("nam") == []  # the name of a choice is no word that somebody wrote
    assert ids(store, words=(Word("than", frozenset({"che"})),)) == [3]
    assert ids(store, words=(Word("phuong", frozenset({"che"})),)) == [3, 1]


def test_what_is_sealed_is_found_by_no_word(tmp_path):
    inner = EmbeddedStore(tmp_path)
    store = sealed_by(OneKey(), inner)
    store.versions.put(PublishedVersion(gallery()["f51"], 1, "7FK", NOON))
    keep(store, 1, answers={"ho_ten": "Giàng A Páo", "dan_toc": "Không muốn khai"})
    (kept,) = store.iter_responses("f51", ALL)
    sealed = replace(ALL, words=(Word("khai"),))

    found, accepted = ids(store, words=(Word("khai"),)), sealed.accepts(kept)
    store.close()

    assert kept.answers["dan_toc"] == "Không muốn khai"
    assert (found, accepted) == ([], False)


def test_each_part_of_a_filter_narrows(store):
    keep(store, 1, state="seen", version=2, answers={"ca": "ca_dem"})
    keep(store, 2, flags=("queued", "late"), answers={"ca": ["ca_dem", "ca_sang"]})
    keep(store, 3, place="", assigned="an", answers={})

    assert ids(store, states=frozenset({"seen"})) == [1]
    assert ids(store, versions=frozenset({2})) == [1]
    assert ids(store, flags=frozenset({"late", "robot"})) == [2]
    assert ids(store, places=frozenset({""})) == [3]
    assert ids(store, assigned="an") == [3]
    assert ids(store, choices=frozenset({("ca", "ca_dem")})) == [2, 1]
    assert ids(store, choices=frozenset({("ca", "ca_dem"), ("ca", "ca_sang")})) == [2]
    assert ids(store, since=NOON + timedelta(minutes=2), until=NOON + timedelta(minutes=3)) == [2]


def test_a_list_follows_what_changes(store):
    first = keep(store, 1)
    assert ids(store, states=frozenset({"new"}), words=(Word("pao"),)) == [1]

    changed = replace(first, state="seen", answers={"ho_ten": "Lò Văn Sơn"})
    assert store.change_response(first, changed)
    keep(store, 2)

    assert ids(store, states=frozenset({"new"})) == [2]
    assert ids(store, words=(Word("son"),)) == [1]
    assert ids(store, words=(Word("pao"),)) == [2]


def test_people_stand_by_given_name_and_the_oldest_first_on_demand(store):
    for number, name in enumerate(PEOPLE):
        keep(store, number, answers={"ho_ten": name})
    keep(store, 90, answers={})

    def names(order, offset=0, limit=99):
        _, page = store.page_responses("f51", ALL, offset=offset, limit=limit, order=order)
        return [response.answers.get("ho_ten") for response in page]

    sorted_names = sorted(PEOPLE, key=person_sort_key)
    assert sorted_names[:2] == ["Bùi Văn An", "Lý Mò An"]
    assert names(Order.NAME) == [*sorted_names, None]
    assert names(Order.NAME, 2, 2) == sorted_names[2:4]
    assert names(Order.WAITING) == [*PEOPLE, None]
    assert names(Order.NEWEST) == [None, *reversed(PEOPLE)]


NAMES = st.text(min_size=1, max_size=12) | st.sampled_from(PEOPLE)


@given(st.lists(NAMES.filter(str.strip), max_size=8))
def test_keys_as_bytes_sort_as_the_keys_of_names(names):
    by_bytes = sorted(names, key=lambda name: name_key({"ho_ten": name}))

    assert list(map(person_sort_key, by_bytes)) == sorted(map(person_sort_key, names))


@given(st.text(max_size=20))
def test_every_word_of_a_text_with_a_space_is_found(text):
    found = written("h:1", "", {"gop_y": f"A {text}"})

    assert all(word in found for word in fold(text).split())


def test_rows_are_made_when_a_list_asks_and_only_for_what_is_new(tmp_path, monkeypatch):
    counted = []
    original = Row.__init__
    monkeypatch.setattr(
        Row, "__init__", lambda row, doc: (counted.append(1), original(row, doc))[1]
    )
    store = EmbeddedStore(tmp_path)
    for number in range(5):
        store.add_response(made(number))
    assert store.response("f51", "id-1")
    assert counted == []

    store.page_responses("f51", ALL, offset=0, limit=1)
    store.page_responses("f51", ALL, offset=0, limit=1)
    assert len(counted) == 5
    store.add_response(made(9))
    first = store.response("f51", "id-1")
    store.change_response(first, replace(first, state="seen"))
    store.page_responses("f51", ALL, offset=0, limit=1)
    store.close()

    assert len(counted) == 7


@pytest.mark.parametrize("value", [["a"], [{"ho_ten": "Lò Thị Ánh"}], 5, 2.5, "2026-01-01"])
def test_any_kind_of_answer_can_stand_in_a_searched_response(store, value):
    keep(store, 1, answers={"x": value})

    assert ids(store, words=(Word("anh"),)) == ([1] if value == [{"ho_ten": "Lò Thị Ánh"}] else [])
