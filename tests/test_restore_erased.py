"""An older backup never brings back what was deleted since it was made."""

import shutil
import uuid
import zipfile
from dataclasses import replace

import pytest
from cases import sent
from command import command_line
from conftest import MEAL, World
from kinds import made, offered
from sending import HARDSHIP, JOINING, JSON, send
from test_cases_erased import PLANTED, photo, with_photos, world_on
from test_store_changes import every_byte

from app import create_app
from services.erased import LIST_NAME, ErasedList, read_list
from services.erasure.erasing import PURGED, Eraser, Erasure
from services.publishing.publish import change_definition
from services.rights.deadlines import purged_by_unit
from services.rights.purging import Purger
from services.trail.audit import COMMAND, SERVER
from services.upkeep.archived import opened_backup
from storage.errors import StoreFailed
from storage.opening import open_store
from storage.store import ResponseFilter

SECRETS = ("Tẩn Lở Mẩy", "Nha bi to mai", "012190123456", "0912345678")
PHRASE = "một hai ba bốn năm\n"


@pytest.fixture
def run(config, tmp_path):
    """An installation whose keys are files, with a folder for backups."""
    backups = tmp_path / "backups"
    backups.mkdir()
    return command_line(replace(config, hash_key="", secret_key="", backup_dir=backups), tmp_path)


@pytest.fixture
def other(run, tmp_path):
    """A second machine, with nothing on it."""
    return command_line(run.config, tmp_path / "other")


@pytest.fixture
def world(run, clock):
    store = open_store(run.folder)
    made = world_on(store, run.config, clock)
    yield made
    store.close()


def backed_up(run, name="old.zip"):
    """A backup beside the list of deletions, made while the server runs."""
    path = run.config.backup_dir / name
    assert run(["backup", "create", "-o", path]).exit_code == 0
    return path


def put_back(other, run, path, *options):
    (other.folder / "keys").mkdir(parents=True, exist_ok=True)
    (other.folder / "keys/hash.key").write_bytes((run.folder / "keys/hash.key").read_bytes())
    return other(["backup", "restore", path, *options])


def kept(run, form="f21"):
    store = run.store()
    found = list(store.iter_responses(form, ResponseFilter())), list(store.iter_files(form))
    store.close()
    return found


def test_what_was_deleted_since_comes_back_as_a_tombstone_without_its_files(
    run, other, world, clock
):
    sender = with_photos(world)
    sender.client.post(sender.url, data=sender.typed() | {"ho_ten": "Tẩn Lở Mẩy"})
    stays = sent(world, answers=HARDSHIP | {"ho_ten": "Người ở lại"})
    old = backed_up(run)
    sender.press("delete", _proof=sender.proof())

    told = put_back(other, run, old)

    (gone, left), files = kept(other)
    assert "1 phiếu đã bị xóa sau khi lập bản sao lưu này" in told.output
    assert (gone.answers, gone.is_withdrawn, gone.history[0].what) == ({}, True, "deleted")
    assert (gone.receipt, left.receipt) == (sender.receipt, stays.receipt)
    assert left.answers["ho_ten"] == "Người ở lại"
    assert files == []
    content = every_byte(other.folder)
    assert "Người ở lại".encode() in content
    assert "Tẩn Lở Mẩy".encode() not in content
    store = open_store(other.folder)
    client = create_app(other.config, store, clock=clock).test_client()
    posted = {"instance_id": sender.instance, **HARDSHIP}
    assert client.post(f"/q/{sender.code}", data=posted, headers=JSON).status_code == 410
    assert "đã rút" in client.get(sender.url).text.lower()
    store.close()


def test_what_was_purged_since_stays_gone_and_still_counts(run, other, world, clock):
    code = world.publish("f21")
    for number in range(3):
        send(world, code, PLANTED | {"dien_thoai": f"098765432{number}"})
    change_definition(world.store, "f21", "close", clock())
    old = backed_up(run)
    clock.move(days=365)
    hasher = world.app.extensions["phieu"].hasher
    listed = ErasedList(run.config.backup_dir / LIST_NAME, hasher)
    Purger(world.store, hasher, clock, listed).purge("f21", SERVER)

    put_back(other, run, old)

    store = open_store(other.folder)
    restored = world_of(store, other, clock)
    Purger(restored.store, hasher, clock).purge("f21", SERVER)
    gone = [response.history[-1].what for response in store.iter_responses("f21", ResponseFilter())]
    counted = purged_by_unit(restored.store, "f21")
    store.close()
    assert gone == ["purged"] * 3
    assert counted == {"nam-na": 3}
    assert "Tẩn Lở Mẩy".encode() not in every_byte(other.folder)


def world_of(store, run, clock):
    return World(create_app(run.config, store, clock=clock), store, clock)


def test_the_same_without_the_list_would_bring_it_back(run, other, world):
    sender = sent(world, answers=PLANTED)
    old = backed_up(run)
    sender.press("delete", _proof=sender.proof())

    assert put_back(other, run, old, "--ignore-deleted").exit_code == 0

    [back], _ = kept(other)
    assert back.answers["ho_ten"] == "Tẩn Lở Mẩy"


def test_the_list_may_lie_elsewhere_or_be_a_newer_backup(run, other, world, tmp_path):
    sender = sent(world, answers=PLANTED)
    old = backed_up(run)
    sender.press("delete", _proof=sender.proof())
    newer = backed_up(run, "newer.zip")
    moved = shutil.move(run.config.backup_dir / LIST_NAME, tmp_path / "list.jsonl")
    third = command_line(run.config, tmp_path / "third")

    by_list = put_back(other, run, old, "--deleted", moved, "--json")
    by_backup = put_back(third, run, old, "--deleted", newer, "--json")

    for told, place in ((by_list, other), (by_backup, third)):
        assert '"left_deleted": 1' in told.stdout
        assert [response.answers for response in kept(place)[0]] == [{}]


def test_a_sealed_backup_brings_the_key_by_which_the_list_is_read(run, other, world):
    sender = sent(world, answers=PLANTED)
    old = run.config.backup_dir / "old.age"
    run(["backup", "create", "-o", old, "--passphrase-stdin"], stdin=PHRASE)
    sender.press("delete", _proof=sender.proof())

    told = other.told(["backup", "restore", old, "--passphrase-stdin"], stdin=PHRASE)

    assert told["left_deleted"] == 1
    assert all(text.encode() not in every_byte(other.folder) for text in SECRETS)


def test_under_another_key_the_list_cannot_be_read_and_that_is_said(run, other, world):
    sender = sent(world, answers=PLANTED)
    old = backed_up(run)
    sender.press("delete", _proof=sender.proof())
    (other.folder / "keys").mkdir(parents=True)
    (other.folder / "keys/hash.key").write_text("ab" * 32)

    refused = other(["backup", "restore", old, "--with-other-key"])
    done = other(["backup", "restore", old, "--with-other-key", "--ignore-deleted"])

    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert "--ignore-deleted" in refused.stderr


def test_a_restore_that_was_cut_off_goes_on_without_what_was_deleted(
    run, other, world, monkeypatch
):
    sender = sent(world, answers=PLANTED)
    sent(world, "f51", answers=JOINING)
    old = backed_up(run)
    sender.press("delete", _proof=sender.proof())

    def full(*_):
        raise StoreFailed("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("services.upkeep.copying._transfer_files", full)
        assert put_back(other, run, old).exit_code == 1
    again = put_back(other, run, old, "--json")

    assert '"left_deleted": 1' in again.stdout
    assert [response.answers for response in kept(other)[0]] == [{}]
    assert kept(other, "f51")[0][0].answers


def test_what_came_and_went_after_the_backup_is_refused_when_a_phone_sends_it_again(
    run, other, world, clock
):
    code, meals = world.publish("f21"), world.publish("f28")
    old = backed_up(run)
    instances = [str(uuid.uuid4()) for _ in range(2)]
    send(world, code, PLANTED, instance_id=instances[0])
    send(world, meals, MEAL, instance_id=instances[1])
    erased = ErasedList(run.config.backup_dir / LIST_NAME, world.app.extensions["phieu"].hasher)
    for form in ("f21", "f28"):
        found = list(world.store.iter_responses(form, ResponseFilter()))
        eraser = Eraser(world.store, world.app.extensions["phieu"].hasher, erased)
        eraser.erase_many(found, Erasure(clock(), PURGED, COMMAND))

    assert put_back(other, run, old).exit_code == 0
    store = open_store(other.folder)
    client = create_app(other.config, store, clock=clock).test_client()
    queued = {"_queued_at": clock().isoformat()}
    answers = [
        client.post(f"/q/{at}", data={**sent_, **queued, "instance_id": i}, headers=JSON)
        for at, sent_, i in zip((code, meals), (PLANTED, MEAL), instances, strict=True)
    ]
    fresh = client.post(f"/q/{code}", data=PLANTED | queued, headers=JSON)
    store.close()

    assert [answer.status_code for answer in answers] == [410, 410]
    assert fresh.status_code == 201


def test_the_daily_backup_catches_up_with_what_is_not_on_the_list(run, world, clock):
    sender = sent(world)
    sender.press("delete", _proof=sender.proof())
    (run.config.backup_dir / LIST_NAME).unlink()

    world.app.extensions["phieu"].backups.look()

    lines = list(read_list(run.config.backup_dir / LIST_NAME))
    assert [line.form for line in lines] == ["f21"]
    with opened_backup(run.config.backup_dir / f"phieu-{clock():%Y-%m-%d}.zip", "") as archive:
        assert archive.manifest.responses == {"f21": 1}


def test_a_backup_made_after_a_deletion_holds_nothing_of_it(run, world):
    sender, photos = sent(world, answers=PLANTED), with_photos(world)
    (name,) = world.store.iter_files("f21")
    sender.press("delete", _proof=sender.proof())
    photos.press("delete", _proof=photos.proof())

    with zipfile.ZipFile(backed_up(run, "after.zip")) as archive:
        everything = {member: archive.read(member) for member in archive.namelist()}

    assert everything["files/f21.jsonl"] == b""
    for text in (*SECRETS, name):
        assert text.encode() not in b"".join(everything.values()), text


def test_files_whose_names_stand_encrypted_do_not_come_back_either(run, other, world):
    form = made(
        """
- {type: phone, name: so, label: {vi: Số, en: Number}}
- {type: image, name: anh, sensitive: true, label: {vi: Ảnh, en: Picture}}
- {type: consent, name: dong_y, purpose: sensitive, label: {vi: Đồng ý, en: I agree}}
""",
        id="anh-kin",
    )
    posted = {"so": "0912345678", "dong_y": "1", "anh": photo(300)}
    told = send(world, offered(world, form), posted)
    (name,) = world.store.iter_files("anh-kin")
    old = backed_up(run)
    client, url = world.client(), f"/r/{told['receipt']}"
    opened = client.post(url, data={"_act": "open", "_digits": "5678"}).text
    proof = opened.partition('name="_proof" value="')[2].partition('"')[0]
    client.post(url, data={"_act": "delete", "_proof": proof})

    assert put_back(other, run, old).exit_code == 0

    assert kept(other, "anh-kin")[1] == []
    assert not any(name in path.name for path in other.folder.rglob("*"))
    assert name not in kept_text(run, old)


def kept_text(run, path):
    """The responses of a backup as text: encrypted answers tell no name of a file."""
    with zipfile.ZipFile(path) as archive:
        return archive.read("responses/anh-kin.jsonl").decode()
