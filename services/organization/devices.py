"""Marks of devices that have signed in before, kept by the device itself.

A mark is `<device>.<proof>.<proof>…`: a random name, and for each account that signed in there a
keyed hash of both. It opens nothing; it only gives the device a count of failures of its own
(services/organization/sign_in.py).
"""

import hmac
import re
import secrets
from dataclasses import dataclass

from ..identity import Hasher

MOST_ACCOUNTS = 8
_MARK = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{32}){1,8}")


@dataclass(frozen=True)
class Devices:
    """Reads and writes marks under the installation's hashing key."""

    hasher: Hasher

    def known(self, mark: str, account: str) -> str:
        """The device's name when this account has signed in there before, else empty."""
        if not _MARK.fullmatch(mark):
            return ""
        device, *proofs = mark.split(".")
        right = self._proof(device, account)
        return device if any(hmac.compare_digest(proof, right) for proof in proofs) else ""

    def marked(self, mark: str, account: str) -> str:
        """The mark of the device after this account has signed in, for it to keep."""
        device, *proofs = mark.split(".") if _MARK.fullmatch(mark) else (secrets.token_hex(16),)
        right = self._proof(device, account)
        others = [proof for proof in proofs if proof != right]
        return ".".join((device, *others[1 - MOST_ACCOUNTS :], right))

    def _proof(self, device: str, account: str) -> str:
        return self.hasher.digest("device", device, account.strip().lower()).hex()[:32]
