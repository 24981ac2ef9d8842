"""What every question type is: a part of the definition that checks, shows and exports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
)

from ..cleaning import clean_line, clean_text, is_readable, made_readable
from ..expressions import Condition, Constraint, Required
from ..localized import Language, Localized
from ..problems import ONE_ANSWER, UNREADABLE, Problem
from .summaries import Summary

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
AudioName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}\.(mp3|m4a|ogg|wav)$")
]
Row = dict[str, str | int | float | list[str]]
Value = str | int | float | list[str] | list[Row]
Cell = str | int | float | None
Inputs = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Upload:
    """A file as a sender gave it; nothing about it is believed, its name and kind least of all."""

    name: str
    media_type: str
    content: bytes


Uploads = Mapping[str, Sequence[Upload]]
NO_UPLOADS: Uploads = {}


@dataclass(frozen=True)
class Raw:
    """What a sender gave for one question: whole values, the parts of a split input, files."""

    values: tuple[str, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()

    @classmethod
    def of(cls, *values: str) -> "Raw":
        return cls(values)


@dataclass(frozen=True)
class Checked:
    """The verdict on one raw answer: the stored value (None is no answer), or the problem.

    `files` are the cleaned files that the value names, by those names.
    """

    value: Value | None = None
    problem: Problem | None = None
    warnings: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


NO_ANSWER = Checked()


@dataclass(frozen=True)
class Column:
    """One column of an export: key as in the file, the texts of its heading, and what its cells
    are in a workbook: `text`, `number`, `money`, or dates by their ISO text: `day`, `month`.
    """

    key: str
    question: str
    labels: tuple[Localized, ...]
    kind: str = "text"


class Question(BaseModel):
    """Settings all types share. Subclasses own the one check of a raw value.

    A `hidden` question is no longer asked: it has its place and its column for what was answered
    in earlier versions, and its name stays taken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    # How the page draws it (a macro in templates/worker/fields.html) and whether it asks at all.
    control: ClassVar[str] = "text"
    asks: ClassVar[bool] = True
    # How static/logic.js reads the inputs: t(ext), i(nteger), n(umber), d(ay), m(onth), or
    # p(ersonal number): signs between digits are dropped, the server alone judges its constraint.
    reading: ClassVar[str] = "t"
    # Whether its value names files that are kept beside the response.
    keeps_files: ClassVar[bool] = False
    # What its value finds a person by (citizen_id, phone), the same on all forms; empty: nothing.
    finds_by: ClassVar[str] = ""
    # What its cells are in a workbook, see Column.
    cell_kind: ClassVar[str] = "text"
    part_names: ClassVar[tuple[str, ...]] = ()
    # The script in static/ that makes the control quicker; the control works without it.
    script: ClassVar[str] = ""
    # Attributes of the text input; empty ones are left out.
    input_type: ClassVar[str] = "text"
    inputmode: ClassVar[str] = ""
    spellcheck: ClassVar[bool] = True

    type: str
    name: Name
    label: Localized
    hint: Localized | None = None
    required: Required = False
    sensitive: bool = False
    hidden: bool = False
    relevant: Condition | None = None
    constraint: Constraint | None = None
    constraint_message: Localized | None = None
    autocomplete: str = ""
    # Recorded voices that read the question aloud, by language; files in forms/gallery/audio.
    audio: Mapping[Language, AudioName] = Field(default_factory=dict)

    @model_serializer(mode="wrap")
    def _with_type(self, rest: SerializerFunctionWrapHandler) -> dict[str, object]:
        # A type's name is its default, and yet must stand in every dump.
        return {"type": self.type, **rest(self)}

    @property
    def is_sealed(self) -> bool:
        """Whether its answers are encrypted wherever they are kept."""
        return self.sensitive or bool(self.finds_by)

    def identifying(self, value: Value) -> Iterator[tuple[str, str, str]]:
        """What in an answer finds a person: its place in the answers, by what, and the text."""
        if self.finds_by:
            yield self.name, self.finds_by, str(value)

    def read(self, inputs: Inputs, uploads: Uploads = NO_UPLOADS) -> Raw:
        """Take this question's raw answer out of all inputs and files."""
        parts = {
            part: tuple(inputs[f"{self.name}.{part}"])
            for part in self.part_names
            if f"{self.name}.{part}" in inputs
        }
        return Raw(tuple(inputs.get(self.name, ())), parts, tuple(uploads.get(self.name, ())))

    def check(self, raw: Raw, today: date) -> Checked:
        """Judge one raw answer: pure, the same for every way in.

        Absent and empty are both no answer. Repeated single values and unreadable signs are
        problems here, so that types see one clean string.
        """
        if not all(map(is_readable, raw.values)):
            return Checked(problem=UNREADABLE)
        if len(raw.values) > 1:
            return Checked(problem=ONE_ANSWER)
        text = raw.values[0] if raw.values else ""
        return self.check_text(text, today) if clean_line(text) else NO_ANSWER

    def check_text(self, text: str, today: date) -> Checked:
        """Judge one non-empty string; every single-valued type says how."""
        raise TypeError(f"{type(self).__name__} has no check of its own")

    def salvage(self, raw: Raw, today: date) -> Checked:
        """What is kept of an answer that breaks a rule, when its sender is gone: its text."""
        parts = ["/".join(texts[0] for texts in raw.parts.values() if texts)] if raw.parts else []
        text = "; ".join([*raw.values, *parts])
        return Checked(clean_text(made_readable(text))[:20_000] or None)

    def compare(self, value: Value, answers: Mapping[str, Value]) -> tuple[str, ...]:
        """Warnings that need the other answers."""
        return ()

    def meaning(self, value: Value) -> object:
        """What expressions see of a stored value."""
        return value

    def companions(self) -> "tuple[Question, ...]":
        """Questions that come along with this one, such as "other, please say"."""
        return ()

    def show(self, value: Value, language: str) -> str:
        """The answer as people write it."""
        return str(value)

    def write(self, value: Value) -> Raw:
        """The raw answer that a page offers for a stored value; `check` takes it back."""
        return Raw.of(str(value))

    def veiled(self, value: Value) -> str:
        """What stands for the answer where half a proof must do; empty: the answer itself."""
        return ""

    def offer(self, value: Value) -> Raw:
        """What `write` gives, veiled."""
        veil = self.veiled(value)
        return Raw.of(veil) if veil else self.write(value)

    def tell(self, value: Value, language: str) -> str:
        """What `show` gives, veiled."""
        return self.veiled(value) or self.show(value, language)

    def summary(self) -> Summary:
        """An empty summary that takes this question's answers."""
        return Summary()

    @property
    def is_free_text(self) -> bool:
        """Whether its answers are worth reading one after the other, and say no one's name."""
        return False

    def columns(self, *, split: bool = False) -> tuple[Column, ...]:
        """The export columns of this question."""
        if not self.asks:
            return ()
        return (Column(self.name, self.name, (self.label,), self.cell_kind),)

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        """One cell per column; `labels` is the language to translate into, or empty for names."""
        if value is None:
            return (None,)
        if isinstance(value, list):  # kept when the question was of another type
            return (";".join(map(_plain, value)),)
        return (value if isinstance(value, (int, float)) else str(value),)


def _plain(item: str | Row) -> str:
    return item if isinstance(item, str) else ", ".join(map(str, item.values()))


def names_in(value: Value | None) -> list[str]:
    """The texts of an answer that may be one or several, as one list."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return [] if value is None else [str(value)]


def rows_in(value: Value | None) -> list[Row]:
    """The rows of an answer that has rows."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
