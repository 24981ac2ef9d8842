"""Write the responses of a view into a file, with the paper that says who took what and why.

Whatever filter a view has drives the file: list, count and file are of one view.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from export.bundle import Bundle, nameless
from export.csv import csv_chunks
from export.jsonl import jsonl_lines
from export.manifest import SUFFIX, Manifest, sha256_of
from export.profile import ProfileTable
from export.response_workbook import write_workbook
from export.table import Table, merged_questions
from export.xlsx import Told, TooWide
from forms.problems import N_
from forms.response import Response
from storage.store import ResponseFilter

from ..errors import Refusal
from ..files import read_file
from ..reading import responses
from ..reading.retentions import note_full_export
from .export_order import Order
from .profiles import find_profile

_TOO_WIDE = N_(
    "With a column for each choice the table has more columns than Excel takes."
    " Please take it without, or as CSV."
)
_NO_PROFILE = N_("A profile is for CSV and Excel.")
JOB_KIND = "export"
DIRECT = 5_000
"""Rows up to which a file without photos is made while one waits."""
_STEP = 100  # rows between two words about how far it is


Progress = Callable[[int], None]


def count(order: Order) -> int:
    """How many rows the file would have now."""
    return responses.page(order.store, order.view, offset=0, limit=0)[0]


def check_order(order: Order) -> None:
    """Raise Refusal for what no file can be made of."""
    wish = order.wish
    if wish.sensitive and not wish.reason.strip():
        raise Refusal(N_("Please say why sensitive answers must leave."), field="reason")
    if wish.profile:
        if wish.kind == "jsonl":
            raise Refusal(_NO_PROFILE, field="profile")
        find_profile(order.store, order.view.definition.id, wish.profile)


def write_export(order: Order, path: Path, told: Progress = lambda _count: None) -> Manifest:
    """Write the file to `path`, where nobody looks yet; `told` hears how many rows came more.

    Raises Refusal. The manifest is also in the ZIP, where it is one, about the table in it.
    """
    check_order(order)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="export-") as scratch:
        return _Writing(order, Path(scratch), told).write(path)


def note_taken(order: Order) -> None:
    """Let the time begin for which what is in the member software is still kept here.

    A template may leave columns out, so that its files do not count.
    """
    if not order.wish.profile:
        note_full_export(order.store, order.view, order.at, sensitive=order.wish.sensitive)


class _Writing:
    """One file as it comes into being."""

    def __init__(self, order: Order, scratch: Path, told: Progress) -> None:
        self._order, self._wish, self._scratch, self._told = order, order.wish, scratch, told
        self._rows = 0
        self._beside: Bundle | None = None
        profile = order.wish.profile
        form = order.view.definition.id
        self._profile = find_profile(order.store, form, profile) if profile else None
        # The responses are fixed first, see `exported`.
        self._versions, self._found = responses.exported(order.store, order.view)
        self._questions = merged_questions(self._versions)

    @property
    def _anonymous(self) -> bool:
        return self._versions[-1].anonymous

    @property
    def _hidden(self) -> frozenset[str]:
        """The questions whose answers read ***."""
        if self._wish.sensitive:
            return frozenset()
        return frozenset(q.name for q in self._questions if q.sensitive)

    def write(self, path: Path) -> Manifest:
        if self._wish.ending != "zip":
            return self._finished(self._write_table(path, self._found), path)
        with self._bundle(path) as bundle:
            self._beside = bundle
            passing = bundle.passing(self._found) if self._wish.files else self._found
            table = self._scratch / "table"
            manifest = self._write_table(table, passing)
            inside = replace(_summed(manifest, table), file=self._order.table_name)
            bundle.add(table, self._order.table_name)
            bundle.add_content(inside.content(), self._order.table_name + SUFFIX)
        return self._finished(manifest, path)

    def _finished(self, manifest: Manifest, path: Path) -> Manifest:
        return replace(_summed(manifest, path), file=self._order.file_name)

    def _bundle(self, path: Path) -> Bundle:
        return Bundle(
            path,
            self._questions,
            hidden=self._hidden,
            anonymous=self._anonymous,
            at=self._order.at,
            file=lambda form, name: read_file(self._order.store, form, name),
        )

    def _write_table(self, path: Path, found: Iterable[Response]) -> Manifest:
        if self._anonymous and not self._wish.files:
            found = nameless(found, self._questions)
        counted = self._counted(found)
        if self._wish.kind == "xlsx":
            return self._write_workbook(path, counted)
        with path.open("wb") as file:
            for chunk in self._chunks(counted):
                file.write(chunk.encode())
        return self._manifest(self._table(), Told(), self._rows)

    def _counted(self, found: Iterable[Response]) -> Iterator[Response]:
        untold = 0
        for response in found:
            yield response
            self._rows += 1
            untold += 1
            if untold == _STEP:
                self._told(untold)
                untold = 0
        self._told(untold)

    def _chunks(self, found: Iterable[Response]) -> Iterator[str]:
        if self._wish.kind == "jsonl":
            return jsonl_lines(
                found,
                anonymous=self._anonymous,
                masked=self._hidden,
                unit_name=self._order.tree.name,
            )
        table = self._table()
        return csv_chunks(table.header(), table.rows(found), separator=self._wish.separator)

    def _write_workbook(self, path: Path, found: Iterable[Response]) -> Manifest:
        table, order = self._table(), self._order
        try:
            return write_workbook(
                path,
                self._scratch,
                table,
                found,
                versions=self._versions,
                style=self._wish.style,
                language=self._wish.language,
                translate=order.translate,
                by=order.by,
                at=order.at,
                told=lambda told, rows: self._manifest(table, told, rows),
            )
        except TooWide as error:
            raise Refusal(_TOO_WIDE, field="split_choices") from error

    def _table(self) -> Table | ProfileTable:
        order, style = self._order, self._wish.style
        if self._profile:
            return ProfileTable(self._versions, self._profile, style, unit_name=order.tree.name)
        return Table(self._versions, style, unit_name=order.tree.name, translate=order.translate)

    def _manifest(self, table: Table | ProfileTable, told: Told, rows: int) -> Manifest:
        order, wish = self._order, self._wish
        missing = table.missing if isinstance(table, ProfileTable) else ()
        return Manifest(
            form=order.view.definition.id,
            title=order.view.definition.title.into(wish.language),
            by=order.by,
            at=order.at,
            filter={"words": order.words, **order.about, "data": _plain(order.view.where)},
            options=wish.options(),
            versions=tuple(range(1, len(self._versions) + 1)),
            columns=table.headings,
            rows=rows,
            anonymous=self._anonymous,
            withheld=order.view.withheld,
            sensitive=wish.sensitive,
            reason=wish.reason.strip() if wish.sensitive else "",
            cut=told.cut,
            replaced=told.replaced,
            missing=missing,
            taken=self._beside.taken if self._beside else 0,
            lost=self._beside.lost if self._beside else 0,
        )


def _summed(manifest: Manifest, path: Path) -> Manifest:
    return replace(manifest, size=path.stat().st_size, sha256=sha256_of(path))


def _plain(where: ResponseFilter) -> dict[str, Any]:
    """A filter as JSON; what limits nothing is left out, and so are hashes of personal numbers."""
    found = {name: value for name, value in vars(where).items() if value is not None}
    found.pop("hashes", None)
    found.pop("groups", None)
    plain: dict[str, Any] = json.loads(json.dumps(found, default=_sorted))
    return plain


def _sorted(value: object) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)
