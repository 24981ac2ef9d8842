"""Where things stand in a definition as plain data, and which names are taken.

Plain data is what `build_definition` takes: sections of questions, each question with a name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from ..cleaning import fold
from ..definition import UNIT_INPUT, Definition
from ..problems import N_
from ..types import Question
from ..types.choices import List, SelectMultiple, SelectOne
from ..types.repeat import Repeat
from .errors import EditError

Plain = dict[str, Any]
MOST_QUESTIONS, MOST_SECTIONS = 1_000, 100
_OTHER = "_other"
_EXPRESSIONS = ("relevant", "required", "constraint", "calculation")
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Kept:
    """What earlier versions published and no later one may drop or use for something else.

    `names` are those of all questions with their companions, `written` of those that stand in the
    sections, `choices` those of a question by its name, `children` the inner questions of a repeat.
    """

    names: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    children: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, versions: Iterable[Definition]) -> "Kept":
        names: set[str] = set()
        written: set[str] = set()
        choices: dict[str, frozenset[str]] = {}
        children: dict[str, frozenset[str]] = {}
        for definition in versions:
            names |= definition.by_name.keys()
            for question in (q for s in definition.sections for q in s.questions):
                written.add(question.name)
                inner = frozenset(child.name for child in _children(question))
                children[question.name] = children.get(question.name, frozenset()) | inner
                for asked in (question, *_children(question)):
                    if isinstance(asked, SelectOne | SelectMultiple | List):
                        found = frozenset(choice.name for choice in asked.choices)
                        choices[asked.name] = choices.get(asked.name, frozenset()) | found
        return cls(frozenset(names), frozenset(written), choices, children)


def _children(question: Question) -> tuple[Question, ...]:
    return question.questions if isinstance(question, Repeat) else ()


def as_plain(definition: Definition) -> Plain:
    """The definition as data that `build_definition` makes the same one of."""
    plain: Plain = definition.model_dump(mode="json", exclude_defaults=True)
    return plain


def questions(plain: Plain) -> Iterator[Plain]:
    """All written questions in order."""
    for section in plain["sections"]:
        yield from section["questions"]


def find(plain: Plain, name: str) -> tuple[int, int]:
    """Section and place of a question; raises EditError when it is not there."""
    for at, section in enumerate(plain["sections"]):
        for place, question in enumerate(section["questions"]):
            if question["name"] == name:
                return at, place
    raise EditError(N_("The question “%(name)s” is no longer in this form."), {"name": name[:64]})


def question_of(plain: Plain, name: str) -> Plain:
    at, place = find(plain, name)
    found: Plain = plain["sections"][at]["questions"][place]
    return found


def section_of(plain: Plain, number: int | None) -> Plain:
    """The section of this number, counted from 0; raises EditError."""
    if number is None or not 0 <= number < len(plain["sections"]):
        raise EditError(N_("This section is no longer in the form."))
    found: Plain = plain["sections"][number]
    return found


def taken_names(plain: Plain, kept: Kept) -> set[str]:
    """All names that a new question cannot have, companions of every question among them."""
    names = {question["name"] for question in questions(plain)} | kept.names
    return names | {name + _OTHER for name in names} | {UNIT_INPUT}


def folded_name(label: str, otherwise: str) -> str:
    """`Ca sáng, ca đêm` → `ca_sang_ca_dem`: ASCII, lower case, at most 40 characters."""
    name = ""
    for word in re.findall(r"[a-z0-9]+", fold(label)):
        longer = f"{name}_{word}" if name else word
        if len(longer) > _LONGEST_NAME:
            break
        name = longer
    name = name or next(iter(re.findall(r"[a-z0-9]+", fold(label))), "")[:_LONGEST_NAME]
    return name or otherwise


def fresh_name(label: str, taken: Iterable[str]) -> str:
    """The name of a new question, made of its Vietnamese label."""
    wanted, known = folded_name(label, "cau_hoi"), set(taken)
    if not wanted[0].isalpha():
        wanted = f"cau_{wanted}"
    if wanted.endswith(_OTHER):  # would be a companion's
        wanted = wanted.removesuffix(_OTHER) or "cau_hoi"
    return _numbered(wanted, known)


def fresh_choice(label: str, taken: Iterable[str]) -> str:
    return _numbered(folded_name(label, "lua_chon"), set(taken))


def _numbered(wanted: str, taken: set[str]) -> str:
    for name in chain([wanted], (f"{wanted}_{number}" for number in count(2))):
        if name not in taken and name + _OTHER not in taken:
            return name
    raise AssertionError("numbers never end")


def is_made_of(name: str, label: str) -> bool:
    """Whether a name was made of this label, and so may follow it until it is published."""
    return bool(re.fullmatch(re.escape(fresh_name(label, ())) + r"(_\d{1,4})?", name))


def rename(plain: Plain, old: str, new: str) -> None:
    """Give a question another name, and all that reads it along."""
    question_of(plain, old)["name"] = new
    names = {old: new, old + _OTHER: new + _OTHER}
    for holder in _holders(plain):
        for setting in (*_EXPRESSIONS, "when"):
            if isinstance(source := holder.get(setting), str):
                holder[setting] = _renamed(source, names)
        if holder.get("filter") == old:
            holder["filter"] = new
    for part, setting in (("alarm", "tells"), ("once", "question")):
        rule = plain.get(part)
        if isinstance(rule, dict) and rule.get(setting) in names:
            rule[setting] = names[rule[setting]]


def _renamed(source: str, names: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\s*([^}\s]+)\s*\}", lambda m: f"${{{names.get(m[1], m[1])}}}", source)


def _holders(plain: Plain) -> Iterator[Plain]:
    """Everything that may hold an expression."""
    for section in plain["sections"]:
        yield section
        for question in section["questions"]:
            yield question
            yield from question.get("questions", ())
    yield from plain.get("flags", ())
    if isinstance(plain.get("alarm"), dict):
        yield plain["alarm"]


def put_texts(holder: Plain, setting: str, texts: Mapping[str, str]) -> None:
    """Put the texts in; an empty one takes the language away, none at all the setting."""
    merged = {**holder.get(setting, {}), **texts}
    if filled := {language: text for language, text in merged.items() if text}:
        holder[setting] = filled
    else:
        holder.pop(setting, None)


def put(holder: Plain, setting: str, value: object, default: object) -> None:
    """Put a setting in, or take it away where it would say what goes without saying."""
    if value == default and type(value) is type(default):
        holder.pop(setting, None)
    else:
        holder[setting] = value
