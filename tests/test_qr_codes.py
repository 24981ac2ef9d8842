"""Short codes and receipts: a slip is noticed, odd typing is understood."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr.codes import (
    ALPHABET,
    PREFIX_BODY,
    RECEIPT_LENGTH,
    SHORT_BODY,
    SHORT_LENGTH,
    check_symbol,
    draw_prefix,
    draw_short_code,
    grouped,
    is_sound,
    receipt,
    spaced,
    symbols,
    tidy,
)

BASE = len(ALPHABET)
# Posters hang on walls for years: the check symbol never changes.
PRINTED = ("7FK722", "XXXXX7", "234566", "PQRTVH", "GHJKL2", "7FKGHJ234567T")


def sound_codes(length: int, count: int) -> list[str]:
    draw = random.Random(length)  # noqa: S311 - the same sample in every run
    bodies = ("".join(draw.choices(ALPHABET, k=length - 1)) for _ in range(count))
    return [body + check_symbol(body) for body in bodies]


SAMPLES = pytest.mark.parametrize(
    ("length", "count"), [(SHORT_LENGTH, 400), (RECEIPT_LENGTH, 150)], ids=["code", "receipt"]
)


@SAMPLES
def test_every_single_wrong_symbol_is_caught(length, count):
    missed = [
        (code, slip)
        for code in sound_codes(length, count)
        for at in range(length)
        for symbol in ALPHABET
        if symbol != code[at] and is_sound(slip := code[:at] + symbol + code[at + 1 :])
    ]

    assert missed == []


@SAMPLES
def test_every_swap_of_neighbours_is_caught(length, count):
    swaps = [
        (code, code[:at] + code[at + 1] + code[at] + code[at + 2 :])
        for code in sound_codes(length, count)
        for at in range(length - 1)
        if code[at] != code[at + 1]
    ]

    assert len(swaps) > count
    assert [swap for swap in swaps if is_sound(swap[1])] == []


def test_every_pair_of_unequal_neighbours_is_caught_at_every_place():
    pairs = [(a, b) for a in ALPHABET for b in ALPHABET if a != b]
    bodies = [
        "7" * at + a + b + "7" * (SHORT_BODY - at - 2)
        for at in range(SHORT_BODY - 1)
        for a, b in pairs
    ]
    missed = [
        body
        for body in bodies
        for at in range(SHORT_BODY - 1)
        if body[at] != body[at + 1]
        and is_sound(body[:at] + body[at + 1] + body[at] + body[at + 2 :] + check_symbol(body))
    ]

    assert missed == []


@pytest.mark.parametrize("printed", PRINTED)
def test_codes_that_were_printed_once_stay_sound(printed):
    assert is_sound(printed)


def test_the_alphabet_spells_no_words_and_no_telex_tones():
    assert BASE == 23
    assert len(set(ALPHABET)) == BASE
    assert not set(ALPHABET) & set("AEIOUYDW")
    assert not set(ALPHABET) & set("01SBZ")  # mistaken for O, I, 5, 8, 2


@pytest.mark.parametrize("number", [0, 1, BASE - 1, BASE, BASE**SHORT_BODY - 1])
def test_a_drawn_code_is_sound_and_six_symbols_long(number: int) -> None:
    asked: list[int] = []

    def draw(below: int) -> int:
        asked.append(below)
        return number

    code = draw_short_code(draw)

    assert asked == [BASE**SHORT_BODY]
    assert len(code) == SHORT_LENGTH
    assert is_sound(code)


def test_drawn_codes_differ_for_every_number():
    numbers = iter(range(5_000))

    codes = {draw_short_code(lambda _: next(numbers)) for _ in range(5_000)}

    assert len(codes) == 5_000


def test_a_drawn_prefix_has_three_symbols_from_the_whole_range():
    first = draw_prefix(lambda below: 0)
    last = draw_prefix(lambda below: below - 1)

    assert (first, last) == ("222", "XXX")


@given(st.integers(1, 6), st.data())
def test_two_numbers_never_share_their_symbols(length, data):
    numbers = st.integers(0, BASE**length - 1)
    one, other = data.draw(numbers), data.draw(numbers)

    assert len(symbols(one, length)) == length
    assert (symbols(one, length) == symbols(other, length)) == (one == other)


def test_all_numbers_of_two_symbols_are_written_differently_and_in_order():
    written = [symbols(number, 2) for number in range(BASE**2)]

    assert len(set(written)) == BASE**2
    assert written == sorted(written, key=lambda pair: [ALPHABET.index(s) for s in pair])


@pytest.mark.parametrize(
    "typed",
    [
        "7fk722",
        " 7FK 722 ",
        "7FK-722",
        "7 F K 7 2 2",
        "7FK.722",
        "7fk_722",
        "7FK·722",
        "７ＦＫ７２２",
        "７ｆｋ－７２２",
        "7FK\u00a0722",
        "7FK\u2011722",
        "7FK–722",
        "7FK—722",
        "7FK\u2212722",
        "\u200b7FK\u200b722\ufeff",
        "7FK\u00ad722",
        "7FK\t722\r\n",
        "(7FK 722)",
    ],
)
def test_a_code_typed_oddly_is_understood(typed):
    assert tidy(typed) == "7FK722"


def test_tidying_adds_and_guesses_nothing():
    assert tidy("") == tidy(" - ") == ""
    assert tidy("OI7FK") == "OI7FK"
    assert tidy("7FK72Đ") == "7FK72Đ"


@given(st.text(max_size=300))
def test_tidying_twice_changes_nothing_more(typed):
    once = tidy(typed)

    assert tidy(once[:100]) == once[:100]


def test_endless_input_is_cut_before_it_costs_anything():
    assert len(tidy("7" * 1_000_000)) == 100


@pytest.mark.parametrize(
    "wrong", ["", "7FK22", "7fk722", "7FK 722", "7FK72O", "7FK722\n", "７FK722"]
)
def test_what_is_no_code_is_not_sound(wrong):
    assert not is_sound(wrong)


def test_a_body_with_foreign_signs_has_no_check_symbol():
    with pytest.raises(KeyError):
        check_symbol("7FK7O")


@given(st.text(ALPHABET, min_size=PREFIX_BODY, max_size=PREFIX_BODY), st.binary(min_size=16))
def test_a_receipt_keeps_its_prefix_and_is_sound(prefix, digest):
    made = receipt(prefix, digest)

    assert len(made) == 3 + 9 + 1
    assert made.startswith(prefix)
    assert is_sound(made)
    assert made == receipt(prefix, digest)


def test_receipts_of_different_digests_and_definitions_differ():
    digests = [bytes([n]) * 16 for n in range(256)]
    receipts = {receipt(prefix, digest) for prefix in ("222", "7FK") for digest in digests}

    assert len(receipts) == 512


@pytest.mark.parametrize(
    ("length", "groups"),
    [
        (0, []),
        (1, [1]),
        (3, [3]),
        (4, [4]),
        (6, [3, 3]),
        (7, [3, 4]),
        (8, [3, 3, 2]),
        (13, [3, 3, 3, 4]),
    ],
)
def test_groups_have_three_symbols_and_none_stands_alone(length, groups):
    code = "23456789CFGHJ"[:length]

    assert [len(group) for group in grouped(code)] == groups
    assert "".join(grouped(code)) == code


def test_a_spaced_code_is_read_back():
    assert spaced("7FK722") == "7FK 722"
    assert spaced("23456789CFGHJ") == "234 567 89C FGHJ"
    assert tidy(spaced("23456789CFGHJ")) == "23456789CFGHJ"
