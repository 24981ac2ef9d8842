"""What every question type is: a part of the definition that checks, shows and exports."""

from collections.abc import Mapping, Sequence
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

from ..cleaning import clean_line, is_readable
from ..expressions import Condition
from ..localized import Language, Localized
from ..problems import ONE_ANSWER, UNREADABLE, Problem

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
AudioName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}\.(mp3|m4a|ogg|wav)$")
]
Value = str | int | float | list[str]
Cell = str | int | float | None
Inputs = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Raw:
    """What a sender wrote for one question: whole values, and the parts of a split input."""

    values: tuple[str, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, *values: str) -> "Raw":
        return cls(values)


@dataclass(frozen=True)
class Checked:
    """The verdict on one raw answer: the stored value (None is no answer), or the problem."""

    value: Value | None = None
    problem: Problem | None = None
    warnings: tuple[str, ...] = ()


NO_ANSWER = Checked()


@dataclass(frozen=True)
class Column:
    """One column of an export: key as in the file, the texts of its heading."""

    key: str
    question: str
    labels: tuple[Localized, ...]


class Question(BaseModel):
    """Settings all types share. Subclasses own the one check of a raw value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # How the page draws it (a macro in templates/worker/fields.html) and whether it asks at all.
    control: ClassVar[str] = "text"
    asks: ClassVar[bool] = True
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
    required: bool = False
    sensitive: bool = False
    relevant: Condition | None = None
    autocomplete: str = ""
    # Recorded voices that read the question aloud, by language; files in forms/gallery/audio.
    audio: Mapping[Language, AudioName] = Field(default_factory=dict)

    @model_serializer(mode="wrap")
    def _with_type(self, rest: SerializerFunctionWrapHandler) -> dict[str, object]:
        # A type's name is its default, and yet must stand in every dump.
        return {"type": self.type, **rest(self)}

    def read(self, inputs: Inputs) -> Raw:
        """Take this question's raw answer out of all inputs."""
        parts = {
            part: tuple(inputs[f"{self.name}.{part}"])
            for part in self.part_names
            if f"{self.name}.{part}" in inputs
        }
        return Raw(tuple(inputs.get(self.name, ())), parts)

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

    def compare(self, value: Value, answers: Mapping[str, Value]) -> tuple[str, ...]:
        """Warnings that need the other answers."""
        return ()

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

    def columns(self, *, split: bool = False) -> tuple[Column, ...]:
        """The export columns of this question."""
        return (Column(self.name, self.name, (self.label,)),) if self.asks else ()

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        """One cell per column; `labels` is the language to translate into, or empty for names."""
        if value is None:
            return (None,)
        if isinstance(value, list):  # kept when the question was of another type
            return (";".join(value),)
        return (value if isinstance(value, (int, float)) else str(value),)
