"""What a person asks a list to show: read from an address, written into one, made a view.

Everything stands in the query of the address, so a list can be kept, linked and exported as it is:
q text · id (keyed hash of an ID or phone number) · state (open, closed, or a state) · from, to
(days, both in) · unit (with those below) · place · version · flag · mine=1 · late=1 · choice
(question:choice) · sort. What means nothing on the form is told apart and narrows nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from federation.units import UnitTree
from forms.definition import Definition
from forms.problems import FLAGS, WARNINGS
from forms.types.choices import SelectMultiple, SelectOne
from forms.workflow import kept_as
from storage.response_filter import Order

from ..days import read_day

OPEN, CLOSED = "open", "closed"
SCORE = "score"
LONGEST_TEXT = 100
_HASH = re.compile(r"[0-9a-f]{64}")
Choice = tuple[str, str]
Query = Sequence[tuple[str, str]]
Several = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Asked:
    """What the list is asked for; empty is no limit."""

    text: str = ""
    numbers: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    since: date | None = None
    to: date | None = None
    unit: str = ""
    place: str = ""
    version: int = 0
    flags: tuple[str, ...] = ()
    mine: bool = False
    late: bool = False
    choices: tuple[Choice, ...] = ()
    sort: str = Order.NEWEST.value

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return replace(self, sort="newest") != Asked()

    @property
    def order(self) -> Order:
        return Order.NEWEST if self.sort == SCORE else Order(self.sort)

    def query(self) -> Query:
        """The address's inputs that mean this."""
        single = (
            ("q", self.text),
            ("from", _day(self.since)),
            ("to", _day(self.to)),
            ("unit", self.unit),
            ("place", self.place),
            ("version", str(self.version or "")),
            ("mine", "1" if self.mine else ""),
            ("late", "1" if self.late else ""),
            ("sort", "" if self.sort == "newest" else self.sort),
        )
        several = (
            *(("id", number) for number in self.numbers),
            *(("state", state) for state in self.states),
            *(("flag", flag) for flag in self.flags),
            *(("choice", f"{question}:{choice}") for question, choice in self.choices),
        )
        return (*((name, value) for name, value in single if value), *several)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def read_query(
    inputs: Several, versions: Sequence[Definition], tree: UnitTree
) -> tuple[Asked, tuple[str, ...]]:
    """What an address asks for, and those of its inputs that mean nothing on this form."""
    reading = _Reading(inputs, versions, tree)
    asked = Asked(
        text=reading.first("q")[:LONGEST_TEXT],
        numbers=reading.numbers(),
        states=reading.known("state", [OPEN, CLOSED, *states_of(versions[-1])]),
        since=reading.day("from"),
        to=reading.day("to"),
        unit=reading.unit(),
        place=reading.first("place")[:LONGEST_TEXT],
        version=reading.version(),
        flags=reading.known("flag", flags_of(versions)),
        mine=reading.first("mine") == "1",
        late=reading.first("late") == "1",
        choices=reading.choices(),
        sort=reading.sort(),
    )
    return asked, tuple(dict.fromkeys(reading.unknown))


class _Reading:
    """The inputs one by one; those that mean nothing are written down."""

    def __init__(self, inputs: Several, versions: Sequence[Definition], tree: UnitTree) -> None:
        self._inputs, self._versions, self._tree = inputs, versions, tree
        self.unknown: list[str] = []

    def some(self, name: str) -> tuple[str, ...]:
        given = (value.strip() for value in self._inputs.get(name, ()))
        return tuple(dict.fromkeys(value for value in given if value and value.isprintable()))[:20]

    def first(self, name: str) -> str:
        return next(iter(self.some(name)), "")

    def numbers(self) -> tuple[str, ...]:
        given = self.some("id")
        self.unknown += [value for value in given if not _HASH.fullmatch(value)]
        return tuple(value for value in given if _HASH.fullmatch(value))

    def known(self, name: str, among: Iterable[str]) -> tuple[str, ...]:
        given, known = self.some(name), set(among)
        self.unknown += [value for value in given if value not in known]
        return tuple(value for value in given if value in known)

    def day(self, name: str) -> date | None:
        text = self.first(name)
        found = read_day(text) if text else None
        self.unknown += [text] if text and found is None else []
        return found

    def unit(self) -> str:
        known = self.known("unit", [unit.id for _, unit in self._tree.outline()])
        return next(iter(known), "")

    def version(self) -> int:
        known = self.known("version", map(str, range(1, len(self._versions) + 1)))
        return int(next(iter(known), "0"))

    def choices(self) -> tuple[Choice, ...]:
        offered = {
            f"{question.name}:{choice.name}": (question.name, choice.name)
            for question in choosable(self._versions)
            for choice in question.choices
        }
        return tuple(offered[value] for value in self.known("choice", offered))

    def sort(self) -> str:
        known = self.known("sort", [*Order, SCORE])
        return next(iter(known), "newest")


def choosable(versions: Iterable[Definition]) -> tuple[SelectOne | SelectMultiple, ...]:
    """The questions of all versions by whose choices a list can be narrowed: none that is sealed.

    The newest version says how a question is called; choices that only an older one has are kept.
    """
    found: dict[str, SelectOne | SelectMultiple] = {}
    for definition in versions:
        for question in definition.asking:
            if not isinstance(question, SelectOne | SelectMultiple):
                continue
            if question.name in definition.sealed_names:
                found.pop(question.name, None)
                continue
            older = found.get(question.name)
            names = {choice.name for choice in question.choices}
            left = [c for c in older.choices if c.name not in names] if older else []
            found[question.name] = question.model_copy(
                update={"choices": (*question.choices, *left)}
            )
    return tuple(found.values())


def flags_of(versions: Iterable[Definition]) -> frozenset[str]:
    """Every flag that a response of the form can have: of the whole, the form's own, of answers."""
    return frozenset(FLAGS).union(
        *(
            {
                *(flag.code for flag in definition.flags),
                *(f"{name}:{code}" for name in definition.by_name for code in WARNINGS),
            }
            for definition in versions
        )
    )


def states_of(definition: Definition) -> tuple[str, ...]:
    """The states as responses keep them."""
    return tuple(kept_as(definition.workflow, state) for state in definition.workflow)


def inputs_of(query: Query) -> Several:
    """A query as `read_query` takes it."""
    found: dict[str, list[str]] = {}
    for name, value in query:
        found.setdefault(name, []).append(value)
    return found
