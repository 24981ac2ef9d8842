"""The data keys: what encrypts answers and files at rest; knows neither of them.

AES-256-GCM (NIST SP 800-38D) with 96 random bits of nonce each time. `where` says what a content is
and where it stands; it is authenticated along, so that nothing opens in another place.

A text of keys has one key a line (or commas between), newest first: `<id>:<64 hex digits>`. The id
follows from the key, so a digit mistyped from paper is noticed. Any other text of at least 16 signs
will do, too: a key is derived from it.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import SealBroken

LENGTH = 32
SHORTEST_TEXT = 16
_NONCE = 12
OVERHEAD = _NONCE + 16  # bytes that sealing adds: nonce and tag
_WRITTEN = re.compile(r"(?:([0-9a-f]{8}):)?([0-9a-f]{64})", re.IGNORECASE)


@dataclass(frozen=True)
class DataKey:
    """One key; its text never stands in an error or a log."""

    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        """8 hex digits that follow from the key and do not tell it."""
        return hmac.digest(self.secret, b"data key", "sha256").hex()[:8]

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.secret)

    @property
    def text(self) -> str:
        return f"{self.id}:{self.secret.hex()}"

    def seal(self, where: bytes, content: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, where)

    def open(self, where: bytes, sealed: bytes) -> bytes:
        """What was sealed under this key for this place; raises SealBroken."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], where)
        except (InvalidTag, ValueError) as error:
            raise SealBroken(
                "an encrypted answer or file was changed, or put in another's place; flask --app"
                " app storage check says which"
            ) from error


@dataclass(frozen=True)
class DataKeys:
    """The keys that are at hand, newest first."""

    keys: tuple[DataKey, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(key.id for key in self.keys)

    @property
    def text(self) -> str:
        return "".join(f"{key.text}\n" for key in self.keys)

    def get(self, key_id: str) -> DataKey | None:
        return next((key for key in self.keys if key.id == key_id), None)

    def with_new(self) -> "DataKeys":
        """The same with a new key in front."""
        while (key := DataKey(secrets.token_bytes(LENGTH))).id in self.ids:
            pass
        return DataKeys((key, *self.keys))


def read_data_keys(text: str) -> DataKeys:
    """The keys in a text; raises ValueError with what is wrong, never quoting it."""
    keys = tuple(_read_key(word) for word in re.split(r"[\s,]+", text.strip()) if word)
    if len({key.id for key in keys}) < len(keys):
        raise ValueError("the same key stands there twice")
    return DataKeys(keys)


def _read_key(word: str) -> DataKey:
    if found := _WRITTEN.fullmatch(word):
        key = DataKey(bytes.fromhex(found[2]))
        if found[1] and found[1].lower() != key.id:
            raise ValueError(
                f"the key {found[1].lower()} is not written as it was: a digit differs"
            )
        return key
    if len(word) < SHORTEST_TEXT:
        raise ValueError(f"a key has at least {SHORTEST_TEXT} signs")
    return DataKey(hmac.digest(word.encode(), b"data key from a text", "sha256"))
