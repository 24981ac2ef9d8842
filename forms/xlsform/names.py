"""Names that are allowed here, made of names that are not."""

import re
from collections.abc import Collection

from ..cleaning import fold
from ..definition import UNIT_INPUT

QUESTION = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
CHOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
DEFINITION = re.compile(r"[a-z][a-z0-9-]{0,30}")
LONGEST = 40


def allowed_question(said: str, fallback: str) -> str:
    """The name itself where it is allowed, else its plain letters, else the fallback."""
    if QUESTION.fullmatch(said) and said != UNIT_INPUT:
        return said
    plain = _plain(said, "_")
    if plain == UNIT_INPUT:
        return f"{plain}_2"
    if plain and not plain[0].isalpha():
        plain = f"c_{plain}"
    return plain or fallback


def allowed_choice(said: str, fallback: str) -> str:
    """The same for the name of a choice, which may begin with a digit."""
    return said if CHOICE.fullmatch(said) else _plain(said, "_") or fallback


def allowed_definition(said: str, fallback: str) -> str:
    """The same for the id of a definition."""
    if DEFINITION.fullmatch(said):
        return said
    plain = _plain(said, "-")[:31].strip("-")
    return (plain if plain[:1].isalpha() else f"f-{plain}"[:31].strip("-")) if plain else fallback


def free(name: str, taken: Collection[str]) -> str:
    """The name, or the name with the first number that is free."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name[: LONGEST + 16]}_{number}"
    return found


def _plain(said: str, joint: str) -> str:
    words = re.findall(r"[a-z0-9]+", fold(said))
    return joint.join(words)[:LONGEST].strip(joint)
