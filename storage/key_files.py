"""The files of the keys as backups see them: fingerprints, taking them along, putting them back."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import ArchiveRefused, StoreFailed
from .journal import DISK
from .keys import load_keys
from .whole_file import write_whole

HASHING = "hash.key"
SESSION = "session.key"
LARGEST = 1024  # bytes in a key file
_NAME = re.compile(r"[a-z]{1,20}\.key")


def fingerprint(key: bytes) -> str:
    """What tells a key from others without telling the key: 16 hex digits."""
    return hmac.digest(key, b"fingerprint", "sha256").hex()[:16]


@dataclass(frozen=True)
class KeyFiles:
    """The keys of one installation; `given` are those that the environment holds instead."""

    folder: Path
    given: Mapping[str, str]

    @classmethod
    def of(cls, data_dir: Path, *, session: str = "", hashing: str = "") -> "KeyFiles":
        """Those of a data folder, but for the keys that the environment gives."""
        return cls(data_dir / "keys", {SESSION: session, HASHING: hashing})

    def fingerprint(self) -> str:
        """That of the hashing key, "" when none was made yet; raises StoreFailed."""
        if not self.given.get(HASHING) and not (self.folder / HASHING).exists():
            return ""
        return fingerprint(self.hashing())

    def hashing(self) -> bytes:
        """The hashing key, made when there is none yet; raises StoreFailed."""
        # A session key is named so that none is made here.
        given = self.given.get(HASHING, "")
        return load_keys(self.folder, session="-", hashing=given).hashing

    def contents(self) -> dict[str, bytes]:
        """The files to take along: not those that the environment has replaced."""
        try:
            return {
                path.name: path.read_bytes()
                for path in sorted(self.folder.glob("*.key"))
                if _NAME.fullmatch(path.name) and not self.given.get(path.name)
            }
        except OSError as error:
            raise StoreFailed(f"{error.filename}: {error.strerror}") from error

    def put(self, contents: Mapping[str, bytes]) -> None:
        """Put key files back in place of those there; raises StoreFailed."""
        try:
            DISK.make_folder(self.folder)
        except OSError as error:
            raise StoreFailed(f"{self.folder}: {error.strerror}") from error
        for name, content in contents.items():
            write_whole(self.folder / name, [content])


def fingerprint_of_file(content: bytes) -> str:
    """The fingerprint of the key in a file's text; raises ArchiveRefused for what is no key."""
    try:
        key = bytes.fromhex(content.decode("ascii").strip())
    except ValueError as error:
        raise ArchiveRefused(f"{HASHING}: not a key.") from error
    return fingerprint(key)
