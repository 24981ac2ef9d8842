"""What is sealed, and that it opens in its own place only."""

from dataclasses import replace
from pathlib import Path

import pytest
from filled import OneKey
from kinds import made as made_form
from test_store_contract import made

from forms.definition import Definition
from forms.response import Change
from services.clock import VIETNAM
from storage.data_keys import DataKeys, read_data_keys
from storage.errors import SealBroken, StoreRefused
from storage.key_files import DATA, KeyFiles
from storage.key_ring import LEASE, KeyRing, recorded_ids
from storage.memory import MemoryStore
from storage.sealer import OpenedAnswers, Sealer, open_value, seal_value
from storage.soundness import open_data_keys

KEY = OneKey.secret
FORM = """
- {type: citizen_id, name: cccd, label: {vi: CCCD}}
- {type: phone, name: dien_thoai, label: {vi: Điện thoại}}
- {type: text, name: ten, label: {vi: Tên}}
- {type: calculate, name: nam_sinh, calculation: "substr(${cccd}, 4, 6)"}
- type: select_one
  name: dan_toc
  label: {vi: Dân tộc}
  sensitive: true
  choices:
    - {name: mong, label: {vi: Mông}}
    - {name: khac, label: {vi: Khác}, other: true}
- type: repeat
  name: con
  label: {vi: Con}
  questions:
    - {type: text, name: ten_con, label: {vi: Tên}}
    - {type: phone, name: so, label: {vi: Số}}
- type: repeat
  name: xe
  label: {vi: Xe}
  questions:
    - {type: text, name: bien_so, label: {vi: Biển số}}
- {type: consent, name: dy, label: {vi: Đồng ý}, purpose: sensitive}
"""
ANSWERS = {
    "cccd": "012190123456",
    "dien_thoai": "0912345678",
    "ten": "Lò Thị Sú",
    "nam_sinh": "90",
    "dan_toc": "khac",
    "dan_toc_other": "La Hủ",
    "con": [{"ten_con": "Lò A", "so": "0987654321"}],
    "xe": [{"bien_so": "25B1"}],
    "dy": 1,
}
SEALED = {"cccd", "dien_thoai", "nam_sinh", "dan_toc", "dan_toc_other", "con"}


@pytest.fixture
def form() -> Definition:
    return made_form(FORM)


def sealer(form: Definition | None, keys: OneKey | None = None) -> Sealer:
    return Sealer(keys or OneKey(), lambda: b"hashing", lambda _form, _version: form)


def test_what_identifies_and_what_is_sensitive_is_sealed_with_all_that_follows_from_it(form):
    kept = sealer(form).sealed(made(answers=ANSWERS))

    assert set(kept.sealed) == SEALED
    assert dict(kept.answers) == {n: v for n, v in ANSWERS.items() if n not in SEALED}


def test_answers_to_an_unknown_version_are_all_sealed():
    kept = sealer(None).sealed(made(answers=ANSWERS))

    assert (set(kept.sealed), kept.answers) == (set(ANSWERS), {})


def test_the_version_that_was_answered_decides(form):
    older = made_form("- {type: text, name: dan_toc, label: {vi: Dân tộc}}")
    by_version = Sealer(OneKey(), bytes, lambda _form, version: {1: older, 2: form}[version])

    first = by_version.sealed(made(version=1, answers={"dan_toc": "mong"}))
    second = by_version.sealed(made(version=2, answers={"dan_toc": "mong"}))

    assert (first.answers, first.sealed) == ({"dan_toc": "mong"}, {})
    assert (second.answers, set(second.sealed)) == ({}, {"dan_toc"})


def test_what_was_sealed_opens_to_the_same_response(form):
    at = made().submitted_at.astimezone(VIETNAM)
    change = Change(at, "worker", "corrected", {"cccd": "012190654321", "ten": None, "con": None})
    response = made(answers=ANSWERS, history=(change,))

    kept = sealer(form).sealed(response)
    opened = sealer(form).opened(kept)

    assert replace(opened, found_by={}) == response
    assert dict(kept.history[0].before) == {"ten": None}
    assert set(kept.history[0].sealed) == {"cccd", "con"}


def test_sealing_what_is_sealed_loses_nothing(form):
    once = sealer(form).sealed(made(answers=ANSWERS))

    twice = sealer(form).sealed(once)

    assert dict(sealer(form).opened(twice).answers) == ANSWERS


def test_only_what_is_looked_at_is_opened(form):
    keys = OneKey()
    opened = sealer(form, keys).opened(sealer(form).sealed(made(answers=ANSWERS)))

    assert "cccd" in opened.answers
    assert opened.answers["ten"] == "Lò Thị Sú"
    assert len(opened.answers) == len(ANSWERS)
    assert keys.opened == 0
    assert opened.answers["dien_thoai"] == opened.answers.get("dien_thoai") == "0912345678"
    assert keys.opened == 1
    assert isinstance(opened.answers, OpenedAnswers)


@pytest.mark.parametrize("field", ["id", "definition"])
def test_an_answer_of_another_response_does_not_open(form, field):
    kept = sealer(form).sealed(made(answers=ANSWERS))

    moved = sealer(form).opened(replace(kept, **{field: "f21"}))

    with pytest.raises(SealBroken):
        moved.answers["cccd"]


def test_an_answer_to_another_question_or_from_the_history_does_not_open(form):
    change = Change(made().submitted_at, "worker", "corrected", {"cccd": "012190654321"})
    kept = sealer(form).sealed(made(answers=ANSWERS, history=(change, change)))

    first, second = kept.history
    wrong = (
        replace(kept, sealed={**kept.sealed, "dien_thoai": kept.sealed["cccd"]}),
        replace(kept, sealed={**kept.sealed, "dien_thoai": first.sealed["cccd"]}),
    )
    swapped = sealer(form).opened(replace(kept, history=(second, first)))

    for response in wrong:
        with pytest.raises(SealBroken):
            sealer(form).opened(response).answers["dien_thoai"]
    with pytest.raises(SealBroken):
        swapped.history[0].before["cccd"]


@pytest.mark.parametrize("at", [9, 20, 60, -3])
def test_a_changed_seal_does_not_open(at):
    sealed = seal_value(KEY, b"here", "mong")
    letter = "A" if sealed[at] != "A" else "B"
    changed = sealed[:at] + letter + sealed[at:][1:]

    with pytest.raises(SealBroken):
        open_value(OneKey(), b"here", changed)


@pytest.mark.parametrize("text", ["", "....", ".%", "x" * 3])
def test_what_is_no_seal_does_not_open(text):
    with pytest.raises(SealBroken):
        open_value(OneKey(), b"here", f"{KEY.id}.{text}")


def test_the_length_of_a_sealed_choice_tells_nothing():
    lengths = {len(seal_value(KEY, b"", name)) for name in ("co", "x" * 40, 5, None, ["a", "b"])}

    assert len(lengths) == 1


def test_a_file_opens_under_its_own_name_only(form):
    kept = sealer(form).seal_file("f21", "a" * 32 + "-01.jpg", b"\xff\xd8 photo")

    assert sealer(form).open_file("f21", "a" * 32 + "-01.jpg", kept) == b"\xff\xd8 photo"
    assert b"photo" not in kept
    with pytest.raises(SealBroken):
        sealer(form).open_file("f21", "b" * 32 + "-01.jpg", kept)
    with pytest.raises(SealBroken):
        sealer(form).open_file("f51", "a" * 32 + "-01.jpg", kept)


def test_a_file_of_before_is_read_as_it_is(form):
    assert (
        sealer(form).open_file("f21", "a" * 32 + "-01.jpg", b"\xff\xd8 photo") == b"\xff\xd8 photo"
    )


def test_people_are_found_by_the_same_hash_on_all_forms_and_by_none_on_anonymous_ones(form):
    other = made_form("- {type: citizen_id, name: so_cccd, label: {vi: CCCD}}", id="f21")
    hidden = made_form(FORM, anonymous=True)

    first = sealer(form).sealed(made(answers=ANSWERS)).found_by
    second = sealer(other).sealed(made(answers={"so_cccd": ANSWERS["cccd"]})).found_by

    assert set(first) == {"cccd", "dien_thoai", "con.0.so"}
    assert first["cccd"] == second["so_cccd"]
    assert len(set(first.values())) == 3
    assert sealer(hidden).sealed(made(answers=ANSWERS)).found_by == {}


def test_keys_are_written_so_that_a_mistyped_digit_is_noticed():
    keys = DataKeys().with_new().with_new()
    text = keys.text
    digit = "0" if text[20] != "0" else "1"

    assert read_data_keys(text) == keys
    assert read_data_keys(text.replace("\n", ",").upper()) == keys
    with pytest.raises(ValueError, match="a digit differs"):
        read_data_keys(text[:20] + digit + text[21:])


@pytest.mark.parametrize("text", ["short", "a" * 64 + " " + "a" * 64])
def test_weak_and_double_keys_are_refused(text):
    with pytest.raises(ValueError, match=r"at least 16|twice"):
        read_data_keys(text)


def test_any_longer_text_is_a_key_and_never_stands_in_a_text_about_it():
    keys = read_data_keys("a-data-key-for-tests-only")

    assert len(keys.keys[0].secret) == 32
    assert keys.keys[0].secret.hex() not in repr(keys)
    assert read_data_keys("a-data-key-for-tests-only, another-of-some-length").ids[0] == keys.ids[0]


def files(folder: Path, given: str = "") -> KeyFiles:
    return KeyFiles.of(folder, session="x", hashing="a hashing key", data=given)


def test_the_first_data_key_is_made_once_for_its_owner_only(tmp_path):
    store = MemoryStore()

    open_data_keys(store, files(tmp_path))
    first = files(tmp_path).data_keys()
    open_data_keys(store, files(tmp_path))

    assert files(tmp_path).data_keys() == first
    assert recorded_ids(store) == first.ids
    assert (tmp_path / "keys" / DATA).stat().st_mode & 0o777 == 0o600


def test_a_new_key_in_front_seals_and_the_old_ones_must_stay(tmp_path):
    store = MemoryStore()
    open_data_keys(store, files(tmp_path, "the-first-key-of-all"))
    open_data_keys(store, files(tmp_path, "a-second-key-in-front,the-first-key-of-all"))

    newest, oldest = recorded_ids(store)

    assert KeyRing(store, files(tmp_path, "the-first-key-of-all")).key(oldest).id == oldest
    for missing in ("the-first-key-of-all", "a-second-key-in-front", "quite-another-key"):
        with pytest.raises(StoreRefused, match="PHIEU_DATA_KEY holds other keys"):
            open_data_keys(store, files(tmp_path, missing))
    with pytest.raises(SealBroken, match=newest):
        KeyRing(store, files(tmp_path, "the-first-key-of-all")).key(newest)


def test_a_missing_key_file_is_not_replaced_by_a_new_key(tmp_path):
    store = MemoryStore()
    open_data_keys(store, files(tmp_path))
    (tmp_path / "keys" / DATA).unlink()

    with pytest.raises(StoreRefused, match=r"data\.key is missing, but .*key show"):
        open_data_keys(store, files(tmp_path))
    assert not (tmp_path / "keys" / DATA).exists()


def test_a_running_server_takes_over_a_new_key_within_the_lease(tmp_path):
    store, now = MemoryStore(), [0.0]
    open_data_keys(store, files(tmp_path))
    ring = KeyRing(store, files(tmp_path), clock=lambda: now[0])
    old = ring.sealing()
    files(tmp_path).put_data_keys(files(tmp_path).data_keys().with_new())
    open_data_keys(store, files(tmp_path))

    within = ring.sealing()
    now[0] = LEASE
    after = ring.sealing()

    assert within == old
    assert after.id == recorded_ids(store)[0] != old.id
    assert ring.key(old.id) == old


def test_a_server_without_the_new_key_stops_writing(tmp_path):
    store = MemoryStore()
    open_data_keys(store, files(tmp_path, "the-first-key-of-all"))
    ring = KeyRing(store, files(tmp_path, "the-first-key-of-all"))
    open_data_keys(store, files(tmp_path, "a-second-key-in-front,the-first-key-of-all"))

    with pytest.raises(StoreRefused, match="newest data key"):
        ring.sealing()
