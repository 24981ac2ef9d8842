"""The responses of one form: found by instance, receipt and id; kept exactly once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from forms.response import WITHDRAWN, Response

from .checked import check_change
from .errors import ReceiptTaken, StoreFailed
from .journal import JournalDB, JournalError, Ticket, paused_gc, torn_files
from .places import Claim, Place, names_of, reseated, settled
from .records import Document, is_in_use, read_response, response_document
from .response_filter import Order, ResponseFilter
from .response_index import ResponseIndex
from .response_rows import RowTable, in_order, matching
from .shelves import Documents
from .store import Added

TABLE = "responses"
VARIANT = "variant"


class ResponseReader:
    """What can be asked of a form's responses."""

    def __init__(self, source: Documents) -> None:
        self._source = source
        self._index = ResponseIndex()
        self._rows = RowTable(lambda: source.documents(TABLE))
        self.reload()

    def reload(self) -> None:
        """Build the index anew from what the database holds."""
        with paused_gc():
            self._index = ResponseIndex(self._source.documents(TABLE))

    def __len__(self) -> int:
        return len(self._index.by_id)

    def by_id(self, response_id: str) -> Response | None:
        return self._read(self._index.by_id.get(response_id))

    def by_receipt(self, receipt: str) -> Response | None:
        return self._read(self._index.by_receipt.get(receipt))

    def _read(self, doc_id: int | None) -> Response | None:
        document = None if doc_id is None else self._source.document(TABLE, doc_id)
        return read_response(document) if document is not None else None

    def iterate(self, where: ResponseFilter, *, newest_first: bool) -> Iterator[Response]:
        rows = self._rows.now()
        found = matching(reversed(rows) if newest_first else rows, where)
        return (read_response(row.document) for row in found)

    def page(
        self, where: ResponseFilter, *, offset: int, limit: int, order: Order
    ) -> tuple[int, tuple[Response, ...]]:
        found = in_order(list(matching(self._rows.now(), where)), order)
        page = islice(found, offset, offset + limit)
        return len(found), tuple(read_response(row.document) for row in page)

    def count_by_point(self, since: datetime | None, before: datetime | None) -> Mapping[str, int]:
        return Counter(document["point"] for document in self._counted(since, before))

    def count_by_group(
        self, since: datetime | None, before: datetime | None
    ) -> Mapping[tuple[str, str], int]:
        return Counter(
            (document["unit"], document.get("place", ""))
            for document in self._counted(since, before)
        )

    def count_by_day(self) -> Mapping[tuple[str, str, date], int]:
        days = Counter(
            (document["unit"], document.get("place", ""), document["submitted_at"][:10])
            for document in self._counted(None, None)
        )
        return {
            (unit, place, date.fromisoformat(day)): count
            for (unit, place, day), count in days.items()
        }

    def _counted(self, since: datetime | None, before: datetime | None) -> Iterator[Document]:
        first, end = since.isoformat() if since else "", before.isoformat() if before else "9"
        return (
            d
            for _, d in self._source.documents(TABLE)
            if first <= d["submitted_at"] < end and is_in_use(d)
        )

    def waiting(self) -> tuple[Response, ...]:
        ids = sorted(self._index.waiting)
        found = (self._source.document(TABLE, doc_id) for doc_id in ids)
        return tuple(read_response(document) for document in found if document is not None)

    def places(self, names: Iterable[str]) -> Mapping[str, Place]:
        return self._index.places.of(names)


def _is_withdrawn(document: Document) -> bool:
    return bool(document["state"] == WITHDRAWN)


@dataclass(frozen=True)
class _Flying:
    """A response on its way to the disk; nobody can read it before it is there."""

    document: Document
    ticket: Ticket


class ResponseFile(ResponseReader):
    """The same with writing."""

    def __init__(self, db: JournalDB, path: Path) -> None:
        self.db, self.path = db, path
        self._flying: dict[int, _Flying] = {}
        super().__init__(db)

    def reload(self) -> None:
        self._flying = {}
        super().reload()

    def add(self, response: Response, claims: Sequence[Claim]) -> Added:
        """Store.add_response for this form: decide under the lock, wait for the disk outside."""
        try:
            with self.db.lock:
                doc_id, is_new = self._find_or_queue(response, claims)
                flying = self._flying.get(doc_id)
            if flying is not None:
                flying.ticket.wait()
                self._flying.pop(doc_id, None)
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        kept = self._read(doc_id)
        if kept is None:
            raise StoreFailed(f"response {doc_id} was written and is not there")
        return Added(kept, stored=is_new)

    def _find_or_queue(self, response: Response, claims: Sequence[Claim]) -> tuple[int, bool]:
        siblings = self._siblings(response.instance)
        for doc_id, sibling in siblings.items():
            if sibling["content"] == response.content:
                return doc_id, False
        for doc_id, sibling in siblings.items():
            if _is_withdrawn(sibling):
                return doc_id, False
        if response.receipt in self._index.by_receipt:
            raise ReceiptTaken(response.receipt)
        if siblings:
            response, claims = replace(response, flags=(*response.flags, VARIANT)), ()
        response = settled(response, claims, self.places(names_of(claims)))
        return self._queue(response), True

    def _siblings(self, instance: str) -> dict[int, Document]:
        """All documents of an instance, those on their way to the disk included."""
        return {doc_id: self._known(doc_id) for doc_id in self._index.of_instance(instance)}

    def _known(self, doc_id: int) -> Document:
        # The flying one first: it lands before it is forgotten.
        flying = self._flying.get(doc_id)
        found = flying.document if flying else self._source.document(TABLE, doc_id)
        if found is None:
            raise StoreFailed(f"response {doc_id} is in the index and not in the file")
        return found

    def _queue(self, response: Response) -> int:
        document = response_document(response)
        doc_id = self.db.next_id(TABLE)
        self._flying[doc_id] = _Flying(document, self.db.commit([(TABLE, doc_id, document)]))
        self._index.enter(doc_id, document)
        return doc_id

    def load(self, responses: Iterable[Response]) -> int:
        """Store.load_responses for this form; many lines are on their way to the disk at once."""
        queued: list[int] = []
        try:
            with self.db.lock:
                try:
                    for response in responses:
                        queued += self._queue_copy(response)
                finally:
                    if queued:  # lines reach the disk in order: with the last one all do
                        self._flying[queued[-1]].ticket.wait()
                        for doc_id in queued:
                            self._flying.pop(doc_id, None)
                return len(queued)
        except JournalError as error:
            raise StoreFailed(str(error)) from error

    def _queue_copy(self, response: Response) -> list[int]:
        siblings = self._siblings(response.instance).values()
        is_same = any(sibling["content"] == response.content for sibling in siblings)
        if response.id in self._index.by_id or is_same:
            return []
        if response.receipt in self._index.by_receipt:
            raise ReceiptTaken(response.receipt)
        return [self._queue(response)]

    def change(self, expected: Response, new: Response, claims: Sequence[Claim] | None) -> bool:
        """Store.change_response for this form."""
        check_change(expected, new, claims)
        with self.db.lock:
            doc_id = self._index.by_id.get(expected.id, 0)
            if self._read(doc_id) != expected:
                return False
            if claims is not None:
                new = settled(new, claims, self.places(names_of(claims)), expected)
            self._put({doc_id: new})
            self._index.places.move(expected, new)
        return True

    def change_all(self, changes: Mapping[str, tuple[Response, Response]]) -> int:
        """Store.change_responses for this form: all in one commit."""
        with self.db.lock:
            changed = {
                self._index.by_id[response_id]: new
                for response_id, (expected, new) in changes.items()
                if self._read(self._index.by_id.get(response_id)) == expected
            }
            if changed:
                self._put(changed)
        return len(changed)

    def promote(self, limits: Mapping[str, int], at: datetime) -> tuple[Response, ...]:
        """Store.promote for this form: all in one commit."""
        changed = dict[int, Response]()
        with self.db.lock:
            if self._index.waiting:
                self._put({})  # what is on its way to the disk can be read afterwards
            for doc_id in sorted(self._index.waiting):
                before = read_response(self._known(doc_id))
                new = reseated(before, limits, self.places(before.claims), at)
                if new != before:
                    self._index.places.move(before, new)
                    changed[doc_id] = new
            self._put(changed)
        return tuple(response for response in changed.values() if not response.waits_for)

    def _put(self, changed: Mapping[int, Response]) -> None:
        """Write changed responses in one commit; waits under the lock, changes being rare."""
        documents = {doc_id: response_document(response) for doc_id, response in changed.items()}
        try:
            self.db.commit([(TABLE, *item) for item in documents.items()]).wait()
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        for doc_id, response in changed.items():
            self._flying.pop(doc_id, None)  # it landed, and says something else now
            self._index.waiting.discard(doc_id)
            if response.waits_for:
                self._index.waiting.add(doc_id)

    def forget_changed(self) -> None:
        """Store.forget_changed for this form."""
        try:
            self.db.fold()
            for path in torn_files(self.path):
                path.unlink(missing_ok=True)
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        except OSError as error:
            raise StoreFailed(f"{self.path}: {error.strerror}") from error
