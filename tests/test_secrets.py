"""What was told in confidence stands nowhere in the clear: files, database, backups, logs."""

import base64
import io
import logging
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
import pytest
from cases import Sender
from conftest import SetClock, World, fill_world
from pictures import drawn, saved
from postgresql_server import ask, fresh_database
from reading import Page
from sending import HARDSHIP, send
from test_store_changes import every_byte

from app import create_app
from config import Config
from services.upkeep.backup import Source, create_backup
from services.upkeep.contents import EVERYTHING
from storage.key_files import KeyFiles
from storage.opening import open_store
from storage.sealer import sealed_parts
from storage.store import Store

FIRST = {"so_cccd": "012190424242", "dien_thoai": "0976535353", "mo_ta": "Chi Mo bi benh tim"}
NEXT = {"so_cccd": "012190646464", "dien_thoai": "0976575757", "mo_ta": "Nợ tiền viện phí"}
OTHER = {"hoan_canh": ["khac"], "hoan_canh_other": "ly hon nam ngoai"}
TOLD = [*FIRST.values(), *NEXT.values(), "012190 424242", "976535353", "ly hon nam ngoai"]
CLEAR = "Tẩn Lở Mẩy"  # names are not encrypted: so the search looks where answers are


@dataclass
class Place:
    """An installation and all that is kept of it."""

    world: World
    folder: Path
    url: str
    sender: Sender

    def bytes(self) -> bytes:
        """Every byte on the disk, and every value of every table."""
        there = every_byte(self.folder)
        if not self.url:
            return there
        tables = ask(
            self.url,
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
        )
        rows = [
            row
            for (table,) in tables
            for row in ask(self.url, f"SELECT t::text FROM {table} t")  # noqa: S608 - our own tables
        ]
        return there + "\n".join(row[0] for row in rows).encode()


def opened_app(store: Store, config: Config, clock: SetClock) -> World:
    world = World(create_app(config, store, clock=clock), store, clock)
    fill_world(store)
    return world


@pytest.fixture(params=["embedded", "postgresql"])
def place(request, config: Config, clock: SetClock, tmp_path: Path) -> Iterator[Place]:
    """Somebody has sent everything, and corrected it twice."""
    own = replace(config, data_dir=tmp_path / "data", data_key="", hash_key="")
    database = fresh_database() if request.param == "postgresql" else nullcontext("")
    with database as url:
        store = open_store(own.data_dir, url)
        world = opened_app(store, own, clock)
        code = world.publish("f21")
        answers = HARDSHIP | {"ho_ten": CLEAR} | FIRST | OTHER
        told = send(world, code, answers, giay_to=(io.BytesIO(noise()), "so.jpg"))
        sender = Sender(world.client(), told["receipt"], told["instance_id"], code)
        for digits, changed in ((FIRST["dien_thoai"][-4:], NEXT), (NEXT["dien_thoai"][-4:], FIRST)):
            proof = open_case(sender, digits)
            done = sender.client.post(sender.url, data=typed(sender, proof) | changed)
            assert done.status_code == 303, done.text
        yield Place(world, own.data_dir, url, sender)
        store.close()


def noise() -> bytes:
    """A picture that cannot be packed well, so that its bytes are its own."""
    return saved(drawn(64, 64).effect_spread(9), quality=95)


def open_case(sender: Sender, digits: str) -> str:
    return Page(sender.open(digits).text).one("input", name="_proof")["value"]


def typed(sender: Sender, proof: str) -> dict[str, list[str]]:
    return Page(sender.press("edit", _proof=proof).text).sent()


def secrets_of(place: Place) -> list[bytes]:
    """All that must not be found, as it may be written: plain, escaped, as hexadecimal digits."""
    plain = [text.encode() for text in TOLD]
    escaped = [text.encode("unicode_escape") for text in TOLD]
    (name,) = place.world.store.iter_files("f21")
    photo = place.world.store.file("f21", name)
    assert photo is not None
    pieces = [photo[at : at + 24] for at in range(200, len(photo) - 24, len(photo) // 9)]
    assert pieces
    return [*plain, *escaped, *pieces, *(piece.hex().encode() for piece in [*plain, *pieces])]


def test_what_was_told_is_read_by_those_who_may(place):
    (response,) = place.world.store.iter_responses("f21", EVERYTHING)
    answers = {**response.answers}
    befores = [dict(change.before) for change in response.history]

    assert {name: answers[name] for name in FIRST} == FIRST
    assert [{n: b[n] for n in FIRST} for b in befores] == [FIRST, NEXT]
    assert answers["hoan_canh_other"] == "ly hon nam ngoai"


def test_nothing_of_it_is_in_the_data(place):
    found = place.bytes()

    assert CLEAR.encode() in found
    assert [secret for secret in secrets_of(place) if secret in found] == []


def test_nothing_of_it_is_in_the_folded_files(place):
    secrets = secrets_of(place)
    place.world.kept.forget_changed("f21")

    found = place.bytes()

    assert CLEAR.encode() in found
    assert [secret for secret in secrets if secret in found] == []


def test_nothing_of_it_is_in_a_backup_without_a_passphrase_nor_is_a_key(place, tmp_path):
    file, keys = tmp_path / "b.zip", KeyFiles.of(place.folder, session="x")
    source = Source(lambda: nullcontext(place.world.kept), keys)
    create_backup(source, file, place.world.clock(), lambda _count: None)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    (line,) = members["files/f21.jsonl"].splitlines()
    found = b"".join(members.values()) + base64.b64decode(orjson.loads(line)["content"])

    key = keys.data_keys().keys[0]
    forbidden = [*secrets_of(place), key.secret, key.secret.hex().encode()]
    assert CLEAR.encode() in found
    assert key.id.encode() in found
    assert [secret for secret in forbidden if secret in found] == []


def test_nothing_of_it_is_in_the_logs(place, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    (response,) = place.world.kept.iter_responses("f21", EVERYTHING)
    chair = place.world.signed_in("chu-tich")
    swapped = replace(response, sealed=response.history[0].sealed)
    pages = [chair.get(f"/responses/f21/{response.id}"), chair.get("/responses/f21")]
    place.world.kept.change_response(response, swapped)

    broken = chair.get(f"/responses/f21/{response.id}")
    told = "".join(capfd.readouterr()) + caplog.text
    place.world.kept.change_response(swapped, response)

    assert (*(page.status_code for page in pages), broken.status_code) == (200, 200, 500)
    assert "storage check" in told
    assert [secret for secret in secrets_of(place) if secret in told.encode()] == []


def test_after_a_withdrawal_the_encrypted_answers_and_photos_are_gone_too(place):
    (response,) = place.world.kept.iter_responses("f21", EVERYTHING)
    seals = [text.encode() for _, _, text in sealed_parts(response)]
    hashes = [text.encode() for text in response.found_by.values()]
    (name,) = place.world.store.iter_files("f21")
    photo = place.world.kept.file("f21", name)
    assert photo is not None
    before = place.bytes()

    place.sender.press("withdraw", _proof=open_case(place.sender, FIRST["dien_thoai"][-4:]))
    after = place.bytes()

    assert len(seals) > 8
    assert [gone for gone in [*seals, *hashes] if gone not in before] == []
    assert [left for left in [*seals, *hashes] if left in after] == []
    assert photo in before or photo.hex().encode() in before
    assert photo not in after
    assert photo.hex().encode() not in after


def test_a_removed_file_is_gone_with_its_seal(place):
    (name,) = place.world.store.iter_files("f21")
    kept = place.world.kept.file("f21", name)
    assert kept is not None
    written = (kept, kept.hex().encode())
    before = place.bytes()

    place.world.store.remove_file("f21", name)
    after = place.bytes()

    assert any(form in before for form in written)
    assert not any(form in after for form in written)
