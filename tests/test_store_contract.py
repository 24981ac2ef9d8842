"""The contract of storage/store.py, run on every backend."""

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from filled import OneKey, sealed_by
from postgresql_server import fresh_database
from shelved import KEYS, SHELVED

from federation.people import Grant, Person, Role, SignIn
from forms.response import WITHDRAWN, Response
from services.clock import VIETNAM
from storage.errors import ReceiptTaken, StoreError
from storage.memory import MemoryStore
from storage.opening import open_store
from storage.records import PEOPLE, SIGN_INS
from storage.store import ResponseFilter, Setting, Store

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=VIETNAM)
EVERYTHING = ResponseFilter()

Reopen = Callable[[Store], Store]


@pytest.fixture(params=["memory", "embedded", "postgresql", "sealed"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Reopen]]:
    """A store, and how to close and open it again (a store that forgets stays as it is)."""
    opened: list[Store] = []
    database = fresh_database() if request.param == "postgresql" else nullcontext("")

    def reopen(store: Store) -> Store:
        if request.param == "memory":
            return store
        store.close()
        opened.remove(store)
        return open_it()

    with database as url:

        def open_it() -> Store:
            opened.append(MemoryStore() if request.param == "memory" else open_store(tmp_path, url))
            if request.param == "sealed":
                opened[-1] = sealed_by(OneKey(), opened[-1])
            return opened[-1]

        yield open_it(), reopen
        for store in opened:
            store.close()


@pytest.fixture
def store(backend: tuple[Store, Reopen]) -> Store:
    return backend[0]


def made(number: int = 1, **changes: object) -> Response:
    """A response that differs from others by its number."""
    response = Response(
        id=f"id-{number}",
        definition="f51",
        version=1,
        instance=f"instance-{number}",
        content=f"content-{number}",
        receipt=f"RECEIPT{number}",
        unit="nam-na",
        place="Cổng",
        point="7FK722",
        submitted_at=NOON + timedelta(minutes=number),
        language="vi",
        answers={"ho_ten": "Giàng A Páo", "chon": ["a", "b"], "so": -5, "tuoi": 2.5},
        flags=("so_cccd:sex",),
        attempt=1,
        ancestors=("root",),
        queued_at="2026-11-24T11:00:00+07:00",
    )
    return replace(response, **changes)  # type: ignore[arg-type]


def test_a_new_response_is_kept_whole(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend

    added = store.add_response(made())
    store = reopen(store)

    assert (added.stored, added.response) == (True, made())
    assert store.response("f51", "id-1") == made()
    assert store.response_by_receipt("f51", "RECEIPT1") == made()


def test_the_same_response_again_is_kept_once(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    store.add_response(made())
    store = reopen(store)

    again = store.add_response(made(id="other-id", receipt="OTHER", submitted_at=NOON))

    assert (again.stored, again.response) == (False, made())
    assert store.page_responses("f51", EVERYTHING, offset=0, limit=9)[0] == 1


def test_other_content_under_a_known_instance_is_a_flagged_variant(store: Store) -> None:
    store.add_response(made())
    variant = made(2, instance="instance-1")

    first = store.add_response(variant)
    second = store.add_response(replace(variant, id="id-3", receipt="RECEIPT3"))

    assert first.stored
    assert first.response.flags == ("so_cccd:sex", "variant")
    assert (second.stored, second.response) == (False, first.response)


def test_a_receipt_belongs_to_one_response(store: Store) -> None:
    store.add_response(made())

    with pytest.raises(ReceiptTaken):
        store.add_response(made(2, receipt="RECEIPT1"))

    assert store.page_responses("f51", EVERYTHING, offset=0, limit=9)[0] == 1


def test_instances_and_receipts_are_each_forms_own(store: Store) -> None:
    store.add_response(made())

    other = store.add_response(made(definition="f21"))

    assert other.stored
    assert store.response("f21", "id-1") == made(definition="f21")


def test_many_threads_with_one_instance_keep_one_response(store: Store) -> None:
    start, stored = threading.Barrier(8), []

    def send(number: int) -> None:
        start.wait()
        stored.append(store.add_response(made(id=f"id-{number}", receipt=f"R{number}")).stored)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(stored) == [False] * 7 + [True]
    assert len(list(store.iter_responses("f51", EVERYTHING))) == 1


def test_responses_come_in_order_of_arrival_and_back(store: Store) -> None:
    for number in (1, 2, 3):
        store.add_response(made(number))

    forth = [r.id for r in store.iter_responses("f51", EVERYTHING)]
    back = [r.id for r in store.iter_responses("f51", EVERYTHING, newest_first=True)]
    total, page = store.page_responses("f51", EVERYTHING, offset=1, limit=1)

    assert forth == ["id-1", "id-2", "id-3"]
    assert back == forth[::-1]
    assert (total, [r.id for r in page]) == (3, ["id-2"])


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (ResponseFilter(units=frozenset({"nam-na"})), ["id-1", "id-3"]),
        (ResponseFilter(units=frozenset()), []),
        (ResponseFilter(groups=frozenset({("che", "Cổng"), ("nam-na", "Kho")})), ["id-2", "id-3"]),
        (ResponseFilter(since=NOON + timedelta(minutes=2)), ["id-2", "id-3"]),
        (ResponseFilter(until=NOON + timedelta(minutes=2)), ["id-1"]),
        (ResponseFilter(since=NOON, until=NOON), []),
        (ResponseFilter(frozenset({"nam-na"}), None, NOON + timedelta(minutes=2)), ["id-3"]),
    ],
)
def test_filters_are_data(store: Store, where: ResponseFilter, found: list[str]) -> None:
    for response in (made(1), made(2, unit="che"), made(3, place="Kho")):
        store.add_response(response)

    assert [r.id for r in store.iter_responses("f51", where)] == found
    assert store.page_responses("f51", where, offset=0, limit=9)[0] == len(found)


def test_responses_are_counted_by_point_and_by_group(store: Store) -> None:
    for response in (made(1), made(2, point="OTHER2"), made(3, place="")):
        store.add_response(response)

    assert dict(store.count_by_point("f51")) == {"7FK722": 2, "OTHER2": 1}
    assert dict(store.count_by_group("f51")) == {("nam-na", "Cổng"): 2, ("nam-na", ""): 1}


def test_counts_may_be_those_of_a_time(store: Store) -> None:
    days = [NOON + timedelta(days=day) for day in range(4)]
    for number, day in enumerate(days, start=1):
        store.add_response(made(number, submitted_at=day))

    assert dict(store.count_by_point("f51", since=days[1], before=days[3])) == {"7FK722": 2}
    assert dict(store.count_by_group("f51", since=days[3])) == {("nam-na", "Cổng"): 1}
    assert dict(store.count_by_group("f51", before=days[0])) == {}


def test_responses_are_counted_by_the_day_in_vietnam(store: Store) -> None:
    late = datetime(2026, 11, 24, 23, 59, tzinfo=VIETNAM)
    for number, at in enumerate((late, late + timedelta(minutes=1), late + timedelta(hours=3))):
        store.add_response(made(number, submitted_at=at, place="Cổng"))
    store.add_response(made(7, submitted_at=late, place="Cổng", state=WITHDRAWN))

    first, second = date(2026, 11, 24), date(2026, 11, 25)
    assert dict(store.count_by_day("f51")) == {
        ("nam-na", "Cổng", first): 1,
        ("nam-na", "Cổng", second): 2,
    }
    assert dict(store.count_by_day("f28")) == {}


def test_since_is_in_and_until_is_not(store: Store) -> None:
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=VIETNAM)
    for number in range(4):
        store.add_response(made(number, submitted_at=noon + timedelta(hours=number)))
    where = ResponseFilter(since=noon + timedelta(hours=1), until=noon + timedelta(hours=3))

    found = [one.id for one in store.iter_responses("f51", where)]

    assert found == ["id-1", "id-2"]
    assert store.page_responses("f51", where, offset=0, limit=9)[0] == 2


def test_a_form_without_responses_is_empty(store: Store) -> None:
    assert store.response("f28", "id-1") is None
    assert store.response_by_receipt("f28", "RECEIPT1") is None
    assert list(store.iter_responses("f28", EVERYTHING)) == []
    assert store.page_responses("f28", EVERYTHING, offset=0, limit=9) == (0, ())
    assert dict(store.count_by_point("f28")) == {}


def test_an_iteration_sees_one_state(store: Store) -> None:
    store.add_response(made(1))
    store.add_response(made(2))

    seen = []
    for response in store.iter_responses("f51", EVERYTHING):
        seen.append(response.id)
        store.add_response(made(len(seen) + 10))

    assert seen == ["id-1", "id-2"]


def test_copied_responses_are_kept_exactly_as_they_are(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    twins = [made(1), made(2, instance="instance-1", flags=("variant",)), made(3)]

    first = store.load_responses("f51", iter(twins))
    again = store.load_responses("f51", [*twins, made(4)])
    store = reopen(store)

    assert (first, again) == (3, 1)
    assert list(store.iter_responses("f51", EVERYTHING)) == [*twins, made(4)]
    assert not store.add_response(made(5, instance="instance-1", content="content-2")).stored


def test_a_copied_response_of_another_form_is_refused(store: Store) -> None:
    with pytest.raises(StoreError):
        store.load_responses("f51", [made(definition="f21")])


def test_the_forms_with_responses_are_told(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    store.add_response(made(definition="f28"))
    store.add_response(made())
    store.response("f21", "asked for only")

    assert store.forms_with_responses() == ("f28", "f51")
    assert reopen(store).forms_with_responses() == ("f28", "f51")


def test_a_complaint_is_found_by_those_it_is_confided_to(
    backend: tuple[Store, Reopen],
) -> None:
    store, reopen = backend
    store.add_response(made(1))
    store.add_response(made(2, reader="an"))
    store.add_response(made(3, reader="an", named=True))
    store.add_response(made(4, reader="an", named=True, concerned=("an", "b\"'%")))
    store = reopen(store)

    def confided(name: str) -> list[str]:
        where = ResponseFilter(confided_to=name)
        found = [response.id for response in store.iter_responses("f51", where)]
        assert store.page_responses("f51", where, offset=0, limit=9)[0] == len(found)
        return found

    assert confided("an") == ["id-2", "id-3"]
    assert confided("binh") == ["id-3", "id-4"]
    assert confided("b\"'%") == ["id-3"]
    assert confided("") == ["id-3", "id-4"]
    assert len(list(store.iter_responses("f51", EVERYTHING))) == 4


@pytest.mark.parametrize("name", SHELVED)
def test_a_shelf_keeps_what_was_put_on_it(backend: tuple[Store, Reopen], name: str) -> None:
    store, reopen = backend

    assert getattr(store, name).add(SHELVED[name])
    store = reopen(store)

    assert getattr(store, name).get(KEYS[name]) == SHELVED[name]
    assert getattr(store, name).all() == (SHELVED[name],)


def test_a_taken_key_is_not_added_twice(store: Store) -> None:
    store.settings.add(Setting("a", "1"))

    assert not store.settings.add(Setting("a", "2"))
    assert store.settings.get("a") == Setting("a", "1")


def test_put_replaces_in_place_and_remove_forgets(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    for name in "abc":
        store.settings.put(Setting(name, "1"))

    store.settings.put(Setting("a", "2"))
    store.settings.remove("b")
    store.settings.remove("never there")
    store = reopen(store)

    assert store.settings.all() == (Setting("a", "2"), Setting("c", "1"))
    assert store.settings.get("b") is None


def test_many_records_are_put_in_one_write(backend: tuple[Store, Reopen]) -> None:
    store, reopen = backend
    store.settings.put(Setting("b", "1"))

    store.settings.put_all([Setting("a", "2"), Setting("b", "2"), Setting("c", "2")])
    store.settings.put_all([])
    store = reopen(store)

    assert [(s.name, s.value) for s in store.settings.all()] == [
        ("b", "2"), ("a", "2"), ("c", "2"),
    ]  # fmt: skip


def test_a_sound_store_refuses_nothing(store: Store) -> None:
    assert store.refusal() == ""


def test_exclusive_holds_others_off(store: Store) -> None:
    order: list[str] = []

    def add() -> None:
        with store.exclusive():
            order.append("second")

    with store.exclusive():
        thread = threading.Thread(target=add)
        thread.start()
        thread.join(0.1)
        order.append("first")
    thread.join()

    assert order == ["first", "second"]


def test_people_and_sign_ins_of_earlier_versions_are_read_and_written_as_before() -> None:
    chair = {"role": "chair", "unit": "che"}
    person = {"name": "an", "full_name": "Lò Văn An", "password": "$argon2id$", "grants": [chair]}
    sign_in = {"token": "token", "person": "an", "since": "2026-11-24T12:00:00+07:00"}

    read, entered = PEOPLE.to_item(person), SIGN_INS.to_item(sign_in)

    assert read == Person("an", "Lò Văn An", "$argon2id$", (Grant(Role.CHAIR, "che"),))
    assert entered == SignIn("token", "an", NOON)
    assert PEOPLE.to_document(read) == person
    assert SIGN_INS.to_document(entered) == sign_in
