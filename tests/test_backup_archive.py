"""The backup file itself: damage and malice are refused before anything is changed."""

import contextlib
import io
import random
import stat
import tempfile
import unicodedata
import zipfile
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from filled import NOON, TEXTS, VALUES, fill, keys_of, silent, sums
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from postgresql_server import fresh_database

from forms.response import Response
from services.upkeep.archived import opened_backup
from services.upkeep.backup import Source, create_backup, prove, restore_backup, verify_backup
from storage.archive import LONGEST_LINE, MANIFEST
from storage.embedded import EmbeddedStore
from storage.errors import ArchiveRefused, StoreError, WrongPassphrase
from storage.memory import MemoryStore
from storage.opening import open_store
from storage.store import ResponseFilter, Setting, Store

PHRASE = "một hai ba bốn năm"


def backed_up(store: Store, path: Path, *, passphrase: str = "") -> Path:
    source = Source(lambda: nullcontext(store), keys_of(path.parent))
    create_backup(source, path, NOON, silent, passphrase=passphrase)
    return path


def put_back(path: Path, store: Store, *, passphrase: str = "") -> None:
    with opened_backup(path, passphrase) as archive:
        restore_backup(archive, store, keys_of(path.parent), silent, with_other_key=False)


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    fill(made)
    return made


@pytest.fixture
def path(store: MemoryStore, tmp_path: Path) -> Path:
    return backed_up(store, tmp_path / "backup.zip")


def rewritten(path: Path, change) -> Path:
    """The archive with its members changed; their sums in the manifest stay as they are."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def refused(path: Path, passphrase: str = "") -> str:
    """Why the archive is refused; an untouched store proves that nothing was written."""
    target = MemoryStore()
    with pytest.raises(ArchiveRefused) as caught:
        put_back(path, target, passphrase=passphrase)
    assert target.settings.all() == target.units.all() == target.forms_with_responses() == ()
    return str(caught.value)


def test_a_backup_comes_back_equal(store, path):
    target = MemoryStore()

    put_back(path, target)

    assert sums(target) == sums(store)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_verifying_counts_in_a_scratch_store_and_leaves_nothing(store, path):
    before = set(Path(tempfile.gettempdir()).glob("phieu-verify-*"))

    with opened_backup(path, "") as archive:
        verified = verify_backup(archive, silent)

    assert {part: (t.count, t.checksum) for part, t in verified.tallies.items()} == sums(store)
    assert verified.report.findings == []
    assert set(Path(tempfile.gettempdir()).glob("phieu-verify-*")) == before


@pytest.mark.parametrize("passphrase", ["", PHRASE])
def test_a_flipped_bit_is_refused_or_changes_nothing(store, tmp_path, passphrase):
    path = backed_up(store, tmp_path / "whole", passphrase=passphrase)
    content, dice = path.read_bytes(), random.Random(7)  # noqa: S311 - the same places each time
    wounded, refusals, tries = tmp_path / "wounded", 0, 5 if passphrase else 300

    for _ in range(tries):
        bad = bytearray(content)
        bad[dice.randrange(len(bad))] ^= 1 << dice.randrange(8)
        wounded.write_bytes(bad)
        target = MemoryStore()
        try:
            put_back(wounded, target, passphrase=passphrase)
        except StoreError:
            refusals += 1
            assert target.forms_with_responses() == ()
        else:
            assert sums(target) == sums(store)

    assert refusals > tries * 0.8


@pytest.mark.parametrize(
    "shelf",
    [
        "headcounts",
        "requests",
        "retentions",
        "profiles",
        "breaches",
        "drafts",
        "offers",
        "openings",
        "campaigns",
    ],
)
def test_a_backup_of_an_earlier_version_has_fewer_shelves_and_is_restored(path, shelf):
    def earlier(members):
        manifest = orjson.loads(members[MANIFEST])
        del members[f"{shelf}.jsonl"], manifest["members"][f"{shelf}.jsonl"]
        members[MANIFEST] = orjson.dumps(manifest)

    rewritten(path, earlier)
    target = MemoryStore()
    put_back(path, target)

    assert getattr(target, shelf).all() == ()
    assert target.units.get("cu").changes


@pytest.mark.parametrize("passphrase", ["", PHRASE])
def test_a_file_that_was_cut_off_is_refused(store, tmp_path, passphrase):
    path = backed_up(store, tmp_path / "whole", passphrase=passphrase)
    content = path.read_bytes()

    for length in (0, 1, 30, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        refused(path, passphrase)


def test_a_wrong_passphrase_is_told_from_damage(store, tmp_path):
    path = backed_up(store, tmp_path / "sealed", passphrase=PHRASE)

    with pytest.raises(WrongPassphrase), opened_backup(path, "một hai ba bốn sáu"):
        pass


def test_a_passphrase_may_be_typed_on_another_keyboard(store, tmp_path):
    path = backed_up(store, tmp_path / "sealed", passphrase="mật khẩu dài")
    target = MemoryStore()

    put_back(path, target, passphrase=unicodedata.normalize("NFD", "mật khẩu dài"))

    assert sums(target) == sums(store)


@pytest.mark.parametrize(
    "name",
    ["../registry.json", "/etc/passwd", "responses/../x.jsonl", "responses/F28.jsonl", "keys/a.sh"],
)
def test_a_member_with_another_name_is_refused(path, name):
    rewritten(path, lambda members: members.update({name: b"x"}))

    assert "not a backup of this program" in refused(path)


def test_a_member_that_is_there_twice_is_refused(path):
    with zipfile.ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("units.jsonl", b"")

    refused(path)


def test_a_symlink_is_read_as_text_and_refused(path):
    link = zipfile.ZipInfo("units.jsonl")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    rewritten(path, lambda members: members.pop("units.jsonl"))
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(link, "/etc/passwd")

    refused(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(path):
    rewritten(path, lambda members: members.update({"units.jsonl": bytes(300 * 2**20)}))

    assert "far larger" in refused(path)


def test_a_line_without_end_is_refused(path):
    rewritten(path, lambda members: members.update({"units.jsonl": bytes(LONGEST_LINE + 2)}))

    assert "too long" in refused(path)


@pytest.mark.parametrize("name", ["units.jsonl", "responses/f28.jsonl"])
def test_a_changed_member_is_refused(path, name):
    rewritten(path, lambda m: m.update({name: m[name].replace(b"nam-na", b"nam-ma")}))

    assert "not what the manifest says" in refused(path)


def test_a_missing_member_is_refused(path):
    rewritten(path, lambda members: members.pop("points.jsonl"))

    refused(path)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": 3}, "newer version"),
        ({"product": "other"}, "not a backup of this program"),
        ({"members": 5}, "damaged"),
        ({"format": "one"}, "damaged"),
    ],
)
def test_a_strange_manifest_is_refused(path, fields, said):
    def change(members):
        members[MANIFEST] = orjson.dumps(orjson.loads(members[MANIFEST]) | fields)

    assert said in refused(rewritten(path, change))


def test_a_manifest_that_is_no_object_is_refused(path):
    refused(rewritten(path, lambda members: members.update({MANIFEST: b"[1]"})))


def test_other_files_are_refused(tmp_path):
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("holiday.jpg", b"x")
    for content in (b"%PDF-1.7", other.getvalue(), b"age-encryption.org/v1\nnonsense"):
        path = tmp_path / "other"
        path.write_bytes(content)
        refused(path, PHRASE)


def test_records_of_no_known_shape_are_refused_although_all_sums_fit(store, tmp_path):
    answered = next(iter(store.iter_responses("f21", ResponseFilter())))
    strange = replace(answered, id="new", version="one", receipt="R", instance="i")
    store.load_responses("f21", [strange])

    assert "responses/f21.jsonl, line 7" in refused(backed_up(store, tmp_path / "b.zip"))


def responses_of(form: str):
    """Any responses of one form, each with keys of its own."""
    made = st.builds(
        Response,
        id=st.uuids().map(str),
        definition=st.just(form),
        version=st.integers(1, 9),
        instance=st.uuids().map(str),
        content=st.text("0123456789abcdef", min_size=1, max_size=8),
        receipt=st.uuids().map(str),
        unit=TEXTS.filter(bool),
        place=TEXTS,
        point=TEXTS.filter(bool),
        submitted_at=st.just(NOON),
        language=st.sampled_from(["vi", "en"]),
        answers=st.dictionaries(TEXTS, VALUES, max_size=4),
        flags=st.lists(TEXTS, max_size=2).map(tuple),
        state=st.sampled_from(["new", "seen"]),
        attempt=st.integers(0, 3),
        ancestors=st.lists(TEXTS, max_size=2).map(tuple),
        queued_at=TEXTS,
    )
    return st.lists(made, max_size=4, unique_by=(lambda r: r.id, lambda r: r.receipt))


CONTENTS = st.tuples(
    responses_of("f28"), responses_of("f51"), st.dictionaries(TEXTS.filter(bool), TEXTS, max_size=3)
)
MANY = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def filled_with(contents) -> MemoryStore:
    made = MemoryStore()
    first, second, small = contents
    made.load_responses("f28", first)
    made.load_responses("f51", second)
    for name, value in small.items():
        made.settings.put(Setting(f"own {name}", value))
    return made


@MANY
@given(CONTENTS)
def test_whatever_a_store_holds_comes_back(contents):
    made = filled_with(contents)

    with tempfile.TemporaryDirectory() as folder:
        target = EmbeddedStore(Path(folder) / "target")
        put_back(backed_up(made, Path(folder) / "b.zip"), target)
        restored = sums(target)
        target.close()

    assert restored == sums(made)


@settings(MANY, max_examples=10, phases=[Phase.generate])  # shrinking would take minutes
@given(CONTENTS)
def test_whatever_a_store_holds_comes_back_into_a_database(contents):
    made = filled_with(contents)

    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_database() as url,
        contextlib.closing(open_store(Path(folder), url)) as target,
    ):
        put_back(backed_up(made, Path(folder) / "b.zip"), target)
        restored = sums(target)

    assert restored == sums(made)


def test_proving_reads_the_keys_too(store, tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "extra.key").write_text("aa")
    path = backed_up(store, tmp_path / "sealed", passphrase=PHRASE)

    with opened_backup(path, PHRASE) as archive:
        prove(archive)

        assert archive.manifest.keys == ("extra.key",)
