"""The files of the keys as backups see them: fingerprints, taking them along, putting them back."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .data_keys import DataKeys, read_data_keys
from .errors import ArchiveRefused, StoreFailed, StoreRefused
from .journal import DISK
from .keys import load_keys
from .whole_file import write_whole

HASHING = "hash.key"
SESSION = "session.key"
DATA = "data.key"
PRINTED = "printed"  # fingerprints of the keys that `key show` has shown
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
    def of(
        cls, data_dir: Path, *, session: str = "", hashing: str = "", data: str = ""
    ) -> "KeyFiles":
        """Those of a data folder, but for the keys that the environment gives."""
        return cls(data_dir / "keys", {SESSION: session, HASHING: hashing, DATA: data})

    def fingerprint(self) -> str:
        """That of the hashing key, "" when none was made yet; raises StoreFailed."""
        key = self.hashing()
        return fingerprint(key) if key else ""

    def hashing(self) -> bytes:
        """The hashing key, b"" when none was made yet; raises StoreFailed."""
        given = self.given.get(HASHING, "")
        if not given and not (self.folder / HASHING).exists():
            return b""
        # A session key is named so that none is made here.
        return load_keys(self.folder, session="-", hashing=given).hashing

    @property
    def data_source(self) -> str:
        """Where the data keys come from, in words for refusals."""
        return "PHIEU_DATA_KEY" if self.given.get(DATA) else str(self.folder / DATA)

    def data_keys(self) -> DataKeys:
        """The data keys, none when none were made yet; raises StoreFailed, StoreRefused."""
        path = self.folder / DATA
        try:
            given = self.given.get(DATA) or (path.read_text("ascii") if path.exists() else "")
            return read_data_keys(given)
        except ValueError as error:
            raise StoreRefused(
                f"{self.data_source}: {error}. Put it back from paper or from a sealed backup."
            ) from error
        except OSError as error:
            raise StoreFailed(f"{path}: {error.strerror}") from error

    def put_data_keys(self, keys: DataKeys) -> None:
        """Write these keys in place of those there, at once; raises StoreFailed."""
        self.put({DATA: keys.text.encode()})

    def note_printed(self) -> None:
        """Remember that the keys in use were shown to be printed; raises StoreFailed."""
        self.put({PRINTED: self._marks().encode()})

    def are_printed(self) -> bool:
        """Whether the keys in use were shown to be printed; raises StoreFailed."""
        path = self.folder / PRINTED
        try:
            return path.exists() and path.read_text("ascii") == self._marks()
        except (OSError, ValueError):
            return False  # written by another user or program: print them again

    def _marks(self) -> str:
        return "".join(f"{mark}\n" for mark in (self.fingerprint(), *self.data_keys().ids))

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
