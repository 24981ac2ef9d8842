"""A paper in parts as PDF, to be signed: the notice of a breach, the flow of personal data."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date

from forms.problems import N_

from .sheet import BLUE, QUIET, WIDTH, Sheet

_PAGE = N_("Page %(page)s of %(pages)s")
_DAY = N_("Day %(day)s month %(month)s year %(year)s")
_SIGNED = N_("For the organisation")
_TEXT, _SMALL = 10.5, 9.0


@dataclass(frozen=True)
class NoticePaper:
    """What the paper says; `parts` are headings with texts, whose line breaks stay."""

    organization: str
    title: str
    law: str
    to: str
    parts: Sequence[tuple[str, str]]
    made_on: date
    translate: Callable[[str], str]
    language: str = "vi"


def notice_pdf(paper: NoticePaper) -> bytes:
    """The PDF; raises Unprintable for texts with signs that no font of ours has."""
    sheet = Sheet(
        title=paper.title,
        language=paper.language,
        footer=paper.title,
        page_text=paper.translate(_PAGE),
    )
    with closing(sheet):
        sheet.use_spare([paper.organization, *(text for part in paper.parts for text in part)])
        sheet.write(paper.organization, _SMALL, bold=True, color=QUIET)
        sheet.down(8)
        sheet.write(paper.title, 18, bold=True, color=BLUE, center=True)
        sheet.write(paper.law, _SMALL, color=QUIET, center=True)
        sheet.down(5)
        if paper.to:
            sheet.write(paper.to, _TEXT, bold=True)
            sheet.down(4)
        for heading, text in paper.parts:
            _part(sheet, heading, text)
        _foot(sheet, paper)
        return sheet.content()


def _part(sheet: Sheet, heading: str, text: str) -> None:
    sheet.room(16)
    sheet.write(heading, _TEXT, bold=True)
    for line in filter(None, map(str.strip, text.splitlines())):
        sheet.write(line, _TEXT)
    sheet.down(3)


def _foot(sheet: Sheet, paper: NoticePaper) -> None:
    sheet.room(48)
    sheet.down(6)
    half, made = WIDTH / 2, paper.made_on
    day = {"day": f"{made:%d}", "month": f"{made:%m}", "year": made.year}
    said = paper.translate(_DAY) % day
    sheet.write(said, _SMALL, color=QUIET, at=half, width=half, center=True)
    signed = paper.translate(_SIGNED)
    sheet.write(signed, _TEXT, bold=True, at=half, width=half, center=True)
    sheet.down(26)
    sheet.rule(at=half + 12, width=half - 24)
