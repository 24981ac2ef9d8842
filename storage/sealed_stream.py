"""A large file sealed piece by piece, so that it is written and read in flat memory.

It begins with MAGIC and the key's id; then each CHUNK of content is sealed by itself, bound to the
file's name, to its place in the file and to whether it is the last: nothing can be put in another's
place, and a file that was cut off does not open as a shorter one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .data_keys import OVERHEAD, DataKey
from .errors import SealBroken
from .sealer import Keys

MAGIC = b"PHIEU\x02"
CHUNK = 65_536  # bytes of content
_ID = 8
_HEAD = len(MAGIC) + _ID


def seal_stream(keys: Keys, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed file of what the pieces are together, in pieces."""
    key = keys.sealing()
    yield MAGIC + key.id.encode()
    number, buffer = 0, bytearray()
    for piece in pieces:
        buffer += piece
        while len(buffer) > CHUNK:
            yield key.seal(_where(name, number, is_last=False), bytes(buffer[:CHUNK]))
            del buffer[:CHUNK]
            number += 1
    yield key.seal(_where(name, number, is_last=True), bytes(buffer))


@dataclass(frozen=True)
class SealedFile:
    """A file that `seal_stream` wrote, to be read in order."""

    keys: Keys
    name: str
    path: Path

    @property
    def size(self) -> int:
        """Bytes of content; raises FileNotFoundError."""
        return content_size(self.path)

    def pieces(self) -> Iterator[bytes]:
        """The content; raises SealBroken where it is not as it was written, FileNotFoundError."""
        with self.path.open("rb") as file:
            key = self._key(file.read(_HEAD))
            number, chunk = 0, file.read(CHUNK + OVERHEAD)
            while True:
                after = file.read(CHUNK + OVERHEAD)
                yield key.open(_where(self.name, number, is_last=not after), chunk)
                if not after:
                    return
                number, chunk = number + 1, after

    def _key(self, head: bytes) -> DataKey:
        if len(head) < _HEAD or not head.startswith(MAGIC):
            raise SealBroken(f"{self.path} is not a sealed file, or its beginning is missing")
        return self.keys.key(head[len(MAGIC) :].decode("ascii", "replace"))


def content_size(path: Path) -> int:
    """Bytes of content of a sealed file; raises FileNotFoundError."""
    kept = path.stat().st_size - _HEAD
    chunks = max(1, -(-kept // (CHUNK + OVERHEAD)))
    return max(0, kept - chunks * OVERHEAD)


def _where(name: str, number: int, *, is_last: bool) -> bytes:
    return "\0".join(("stream", name, str(number), "last" if is_last else "")).encode()
