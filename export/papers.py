"""Papers to print: the blank form with the code of its scan point. Knows no storage, no clock."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from forms.definition import Definition
from forms.problems import N_
from forms.types import Question
from forms.types.rating import FACES

from .sheet import BLUE, QUIET, WIDTH, Sheet

_TICK, _DIGIT, _ROW = 4.2, 7.0, 8.5  # mm
_TEXT, _SMALL = 10.5, 8.5  # points
_CONTROL = 5.5  # mm from the margin, under the label
_QR = 30.0

_DIGITS = {"phone": (4, 3, 3), "citizen_id": (3, 3, 3, 3), "month": (2, 4), "date": (2, 2, 4)}
_PAGE = N_("Page %(page)s of %(pages)s")
_SCAN = N_("Or scan this code and answer on a phone")
_TYPED = N_("Code: %(code)s")
_NOTICE = N_("What you should know first")
_DAY = N_("Day …… month …… year ………")
_SIGNED = N_("Signature and full name")
_RECEIVED = N_("Received by")
_UNSIGNED = N_("This form is anonymous: write no name on it and do not sign it.")
_ONLY_WHEN = N_("Only if you chose “%(choice)s” above.")
_OPTIONAL = N_("(optional)")
_SENSITIVE = N_("Sensitive data")
_SEVERAL = N_("You may tick several boxes.")


@dataclass(frozen=True)
class BlankForm:
    """A form to be printed for one scan point.

    `names` are put into the notice ({organization}, {contact}); `code` is the short code in groups,
    `qr` the modules of its address. `translate` brings our own texts into `language`.
    """

    definition: Definition
    language: str
    names: Mapping[str, str]
    unit_name: str
    place: str
    code: str
    qr: Sequence[Sequence[bool]]
    translate: Callable[[str], str]

    def say(self, message: str, **values: object) -> str:
        said = self.translate(message)
        return said % values if values else said


def blank_form(paper: BlankForm) -> bytes:
    """The PDF; raises Unprintable for texts with signs that no font of ours has."""
    title = paper.definition.title.into(paper.language)
    sheet = Sheet(
        title=title,
        language=paper.language,
        footer=f"{title} · {paper.say(_TYPED, code=paper.code)}",
        page_text=paper.translate(_PAGE),
    )
    with closing(sheet):
        _fill(sheet, paper, title)
        return sheet.content()


def _fill(sheet: Sheet, paper: BlankForm, title: str) -> None:
    written = paper.definition.model_dump_json()
    sheet.use_spare([written, *paper.names.values(), paper.unit_name, paper.place])
    _head(sheet, paper, title)
    _notice(sheet, paper)
    number = 0
    for section in paper.definition.sections:
        asked = [question for question in section.questions if not question.hidden]
        if section.title and asked:
            _section_title(sheet, section.title.into(paper.language))
        for question in asked:
            number += question.asks and question.control != "consent"
            _Drawn(sheet, paper, question, number).draw()
    _signatures(sheet, paper)


def _head(sheet: Sheet, paper: BlankForm, title: str) -> None:
    top, text_width = sheet.y, WIDTH - _QR - 8
    sheet.write(paper.names.get("organization", ""), 9, color=QUIET, width=text_width)
    sheet.down(1)
    sheet.write(title, 18, bold=True, color=BLUE, width=text_width)
    sheet.down(2)
    place = sheet.height(paper.unit_name, 11, width=text_width - 8, bold=True)
    height = place + (6 if paper.place else 0) + 5
    sheet.panel(height, width=text_width)
    after = sheet.y + height
    sheet.down(2.5)
    sheet.write(paper.unit_name, 11, bold=True, at=4, width=text_width - 8)
    if paper.place:
        sheet.write(paper.place, 10, at=4, width=text_width - 8)
    sheet.modules(paper.qr, at=WIDTH - _QR, top=top, side=_QR)
    sheet.go_to(top + _QR + 1.5)
    left, width = WIDTH - _QR - 4, _QR + 8
    typed, scan = paper.say(_TYPED, code=paper.code), paper.translate(_SCAN)
    sheet.write(typed, 10, bold=True, at=left, width=width, center=True)
    sheet.write(scan, 7.5, color=QUIET, at=left, width=width, center=True)
    sheet.go_to(max(sheet.y, after) + 4)


def _notice(sheet: Sheet, paper: BlankForm) -> None:
    language, notice = paper.language, paper.definition.notice
    sheet.rule()
    sheet.down(2)
    sheet.write(paper.translate(_NOTICE), 9.5, bold=True)
    sheet.write(notice.summary.filled(language, paper.names), _SMALL)
    for part in notice.parts:
        sheet.down(0.8)
        heading, text = part.heading.into(language), part.text.filled(language, paper.names)
        sheet.room(sheet.height(heading, _SMALL, bold=True) + 8)
        sheet.write(heading, _SMALL, bold=True)
        sheet.write(text, _SMALL, color=QUIET)
    sheet.down(2)
    sheet.rule()
    sheet.down(4)


def _section_title(sheet: Sheet, title: str) -> None:
    sheet.room(40)  # a heading never stands alone at the foot
    sheet.down(2)
    sheet.write(title, 13, bold=True, color=BLUE)
    sheet.rule(color=BLUE, thick=0.5)
    sheet.down(3.5)


def _signatures(sheet: Sheet, paper: BlankForm) -> None:
    if paper.definition.anonymous:
        sheet.room(14)
        sheet.down(3)
        sheet.write(paper.translate(_UNSIGNED), _TEXT, bold=True)
        return
    sheet.room(46)
    sheet.down(6)
    top, half = sheet.y, WIDTH / 2
    sheet.write(paper.translate(_RECEIVED), _TEXT, bold=True, width=half - 6, center=True)
    sheet.go_to(top)
    sheet.write(paper.translate(_DAY), _SMALL, color=QUIET, at=half, width=half, center=True)
    sheet.write(paper.translate(_SIGNED), _TEXT, bold=True, at=half, width=half, center=True)
    sheet.go_to(top + 36)
    sheet.rule(at=half + 12, width=half - 24)
    sheet.rule(at=12, width=half - 30)


class _Drawn:
    """One question on paper: label, hint, and where to write; it stays together on one page."""

    def __init__(self, sheet: Sheet, paper: BlankForm, question: Question, number: int) -> None:
        self.sheet, self.paper, self.question = sheet, paper, question
        self.label = self._into(question) if question.asks else ""
        self.number = f"{number}. " if question.asks and question.control != "consent" else ""

    def _into(self, question: Question) -> str:
        label = question.label.into(self.paper.language)
        marks = []
        if question.control != "consent" and not question.required:
            marks.append(self.paper.translate(_OPTIONAL))
        if question.sensitive:
            marks.append(f"[S] {self.paper.translate(_SENSITIVE)}")  # as the consent calls it
        return " ".join((label, *marks))

    def draw(self) -> None:
        question, sheet = self.question, self.sheet
        if not question.asks:
            sheet.write(question.label.into(self.paper.language), _TEXT)
            sheet.down(3)
            return
        if question.control == "consent":
            self._consent()
            return
        hints = self._hints()
        high = sheet.height(self.number + self.label, _TEXT, bold=True)
        high += sum(sheet.height(hint, _SMALL, width=WIDTH - _CONTROL) for hint in hints)
        sheet.room(high + self._control_height() + 6)
        sheet.write(self.number + self.label, _TEXT, bold=True)
        for hint in hints:
            sheet.write(hint, _SMALL, color=QUIET, at=_CONTROL)
        sheet.down(1.6)
        self._control()
        for companion in question.companions():
            self._lines(1, companion.label.into(self.paper.language))
        sheet.down(3.6)

    def _hints(self) -> list[str]:
        question, paper = self.question, self.paper
        hints = [question.hint.into(paper.language)] if question.hint else []
        tree = getattr(question.relevant, "tree", None)
        asked = paper.definition.by_name.get(str(getattr(tree, "name", "")))
        if asked and (choice := str(getattr(tree, "text", ""))):
            hints.insert(0, paper.say(_ONLY_WHEN, choice=asked.show(choice, paper.language)))
        if question.control == "choices":
            hints.append(paper.translate(_SEVERAL))
        return hints

    @property
    def _choices(self) -> list[str]:
        choices = getattr(self.question, "offered", ())
        return [choice.label.into(self.paper.language) for choice in choices]

    def _control_height(self) -> float:
        lines = {"multiline": 4 * _ROW, "rating": 18}.get(self.question.control, _ROW)
        if self.question.control in ("choice", "choices"):
            lines = sum(self._row_height(row) for row in self._rows())
        return lines + _ROW * len(self.question.companions())

    def _control(self) -> None:
        control = self.question.control
        if control in ("choice", "choices"):
            self._boxes()
        elif control == "rating":
            self._faces()
        elif control in _DIGITS:
            self._digits(_DIGITS[control])
        else:
            unit = "đ" if self.question.type == "money" else ""
            self._lines(4 if control == "multiline" else 1, "", unit)

    def _rows(self) -> list[list[str]]:
        """Choices in rows: three, two or one beside each other, as their words allow."""
        longest = max(map(len, self._choices), default=0)
        many = 3 if longest <= 22 else 2 if longest <= 38 else 1
        return [self._choices[at : at + many] for at in range(0, len(self._choices), many)]

    def _row_height(self, row: Sequence[str]) -> float:
        width = (WIDTH - _CONTROL) / max(len(self._rows()[0]), 1) - _TICK - 4
        return max(self.sheet.height(label, _TEXT - 0.5, width=width) for label in row) + 1.6

    def _boxes(self) -> None:
        sheet, rows = self.sheet, self._rows()
        column = (WIDTH - _CONTROL) / len(rows[0])
        for row in rows:
            top, high = sheet.y, self._row_height(row)
            for at, label in enumerate(row):
                left = _CONTROL + at * column
                sheet.go_to(top + 0.5)
                sheet.box(left, _TICK, round_=self.question.control == "choice")
                sheet.go_to(top)
                sheet.write(label, _TEXT - 0.5, at=left + _TICK + 2, width=column - _TICK - 4)
            sheet.go_to(top + high)

    def _faces(self) -> None:
        sheet, top, column = self.sheet, self.sheet.y, (WIDTH - _CONTROL) / 5
        for at, face in enumerate(FACES):
            left = _CONTROL + at * column
            sheet.go_to(top)
            sheet.face(left + column / 2 - 4.5, 9, at + 1)
            sheet.go_to(top + 10)
            sheet.write(face.into(self.paper.language), 8, at=left, width=column, center=True)
        sheet.go_to(top + 17)

    def _digits(self, groups: Sequence[int]) -> None:
        left = _CONTROL
        for size in groups:
            for _ in range(size):
                self.sheet.box(left, _DIGIT + 0.6, width=_DIGIT - 1)
                left += _DIGIT - 0.4
            left += 2.4
        self.sheet.down(_DIGIT + 1)

    def _lines(self, count: int, label: str, unit: str = "") -> None:
        sheet = self.sheet
        width = min(WIDTH - _CONTROL, 60) if unit else WIDTH - _CONTROL
        for _ in range(count):
            top, begin = sheet.y, 0.0
            if label:
                sheet.down(_ROW - 5.4)
                sheet.write(f"{label}:", _TEXT - 0.5, at=_CONTROL)
                begin = len(label) * 2.0 + 4
            sheet.go_to(top + _ROW - 0.8)
            sheet.rule(at=_CONTROL + begin, width=width - begin)
            if unit:
                sheet.go_to(top + _ROW - 5.4)
                sheet.write(unit, _TEXT, at=_CONTROL + width + 2)
            sheet.go_to(top + _ROW)

    def _consent(self) -> None:
        sheet = self.sheet
        hints = [self.question.hint.into(self.paper.language)] if self.question.hint else []
        width = WIDTH - _TICK - 3
        sheet.room(sum(sheet.height(t, _TEXT, width=width) for t in (self.label, *hints)) + 4)
        top = sheet.y
        sheet.go_to(top + 0.6)
        sheet.box(0, _TICK)
        sheet.go_to(top)
        sheet.write(self.label, _TEXT, at=_TICK + 3)
        for hint in hints:
            sheet.write(hint, _SMALL, color=QUIET, at=_TICK + 3)
        sheet.down(2.6)
