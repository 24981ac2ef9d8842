"""Which choices go with the answer to an earlier question: XLSForm's choice_filter, in words.

One line is one choice: its words, an arrow or a tab, and the answers it goes with, semicolons
between them. So two columns of a spreadsheet can be pasted as they are.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from ..cleaning import clean_line
from ..problems import N_
from .choices import key_of, label_of, with_choices
from .errors import EditError
from .inputs import Inputs
from .plain import Kept, Plain, questions

ARROW = " → "
_SOURCES = ("select_one", "list")
_BETWEEN = re.compile(r"\t|→|[-=]>")


def filter_sources(plain: Plain, name: str) -> Iterator[Plain]:
    """The questions of one choice that are asked before the question `name`."""
    for question in questions(plain):
        if question["name"] == name:
            return
        if question["type"] in _SOURCES and not question.get("hidden"):
            yield question


def filter_lines(plain: Plain, question: Plain) -> str:
    """The offered choices, each with the answers it goes with, as `put_filter` reads it."""
    by_name = {asked["name"]: asked for asked in questions(plain)}
    asked = by_name.get(question.get("filter", ""), {})
    labels, answers = _words(question["choices"]), _words(asked.get("choices", ()))
    return "\n".join(
        labels[choice["name"]] + ARROW + "; ".join(answers.get(n, n) for n in choice["fits"])
        if choice.get("fits")
        else labels[choice["name"]]
        for choice in question["choices"]
        if not choice.get("hidden")
    )


def _words(choices: Collection[Plain]) -> dict[str, str]:
    """What each choice is called: its words, or its name where others have the same words."""
    count = Counter(key_of(label_of(choice)) for choice in choices)
    return {
        choice["name"]: label if count[key_of(label)] == 1 and ";" not in label else choice["name"]
        for choice in choices
        for label in [label_of(choice)]
    }


def put_filter(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Offer the choices of the question `name` by the answer to the question `filter`, or all."""
    question, wanted = with_choices(plain, inputs), inputs.raw("filter")
    if not wanted:
        question.pop("filter", None)
        for choice in question["choices"]:
            choice.pop("fits", None)
        return
    sources = filter_sources(plain, question["name"])
    asked = next((source for source in sources if source["name"] == wanted), None)
    if asked is None:
        raise EditError(N_("Please choose an earlier question of one choice."), field="filter")
    fits = _fits(inputs.raw("fits"), _names(question["choices"]), _names(asked["choices"]))
    is_same = question.get("filter") == wanted
    for choice in question["choices"]:
        if found := fits.get(choice["name"]):
            choice["fits"] = list(found)
        elif not (is_same and choice.get("hidden")):  # a hidden one is not among the lines
            choice.pop("fits", None)
    question["filter"] = wanted


def _names(choices: Iterable[Plain]) -> dict[str, str]:
    """The names of choices by their words, and by themselves."""
    names = {choice["name"].casefold(): choice["name"] for choice in choices}
    return names | {key_of(label_of(choice)): choice["name"] for choice in choices}


def _fits(
    text: str, own: Mapping[str, str], answers: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    fits: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        label, rest = _parted(line, own)
        parts = [rest] if key_of(rest) in answers else rest.split(";")
        name = _found(label, own, N_("“%(label)s” is none of the choices above."))
        missing = N_("“%(label)s” is no answer of the question that was chosen.")
        said = [_found(part, answers, missing) for part in parts if part.strip()]
        fits[name] = tuple(dict.fromkeys((*fits.get(name, ()), *said)))
    return fits


def _parted(line: str, own: Mapping[str, str]) -> tuple[str, str]:
    """The choice and its answers; a choice may have an arrow among its words."""
    if key_of(line) in own:
        return line, ""
    parts = [(line[: at.start()], line[at.end() :]) for at in _BETWEEN.finditer(line)]
    return next((p for p in parts if key_of(p[0]) in own), parts[0] if parts else (line, ""))


def _found(label: str, names: Mapping[str, str], otherwise: str) -> str:
    if name := names.get(key_of(label)):
        return name
    raise EditError(otherwise, {"label": clean_line(label)[:60]}, field="fits")
