"""The responses of one form: found by instance, receipt and id; kept exactly once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from forms.response import WITHDRAWN, Response

from .errors import ReceiptTaken, StoreFailed
from .journal import JournalDB, JournalError, Ticket, paused_gc, torn_files
from .records import Document, read_response, response_document
from .shelves import Documents
from .store import Added, ResponseFilter

TABLE = "responses"
VARIANT = "variant"


@dataclass(slots=True)
class _Entry:
    """Where a response stands; `ticket` is its commit while that may not be on the disk yet."""

    content: str
    doc_id: int
    ticket: Ticket | None = None
    withdrawn: bool = False


class ResponseReader:
    """What can be asked of a form's responses."""

    def __init__(self, source: Documents) -> None:
        self._source = source
        self._by_instance: dict[str, list[_Entry]] = {}
        self._by_receipt: dict[str, int] = {}
        self._by_id: dict[str, int] = {}
        self.reload()

    def reload(self) -> None:
        """Build the index anew from what the database holds."""
        for index in (self._by_instance, self._by_receipt, self._by_id):
            index.clear()
        with paused_gc():
            for doc_id, document in self._source.documents(TABLE):
                self._enter(document, _Entry(document["content"], doc_id))

    def _enter(self, document: Document, entry: _Entry) -> None:
        entry.withdrawn = _is_withdrawn(document)
        self._by_instance.setdefault(document["instance"], []).append(entry)
        self._by_receipt[document["receipt"]] = entry.doc_id
        self._by_id[document["id"]] = entry.doc_id

    def __len__(self) -> int:
        return len(self._by_id)

    def by_id(self, response_id: str) -> Response | None:
        return self._read(self._by_id.get(response_id))

    def by_receipt(self, receipt: str) -> Response | None:
        return self._read(self._by_receipt.get(receipt))

    def _read(self, doc_id: int | None) -> Response | None:
        document = None if doc_id is None else self._source.document(TABLE, doc_id)
        return read_response(document) if document is not None else None

    def iterate(self, where: ResponseFilter, *, newest_first: bool) -> Iterator[Response]:
        return map(read_response, self._matching(where, newest_first=newest_first))

    def page(
        self, where: ResponseFilter, *, offset: int, limit: int
    ) -> tuple[int, tuple[Response, ...]]:
        found = list(self._matching(where, newest_first=True))
        return len(found), tuple(map(read_response, found[offset : offset + limit]))

    def _matching(self, where: ResponseFilter, *, newest_first: bool) -> Iterator[Document]:
        """One consistent state, filtered on the documents: objects are made of hits only."""
        kept = [document for _, document in self._source.documents(TABLE)]
        if newest_first:
            kept.reverse()
        # All times are written alike (+07:00, whole seconds), so their texts sort as they do.
        since = where.since.isoformat() if where.since else ""
        for document in kept:
            unit = document["unit"]
            if where.units is not None and unit not in where.units:
                continue
            if where.groups is not None and (unit, document.get("place", "")) not in where.groups:
                continue
            if not where.withdrawn and _is_withdrawn(document):
                continue
            if where.hashes is not None and where.hashes.isdisjoint(_hashes(document)):
                continue
            if document["submitted_at"] >= since:
                yield document

    def count_by_point(self) -> Mapping[str, int]:
        return Counter(document["point"] for document in self._counted())

    def count_by_group(self) -> Mapping[tuple[str, str], int]:
        return Counter(
            (document["unit"], document.get("place", "")) for document in self._counted()
        )

    def _counted(self) -> Iterator[Document]:
        return (d for _, d in self._source.documents(TABLE) if not _is_withdrawn(d))


def _hashes(document: Document) -> Iterable[str]:
    hashes: dict[str, str] = document.get("found_by", {})
    return hashes.values()


def _is_withdrawn(document: Document) -> bool:
    return bool(document["state"] == WITHDRAWN)


class ResponseFile(ResponseReader):
    """The same with writing."""

    def __init__(self, db: JournalDB, path: Path) -> None:
        super().__init__(db)
        self.db, self.path = db, path

    def add(self, response: Response) -> Added:
        """Store.add_response for this form: decide under the lock, wait for the disk outside."""
        try:
            with self.db.lock:
                entry, is_new = self._find_or_queue(response)
                ticket = entry.ticket
            if ticket is not None:
                ticket.wait()
                entry.ticket = None
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        kept = self._read(entry.doc_id)
        if kept is None:
            raise StoreFailed(f"response {entry.doc_id} was written and is not there")
        return Added(kept, stored=is_new)

    def load(self, responses: Iterable[Response]) -> int:
        """Store.load_responses for this form; many lines are on their way to the disk at once."""
        before, last = len(self), None
        try:
            with self.db.lock:
                try:
                    for response in responses:
                        last = self._queue_copy(response) or last
                finally:
                    if last is not None:
                        last.wait()  # lines reach the disk in order: with the last one all do
                return len(self) - before
        except JournalError as error:
            raise StoreFailed(str(error)) from error

    def _queue_copy(self, response: Response) -> Ticket | None:
        if response.id in self._by_id or self._same(response):
            return None
        if response.receipt in self._by_receipt:
            raise ReceiptTaken(response.receipt)
        return self._queue(response).ticket

    def _same(self, response: Response) -> _Entry | None:
        """The response that says the very same."""
        for entry in self._by_instance.get(response.instance, ()):
            if entry.content == response.content:
                return entry
        return None

    def change(self, changes: Mapping[str, tuple[Response, Response]]) -> int:
        """Store.change_responses for this form; waits under the lock, changes being rare."""
        with self.db.lock:
            news = {
                self._by_id[response_id]: new
                for response_id, (expected, new) in changes.items()
                if self._read(self._by_id.get(response_id)) == expected
            }
            if news:
                self._put(news)
        return len(news)

    def _put(self, news: Mapping[int, Response]) -> None:
        documents = {doc_id: response_document(new) for doc_id, new in news.items()}
        try:
            self.db.commit([(TABLE, *item) for item in documents.items()]).wait()
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        for doc_id, new in news.items():
            for entry in self._by_instance[new.instance]:
                if entry.doc_id == doc_id:
                    entry.content = new.content
                    entry.withdrawn = _is_withdrawn(documents[doc_id])

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

    def _queue(self, response: Response) -> _Entry:
        document = response_document(response)
        doc_id = self.db.next_id(TABLE)
        ticket = self.db.commit([(TABLE, doc_id, document)])
        entry = _Entry(response.content, doc_id, ticket)
        self._enter(document, entry)
        return entry

    def _find_or_queue(self, response: Response) -> tuple[_Entry, bool]:
        if same := self._same(response):
            return same, False
        for entry in self._by_instance.get(response.instance, ()):
            if entry.withdrawn:
                return entry, False
        if response.receipt in self._by_receipt:
            raise ReceiptTaken(response.receipt)
        if response.instance in self._by_instance:
            response = replace(response, flags=(*response.flags, VARIANT))
        return self._queue(response), True
