"""What changed between two forms as plain data, in words: for organizers, not for programmers.

Compares what people see and what becomes of answers; each difference names the place it is at.
Single questions: question_differences.py.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .editing.plain import Plain, questions
from .editing.words import Said, said
from .findings import Difference, Place, differ
from .problems import N_, Problem
from .question_differences import condition_difference, question_differences, texts_between

_FORM_TEXTS = {
    "title": N_("the title"),
    "summary": N_("the summary"),
    "promise": N_("the promise"),
    "poster": N_("the sentence on the poster"),
    "next_steps": N_("what happens next"),
    "closing": N_("the closing words"),
}
_ALWAYS = N_("The section “%(what)s” is now always asked.")
_WHEN = N_("The section “%(what)s” is now asked only when %(condition)s.")
_OTHERS = {
    "flags": N_("The marks for reviewers changed."),
    "alarm": N_("The alarm changed."),
    "workflow": N_("The states of responses changed."),
    "once": N_("What counts only once changed."),
    "readers": N_("Who reads the responses changed."),
    "anonymous": N_("Whether the form is anonymous changed."),
    "audience": N_("Who answers the form changed."),
    "open": N_("Whether another unit can be named changed."),
    "code": N_("The form's code changed."),
}


def differences(before: Plain, after: Plain) -> list[Difference]:
    """Everything that differs, in the order of the newer form."""
    return [
        *_form(before, after),
        *_sections(before, after),
        *_gone_and_new(before, after),
        *_questions(before, after),
    ]


def _form(before: Plain, after: Plain) -> Iterator[Difference]:
    for name, what in _FORM_TEXTS.items():
        for language, old, new in texts_between(before.get(name), after.get(name)):
            yield differ(
                N_("%(what)s (%(language)s) changed from “%(old)s” to “%(new)s”."),
                Place("texts"),
                what=Problem(what),
                language=language,
                old=old or "–",
                new=new or "–",
            )
    if before.get("minutes", 2) != after.get("minutes", 2):
        yield differ(
            N_("The form now promises %(new)s minutes instead of %(old)s."),
            Place("texts"),
            old=before.get("minutes", 2),
            new=after.get("minutes", 2),
        )
    if before.get("steps", False) != after.get("steps", False):
        yield differ(N_("How much of the form is shown at a time changed."), Place("texts"))
    yield from _languages(before, after)
    if _without_version(before) != _without_version(after):
        yield differ(
            N_("The notice says something else: people agree to the new one from now on."),
            Place("notice"),
        )
    for name, message in _OTHERS.items():
        if before.get(name) != after.get(name):
            yield differ(message)


def _languages(before: Plain, after: Plain) -> Iterator[Difference]:
    old, new = (plain.get("languages", ["vi", "en"]) for plain in (before, after))
    for language in (code for code in new if code not in old):
        yield differ(
            N_("The form can now be read in %(language)s."), Place("languages"), language=language
        )
    for language in (code for code in old if code not in new):
        yield differ(
            N_("The form can no longer be read in %(language)s."),
            Place("languages"),
            language=language,
        )


def _without_version(plain: Plain) -> dict[str, Any]:
    return {key: value for key, value in plain.get("notice", {}).items() if key != "version"}


@dataclass(frozen=True)
class _Stand:
    """A question with its section's number and its place among all."""

    question: Plain
    section: int
    place: int


def _stands(plain: Plain) -> dict[str, _Stand]:
    pairs = [(at, q) for at, s in enumerate(plain["sections"]) for q in s["questions"]]
    return {q["name"]: _Stand(q, at, place) for place, (at, q) in enumerate(pairs)}


def _pairs(before: Plain, after: Plain) -> dict[int, int]:
    """Which section of the newer form was which of the older: by title, else by what it asks."""
    old, new = before["sections"], after["sections"]
    found: dict[int, int] = {}
    for at, section in enumerate(new):
        asked = {question["name"] for question in section["questions"]}

        def likeness(number: int, section: Plain = section, asked: set[str] = asked) -> int:
            shared = len(asked & {question["name"] for question in old[number]["questions"]})
            same_title = old[number].get("title") == section.get("title")
            return 2 * shared + 3 * int(same_title)

        free = [number for number in range(len(old)) if number not in found.values()]
        best = max(free, key=lambda number: (likeness(number), -abs(number - at)), default=None)
        if best is not None and likeness(best):
            found[at] = best
    return found


def _sections(before: Plain, after: Plain) -> Iterator[Difference]:
    asked = {question["name"]: question for question in questions(after)}
    pairs = _pairs(before, after)
    for at, section in enumerate(after["sections"]):
        place, title = Place("section", section=at), _title(section, at)
        if at not in pairs:
            yield differ(N_("The section “%(section)s” is new."), place, section=title)
            continue
        old = before["sections"][pairs[at]]
        if old.get("title") != section.get("title"):
            was = _title(old, pairs[at])
            message = N_("The section “%(old)s” is now called “%(section)s”.")
            yield differ(message, place, old=was, section=title)
        yield from condition_difference(old, section, asked, place, (_ALWAYS, _WHEN), title)
    for number, old in enumerate(before["sections"]):
        if number not in pairs.values():
            yield differ(N_("The section “%(section)s” is gone."), section=_title(old, number))
    order = [pairs[at] for at in range(len(after["sections"])) if at in pairs]
    if order != sorted(order):
        yield differ(N_("The order of the sections changed."))


def _title(section: Plain, at: int) -> Said:
    return Said(section.get("title", {}), str(at + 1))


def _gone_and_new(before: Plain, after: Plain) -> Iterator[Difference]:
    old, new = _stands(before), _stands(after)
    for name, stand in old.items():
        if name not in new:
            message = N_("“%(question)s” was taken out of the form.")
            yield differ(message, question=said(stand.question))
    for name, stand in new.items():
        if name not in old:
            message = N_("“%(question)s” is new.")
            yield differ(message, Place("question", name), question=said(stand.question))


def _questions(before: Plain, after: Plain) -> Iterator[Difference]:
    old, new, pairs = _stands(before), _stands(after), _pairs(before, after)
    both = [name for name in new if name in old]
    by_name = {name: stand.question for name, stand in new.items()}
    moved = _moved(old, new, pairs)
    for name in both:
        was, now, place = old[name], new[name], Place("question", name)
        label = said(now.question)
        if pairs.get(now.section) != was.section:
            yield differ(
                N_("“%(question)s” moved to the section “%(section)s”."),
                place,
                question=label,
                section=_title(after["sections"][now.section], now.section),
            )
        elif name in moved:
            yield differ(N_("“%(question)s” stands at another place."), place, question=label)
        if was.question != now.question:
            yield from question_differences(was.question, now.question, by_name)


def _moved(
    old: Mapping[str, _Stand], new: Mapping[str, _Stand], pairs: Mapping[int, int]
) -> set[str]:
    """The questions that stand at another place within the same section."""
    stayed: dict[int, list[str]] = {}
    for name, stand in new.items():
        if name in old and pairs.get(stand.section) == old[name].section:
            stayed.setdefault(stand.section, []).append(name)
    return {
        names[at]
        for names in stayed.values()
        for at in _out_of_order([old[name].place for name in names])
    }


def _out_of_order(places: Sequence[int]) -> set[int]:
    """The fewest items whose moving explains the order: all but a longest rising row."""
    tails: list[int] = []
    ends: list[int] = []
    earlier: list[int] = []
    for at, place in enumerate(places):
        length = bisect_left(tails, place)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [at]
        earlier.append(ends[length - 1] if length else -1)
    kept, at = set(), ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = earlier[at]
    return set(range(len(places))) - kept
