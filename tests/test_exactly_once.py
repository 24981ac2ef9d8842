"""A response is kept once, however often and by however many ways it arrives."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from conftest import SetClock, World, fill_world
from sending import JOINING, JSON, MEAL, send

from app import create_app
from qr.codes import is_sound
from services.identity import Hasher
from services.organization.units import tree_of
from services.publishing.publish import newest_version
from services.receiving.receive import Receiver
from storage.embedded import EmbeddedStore
from storage.errors import ReceiptTaken
from storage.memory import MemoryStore
from storage.store import ResponseFilter

INSTANCE = "6f1d9c1e-0000-4000-8000-000000000001"
SENT = MEAL | {"instance_id": INSTANCE}


@pytest.fixture(params=["memory", "embedded"])
def either(request, config, tmp_path):
    """The world on each store."""
    store = MemoryStore() if request.param == "memory" else EmbeddedStore(tmp_path / "store")
    clock = SetClock()
    app = create_app(config, store, clock=clock)
    fill_world(store)
    yield World(app, store, clock)
    store.close()


def kept(world, form="f28"):
    return list(world.store.iter_responses(form, ResponseFilter()))


def test_sixteen_threads_that_send_the_same_response_keep_one(either):
    code = either.publish("f28")

    with ThreadPoolExecutor(16) as pool:
        told = list(
            pool.map(
                lambda _: either.client().post(f"/q/{code}", data=SENT, headers=JSON), range(32)
            )
        )

    assert sorted(answer.status_code for answer in told) == [200] * 31 + [201]
    assert len({answer.json["receipt"] for answer in told}) == 1
    assert len(kept(either)) == 1


def test_sixteen_threads_with_other_answers_each_keep_each_once(either):
    code = either.publish("f28")
    sent = [SENT | {"ngon": str(n % 4 + 1)} for n in range(32)]

    with ThreadPoolExecutor(16) as pool:
        told = list(
            pool.map(lambda data: either.client().post(f"/q/{code}", data=data, headers=JSON), sent)
        )

    assert sorted(r.answers["ngon"] for r in kept(either)) == [1, 2, 3, 4]
    assert sum("variant" in r.flags for r in kept(either)) == 3
    assert len({answer.json["receipt"] for answer in told}) == 4
    assert {answer.status_code for answer in told} == {200, 201, 409}


def test_a_variant_that_is_sent_again_is_not_kept_again(either):
    code, client = either.publish("f28"), either.client()
    client.post(f"/q/{code}", data=SENT)

    first, again = (
        client.post(f"/q/{code}", data=SENT | {"ngon": "1"}, headers=JSON) for _ in range(2)
    )

    assert (first.status_code, again.status_code) == (409, 409)
    assert first.json == again.json
    assert len(kept(either)) == 2


def test_the_first_answers_stay_known_after_a_variant(either):
    code = either.publish("f28")
    first = send(either, code, SENT)
    either.client().post(f"/q/{code}", data=SENT | {"ngon": "1"})

    again = either.client().post(f"/q/{code}", data=SENT, headers=JSON)

    assert again.status_code == 200
    assert again.json == first


def test_answers_that_differ_in_writing_only_are_the_same(world):
    code = world.publish("f51")
    sent = JOINING | {"instance_id": INSTANCE}
    send(world, code, sent)
    otherwise = sent | {
        "ho_ten": "  Giàng  A Páo ",
        "ngay_sinh": "1990-09-05",
        "dien_thoai": "+84 987 654 321",
        "khong_co_cau_nay": "x",
    }

    answer = world.client().post(f"/q/{code}", data=otherwise, headers=JSON)

    assert answer.status_code == 200
    assert len(kept(world, "f51")) == 1


def test_the_page_leads_to_the_same_receipt_each_time(either):
    code, client = either.publish("f28"), either.client()

    first, again = (client.post(f"/q/{code}", data=SENT) for _ in range(2))

    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert client.get(first.location).status_code == 200


def test_the_page_of_a_variant_shows_its_own_receipt(world):
    code, client = world.publish("f28"), world.client()
    client.post(f"/q/{code}", data=SENT)
    told = client.post(f"/q/{code}", data=SENT | {"ngon": "1"}, headers=JSON).json["receipt"]

    answer = client.post(f"/q/{code}", data=SENT | {"ngon": "1"})

    assert answer.status_code == 409
    assert f"<span>{told[:3]}</span> <span>{told[3:6]}</span>" in answer.text


def test_one_instance_id_may_serve_two_forms(world):
    send(world, world.publish("f28"), SENT)

    told = send(world, world.publish("f51"), JOINING | {"instance_id": INSTANCE})

    assert told["flags"] == []
    assert (len(kept(world)), len(kept(world, "f51"))) == (1, 1)


def test_one_instance_id_at_two_posters_of_a_form_is_one_response(world):
    send(world, world.publish("f28", place="Cổng 1"), SENT)

    second = world.publish("f28", place="Cổng 2")
    answer = world.client().post(f"/q/{second}", data=SENT, headers=JSON)

    assert answer.status_code == 200
    assert [r.place for r in kept(world)] == ["Cổng 1"]


def test_receipts_are_sound_and_open_with_the_prefix_of_their_form(world):
    meal, joining = world.publish("f28"), world.publish("f51")

    receipts = [send(world, meal, MEAL)["receipt"] for _ in range(30)]
    other = send(world, joining, JOINING)["receipt"]

    assert len(set(receipts)) == 30
    assert {len(code) for code in receipts} == {13}
    assert all(map(is_sound, receipts))
    assert {code[:3] for code in receipts} == {newest_version(world.store, "f28").prefix}
    assert other[:3] != receipts[0][:3]


class ClumsyHasher(Hasher):
    """Draws one and the same receipt for everybody, until the second attempt."""

    def draw_receipt(self, prefix, instance_id, content, attempt):
        if attempt < 2:
            return super().draw_receipt(prefix, "same", "same", attempt)
        return super().draw_receipt(prefix, instance_id, content, attempt)


class HopelessHasher(Hasher):
    def draw_receipt(self, prefix, instance_id, content, attempt):
        return super().draw_receipt(prefix, "same", "same", 0)


def receive(world, hasher, instance_id):
    receiver = Receiver(world.store, hasher, lambda: str(uuid.uuid4()))
    inputs = {name: [text] for name, text in (MEAL | {"instance_id": instance_id}).items()}
    (point,) = [p for p in world.store.points.all() if p.definition == "f28"]
    return receiver.receive(
        point, inputs, tree=tree_of(world.store), language="vi", now=world.clock()
    )


def test_a_receipt_that_is_taken_is_drawn_again_and_stays_the_same(world):
    world.publish("f28")
    hasher = ClumsyHasher(b"key")
    ids = [str(uuid.UUID(int=n)) for n in range(4)]

    told = [receive(world, hasher, instance).receipt for instance in ids]
    again = [receive(world, hasher, instance) for instance in ids]

    assert len(set(told)) == 4
    assert [received.receipt for received in again] == told
    assert [received.stored for received in again] == [False] * 4
    assert [r.attempt for r in kept(world)] == [0, 1, 2, 2]


def test_without_a_free_receipt_nothing_is_acknowledged(world):
    world.publish("f28")
    hasher = HopelessHasher(b"key")
    receive(world, hasher, INSTANCE)

    with pytest.raises(ReceiptTaken):
        receive(world, hasher, str(uuid.uuid4()))

    assert len(kept(world)) == 1


def test_a_resent_response_is_known_although_the_form_has_a_newer_version(world):
    code = world.publish("f28")
    first = send(world, code, SENT | {"_version": "1"})
    version = newest_version(world.store, "f28")
    world.store.versions.add(replace(version, number=2))

    again = world.client().post(f"/q/{code}", data=SENT | {"_version": "1"}, headers=JSON)

    assert again.status_code == 200
    assert again.json["receipt"] == first["receipt"]
