"""Keyed hashes: what makes a response the same response, and the receipt that follows from it.

The receipt is drawn from the sender's instance id and the answers, not from a die: so the same
send always gets the same receipt, also on anonymous forms, which keep hashes only.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from forms.types import Value
from qr.codes import receipt
from storage.finding import finding_hash

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Hasher:
    """HMAC-SHA-256 under the installation's hashing key, a separate domain for each purpose."""

    key: bytes

    def digest(self, purpose: str, *parts: str) -> bytes:
        message = "\0".join((purpose, *parts)).encode()
        return hmac.digest(self.key, message, "sha256")

    def of_content(self, unit: str, answers: Mapping[str, Value]) -> str:
        """What the response says: its unit and its normalised answers, which name its files."""
        text = orjson.dumps(dict(answers), option=orjson.OPT_SORT_KEYS).decode()
        return self.digest("content", unit, text).hex()

    def of_instance(self, definition: str, instance_id: str) -> str:
        return "h:" + self.digest("instance", definition, instance_id).hex()

    def of_receipt(self, definition: str, code: str) -> str:
        return "h:" + self.digest("receipt", definition, code).hex()

    def of_file(self, instance_id: str, content: str, name: str) -> str:
        """32 hex digits that only this file of this response has."""
        return self.digest("file", instance_id, content, name).hex()[:32]

    def of_person(self, finds_by: str, text: str) -> str:
        """What `ResponseFilter.hashes` finds a person by: an ID or phone number as it is kept."""
        return finding_hash(self.key, finds_by, text)

    def draw_receipt(self, prefix: str, instance_id: str, content: str, attempt: int) -> str:
        digest = self.digest("draw", prefix, instance_id, content, str(attempt))
        return receipt(prefix, digest)


def tidy_instance_id(text: str) -> str | None:
    """A UUID in lower case, or None when the text is none (RFC 9562)."""
    text = text.strip().lower().removeprefix("uuid:")
    return text if _UUID.fullmatch(text) else None
