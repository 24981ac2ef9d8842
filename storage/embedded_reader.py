"""A folder of the embedded store, as both who writes to it and who only reads it see it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from federation.breaches import Breach
from federation.headcounts import Headcount
from federation.people import Person, SignIn
from federation.requests import DataRequest
from federation.retentions import FormRetention
from federation.units import Unit
from forms.campaign import Campaign
from forms.draft import Draft
from forms.export_profile import ExportProfile
from forms.offer import Offer
from forms.publication import Openings, PublishedVersion, ScanPoint
from forms.response import Response

from .embedded_files import FILES, FileReader
from .errors import StoreError
from .kept import Setting, Tries
from .noticing import set_aside
from .places import Place
from .response_file import ResponseReader
from .response_filter import Order, ResponseFilter
from .shelf_contract import Shelf, Trail
from .soundness import FORM_ID, RESPONSES
from .store import Notice


class EmbeddedReader:
    """What reading from a folder and writing to it have in common."""

    units: Shelf[Unit]
    headcounts: Shelf[Headcount]
    people: Shelf[Person]
    sign_ins: Shelf[SignIn]
    versions: Shelf[PublishedVersion]
    drafts: Shelf[Draft]
    points: Shelf[ScanPoint]
    offers: Shelf[Offer]
    openings: Shelf[Openings]
    campaigns: Shelf[Campaign]
    settings: Shelf[Setting]
    tries: Shelf[Tries]
    requests: Shelf[DataRequest]
    retentions: Shelf[FormRetention]
    profiles: Shelf[ExportProfile]
    breaches: Shelf[Breach]
    trail: Trail

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._uploads = FileReader(folder / FILES)

    def file(self, definition: str, name: str) -> bytes | None:
        return self._uploads.read(definition, name)

    def iter_files(self, definition: str) -> Iterator[str]:
        return self._uploads.names(definition)

    def _responses(self, definition: str) -> ResponseReader:
        raise TypeError("a reader says how it finds responses")

    def _path(self, definition: str) -> Path:
        if not FORM_ID.fullmatch(definition):
            raise StoreError(f"{definition!r} cannot be a definition's id")
        return self._folder / RESPONSES / f"{definition}.json"

    def response(self, definition: str, response_id: str) -> Response | None:
        return self._responses(definition).by_id(response_id)

    def response_by_receipt(self, definition: str, receipt: str) -> Response | None:
        return self._responses(definition).by_receipt(receipt)

    def iter_responses(
        self, definition: str, where: ResponseFilter, *, newest_first: bool = False
    ) -> Iterator[Response]:
        return self._responses(definition).iterate(where, newest_first=newest_first)

    def page_responses(
        self,
        definition: str,
        where: ResponseFilter,
        *,
        offset: int,
        limit: int,
        order: Order = Order.NEWEST,
    ) -> tuple[int, tuple[Response, ...]]:
        return self._responses(definition).page(where, offset=offset, limit=limit, order=order)

    def count_by_point(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[str, int]:
        return self._responses(definition).count_by_point(since, before)

    def count_by_group(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[tuple[str, str], int]:
        return self._responses(definition).count_by_group(since, before)

    def count_by_day(self, definition: str) -> Mapping[tuple[str, str, date], int]:
        return self._responses(definition).count_by_day()

    def waiting(self, definition: str) -> tuple[Response, ...]:
        return self._responses(definition).waiting()

    def places(self, definition: str, names: Iterable[str]) -> Mapping[str, Place]:
        return self._responses(definition).places(names)

    def notices(self) -> tuple[Notice, ...]:
        return set_aside(self._folder)
