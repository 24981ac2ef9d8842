"""The worker's page as WTForms fields: thin adapters that show a question and keep what was typed.

They hold no check of their own: what is wrong is told to them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field

from .problems import N_, Problem
from .rows import RowView, row_views
from .types import Question, Raw, Value
from .types.base import Inputs
from .types.calculate import Calculate
from .types.choices import List, SelectMultiple, SelectOne
from .types.dates import Date
from .types.numbers import Money
from .types.photo import Photo
from .types.rating import FACES, Rating
from .types.repeat import Repeat

Translate = Callable[[str, Mapping[str, object]], str]
_ONLY_WHEN = N_("Only if you chose “%(choice)s” above.")


@dataclass(frozen=True)
class Seat:
    """What stands behind a choice that only so many may have, and in its control."""

    text: str = ""
    attribute: str = ""


NO_SEAT = Seat()


@dataclass(frozen=True)
class Row:
    """One choice as a page draws it."""

    value: str
    label: str
    checked: bool
    id: str
    picture: str = ""
    seat: Seat = NO_SEAT


def no_pictures(file_name: str) -> str:
    return ""


@dataclass(frozen=True)
class Entry:
    """What all fields of one page share: the language, and how our own texts get into it.

    `picture` gives the markup that shows a choice's picture.
    `completes` lets the browser offer what it knows of its owner; not on a phone of somebody else.
    `seat` says of a question and a choice how many places are left.
    `voice` gives the address of a recorded voice by its file name, empty when it is not there.
    """

    language: str
    translate: Translate
    picture: Callable[[str], str] = no_pictures
    completes: bool = True
    voice: Callable[[str], str] = lambda name: ""
    seat: Callable[[str, str], Seat] = lambda question, choice: NO_SEAT

    def problem(self, problem: Problem) -> str:
        return self.translate(problem.message, problem.values)


class AnswerField(Field):  # type: ignore[misc] # WTForms has no types
    """One question on the page; the template reads its properties."""

    prefix = ""

    def __init__(self, question: Question, entry: Entry, **bound: Any) -> None:
        super().__init__(question.label.into(entry.language), **bound)
        self.label = question.label.into(entry.language)
        self.question, self.entry = question, entry
        self.raw = Raw()
        self.problem: Problem | None = None
        self.more_rows = 0
        self.is_voiced_above = False
        self.files_before, self.drops_files = 0, False
        self.other: AnswerField | None = None
        self.condition: tuple[Question, str] | None = None
        self.calculated: Value | None = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the raw answer; WTForms calls this with what was posted."""
        posted = formdata and not isinstance(self.question, Calculate)
        self.raw = self.question.read(_as_inputs(formdata)) if posted else Raw()

    def refuse(self, problem: Problem) -> None:
        """Show a problem, with the suggestion in the field when there is one."""
        self.problem = problem
        # What is wrong with a part is said there, once.
        self.errors = [] if problem.inner else [self.entry.problem(problem)]
        if problem.suggestion is not None:
            self.raw = Raw.of(problem.suggestion)

    # What the template reads ------------------------------------------------------------

    @property
    def control(self) -> str:
        return self.question.control

    @property
    def is_shown(self) -> bool:
        return not isinstance(self.question, Calculate) or self.question.is_shown

    @property
    def shown_value(self) -> str:
        """A calculated value as people read it."""
        return self.question.show(self.calculated, self.entry.language) if self.calculated else ""

    @property
    def hint(self) -> str:
        return self.question.hint.into(self.entry.language) if self.question.hint else ""

    @property
    def optional(self) -> bool:
        return self.question.asks and not self.question.required and not self._is_needed_tick

    @property
    def _is_needed_tick(self) -> bool:
        # required exactly when a sensitive question is answered: neither mark would be true
        return getattr(self.question, "purpose", "") == "sensitive"

    @property
    def sensitive(self) -> bool:
        return self.question.sensitive

    @property
    def value(self) -> str:
        return self.raw.values[0] if self.raw.values else ""

    @property
    def parts(self) -> Mapping[str, str]:
        boxes = {part: "".join(self.raw.parts.get(part, ())) for part in self.question.part_names}
        if self.value and boxes and not any(boxes.values()):
            boxes[self.question.part_names[0]] = self.value
        return boxes

    @property
    def choices(self) -> list[Row]:
        return [
            Row(
                value,
                label,
                value in self.raw.values,
                self.id if not at else f"{self.id}-{at}",
                self.entry.picture(image) if image else "",
                self.entry.seat(self.question.name, value),
            )
            for at, (value, label, image) in enumerate(self._choices())
        ]

    def _choices(self) -> Sequence[tuple[str, str, str]]:
        language, question = self.entry.language, self.question
        if isinstance(question, Rating):
            return [(str(n), face.into(language), "") for n, face in enumerate(FACES, start=1)]
        if isinstance(question, SelectOne | SelectMultiple | List):
            return [(c.name, c.label.into(language), c.image) for c in question.offered]
        return []

    @property
    def has_pictures(self) -> bool:
        return any(image for _, _, image in self._choices())

    @property
    def rows(self) -> list[RowView]:
        """The rows of a repeat: those that came, at least the least, and one more when asked."""
        if not isinstance(self.question, Repeat):
            return []
        inner = self.problem.inner if self.problem else {}
        return row_views(
            self.question,
            self.raw,
            inner,
            self.more_rows,
            language=self.entry.language,
            make=lambda child: AnswerField(child, self.entry),
        )

    @property
    def item(self) -> str:
        """What one row of a repeat is."""
        question = self.question
        return question.item.into(self.entry.language) if isinstance(question, Repeat) else ""

    @property
    def accept(self) -> str:
        """What a file chooser should offer."""
        return "image/*,application/pdf" if getattr(self.question, "pdf", False) else "image/*"

    @property
    def has_lost_files(self) -> bool:
        """Whether files came that the page cannot show again: browsers allow no such thing."""
        return isinstance(self.question, Photo) and any(file.content for file in self.raw.files)

    @property
    def may_drop_files(self) -> bool:
        """Whether the files sent before may be left out; where some are required, only replaced."""
        return self.files_before > 0 and self.question.required is not True

    @property
    def words(self) -> list[str]:
        """What stands under the first, the middle and the last face."""
        return [FACES[at].into(self.entry.language) for at in (0, 2, 4)]

    @property
    def error(self) -> str:
        return self.errors[0] if self.errors else ""

    @property
    def when(self) -> dict[str, str] | None:
        if self.condition is None:
            return None
        question, choice = self.condition
        return {"name": question.name, "value": choice}

    @property
    def when_text(self) -> str:
        if self.condition is None:
            return ""
        question, choice = self.condition
        label = question.show(choice, self.entry.language)
        return self.entry.translate(_ONLY_WHEN, {"choice": label})

    @property
    def describedby(self) -> str:
        said = {
            "when": self.condition,
            "hint": self.question.hint,
            "sent": self.files_before,
            "error": self.errors,
        }
        return " ".join(f"{self.id}-{what}" for what, there in said.items() if there)

    @property
    def input_type(self) -> str:
        return self.question.input_type

    @property
    def inputmode(self) -> str:
        # Passports have letters, and "text" is what a field without the attribute has anyway.
        passport = getattr(self.question, "passport", False)
        return "" if passport or self.question.inputmode == "text" else self.question.inputmode

    @property
    def autocomplete(self) -> str:
        return self.question.autocomplete if self.entry.completes else ""

    @property
    def audio(self) -> str:
        name = self.question.audio.get(self.entry.language)
        return self.entry.voice(name) if name else ""

    @property
    def spellcheck(self) -> bool:
        return self.question.spellcheck and not getattr(self.question, "is_name", False)

    @property
    def suffix(self) -> str:
        return "đ" if isinstance(self.question, Money) else ""

    @property
    def year_only_allowed(self) -> bool:
        return isinstance(self.question, Date) and self.question.year_only


def _as_inputs(formdata: Any) -> Inputs:
    if hasattr(formdata, "getlist"):  # a MultiDict is a Mapping, too, but of first values only
        return {name: formdata.getlist(name) for name in formdata}
    inputs: Inputs = formdata
    return inputs
