"""What lists of one form's responses look at: a row per document, made when the first list asks.

Rows follow the documents, which are never changed, only replaced: a row holds as long as its very
document is there. So writers know nothing of rows, opening makes none, and none is ever stale.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from operator import attrgetter
from sys import intern

from .journal import paused_gc
from .records import Document, is_confided, is_in_use
from .response_filter import Order, ResponseFilter, chose, name_key, written

_Fits = Callable[["Row"], bool]
_MANY = 10_000  # new rows; the collector would walk over all of them again and again
_NO_FLAGS: frozenset[str] = frozenset()


class Row:
    """One response as lists see it; its text and the key of its name are made when first wanted."""

    __slots__ = ("_name", "_text", "at", "document", "flags", "is_in_use", "place", "state", "unit")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.at: str = document["submitted_at"]
        self.unit = intern(document["unit"])
        self.place = intern(document.get("place", ""))
        self.state = intern(document["state"])
        self.flags = frozenset(document["flags"]) if "flags" in document else _NO_FLAGS
        self.is_in_use = is_in_use(document)
        self._text: str | None = None
        self._name: bytes | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            document = self.document
            self._text = written(document["receipt"], self.place, document["answers"])
        return self._text

    @property
    def name(self) -> bytes:
        if self._name is None:
            self._name = name_key(self.document["answers"])
        return self._name


class RowTable:
    """The rows of one form, in the order of arrival."""

    def __init__(self, documents: Callable[[], Iterator[tuple[int, Document]]]) -> None:
        """`documents` gives those of one moment, each time anew."""
        self._documents = documents
        self._rows: list[Row] = []

    def now(self) -> list[Row]:
        """Those of this moment; only new and changed documents get a new row."""
        rows, documents = self._rows, [document for _, document in self._documents()]
        many = len(documents) - len(rows) >= _MANY
        with paused_gc() if many else nullcontext():
            new = [
                row if row.document is document else Row(document)
                for row, document in zip(rows, documents, strict=False)
            ]
            new += map(Row, documents[len(new) :])
        self._rows = new
        return new


def matching(rows: Iterable[Row], where: ResponseFilter) -> Iterator[Row]:
    """The rows that the filter accepts, in one pass."""
    for fits in _conditions(where):
        rows = filter(fits, rows)
    return iter(rows)


def in_order(rows: list[Row], order: Order) -> list[Row]:
    """Rows that stand by arrival, put in order."""
    if order is Order.NAME:
        return sorted(rows, key=lambda row: row.name)
    return rows[::-1] if order is Order.NEWEST else rows


def _conditions(where: ResponseFilter) -> Iterator[_Fits]:
    """One test per part of the filter that says something, the quickest first."""
    if not where.withdrawn:
        yield attrgetter("is_in_use")
    if (units := where.units) is not None:
        yield lambda row: row.unit in units
    if (states := where.states) is not None:
        yield lambda row: row.state in states
    if (places := where.places) is not None:
        yield lambda row: row.place in places
    if (groups := where.groups) is not None:
        yield lambda row: (row.unit, row.place) in groups
    if (flags := where.flags) is not None:
        yield lambda row: not flags.isdisjoint(row.flags)
    # All times are written alike (+07:00, whole seconds), so their texts sort as they do.
    if where.since is not None:
        since = where.since.isoformat()
        yield lambda row: row.at >= since
    if where.until is not None:
        until = where.until.isoformat()
        yield lambda row: row.at < until
    yield from _looking_closer(where)


def _looking_closer(where: ResponseFilter) -> Iterator[_Fits]:
    """What is asked of the document itself, or of its text."""
    if (versions := where.versions) is not None:
        yield lambda row: row.document["version"] in versions
    if (assigned := where.assigned) is not None:
        yield lambda row: row.document.get("assigned", "") == assigned
    if (name := where.confided_to) is not None:
        yield lambda row: is_confided(row.document, name)
    if (hashes := where.hashes) is not None:
        yield lambda row: not hashes.isdisjoint(row.document.get("found_by", {}).values())
    for question, choice in where.choices:
        yield _choosing(question, choice)
    for word in where.words:
        yield _having(word.text, word.units)


def _choosing(question: str, choice: str) -> _Fits:
    return lambda row: chose(row.document["answers"], question, choice)


def _having(text: str, units: frozenset[str]) -> _Fits:
    return lambda row: text in row.text or row.unit in units
