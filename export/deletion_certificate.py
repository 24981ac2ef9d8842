"""The certificate of a deletion as PDF: what is gone, when, by whom, by which law. No answer."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime

from forms.problems import N_

from .sheet import BLUE, QUIET, WIDTH, Sheet

_TITLE = N_("Certificate of deletion of personal data")
_PAGE = N_("Page %(page)s of %(pages)s")
_REQUEST = N_("Request %(code)s of %(day)s")
_NO_CODE = N_("Request of %(day)s")
_SAID = N_(
    "%(organization)s certifies that the answers and files of the forms below were erased for good,"
    " because the person who sent them asked for it."
)
_TOTAL = N_("Erased: %(forms)s forms, %(files)s files")
_HEADINGS = (
    N_("Form"),
    N_("Receipt code"),
    N_("Received"),
    N_("Erased"),
    N_("Files"),
)
_BY = N_("Carried out by %(names)s.")
_LAW = N_(
    "Legal basis: Law 91/2025/QH15 on the protection of personal data, Articles 4 and 14; Decree"
    " 356/2025/NĐ-CP, Article 5."
)
_LEFT = N_(
    "What stays is the receipt code, the unit and the times, so that the same form cannot come in"
    " again unnoticed. Backups made before are deleted as they grow old; until then a restored one"
    " leaves these forms out."
)
_DAY = N_("Day %(day)s month %(month)s year %(year)s")
_SIGNED = N_("For the organisation")
_COLUMNS = (0.0, 70.0, 106.0, 128.0, 163.0)  # mm from the margin
_TEXT, _SMALL = 10.5, 9.0


@dataclass(frozen=True)
class Gone:
    """One form that was erased."""

    title: str
    receipt: str
    received_on: date
    erased_at: datetime
    files: int


@dataclass(frozen=True)
class Certificate:
    """What is certified; `names` are those who did it. `translate` brings texts into `language`."""

    organization: str
    unit_name: str
    code: str
    asked_on: date
    made_on: date
    gone: Sequence[Gone]
    names: Sequence[str]
    language: str
    translate: Callable[[str], str]

    def say(self, message: str, **values: object) -> str:
        said = self.translate(message)
        return said % values if values else said


def deletion_certificate(paper: Certificate) -> bytes:
    """The PDF; raises Unprintable for texts with signs that no font of ours has."""
    title = paper.translate(_TITLE)
    request = paper.say(_REQUEST if paper.code else _NO_CODE, **_request(paper))
    sheet = Sheet(
        title=title,
        language=paper.language,
        footer=f"{title} · {request}",
        page_text=paper.translate(_PAGE),
    )
    with closing(sheet):
        sheet.use_spare([paper.organization, paper.unit_name, *paper.names])
        sheet.use_spare(one.title for one in paper.gone)
        _head(sheet, paper, title, request)
        _table(sheet, paper)
        _foot(sheet, paper)
        return sheet.content()


def _request(paper: Certificate) -> dict[str, str]:
    day = {"day": f"{paper.asked_on:%d/%m/%Y}"}
    return day | ({"code": paper.code} if paper.code else {})


def _head(sheet: Sheet, paper: Certificate, title: str, request: str) -> None:
    sheet.write(paper.organization, _SMALL, bold=True, color=QUIET)
    if paper.unit_name != paper.organization:
        sheet.write(paper.unit_name, _SMALL, color=QUIET)
    sheet.down(8)
    sheet.write(title, 18, bold=True, color=BLUE, center=True)
    sheet.down(1)
    sheet.write(request, _TEXT, center=True)
    sheet.down(7)
    sheet.write(paper.say(_SAID, organization=paper.organization), _TEXT)
    sheet.down(5)


def _table(sheet: Sheet, paper: Certificate) -> None:
    _row(sheet, [paper.translate(heading) for heading in _HEADINGS], bold=True)
    for one in paper.gone:
        _row(
            sheet,
            [
                one.title,
                one.receipt,
                f"{one.received_on:%d/%m/%Y}",
                f"{one.erased_at:%H:%M %d/%m/%Y}",
                str(one.files),
            ],
        )
    sheet.down(2)
    files = sum(one.files for one in paper.gone)
    sheet.write(paper.say(_TOTAL, forms=len(paper.gone), files=files), _TEXT, bold=True)
    sheet.down(4)


def _row(sheet: Sheet, cells: Sequence[str], *, bold: bool = False) -> None:
    ends = (*_COLUMNS[1:], WIDTH)
    widths = [end - at - 3 for at, end in zip(_COLUMNS, ends, strict=True)]
    high = max(
        sheet.height(cell, _SMALL, width=width, bold=bold)
        for cell, width in zip(cells, widths, strict=True)
    )
    sheet.room(high + 4)
    top = sheet.y
    for cell, at, width in zip(cells, _COLUMNS, widths, strict=True):
        sheet.go_to(top + 1.4)
        sheet.write(cell, _SMALL, bold=bold, at=at, width=width)
    sheet.go_to(top + high + 2.8)
    sheet.rule()


def _foot(sheet: Sheet, paper: Certificate) -> None:
    sheet.write(paper.say(_BY, names=", ".join(paper.names)), _TEXT)
    sheet.down(2)
    sheet.write(paper.translate(_LAW), _TEXT)
    sheet.down(2)
    sheet.write(paper.translate(_LEFT), _SMALL, color=QUIET)
    sheet.room(48)
    sheet.down(10)
    half, made = WIDTH / 2, paper.made_on
    day = {"day": f"{made:%d}", "month": f"{made:%m}", "year": made.year}
    sheet.write(paper.say(_DAY, **day), _SMALL, color=QUIET, at=half, width=half, center=True)
    sheet.write(paper.translate(_SIGNED), _TEXT, bold=True, at=half, width=half, center=True)
    sheet.down(26)
    sheet.rule(at=half + 12, width=half - 24)
