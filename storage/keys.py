"""The installation's keys: one file each in DATA/keys/, 0600, unless the environment gives them."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from .errors import StoreFailed

LENGTH = 32


@dataclass(frozen=True)
class Keys:
    """`session` signs cookies; `hashing` keys the hashes of contents, instances and receipts.

    The hashing key is never changed: receipts and duplicates are found through it.
    """

    session: bytes
    hashing: bytes


def load_keys(folder: Path, *, session: str = "", hashing: str = "") -> Keys:
    """Take the keys given as texts, and read or make those that are not; raises StoreFailed."""
    return Keys(
        session=session.encode() if session else _read_or_make(folder / "session.key"),
        hashing=hashing.encode() if hashing else _read_or_make(folder / "hash.key"),
    )


def _read_or_make(path: Path) -> bytes:
    try:
        if path.exists():
            key = bytes.fromhex(path.read_text("ascii").strip())
            if len(key) != LENGTH:
                raise ValueError("wrong length")
            return key
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = secrets.token_bytes(LENGTH)
        _write(path, key)
    except ValueError as error:
        raise StoreFailed(f"{path}: not a key of {LENGTH} bytes; put the backup back") from error
    except OSError as error:
        raise StoreFailed(f"{path}: {error.strerror}") from error
    return key


def _write(path: Path, key: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
