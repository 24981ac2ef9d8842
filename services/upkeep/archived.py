"""What a backup file holds, read again: opened with its passphrase, and checked as it is read."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import orjson

from forms.problems import N_
from forms.response import Response
from storage.archive import Archive, files_member, response_member, shelf_member
from storage.checked import checked_file
from storage.errors import ArchiveRefused, StoreError, StoreFailed
from storage.records import SETTINGS, Kind, checked_response
from storage.sealing import MAGIC, unsealed

from ..errors import Refusal
from .contents import SHELVES, File

Item = TypeVar("Item")


@contextmanager
def opened_backup(path: Path, passphrase: str) -> Iterator[Archive]:
    """The archive in a file, unsealed; raises Refusal, StoreFailed, ArchiveRefused."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise StoreFailed(f"{path}: {error.strerror}") from error
    with file:
        is_sealed = file.read(len(MAGIC)) == MAGIC
        file.seek(0)
        if not is_sealed:
            yield Archive(file)
            return
        if not passphrase:
            raise Refusal(
                N_("The file is sealed: give its passphrase on standard input, --passphrase-stdin.")
            )
        yield Archive(BytesIO(unsealed(file.read(), passphrase)))


class ArchiveParts:
    """The contents of an archive, without these settings: where another key shall do."""

    def __init__(self, archive: Archive, left_out: frozenset[str] = frozenset()) -> None:
        self._archive, self._left_out = archive, left_out

    def responses(self) -> Iterator[tuple[str, Iterator[Response]]]:
        for form in self._archive.manifest.responses:
            yield form, self._responses_of(form)

    def _responses_of(self, form: str) -> Iterator[Response]:
        seen: set[str] = set()
        for response in self._read(response_member(form), checked_response):
            if response.definition != form or response.id in seen:
                raise ArchiveRefused(f"{response_member(form)}: foreign or repeated responses.")
            seen.add(response.id)
            yield response

    def files(self) -> Iterator[tuple[str, Iterator[File]]]:
        for form in self._archive.manifest.files:
            yield form, self._files_of(form)

    def _files_of(self, form: str) -> Iterator[File]:
        for file in self._read(files_member(form), _read_file):
            try:
                checked_file(form, file.name)
            except StoreError as error:
                raise ArchiveRefused(f"{files_member(form)}: {error}.") from error
            yield file

    def shelves(self) -> Iterator[tuple[Kind[Any], Iterator[Any]]]:
        for kind in SHELVES:
            yield kind, self._records(kind)

    def _records(self, kind: Kind[Item]) -> Iterator[Item]:
        name = shelf_member(kind.table)
        if name not in self._archive.manifest.members:  # a shelf that is younger than the file
            return
        for item in self._read(name, kind.to_item):
            if kind is not SETTINGS or kind.key(item) not in self._left_out:
                yield item

    def _read(self, name: str, read: Callable[[dict[str, Any]], Item]) -> Iterator[Item]:
        for number, line in enumerate(self._archive.lines(name), start=1):
            try:
                item = read(orjson.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                problem = "not a record that this program knows"
                raise ArchiveRefused(f"{name}, line {number}: {problem}.") from error
            yield item


def _read_file(document: dict[str, Any]) -> File:
    return File(str(document["name"]), b64decode(document["content"], validate=True))
