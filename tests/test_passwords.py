"""Passwords: only the right one fits, and only where there is one."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from federation import passwords
from federation.passwords import LONGEST, hash_password, verify_password

RIGHT = "mật khẩu Chè Shan"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(RIGHT)


def test_the_right_password_fits(hashed):
    assert verify_password(hashed, RIGHT) is True


@pytest.mark.parametrize(
    "wrong",
    ["", "mật khẩu chè shan", "mat khau Che Shan", f"{RIGHT} ", RIGHT[:-1], "x" * (LONGEST + 1)],
)
def test_any_other_password_does_not_fit(hashed, wrong):
    assert verify_password(hashed, wrong) is False


def test_the_hash_itself_is_no_password(hashed):
    assert verify_password(hashed, hashed) is False


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_way_a_keyboard_writes_accents_does_not_matter(hashed, form):
    assert verify_password(hashed, unicodedata.normalize(form, RIGHT)) is True
    assert verify_password(hash_password(unicodedata.normalize(form, RIGHT)), RIGHT) is True


@pytest.mark.parametrize("nobody", [None, ""])
@pytest.mark.parametrize("password", ["", RIGHT, "nobody has this password"])
def test_nobody_signs_in_where_there_is_no_password(nobody, password):
    assert verify_password(nobody, password) is False


def test_an_unknown_person_costs_a_whole_comparison(monkeypatch, hashed):
    compared = []

    class Watching(PasswordHasher):
        def verify(self, hash, password):
            compared.append((hash[:10], password))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Watching())

    assert verify_password(None, RIGHT) is False
    assert verify_password(hashed, RIGHT) is True
    assert compared == [("$argon2id$", RIGHT)] * 2


@pytest.mark.parametrize(
    "garbage", ["garbage", "$argon2id$", "$argon2id$v=19$m=65536,t=3,p=4$!!$!!", RIGHT, "đ"]
)
def test_a_broken_hash_lets_nobody_in_and_breaks_nothing(garbage):
    assert verify_password(garbage, RIGHT) is False


def test_a_damaged_hash_no_longer_fits(hashed):
    last = "A" if hashed[-5] != "A" else "B"

    assert verify_password(hashed[:-5] + last + hashed[-4:], RIGHT) is False


def test_equal_passwords_have_different_hashes(hashed):
    again = hash_password(RIGHT)

    assert again != hashed
    assert verify_password(again, RIGHT) is True


def test_a_hash_is_argon2id_and_does_not_hold_the_password(hashed):
    assert hashed.startswith("$argon2id$")
    assert not [word for word in RIGHT.split() if word in hashed]


def test_a_password_of_the_longest_kind_counts_to_its_last_letter():
    longest = "x" * LONGEST
    hashed = hash_password(longest)

    assert verify_password(hashed, longest) is True
    assert verify_password(hashed, longest[:-1] + "y") is False
