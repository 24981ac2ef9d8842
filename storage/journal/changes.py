"""What TinyDB's updater functions see of a table while they change it; knows no file or lock."""

from collections.abc import Callable, Iterator, MutableMapping

from .documents import Change, Document, changed, copied, emptied, encode


class Changes(MutableMapping[int, Document]):
    """A table as it will be: copies of the documents that were touched, over the real ones.

    An updater that fails half-way has changed nothing, and no reader meets half an update.
    `note_id` is told of every id stored, so that a later automatic id cannot meet it.
    """

    def __init__(self, stored: dict[int, Document], note_id: Callable[[int], None]) -> None:
        self._stored, self._note_id = stored, note_id
        self._touched: dict[int, Document | None] = {}
        self._is_cleared = False

    def __contains__(self, doc_id: object) -> bool:
        if doc_id in self._touched:
            return self._touched[doc_id] is not None
        return doc_id in self._stored

    def __getitem__(self, doc_id: int) -> Document:
        if doc_id not in self._touched:
            self._touched[doc_id] = copied(self._stored[doc_id])
        document = self._touched[doc_id]
        if document is None:
            raise KeyError(doc_id)
        return document

    def __setitem__(self, doc_id: int, document: Document) -> None:
        self._touched[doc_id] = document
        self._note_id(doc_id)

    def __delitem__(self, doc_id: int) -> None:
        if doc_id not in self:
            raise KeyError(doc_id)
        self._touched[doc_id] = None

    def __iter__(self) -> Iterator[int]:
        yield from [doc_id for doc_id in self._stored if doc_id in self]
        yield from [
            doc_id
            for doc_id, document in self._touched.items()
            if document is not None and doc_id not in self._stored
        ]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        self._stored, self._touched, self._is_cleared = {}, {}, True

    def encoded(self, table: str, *, exists: bool) -> list[Change]:
        """List what really changed; TinyDB creates a table even when an update meets nothing."""
        start = [emptied(table)] if self._is_cleared or not exists else []
        steps = [changed(table, doc_id, new) for doc_id, new in self._touched.items()]
        return start + [step for step in steps if self._is_news(step)]

    def _is_news(self, step: Change) -> bool:
        """Compare as JSON: to Python 1, 1.0 and True are equal."""
        stored = self._stored.get(step.doc_id) if step.doc_id is not None else None
        if stored is None:
            return step.document is not None
        return step.document is None or encode(stored)[1] != step.text
