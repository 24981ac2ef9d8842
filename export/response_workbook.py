"""The responses of a form as a workbook: rows, a sheet per repeat, the code book, who took it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forms.definition import Definition
from forms.problems import N_
from forms.response import Response
from forms.types.base import Cell, rows_in
from forms.types.repeat import Repeat

from .codebook import codebook_headings, codebook_rows
from .manifest import Manifest, told_lines
from .table import META_LABELS, Heading, Rows, Source, Style, merged_questions
from .xlsx import MOST_ROWS, Facts, Sheet, Told, Workbook

Translate = Callable[[str], str]
_ROWS, _CODES, _ABOUT = N_("Responses"), N_("Code book"), N_("About this file")
_ROW, _NUMBER, _ITEM, _SAID = N_("Row"), N_("Number"), N_("What"), N_("Content")
_CUT = N_("… [cut: Excel holds no more]")
_WATERMARK = N_("Taken by %(name)s at %(time)s")


@dataclass(frozen=True)
class _RepeatSheet:
    """The rows of one repeat, each with the receipt and the row of the response it belongs to."""

    sheet: Sheet
    source: Source
    repeat: Repeat
    anonymous: bool

    def add(self, response: Response, number: int) -> None:
        if self.source.is_masked(response):
            return
        answer = response.answers.get(self.repeat.name)
        for at, row in enumerate(rows_in(answer), start=1):
            cells: list[Cell] = [None if self.anonymous else response.receipt, number, at]
            for child in self.repeat.questions:
                labels = Source(child, self.source.style).labels
                cells += child.cells(row.get(child.name), labels=labels)
            self.sheet.add(cells)


def write_workbook(
    path: Path,
    folder: Path,
    table: Rows,
    responses: Iterable[Response],
    *,
    versions: Sequence[Definition],
    style: Style,
    language: str,
    translate: Translate,
    by: str,
    at: datetime,
    told: Callable[[Told, int], Manifest],
    most_rows: int = MOST_ROWS,
) -> Manifest:
    """Write it to `path`, with scratch files in `folder`; `told` makes the manifest of what came.

    Raises TooWide.
    """
    title = versions[-1].title.into(language)
    watermark = translate(_WATERMARK) % {"name": by, "time": f"{at:%H:%M %d/%m/%Y}"}
    facts = Facts(title, by, watermark, at)
    book = Workbook(path, folder, facts, cut_mark=translate(_CUT), most_rows=most_rows)
    with book:
        main = book.sheet(translate(_ROWS), table.headings)
        repeats = _repeat_sheets(book, versions, style, translate)
        for row in table.rows(_passing(responses, main, repeats)):
            main.add(row)
        codes = book.sheet(translate(_CODES), codebook_headings(translate))
        manifest = told(book.told, main.rows)
        for line in codebook_rows(versions, translate):
            codes.add(line)
        about = book.sheet(translate(_ABOUT), _about_headings(translate))
        for label, text in told_lines(manifest, translate):
            about.add([label, text])
    return manifest


def _passing(
    responses: Iterable[Response], main: Sheet, repeats: Sequence[_RepeatSheet]
) -> Iterable[Response]:
    """The responses as they pass; their repeats are written on the way."""
    for response in responses:
        for repeat in repeats:
            repeat.add(response, main.rows + 2)  # the first line holds the headings
        yield response


def _about_headings(translate: Translate) -> list[Heading]:
    return [Heading("what", translate(_ITEM)), Heading("content", translate(_SAID))]


def _repeat_sheets(
    book: Workbook, versions: Sequence[Definition], style: Style, translate: Translate
) -> list[_RepeatSheet]:
    language = style.labels
    own = (
        Heading("_receipt", translate(META_LABELS["_receipt"]) if language else "_receipt"),
        Heading("_row", translate(_ROW) if language else "_row", "number"),
        Heading("_number", translate(_NUMBER) if language else "_number", "number"),
    )
    return [
        _RepeatSheet(
            book.sheet(
                question.name,
                [
                    *own,
                    *(
                        Heading(
                            child.name,
                            child.label.into(language) if language else child.name,
                            child.cell_kind,
                            question.sensitive,
                        )
                        for child in question.questions
                    ),
                ],
            ),
            Source(question, style),
            question,
            versions[-1].anonymous,
        )
        for question in merged_questions(versions)
        if isinstance(question, Repeat)
    ]
