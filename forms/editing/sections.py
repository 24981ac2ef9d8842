"""Acts on sections: add, rename, move, duplicate, remove."""

from copy import deepcopy

from ..cleaning import clean_line
from ..problems import N_
from .errors import EditError
from .inputs import Inputs
from .plain import (
    MOST_QUESTIONS,
    MOST_SECTIONS,
    Kept,
    Plain,
    fresh_name,
    put_texts,
    questions,
    rename,
    section_of,
    taken_names,
)

_NEW_TITLE = {"vi": "Phần mới", "en": "New section"}


def add(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Add an empty section behind the one of the number `section`, else at the end."""
    _check_room(plain, 0)
    languages = plain.get("languages", ["vi", "en"])
    title = {language: text for language, text in _NEW_TITLE.items() if language in languages}
    title |= {language: text for language, text in _title(inputs).items() if text}
    number = inputs.number("section")
    at = len(plain["sections"]) if number is None else number + 1
    section = {"title": title, "questions": []}
    plain["sections"].insert(min(max(at, 0), len(plain["sections"])), section)


def edit(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Put in the title of the `section`; without one it has no heading."""
    put_texts(section_of(plain, inputs.number("section")), "title", _title(inputs))


def _title(inputs: Inputs) -> dict[str, str]:
    """A heading is one line."""
    return {language: clean_line(text) for language, text in inputs.texts("title").items()}


def move(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Move the `section` one place `up` or `down`."""
    number = inputs.number("section")
    section_of(plain, number)
    at = number or 0
    to = at - 1 if inputs.raw("way") == "up" else at + 1
    if 0 <= to < len(plain["sections"]):
        plain["sections"].insert(to, plain["sections"].pop(at))


def duplicate(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Put a copy of the `section` behind it; its questions get names of their own.

    Conditions in the copy that read a question of the section read the copied question.
    """
    number = inputs.number("section")
    copy = deepcopy(section_of(plain, number))
    copy["questions"] = [q for q in copy["questions"] if not q.get("hidden")]
    _check_room(plain, len(copy["questions"]))
    taken, alone = taken_names(plain, kept), {"sections": [copy]}
    for question in copy["questions"]:
        question.pop("audio", None)
        name = fresh_name(question.get("label", {}).get("vi") or question["name"], taken)
        taken |= {name, f"{name}_other"}
        rename(alone, question["name"], name)
    plain["sections"].insert((number or 0) + 1, copy)


def remove(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Take the `section` out; its published questions go, hidden, to the section beside it."""
    number = inputs.number("section")
    section = section_of(plain, number)
    if len(plain["sections"]) == 1:
        raise EditError(N_("A form needs at least one section."))
    published = [q for q in section["questions"] if q["name"] in kept.names]
    for question in published:
        question["hidden"] = True
    del plain["sections"][number or 0]
    plain["sections"][max((number or 0) - 1, 0)]["questions"] += published


def _check_room(plain: Plain, more: int) -> None:
    if len(plain["sections"]) >= MOST_SECTIONS:
        raise EditError(
            N_("A form can have %(most)s sections; it is full."), {"most": MOST_SECTIONS}
        )
    if sum(1 for _ in questions(plain)) + more > MOST_QUESTIONS:
        raise EditError(
            N_("A form can have %(most)s questions; it is full."), {"most": MOST_QUESTIONS}
        )
