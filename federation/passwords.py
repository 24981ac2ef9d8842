"""Password hashing: argon2id, with a hash to compare against when the name is unknown.

Keyboards write one letter in several ways (Windows' own Vietnamese layout sends marks apart, UniKey
does not), so a password is hashed in NFC.
"""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


def verify_password(hashed: str | None, password: str) -> bool:
    """Compare; takes as long for an unknown person (None or no hash) as for a known one."""
    nobody = _nobody()  # made before it is known whether it is needed: the first time it takes long
    try:
        return _hasher.verify(hashed or nobody, _normal(password)) and bool(hashed)
    except (VerificationError, ValueError):  # ValueError: no argon2 hash, or no ASCII at all
        return False


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
