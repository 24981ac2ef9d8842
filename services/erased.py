"""The list of what was erased, kept beside the backups: a restore of an older one leaves that out.

One line of JSON for each response, with keyed hashes of its instance id and receipt, and nothing
that tells whose it was. The store itself knows all of them; what a full or missing disk kept off
the list is caught up with the next daily backup.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import orjson

from forms.response import Response
from storage.checked import is_file_name
from storage.errors import StoreFailed
from storage.journal import DISK
from storage.journal.files import write_all
from storage.key_files import fingerprint
from storage.store import ResponseFilter, Setting, Store

from .identity import Hasher

LIST_NAME = "phieu-deleted.jsonl"
ERASED = "erased:"
"""How the names of settings begin that hold what was erased after the backup restored here."""
_LONGEST = 100_000  # bytes of a line of ours
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ErasedLine:
    """One erased response; `key` is the fingerprint of the hashing key, the rest as in its tomb.

    The names of its files are keyed hashes, too; what was caught up later has none.
    """

    key: str
    form: str
    instance: str
    receipt: str
    at: str
    what: str
    who: str = ""
    files: tuple[str, ...] = ()


class Graves:
    """Tells erased responses by keyed hashes."""

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher
        self.key = fingerprint(hasher.key)

    def instance(self, form: str, instance: str) -> str:
        return self._hasher.digest("erased instance", form, instance).hex()[:32]

    def receipt(self, form: str, receipt: str) -> str:
        return self._hasher.digest("erased receipt", form, receipt).hex()[:32]

    def line(self, tombstone: Response) -> ErasedLine:
        form, act = tombstone.definition, tombstone.history[-1]
        return ErasedLine(
            self.key,
            form,
            self.instance(form, tombstone.instance),
            self.receipt(form, tombstone.receipt),
            act.at.isoformat(),
            act.what,
            "worker" if act.who == "worker" else "",
            tombstone.files_left,
        )

    def is_erased(self, store: Store, response: Response) -> bool:
        """Whether a response that comes again was erased, and nothing else is known of it.

        So it is after an older backup was restored; what was erased here has its tombstone.
        """
        form = response.definition
        known_as = _known_as(form, self.instance(form, response.instance))
        return store.settings.get(known_as) is not None

    def remember(self, store: Store, lines: Iterable[ErasedLine]) -> None:
        """Let `is_erased` know these."""
        for line in lines:
            store.settings.add(Setting(_known_as(line.form, line.instance), line.what))


def _known_as(form: str, instance: str) -> str:
    return f"{ERASED}{form}:{instance}"


class ErasedList:
    """The file: appended to, on the disk before it returns."""

    def __init__(self, path: Path, hasher: Hasher) -> None:
        self._path, self._graves = path, Graves(hasher)

    def add_or_warn(self, tombstones: Iterable[Response]) -> None:
        """Append; where the disk refuses, the next daily backup will: what is erased stays so."""
        try:
            self.add(tombstones)
        except StoreFailed as error:
            _log.warning("Not on the list of deletions yet: %s", error)

    def add(self, tombstones: Iterable[Response]) -> None:
        self._append([self._graves.line(tombstone) for tombstone in tombstones])

    def catch_up(self, store: Store) -> int:
        """Append what the store knows to be erased and the list does not; gives how many."""
        there = {(line.form, line.receipt) for line in read_list(self._path)}
        missing = [
            line
            for form in store.forms_with_responses()
            for response in store.iter_responses(form, ResponseFilter())
            if response.is_withdrawn
            and (form, (line := self._graves.line(response)).receipt) not in there
        ]
        self._append(missing)
        return len(missing)

    def _append(self, lines: list[ErasedLine]) -> None:
        if not lines:
            return
        content = b"".join(orjson.dumps(asdict(line)) + b"\n" for line in lines)
        try:
            is_new = not self._path.exists()
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            fd = os.open(self._path, flags, 0o600)
            try:
                write_all(DISK, fd, _line_end(fd) + content)
                os.fsync(fd)
            finally:
                os.close(fd)
            if is_new:
                DISK.sync_dir(self._path.parent)
        except OSError as error:
            raise StoreFailed(f"{self._path}: {error.strerror}") from error


def _line_end(fd: int) -> bytes:
    """What ends a line that a crash has torn."""
    size = os.fstat(fd).st_size
    if not size:
        return b""
    os.lseek(fd, size - 1, os.SEEK_SET)
    return b"" if os.read(fd, 1) == b"\n" else b"\n"


def read_list(path: Path) -> Iterator[ErasedLine]:
    """The lines of a list, none where there is no file; a torn line is left out.

    Raises StoreFailed when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            for line in file:
                if (read := _read(line)) is not None:
                    yield read
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreFailed(f"{path}: {error.strerror}") from error


def _read(line: bytes) -> ErasedLine | None:
    try:
        read = ErasedLine(**orjson.loads(line[:_LONGEST]))
        datetime.fromisoformat(read.at)
        return replace(read, files=tuple(filter(is_file_name, read.files)))
    except (ValueError, TypeError):
        return None
