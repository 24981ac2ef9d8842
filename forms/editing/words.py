"""What parts of a form are called in a sentence: labels in any language, conditions in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..problems import N_, Problem
from ..types.rating import FACES
from .conditions import Pick, read_picked
from .plain import Plain, questions


@dataclass(frozen=True)
class Said:
    """A text of a form in its languages, with something to show where there is none."""

    texts: Mapping[str, str]
    otherwise: str = "…"

    def into(self, language: str) -> str:
        first = next(iter(self.texts.values()), "")
        return self.texts.get(language) or self.texts.get("vi") or first or self.otherwise


def said(holder: Mapping[str, Any], setting: str = "label") -> Said:
    """The words of a question, section or choice; its name where it has none."""
    texts = holder.get(setting)
    return Said(texts if isinstance(texts, Mapping) else {}, str(holder.get("name", "…")))


_ONE = {
    "is": N_("“%(question)s” is “%(value)s”"),
    "is_not": N_("“%(question)s” is not “%(value)s”"),
    "has": N_("“%(question)s” includes “%(value)s”"),
    "has_not": N_("“%(question)s” does not include “%(value)s”"),
    "more": N_("“%(question)s” is more than %(value)s"),
    "less": N_("“%(question)s” is less than %(value)s"),
    "least": N_("“%(question)s” is at least %(value)s"),
    "most": N_("“%(question)s” is at most %(value)s"),
    "any": N_("“%(question)s” is answered"),
    "none": N_("“%(question)s” is not answered"),
}
_TICKED = N_("“%(question)s” is ticked")
_JOINED = {"and": N_("%(first)s and %(second)s"), "or": N_("%(first)s or %(second)s")}


def condition_words(source: str, plain: Plain) -> Problem:
    """A condition as a sentence says it, or as it is written where no simple one can."""
    return condition_said(source, {question["name"]: question for question in questions(plain)})


def condition_said(source: str, by_name: Mapping[str, Plain]) -> Problem:
    picked = read_picked(source)
    if picked is None:
        return Problem(N_("the rule %(expression)s holds"), {"expression": source})
    words = [_one(pick, by_name) for pick in picked.picks]
    whole = words[-1]
    for earlier in reversed(words[:-1]):
        whole = Problem(_JOINED[picked.join], {"first": earlier, "second": whole})
    return whole


def _one(pick: Pick, by_name: Mapping[str, Plain]) -> Problem:
    question = by_name.get(pick.question, {"name": pick.question})
    label = said(question)
    if question.get("type") == "consent" and (pick.comparison, pick.value) == ("is", "1"):
        return Problem(_TICKED, {"question": label})
    value = value_said(question, pick.value)
    return Problem(_ONE[pick.comparison], {"question": label, "value": value})


def value_said(question: Plain, value: str) -> object:
    """What an answer is called: a choice by its label, a face by its word."""
    for choice in question.get("choices", ()):
        if choice["name"] == value:
            return said(choice)
    if question.get("type") == "rating" and value in ("1", "2", "3", "4", "5"):
        return FACES[int(value) - 1]
    return value
