"""Many who send at once, on every backend: the places are given exactly, and nobody is lost."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from filled import KEY, NOON, keys_of, opened
from kinds import made as made_form
from test_offers import SLOTS
from test_store_contract import backend, store
from test_store_places import at_once

from federation.units import ROOT
from forms.offer import Offer
from forms.publication import PublishedVersion, ScanPoint
from forms.response import Response
from services.erasure.erasing import DELETED, Eraser, Erasure
from services.identity import Hasher
from services.offering.offers import keep_offer
from services.organization.start import prepare
from services.organization.units import tree_of
from services.receiving.claims import seat_waiting
from services.receiving.receive import Receiver
from services.receiving.received import Received
from storage.places import Place
from storage.sealed import SealedStore
from storage.soundness import open_data_keys
from storage.store import ResponseFilter, Store

__all__ = ["backend", "store"]

HEALTH = made_form(SLOTS)
HASHER = Hasher(KEY)
POINT = ScanPoint("7FK722", "f99", ROOT, "Cổng", NOON)


@pytest.fixture
def clinic(store: Store) -> Store:
    """A store with the form published, its answers sealed as an application seals them."""
    if not isinstance(store, SealedStore):
        open_data_keys(store, keys_of(Path("nowhere")))
    prepare(store, "LĐLĐ tỉnh Lai Châu")
    store.versions.put(PublishedVersion(HEALTH, 1, "7FK", NOON))
    store.points.put(POINT)
    return opened(store)


def offer(clinic: Store, **limits: object) -> int:
    return keep_offer(clinic, HASHER, HEALTH, Offer("f99", **limits), NOON).seated  # type: ignore[arg-type] # as named


def sending(clinic: Store) -> Callable[[int], None]:
    receiver = Receiver(clinic, HASHER, lambda: str(uuid.uuid4()))
    tree = tree_of(clinic)

    def send(number: int) -> None:
        buoi = "sang" if number % 2 else "chieu"
        inputs = {"ho_ten": [f"Người {number}"], "dien_thoai": ["0912345678"], "buoi": [buoi]}
        taken = receiver.receive(POINT, inputs, tree=tree, language="vi", now=NOON)
        assert isinstance(taken, Received), taken

    return send


def kept(clinic: Store) -> list[Response]:
    return list(clinic.iter_responses("f99", ResponseFilter(withdrawn=False)))


def seated(clinic: Store) -> int:
    return sum(bool(response.holds) for response in kept(clinic))


def test_32_at_once_get_exactly_the_places_there_are(clinic: Store) -> None:
    offer(clinic, total=12, slots={"buoi": {"sang": 5, "chieu": 20}})

    at_once(32, sending(clinic))

    assert len(kept(clinic)) == 32
    places = clinic.places("f99", ["total", "buoi:sang", "buoi:chieu"])
    assert places["total"].taken == seated(clinic) <= 12
    assert places["buoi:sang"].taken <= 5
    seat_waiting(clinic, HASHER, HEALTH, NOON)
    assert seated(clinic) == 12
    assert clinic.places("f99", ["total"])["total"].taken == 12


def test_places_that_become_free_while_others_send_are_all_given(clinic: Store) -> None:
    offer(clinic, slots={"buoi": {"sang": 4, "chieu": 4}})
    send = sending(clinic)
    at_once(16, send)
    eraser = Eraser(clinic, HASHER)
    having = [response for response in kept(clinic) if response.holds]

    def act(number: int) -> None:
        if number < len(having):
            eraser.erase(having[number], Erasure(NOON + timedelta(hours=1), DELETED, "ai-do"))
        else:
            send(100 + number)

    at_once(24, act)
    seat_waiting(clinic, HASHER, HEALTH, NOON)

    assert seated(clinic) == 8
    assert clinic.places("f99", ["buoi:sang", "buoi:chieu"]) == {
        "buoi:sang": Place(4, 8 - 4 + 4), "buoi:chieu": Place(4, 8 - 4 + 4),
    }  # fmt: skip


def test_a_limit_that_is_raised_while_people_send_is_used_up_and_not_passed(clinic: Store) -> None:
    offer(clinic, total=2)
    send = sending(clinic)

    def act(number: int) -> None:
        if number % 8 == 0:
            offer(clinic, total=4 + number // 8)
        else:
            send(number)

    at_once(32, act)
    offer(clinic, total=7)

    assert len(kept(clinic)) == 28
    assert seated(clinic) == 7
    assert clinic.places("f99", ["total"]) == {"total": Place(7, 21)}
