"""Sealing with a passphrase: the age format (age-encryption.org/v1, scrypt), opened by `age -d`.

The whole content is held in memory, about three times: a sealed backup of 200 MB takes 700 MB.
"""

import unicodedata

from pyrage import DecryptError, passphrase

from .errors import ArchiveRefused, WrongPassphrase

MAGIC = b"age-encryption.org/v1\n"


def sealed(content: bytes, phrase: str) -> bytes:
    """Encrypt and authenticate; takes about a second, on purpose."""
    return bytes(passphrase.encrypt(content, _normal(phrase)))


def unsealed(content: bytes, phrase: str) -> bytes:
    """The content; raises WrongPassphrase, ArchiveRefused when it is damaged."""
    try:
        return bytes(passphrase.decrypt(content, _normal(phrase)))
    except DecryptError as error:
        if "failed" in str(error):  # the header cannot tell a wrong phrase from a changed bit
            raise WrongPassphrase("The passphrase is not the one of this file.") from error
        raise ArchiveRefused(f"The sealed file is damaged or cut off ({error}).") from error


def _normal(phrase: str) -> str:
    """One spelling: keyboards write one Vietnamese letter in several ways."""
    return unicodedata.normalize("NFC", phrase)
