"""A backup without what was erased since it was made: tombstones stand in its place."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from forms.response import Response, emptied
from storage.checked import is_file_name
from storage.records import Kind
from storage.store import Store

from ..erased import ErasedLine, Graves
from ..files import texts_in
from .contents import File, Parts


class ErasedSince:
    """What must not come back, by the lists that were found; counts what was left out."""

    def __init__(self, graves: Graves, lines: Iterable[ErasedLine]) -> None:
        self._graves = graves
        self._lines = {(line.form, line.receipt): line for line in lines}
        self._met = set[tuple[str, str]]()
        self._left_out = set[tuple[str, str]]()

    @property
    def left_out(self) -> int:
        """How many responses of the backup were put back as tombstones."""
        return len(self._left_out)

    @property
    def mark(self) -> str:
        """What tells this list from others."""
        return f" {len(self._lines)}" if self._lines else ""

    @property
    def files(self) -> set[tuple[str, str]]:
        """The form and name of each file that is known to be gone."""
        return {(line.form, name) for line in self._lines.values() for name in line.files}

    def laid_to_rest(self, response: Response) -> Response | None:
        """The tombstone of a response that was erased; None for one that is as it was."""
        key = (response.definition, self._graves.receipt(response.definition, response.receipt))
        line = self._lines.get(key)
        if line is None:
            return None
        self._met.add(key)
        if response.is_withdrawn:
            return None
        self._left_out.add(key)
        return emptied(response, datetime.fromisoformat(line.at), line.what, who=line.who)

    def remember_others(self, store: Store) -> None:
        """Let the store know those that came and went after the backup was made."""
        others = (line for key, line in self._lines.items() if key not in self._met)
        self._graves.remember(store, others)


def without_erased(parts: Parts, erased: ErasedSince | None) -> Parts:
    """The contents of a backup but for the answers and files of what was erased since."""
    return _WithoutErased(parts, erased) if erased else parts


class _WithoutErased:
    """Responses are read before the files, so that it is known which files go."""

    def __init__(self, parts: Parts, erased: ErasedSince) -> None:
        self._parts, self._erased = parts, erased
        self._files = erased.files  # and what can be read of the answers, which may be sealed

    def responses(self) -> Iterator[tuple[str, Iterator[Response]]]:
        for form, responses in self._parts.responses():
            yield form, map(self._as_it_is_now, responses)

    def _as_it_is_now(self, response: Response) -> Response:
        tombstone = self._erased.laid_to_rest(response)
        if tombstone is None:
            return response
        told = [response.answers, *(change.before for change in response.history)]
        for answers in told:
            names = texts_in({name: value for name, value in answers.items() if value is not None})
            self._files |= {(response.definition, name) for name in names if is_file_name(name)}
        return tombstone

    def files(self) -> Iterator[tuple[str, Iterator[File]]]:
        for form, files in self._parts.files():
            yield form, self._left_of(form, files)

    def _left_of(self, form: str, files: Iterator[File]) -> Iterator[File]:
        return (file for file in files if (form, file.name) not in self._files)

    def shelves(self) -> Iterator[tuple[Kind[Any], Iterator[Any]]]:
        return self._parts.shelves()
