"""Stores with something in them, for tests of copies and backups; holds no test itself."""

import random
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from conftest import MEAL, fill_world
from hypothesis import strategies as st
from pictures import jpeg
from sending import HARDSHIP

from federation.headcounts import Headcount
from federation.retentions import FormRetention, Hold
from forms.campaign import Campaign
from forms.draft import Draft
from forms.editing.plain import as_plain
from forms.export_profile import ExportProfile, ProfileColumn
from forms.gallery import gallery
from forms.offer import Offer
from forms.publication import Openings
from forms.types.base import Upload
from services.clock import VIETNAM
from services.identity import Hasher
from services.organization.start import prepare
from services.organization.unit_acts import merging
from services.organization.units import add_unit, decide, tree_of
from services.publishing.publish import publish
from services.receiving.receive import Receiver
from services.receiving.received import Received
from services.upkeep.contents import tallies
from storage.data_keys import DataKey
from storage.key_files import KeyFiles, fingerprint
from storage.sealed import Definitions, SealedStore, sealer_of
from storage.sealer import Sealer
from storage.soundness import HASH_KEY, open_data_keys
from storage.store import Setting, Store

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=VIETNAM)
KEY = b"a hashing key for tests only, of some length"
DATA_KEY = "a-data-key-for-tests-only"


def silent(_count: int) -> None:
    """Hear how far an act is, and say nothing."""


def keys_of(folder: Path, key: bytes = KEY) -> KeyFiles:
    """The keys of these stores, as the environment gives them."""
    return KeyFiles.of(folder, session="x", hashing=key.decode(), data=DATA_KEY)


def opened(store: Store, key: bytes = KEY) -> SealedStore:
    """A store as an application reads and fills it, under the keys of these tests."""
    if isinstance(store, SealedStore):  # sealed twice, nothing in it would open
        return store
    return SealedStore(store, sealer_of(store, keys_of(Path("nowhere"), key)))


class OneKey:
    """The keys of a sealer: always this one; counts how often it was asked for to open."""

    secret = DataKey(b"k" * 32)

    def __init__(self) -> None:
        self.opened = 0

    def sealing(self) -> DataKey:
        return self.secret

    def key(self, key_id: str) -> DataKey:
        self.opened += 1
        assert key_id == self.secret.id
        return self.secret


def sealed_by(keys: OneKey, store: Store) -> SealedStore:
    """A store sealed without a word of it in its settings."""
    return SealedStore(store, Sealer(keys, lambda: KEY, Definitions(store)))


def begin(store: Store, key: bytes = KEY) -> None:
    """Give a store its units, people and two published forms, one of them anonymous."""
    store.settings.put(Setting(HASH_KEY, fingerprint(key)))
    open_data_keys(store, keys_of(Path("nowhere"), key))
    prepare(store, "LĐLĐ tỉnh Lai Châu")
    fill_world(store)
    add_unit(store, "cu", "CĐCS cũ", "root", "enterprise")
    decide(store, merging(["cu"], "nam-na", NOON.date()))
    store.offers.put(Offer("f21", total=1_000))
    store.openings.put(Openings("f21", {"7FKMNP": 3}))
    day = NOON.date()
    store.campaigns.put(Campaign("tet-2026", "Tết 2026", day, day, ("f21",), ("nam-na",), NOON))
    store.headcounts.put(Headcount("nam-na", "2026-Q3", 1_810, None))
    store.retentions.put(FormRetention("f21", holds=(Hold(NOON, "quan-tri", "thanh tra"),)))
    store.profiles.put(ExportProfile("f21", "tet", "Tết", (ProfileColumn("Họ tên", "ho_ten"),)))
    store.drafts.put(Draft("f22-2", "lap-phieu", as_plain(gallery()["f22"]), NOON, "lap-phieu"))
    for form in ("f28", "f21"):
        publish(store, form, ["nam-na"], "Nhà ăn ca", tree=tree_of(store), now=NOON)


def send(store: Store, count: int, *, seed: int = 1, key: bytes = KEY) -> list[str]:
    """Send answers to both forms; gives the receipts."""
    dice = random.Random(seed)  # noqa: S311 - the same answers each time
    receiver = Receiver(
        opened(store, key),
        Hasher(key),
        lambda: str(uuid.UUID(int=dice.getrandbits(128), version=4)),
    )
    points = {point.definition: point for point in store.points.all()}
    receipts = []
    for number in range(count):
        form, answers = (("f28", MEAL), ("f21", HARDSHIP))[number % 2]
        inputs = {
            name: [value] if isinstance(value, str) else value for name, value in answers.items()
        }
        papers = {"giay_to": (Upload("so.jpg", "image/jpeg", jpeg()),)} if form == "f21" else {}
        taken = receiver.receive(
            points[form],
            inputs,
            papers,
            tree=tree_of(store),
            language="vi",
            now=NOON + timedelta(minutes=number),
        )
        assert isinstance(taken, Received), taken
        receipts.append(taken.receipt)
    return receipts


def fill(store: Store, count: int = 12) -> None:
    begin(store)
    send(store, count)


def sums(store: Store) -> dict[str, tuple[int, str]]:
    return {part: (tally.count, tally.checksum) for part, tally in tallies(store).items()}


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = (
    TEXTS
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: round(x, 3)).filter(lambda x: x % 1)
    | st.lists(TEXTS, max_size=3)
)
