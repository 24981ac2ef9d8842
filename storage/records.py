"""Records as JSON documents and back; the shape on the disk is decided here and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
from pydantic import TypeAdapter

from federation.breaches import Breach
from federation.headcounts import Headcount
from federation.people import Person, SignIn
from federation.requests import DataRequest
from federation.retentions import FormRetention
from federation.trail import Entry
from federation.units import Unit
from forms.campaign import Campaign
from forms.consent import Accepted
from forms.draft import Draft
from forms.export_profile import ExportProfile
from forms.offer import Offer
from forms.publication import Openings, PublishedVersion, ScanPoint
from forms.response import WITHDRAWN, Change, Response

from .store import Setting, Tries

Item = TypeVar("Item")
Document = dict[str, Any]


@dataclass(frozen=True)
class Kind(Generic[Item]):
    """How one kind of record is kept: its table, its key, its document."""

    table: str
    key: Callable[[Item], str]
    adapter: TypeAdapter[Item]

    def to_document(self, item: Item) -> Document:
        document: Document = self.adapter.dump_python(item, mode="json", exclude_defaults=True)
        return document

    def to_item(self, document: Document) -> Item:
        return self.adapter.validate_python(document)


UNITS: Kind[Unit] = Kind("units", lambda unit: unit.id, TypeAdapter(Unit))
HEADCOUNTS: Kind[Headcount] = Kind(
    "headcounts", lambda headcount: headcount.key, TypeAdapter(Headcount)
)
PEOPLE: Kind[Person] = Kind("people", lambda person: person.name, TypeAdapter(Person))
SIGN_INS: Kind[SignIn] = Kind("sign_ins", lambda sign_in: sign_in.token, TypeAdapter(SignIn))
VERSIONS: Kind[PublishedVersion] = Kind(
    "versions", lambda version: version.key, TypeAdapter(PublishedVersion)
)
DRAFTS: Kind[Draft] = Kind("drafts", lambda draft: draft.definition, TypeAdapter(Draft))
POINTS: Kind[ScanPoint] = Kind("points", lambda point: point.code, TypeAdapter(ScanPoint))
OFFERS: Kind[Offer] = Kind("offers", lambda offer: offer.definition, TypeAdapter(Offer))
OPENINGS: Kind[Openings] = Kind("openings", lambda known: known.definition, TypeAdapter(Openings))
CAMPAIGNS: Kind[Campaign] = Kind("campaigns", lambda campaign: campaign.id, TypeAdapter(Campaign))
SETTINGS: Kind[Setting] = Kind("settings", lambda setting: setting.name, TypeAdapter(Setting))
TRAIL: Kind[Entry] = Kind("trail", lambda entry: entry.key, TypeAdapter(Entry))
TRIES: Kind[Tries] = Kind("tries", lambda tries: tries.name, TypeAdapter(Tries))
REQUESTS: Kind[DataRequest] = Kind("requests", lambda request: request.id, TypeAdapter(DataRequest))
RETENTIONS: Kind[FormRetention] = Kind(
    "retentions", lambda kept: kept.form, TypeAdapter(FormRetention)
)
PROFILES: Kind[ExportProfile] = Kind(
    "profiles", lambda profile: profile.key, TypeAdapter(ExportProfile)
)
BREACHES: Kind[Breach] = Kind("breaches", lambda breach: breach.id, TypeAdapter(Breach))
_RESPONSE = TypeAdapter(Response)
_EMPTY: tuple[object, ...] = ((), "", 0, {}, None)
_LISTS = ("flags", "ancestors", "claims", "waits_for", "concerned")


def response_document(response: Response) -> Document:
    """A response as it stands in the file; what is empty is not written."""
    document = {name: value for name, value in vars(response).items() if value not in _EMPTY}
    document["answers"] = dict(response.answers)
    for name in ("sealed", "found_by"):
        if mapping := getattr(response, name):
            document[name] = dict(mapping)
    document["submitted_at"] = response.submitted_at.isoformat()
    for name in _LISTS:
        if name in document:
            document[name] = list(document[name])
    if response.accepted:
        document["accepted"] = {
            **vars(response.accepted),
            "purposes": [*response.accepted.purposes],
        }
    if response.history:
        document["history"] = [_change_document(change) for change in response.history]
    return document


def is_in_use(document: Document) -> bool:
    """Response.is_in_use, asked of a document."""
    return bool(document["state"] != WITHDRAWN and not document.get("restricted", False))


def is_confided(document: Document, name: str) -> bool:
    """Response.is_confided_to, asked of a document."""
    if document.get("named"):
        return name not in document.get("concerned", ())
    return bool(name) and document.get("reader", "") == name


def _change_document(change: Change) -> Document:
    document = vars(change) | {"at": change.at.isoformat(), "before": dict(change.before)}
    return document if document.pop("sealed") == {} else document | {"sealed": dict(change.sealed)}


def _read_change(document: Document) -> Change:
    return Change(**{**document, "at": datetime.fromisoformat(document["at"])})


def _read_accepted(document: Document | None) -> Accepted | None:
    if document is None:
        return None
    return Accepted(**{**document, "purposes": tuple(document["purposes"])})


def read_response(document: Document) -> Response:
    """The response that a document of `response_document` holds."""
    return Response(
        **{
            **document,
            "submitted_at": datetime.fromisoformat(document["submitted_at"]),
            "place": document.get("place", ""),
            "version": document["version"],
            **{name: tuple(document.get(name, ())) for name in _LISTS},
            "accepted": _read_accepted(document.get("accepted")),
            "history": tuple(map(_read_change, document.get("history", ()))),
        }
    )


def checked_response(document: Document) -> Response:
    """`read_response` for documents that may be anybody's; raises ValueError for what is none."""
    try:
        # What is empty is not written; of what may be empty only the place has no default.
        _RESPONSE.validate_json(orjson.dumps({"place": "", **document}), strict=True)
        response = read_response(document)
    except (KeyError, TypeError) as error:
        raise ValueError("fields are missing or strange") from error
    if response_document(response) != document:
        raise ValueError("it is not written as this program writes")
    return response
