"""A store as raw documents, for checking: reads beside a running server, changes nothing.

What cannot be read becomes a finding, and the reading goes on with the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .embedded_files import FILES, FileReader
from .errors import StoreError
from .journal import JournalError, read_tables, torn_files
from .places import Places
from .records import TRAIL as TRAIL_KIND
from .records import Document
from .response_file import TABLE
from .soundness import FORM_ID, REGISTRY, RESPONSES, TRAIL, form_files

TRAIL_TABLE = TRAIL_KIND.table


@dataclass(frozen=True)
class Finding:
    """Something found at a place; not a fault when it is only to be known."""

    where: str
    problem: str
    is_fault: bool = True


@dataclass(frozen=True)
class Found:
    """One document and where it stands; `key` where the store keeps it beside the document."""

    where: str
    document: Document
    key: str | None = None


class Contents(Protocol):
    """All documents of a store; read the responses first, so that what they refer to is there."""

    findings: list[Finding]

    def forms(self) -> tuple[str, ...]: ...

    def responses(self, form: str) -> Iterator[Found]: ...

    def files(self, form: str) -> frozenset[str]:
        """The names of all files of a form; ask after its responses were read."""
        ...

    def file(self, form: str, name: str) -> bytes | None:
        """A file as it is kept; None when it is gone or cannot be read."""
        ...

    def places(self, form: str) -> Places | None:
        """The counts that stand beside the responses; None where none are kept."""
        ...

    def records(self, table: str) -> Iterator[Found] | None:
        """The records of a shelf; None when they cannot be read at all."""
        ...


class FolderContents:
    """The files of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._registry: dict[str, dict[int, Document]] | None = None
        self._is_read = False
        self.findings: list[Finding] = []

    def forms(self) -> tuple[str, ...]:
        folder = self._folder / RESPONSES
        strange = [p.name for p in sorted(folder.glob("*")) if not _is_ours(p.name)]
        self.findings += [
            Finding(f"{RESPONSES}/{name}", "no file of this program; it is not read", False)
            for name in strange
        ]
        return form_files(self._folder)

    def responses(self, form: str) -> Iterator[Found]:
        name = f"{RESPONSES}/{form}.json"
        for doc_id, document in sorted((self._tables(name) or {}).get(TABLE, {}).items()):
            yield Found(f"{name}, document {doc_id}", document)

    def files(self, form: str) -> frozenset[str]:
        return frozenset(FileReader(self._folder / FILES).names(form))

    def file(self, form: str, name: str) -> bytes | None:
        try:
            return FileReader(self._folder / FILES).read(form, name)
        except StoreError as error:
            self.findings.append(Finding(f"{FILES}/{form}/{name}", str(error)))
            return None

    def places(self, form: str) -> Places | None:
        return None  # they are counted anew whenever the form is opened

    def records(self, table: str) -> Iterator[Found] | None:
        if table == TRAIL_TABLE:
            return self._trail()
        if not self._is_read:
            self._registry, self._is_read = self._tables(REGISTRY), True
        if self._registry is None:
            return None
        documents = sorted(self._registry.get(table, {}).items())
        return (
            Found(f"{REGISTRY}, table {table}, document {doc_id}", document)
            for doc_id, document in documents
        )

    def _trail(self) -> Iterator[Found] | None:
        tables = self._tables(TRAIL)
        if tables is None:
            return None
        documents = sorted(tables.get(TRAIL_TABLE, {}).items())
        return (Found(f"{TRAIL}, document {number}", document) for number, document in documents)

    def _tables(self, name: str) -> dict[str, dict[int, Document]] | None:
        path = self._folder / name
        try:
            if not path.parent.is_dir():
                return {}
            for aside in torn_files(path):
                said = f"{aside.stat().st_size} bytes of an unfinished line, set aside after a stop"
                self.findings.append(Finding(str(aside.relative_to(self._folder)), said, False))
            return read_tables(path)
        except JournalError as error:
            self.findings.append(Finding(name, str(error)))
        except OSError as error:
            self.findings.append(Finding(name, str(error.strerror)))
        return None


def _is_ours(name: str) -> bool:
    form, dot, _ = name.partition(".json")
    return bool(dot) and bool(FORM_ID.fullmatch(form))
