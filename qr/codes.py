"""Codes that people type: no vowels, so that no word appears and Telex keyboards leave them alone.

23 symbols; 23 is prime, so the check character Σ 5ⁱ·dᵢ mod 23 finds every single slip and every
swap of neighbours.
"""

import re
import unicodedata
from collections.abc import Callable

ALPHABET = "23456789CFGHJKLMNPQRTVX"
SHORT_BODY = 5
PREFIX_BODY = 3
RECEIPT_BODY = 12
SHORT_LENGTH = SHORT_BODY + 1
RECEIPT_LENGTH = RECEIPT_BODY + 1

_BASE = len(ALPHABET)
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_ANY_CODE = re.compile(f"[{ALPHABET}]+")

Draw = Callable[[int], int]
"""Gives a number from 0 up to, but not including, its argument."""


def check_symbol(body: str) -> str:
    """The symbol that makes a code of this body; raises KeyError for signs outside the alphabet."""
    total = 0
    for symbol in body:
        total = (total * 5 + _VALUE[symbol]) % _BASE
    return ALPHABET[total * 5 % _BASE]


def is_sound(code: str) -> bool:
    """Whether the last symbol is the check symbol of the rest."""
    return bool(_ANY_CODE.fullmatch(code)) and check_symbol(code[:-1]) == code[-1]


def tidy(typed: str) -> str:
    """What somebody typed, as a code might be written: letters and digits only, upper case.

    Hyphens come in many shapes, and text pasted from chats brings invisible signs along.
    """
    text = unicodedata.normalize("NFKC", typed[:100]).upper()
    return re.sub(r"[\W_]+", "", text)


def symbols(number: int, length: int) -> str:
    """The number in base 23, lowest digits only, exactly this long."""
    written = ""
    for _ in range(length):
        number, digit = divmod(number, _BASE)
        written = ALPHABET[digit] + written
    return written


def draw_short_code(draw: Draw) -> str:
    """A new code for a scan point: 5 random symbols and the check symbol."""
    body = symbols(draw(_BASE**SHORT_BODY), SHORT_BODY)
    return body + check_symbol(body)


def draw_prefix(draw: Draw) -> str:
    """The 3 symbols that open all receipts of one definition."""
    return symbols(draw(_BASE**PREFIX_BODY), PREFIX_BODY)


def receipt(prefix: str, digest: bytes) -> str:
    """The receipt of a response: its definition's prefix, 9 symbols of the digest, check symbol.

    `digest` is at least 16 bytes of a keyed hash, so the symbols are as good as random.
    """
    body = prefix + symbols(int.from_bytes(digest), RECEIPT_BODY - PREFIX_BODY)
    return body + check_symbol(body)


def grouped(code: str) -> tuple[str, ...]:
    """Groups of three for the eye; a lonely last symbol joins the group before it."""
    groups = [code[at : at + 3] for at in range(0, len(code), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return tuple(groups)


def spaced(code: str) -> str:
    """7FK722 → 7FK 722."""
    return " ".join(grouped(code))
