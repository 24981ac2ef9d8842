"""Choosing among given choices: one, several, or one from a long list."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ..cleaning import is_readable
from ..expressions import Call, Constant, Expression, Reference
from ..localized import Localized
from ..problems import N_, UNREADABLE, Problem
from .base import NO_ANSWER, Cell, Checked, Column, Name, Question, Raw, Value, names_in
from .summaries import ChoiceSummary, Summary
from .text import Text

ChoiceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
OTHER_LABEL = Localized({"vi": "Khác: xin ghi rõ", "en": "Other: please say"})
_NO_SUCH_CHOICE = Problem(N_("Please choose one of the answers shown."))


class Choice(BaseModel):
    """One choice: a permanent name, its words, and what choosing it means.

    `other` asks to say what; `declines` gives no information (prefer not to say); `alone` cannot
    stand with others (none of these); a `hidden` one is no longer offered. Where the question has a
    `filter`, one that `fits` some answers is offered to whom gave one of them, else to everybody.
    `image` is the name of a picture kept with the definition; it stands above the words and never
    instead of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: ChoiceName
    label: Localized
    other: bool = False
    declines: bool = False
    alone: bool = False
    hidden: bool = False
    fits: tuple[ChoiceName, ...] = ()
    image: Annotated[str, StringConstraints(pattern=r"^([a-z0-9-]{1,40}\.(svg|png|jpg))?$")] = ""


class _Choosing(Question):
    """What the three have in common: choices, and the text question that goes with "other".

    `filter` is an earlier question of one choice; its answer says which choices are offered
    (XLSForm: choice_filter).
    """

    filter: Name | None = None
    choices: tuple[Choice, ...] = Field(min_length=1, max_length=5_000)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [choice.name for choice in self.choices]
        if twice := sorted(name for name, count in Counter(names).items() if count > 1):
            raise ValueError(f"choice names stand twice: {', '.join(twice)}; rename one of each")
        if sum(choice.other for choice in self.choices) > 1:
            raise ValueError("only one choice can be `other`; remove the mark from the rest")
        if not self.hidden and not self.offered:
            raise ValueError("every choice is hidden; show one, or hide the question")
        if not self.filter and any(choice.fits for choice in self.choices):
            raise ValueError("choices fit the answer of no question; name that in `filter`")
        return self

    @cached_property
    def offered(self) -> tuple[Choice, ...]:
        """The choices that can be made now."""
        return tuple(choice for choice in self.choices if not choice.hidden)

    @cached_property
    def offered_names(self) -> frozenset[str]:
        return frozenset(choice.name for choice in self.offered)

    def misfit(self, value: Value, known: Mapping[str, object]) -> Choice | None:
        """The first chosen one that does not go with the answer that `filter` names."""
        if not self.filter:
            return None
        given, chosen = known.get(self.filter), names_in(value)
        return next(
            (c for c in self.choices if c.name in chosen and c.fits and given not in c.fits), None
        )

    @property
    def labels(self) -> Mapping[str, Localized]:
        return {choice.name: choice.label for choice in self.choices}

    @property
    def declining(self) -> frozenset[str]:
        """Names of the choices that give no information."""
        return frozenset(choice.name for choice in self.choices if choice.declines)

    def companions(self) -> tuple[Question, ...]:
        other = next((choice for choice in self.choices if choice.other), None)
        if other is None:
            return ()
        asked = (Reference(self.name), Constant(other.name))
        relevant = (
            Expression(f"selected(${{{self.name}}}, '{other.name}')", Call("selected", asked))
            if isinstance(self, SelectMultiple)
            else Expression(f"${{{self.name}}} = '{other.name}'", Call("=", asked))
        )
        return (
            Text(
                name=f"{self.name}_other",
                label=OTHER_LABEL,
                sensitive=self.sensitive,
                hidden=self.hidden or other.hidden,
                relevant=relevant,
            ),
        )

    def label_of(self, name: str, language: str) -> str:
        label = self.labels.get(name)
        return label.into(language) if label else name

    def summary(self) -> Summary:
        labels = [(choice.name, choice.label) for choice in self.choices]
        return ChoiceSummary(labels, several=isinstance(self, SelectMultiple))

    def show(self, value: Value, language: str) -> str:
        return "; ".join(self.label_of(name, language) for name in names_in(value))


class SelectOne(_Choosing):
    """One choice out of a few, all shown."""

    control: ClassVar[str] = "choice"
    type: Literal["select_one"] = "select_one"

    def check_text(self, text: str, today: date) -> Checked:
        if text not in self.offered_names:
            return Checked(problem=_NO_SUCH_CHOICE)
        return Checked(text)

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        if value is None or isinstance(value, list):
            return super().cells(value)
        return (self.label_of(str(value), labels) if labels else str(value),)


class List(SelectOne):
    """One choice out of many (XLSForm: select_one with appearance minimal)."""

    control: ClassVar[str] = "list"
    type: Literal["list"] = "list"  # type: ignore[assignment] # a type of its own that checks alike


class SelectMultiple(_Choosing):
    """Any number of choices, kept in the order of the definition."""

    control: ClassVar[str] = "choices"
    type: Literal["select_multiple"] = "select_multiple"

    def check(self, raw: Raw, today: date) -> Checked:
        chosen = {text for text in raw.values if text.strip()}
        if not all(map(is_readable, chosen)):
            return Checked(problem=UNREADABLE)
        if not chosen <= self.offered_names:
            return Checked(problem=_NO_SUCH_CHOICE)
        if not chosen:
            return NO_ANSWER
        alone = [choice for choice in self.choices if choice.alone and choice.name in chosen]
        if alone and len(chosen) > 1:
            return Checked(
                problem=Problem(
                    N_("“%(choice)s” cannot stand together with other answers."),
                    {"choice": alone[0].label},
                )
            )
        return Checked([choice.name for choice in self.choices if choice.name in chosen])

    def write(self, value: Value) -> Raw:
        return Raw.of(*names_in(value))

    def columns(self, *, split: bool = False) -> tuple[Column, ...]:
        whole = super().columns()
        if not split:
            return whole
        return whole + tuple(
            Column(f"{self.name}/{choice.name}", self.name, (self.label, choice.label), "number")
            for choice in self.choices
        )

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        chosen = names_in(value)
        shown = [self.label_of(name, labels) for name in chosen] if labels else chosen
        whole = (";".join(shown) or None,)
        if not split:
            return whole
        # The whole answer stays beside the ticks: one that names no known choice is not lost.
        return whole + tuple(1 if choice.name in chosen else None for choice in self.choices)
