"""The table that an export profile asks for: the columns of somebody else's template."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forms.definition import Definition
from forms.export_profile import ROW_NUMBER, ExportProfile, ProfileColumn
from forms.response import Response
from forms.types.base import Cell, Column
from forms.types.choices import SelectMultiple
from forms.types.dates import written

from .table import META, META_KINDS, PAPER, Heading, Meta, Source, Style, merged_questions

_KINDS = {"": "day", "day": "day", "iso": "iso_day", "month": "month", "year": "text"}
_BESIDE = (*META, *PAPER)
_LENGTHS = {"month": 7, "year": 4}

Cells = Callable[[Response, Sequence[Cell], int], Sequence[Cell]]
"""What a column writes for a response, of which the meta cells and the row's number are known."""


@dataclass(frozen=True)
class _Planned:
    headings: tuple[Heading, ...]
    cells: Cells


class ProfileTable:
    """The columns of a profile over all versions of its form, and the rows of its responses.

    `missing` are the names of questions that the form never had: their columns stay, empty.
    """

    def __init__(
        self,
        versions: Sequence[Definition],
        profile: ExportProfile,
        style: Style,
        *,
        unit_name: Callable[[str], str],
    ) -> None:
        self._style = style
        # Real times throughout: how they are written is decided column by column.
        iso = replace(style, labels="")
        self._meta = Meta(iso, unit_name, anonymous=versions[-1].anonymous)
        self._questions = {question.name: question for question in merged_questions(versions)}
        self.missing = tuple(
            column.source for column in profile.columns if self._is_missing(column.source)
        )
        self._planned = [self._plan(column) for column in profile.columns]

    @property
    def headings(self) -> list[Heading]:
        return [heading for planned in self._planned for heading in planned.headings]

    def header(self) -> list[str]:
        return [heading.title for heading in self.headings]

    def rows(self, responses: Iterable[Response]) -> Iterator[list[Cell]]:
        for number, response in enumerate(responses, start=1):
            meta = [*self._meta.cells(response), *self._meta.paper(response)]
            row: list[Cell] = []
            for planned in self._planned:
                row += planned.cells(response, meta, number)
            yield row

    def _is_missing(self, source: str) -> bool:
        return bool(source) and source not in {*self._questions, *_BESIDE, ROW_NUMBER}

    def _plan(self, column: ProfileColumn) -> _Planned:
        if column.source in self._questions:
            return self._plan_question(column)
        key, title = column.source or "=", column.title
        if column.source == ROW_NUMBER:
            return _Planned((Heading(key, title, "number"),), lambda _r, _m, number: (number,))
        if column.source in _BESIDE:
            return self._plan_meta(column)
        fixed = (None if column.source else column.constant or None,)
        return _Planned((Heading(key, title),), lambda _r, _m, _n: fixed)

    def _plan_meta(self, column: ProfileColumn) -> _Planned:
        at, kind = _BESIDE.index(column.source), META_KINDS.get(column.source, "text")
        if kind not in ("moment", "day"):
            heading = Heading(column.source, column.title, kind)
            return _Planned((heading,), lambda _r, meta, _n: (meta[at],))
        kind = _KINDS[column.dates] if column.dates else kind
        write = self._writer(column)
        return _Planned(
            (Heading(column.source, column.title, kind),), lambda _r, meta, _n: (write(meta[at]),)
        )

    def _plan_question(self, column: ProfileColumn) -> _Planned:
        question = self._questions[column.source]
        splits = column.split and isinstance(question, SelectMultiple)
        is_dated = question.cell_kind in ("day", "month")
        labels = "" if is_dated or column.choices == "name" else self._style.labels or "vi"
        source = Source(question, replace(self._style, labels=labels, split=splits))
        kind = question.cell_kind
        if is_dated and column.dates:
            kind = _KINDS[column.dates]
        if splits:
            found = question.columns(split=True)[1:]
            headings = tuple(
                Heading(c.key, self._choice_title(column, c), c.kind, question.sensitive)
                for c in found
            )
            return _Planned(headings, lambda response, _m, _n: source.cells(response)[1:])
        heading = Heading(question.name, column.title, kind, question.sensitive)
        write = self._writer(column) if is_dated else _same
        return _Planned((heading,), lambda response, _m, _n: (write(source.cells(response)[0]),))

    def _choice_title(self, column: ProfileColumn, choice: Column) -> str:
        label = choice.labels[-1].into(self._style.labels or "vi")
        said = choice.key.rpartition("/")[2] if column.choices == "name" else label
        return f"{column.title}: {said}"

    def _writer(self, column: ProfileColumn) -> Callable[[Cell], Cell]:
        """How the ISO text of a date or time is written in this column."""
        length = _LENGTHS.get(column.dates, 10)
        is_typed, is_iso = self._style.typed, column.dates == "iso"
        whole_moment = not column.dates

        def write(cell: Cell) -> Cell:
            if not isinstance(cell, str):
                return cell
            if whole_moment and "T" in cell:
                return cell if is_typed else _moment(cell)
            cut = cell[:length] if cell[:4].isdigit() else cell
            return cut if is_typed or is_iso else written(cut)

        return write


def _same(cell: Cell) -> Cell:
    return cell


def _moment(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%d/%m/%Y %H:%M")
