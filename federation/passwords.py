"""Password hashing: argon2id, with a hash to compare against when the name is unknown.

Keyboards write one letter in several ways (Windows' own Vietnamese layout sends marks apart, UniKey
does not), so a password is hashed in NFC.
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST = 10
LONGEST = 200
AT_ONCE = 2  # each takes 64 MB and a core for as long as it computes
WAITING = 6  # with those at work: fewer than the server has threads

_hasher = PasswordHasher()
_queue, _places = threading.BoundedSemaphore(WAITING), threading.BoundedSemaphore(AT_ONCE)


class TooManyAtOnce(Exception):
    """So many passwords are being compared that this one must come again in a moment."""


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _queue.acquire(blocking=False):
        raise TooManyAtOnce
    try:
        with _places:
            yield
    finally:
        _queue.release()


def hash_password(password: str) -> str:
    """Hash a password for keeping; raises TooManyAtOnce."""
    with _in_turn():
        return _hasher.hash(_normal(password))


def verify_password(hashed: str | None, password: str) -> bool:
    """Compare; takes as long for an unknown person (None or no hash) as for a known one.

    Raises TooManyAtOnce: a crowd at the door must not take the memory and threads of the others.
    """
    with _in_turn():
        nobody = _nobody()  # before it is known whether it is needed: the first time it takes long
        try:
            return _hasher.verify(hashed or nobody, _normal(password)) and bool(hashed)
        except (VerificationError, ValueError):  # ValueError: no argon2 hash, or no ASCII at all
            return False


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
