"""Check everything a store holds: every document, the unique keys, and what refers to what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from forms.publication import PublishedVersion, version_key
from forms.response import Response
from storage import records
from storage.checked import is_file_name
from storage.data_keys import DataKeys
from storage.key_ring import DATA_KEY
from storage.looking import Contents, Finding, Found
from storage.places import NOBODY, ONCE, PlaceCount, Places, stake_of
from storage.records import Kind, checked_response
from storage.soundness import HASH_KEY
from storage.store import Setting

from ..trail.checking import TrailCheck
from .contents import SHELVES, form_part
from .record_checking import record_findings
from .seal_checking import SealCheck

Told = Callable[[int], None]


@dataclass
class Report:
    """What was counted and found."""

    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def faults(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_fault]


@dataclass
class _Reference:
    """Something that responses refer to, with the first that does."""

    where: str
    count: int = 0


def check_contents(
    contents: Contents,
    key: str,
    told: Told,
    data_keys: DataKeys | None = None,
    trail: TrailCheck | None = None,
) -> Report:
    """Check a store; `key` is the fingerprint of the hashing key in use, "" without one.

    With the data keys everything encrypted is opened; with `trail` the audit trail is proven.
    """
    return _Checking(contents, told, SealCheck(data_keys), trail).run(key)


class _Checking:
    def __init__(
        self, contents: Contents, told: Told, seals: SealCheck, trail: TrailCheck | None
    ) -> None:
        self._contents, self._told, self._seals, self._trail = contents, told, seals, trail
        self._report = Report(findings=contents.findings)
        self._used: dict[tuple[str, ...], _Reference] = {}
        self._files: dict[str, frozenset[str]] = {}
        self._is_whole = True

    def run(self, key: str) -> Report:
        for form in self._contents.forms():
            self._check_form(form)
            self._check_files(form)
        found = {kind.table: self._read_shelf(kind) for kind in (*SHELVES, records.SIGN_INS)}
        if self._is_whole:
            self._report.findings += record_findings(found)
            self._check_used(found)
            self._check_key(found["settings"].get(HASH_KEY), key)
            sealed = self._seals.findings(found["versions"], found["settings"].get(DATA_KEY))
            self._report.findings += sealed
            if self._trail is not None:
                self._report.findings += self._trail.findings(found)
        return self._report

    def _fault(self, where: str, problem: str) -> None:
        self._report.findings.append(Finding(where, problem))

    def _check_form(self, form: str) -> None:
        seen: dict[tuple[str, ...], str] = {}
        places, count, unreadable = PlaceCount(), 0, 0
        for found in self._contents.responses(form):
            count += 1
            self._told(1)
            try:
                response = checked_response(found.document)
            except ValueError as error:
                self._fault(found.where, _unreadable(error))
                unreadable += 1
                continue
            if response.definition != form:
                self._fault(found.where, f"it is a response of {response.definition}")
                continue
            self._check_unique(response, found.where, seen)
            opened = self._seals.opened(response, found.where, self._report.findings)
            self._note_used(opened, found.where)
            places.add(stake_of(response))
            if set(response.waits_for) - set(response.claims):
                self._fault(found.where, "it waits for a place that it does not claim")
        if not unreadable:
            self._check_places(form, places.all())
        self._report.counts[form_part(form)] = count

    def _check_places(self, form: str, held: Places) -> None:
        """What has room for one has one, and the counts are what the responses say."""
        for name, place in held.items():
            if name.startswith(ONCE) and place.taken > 1:
                problem = f"{place.taken} responses have what one can have"
                self._fault(f"places of {form}, {name}", problem)
        counted = self._contents.places(form)
        if counted is None:
            return
        for name in sorted(held.keys() | counted.keys()):
            said, found = counted.get(name, NOBODY), held.get(name, NOBODY)
            if said != found:
                self._fault(
                    f"places of {form}, {name}",
                    f"counted are {said.taken} and {said.waiting} waiting; by the responses it is"
                    f" {found.taken} and {found.waiting}. storage copy counts anew",
                )

    def _check_files(self, form: str) -> None:
        self._files[form] = self._contents.files(form)
        for name in sorted(filter(is_file_name, self._files[form])):
            kept = self._contents.file(form, name)
            if kept is not None:
                self._seals.check_file(form, name, kept, self._report.findings)

    def _check_unique(
        self, response: Response, where: str, seen: dict[tuple[str, ...], str]
    ) -> None:
        for what, *key in (
            ("id", response.id),
            ("receipt", response.receipt),
            ("instance and content", response.instance, response.content),
        ):
            first = seen.setdefault((what, *key), where)
            if first != where:
                self._fault(where, f"its {what} is also that of {first}")

    def _note_used(self, response: Response, where: str) -> None:
        form = response.definition
        anonymous = response.receipt.startswith("h:")
        for used in (
            ("version", version_key(form, response.version)),
            ("unit", response.unit),
            ("point", response.point, form),
            ("prefix", "" if anonymous else response.receipt[:3], version_key(form, 1)),
            *_files_named(response),
        ):
            self._used.setdefault(used, _Reference(where)).count += 1

    def _read_shelf(self, kind: Kind[Any]) -> dict[str, Any]:
        items: dict[str, Any] = {}
        found = self._contents.records(kind.table)
        if found is None:
            self._is_whole = False
            return items
        for place in found:
            self._read_record(kind, place, items)
        self._report.counts[kind.table] = len(items)
        return items

    def _read_record(self, kind: Kind[Any], place: Found, items: dict[str, Any]) -> None:
        try:
            item = kind.to_item(place.document)
        except ValueError as error:
            self._fault(place.where, _unreadable(error))
            return
        key = kind.key(item)
        if place.key not in (None, key):
            self._fault(place.where, f"the document is that of the key {key}")
        elif key in items:
            self._fault(place.where, f"the key {key} is there twice")
        items[key] = item

    def _check_used(self, found: dict[str, dict[str, Any]]) -> None:
        versions, units, points = found["versions"], found["units"], found["points"]
        for (what, key, *rest), used in self._used.items():
            if what == "version" and key not in versions:
                self._missing(used, f"version {key}")
            elif what == "unit" and key not in units:
                self._missing(used, f"unit {key}")
            elif what == "point" and key not in points:
                self._missing(used, f"scan point {key}")
            elif what == "point" and rest[0] not in points[key].led_to:
                self._fault(used.where, f"its scan point {key} is of {points[key].definition}")
            elif what == "file" and rest[1] in versions:
                self._check_file(key, rest[0], versions[rest[1]], used)
            elif what == "prefix" and key and rest[0] in versions:
                self._check_prefix(key, versions[rest[0]], used)

    def _check_prefix(self, prefix: str, version: PublishedVersion, used: _Reference) -> None:
        if prefix != version.prefix:
            problem = f"its receipt begins with {prefix}, not with {version.prefix}"
            self._fault(used.where, f"{problem} ({used.count} such responses)")

    def _check_file(
        self, name: str, question: str, version: PublishedVersion, used: _Reference
    ) -> None:
        definition = version.definition
        asked = definition.by_name.get(question)
        if asked is None or not asked.keeps_files:  # a text may look like the name of a file
            return
        if name not in self._files[definition.id]:
            self._missing(used, f"file {name}")

    def _missing(self, used: _Reference, what: str) -> None:
        more = f" ({used.count} responses refer to it)" if used.count > 1 else ""
        self._fault(used.where, f"its {what} is missing{more}")

    def _check_key(self, recorded: Setting | None, key: str) -> None:
        if recorded is not None and recorded.value != key:
            shown = key or "none"
            problem = f"the responses were stored under {recorded.value}; in use is {shown}"
            self._fault("hashing key", problem)


def _files_named(response: Response) -> Iterator[tuple[str, ...]]:
    """What may be the names of files, with the question and the version that decide it."""
    key = version_key(response.definition, response.version)
    for question, value in response.answers.items():
        for name in value if isinstance(value, list) else [value]:
            if isinstance(name, str) and is_file_name(name):
                yield "file", name, question, key


def _unreadable(error: ValueError) -> str:
    """Say where a document is wrong without quoting it: it may hold personal answers."""
    places = getattr(error, "errors", None)
    if places is None:
        return f"unreadable: {error}"
    first = places(include_input=False, include_url=False, include_context=False)[0]
    return f"unreadable: {'.'.join(map(str, first['loc'])) or 'document'} ({first['type']})"
