"""Where the responses of one form stand: by instance, receipt and id; and who has which place."""

from collections.abc import Iterable, Iterator

from .places import PlaceCount, stake
from .records import Document


class ResponseIndex:
    """Numbers of documents only: what the documents say is read there, so that little is kept."""

    def __init__(self, documents: Iterable[tuple[int, Document]] = ()) -> None:
        self.by_id: dict[str, int] = {}
        self.by_receipt: dict[str, int] = {}
        self.places = PlaceCount()
        self.waiting: set[int] = set()
        self._first: dict[str, int] = {}  # of each instance
        self._variants: dict[str, list[int]] = {}
        enter = self.enter
        for doc_id, document in documents:
            enter(doc_id, document)

    def enter(self, doc_id: int, document: Document) -> None:
        self.by_id[document["id"]] = doc_id
        self.by_receipt[document["receipt"]] = doc_id
        instance = document["instance"]
        if self._first.setdefault(instance, doc_id) != doc_id:
            self._variants.setdefault(instance, []).append(doc_id)
        if "claims" in document:
            self.places.add(stake(document["claims"], document.get("waits_for", ())))
            if "waits_for" in document:
                self.waiting.add(doc_id)

    def of_instance(self, instance: str) -> Iterator[int]:
        """The first of an instance and its variants, in the order in which they came."""
        if instance in self._first:
            yield self._first[instance]
            yield from self._variants.get(instance, ())
