"""Which choices go with which answer: XLSForm's choice_filter, in its simple form, in and out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..dependencies import filter_of
from ..problems import N_, Problem
from ..types import Question
from ..types.choices import Choice
from .choices import Choices
from .findings import Report
from .lines import Line
from .logic import Asked
from .names import allowed_choice

COLUMN = "thuoc"  # of the choices sheet, where we write what a choice goes with
_CANNOT = N_("The filter “%(filter)s” cannot be used here.")
_ALL = Problem(N_("All choices are shown and taken."))
_SOURCES = ("select_one", "list")
_COLUMN = r"(?P<column>[^\s=${}(),]+)"
_QUESTION = r"\$\{\s*(?P<name>[^}]+?)\s*\}"
_FORMS = tuple(
    re.compile(rf"\s*{form}\s*(or\s+(?P=column)\s*=\s*''\s*)?")
    for form in (
        rf"{_COLUMN}\s*=\s*{_QUESTION}",
        rf"{_QUESTION}\s*=\s*{_COLUMN}",
        rf"selected\(\s*{_COLUMN}\s*,\s*{_QUESTION}\s*\)",
    )
)


def simple_filter(source: str) -> tuple[str, str] | None:
    """Column and question of a filter such as `tinh = ${tinh}`; None for any other."""
    found = next(filter(None, (form.fullmatch(source) for form in _FORMS)), None)
    return (found["column"].lower(), found["name"]) if found else None


def filter_cells(question: Question) -> str:
    """The choice_filter of a question, reading `COLUMN` of its choices; empty where none fits."""
    choices: tuple[Choice, ...] = getattr(question, "choices", ())
    if not (name := filter_of(question)) or not any(choice.fits for choice in choices):
        return ""
    own = f"selected({COLUMN}, ${{{name}}})"
    return own if all(choice.fits for choice in choices) else f"{own} or {COLUMN} = ''"


def take_filter(
    plain: dict[str, Any], line: Line, list_name: str, choices: Choices, report: Report
) -> None:
    """Let each choice fit what its column says; tells of a filter that cannot be had."""
    if plain.get("filter") or any(choice.get("fits") for choice in plain["choices"]):
        return  # our own columns say it
    source = line.get("choice_filter")
    simple = simple_filter(source)
    values = {
        name: cells.get(simple[0], "") if simple else ""
        for (of_list, name), cells in choices.filters.items()
        if of_list == list_name
    }
    if not simple or not any(values.values()):
        report.add(line.place("choice_filter"), Problem(_CANNOT, {"filter": source[:80]}), _ALL)
        return
    several = source.lstrip().startswith("selected")
    plain["filter"] = simple[1]
    plain["choices"] = [
        {**choice, "fits": value.split() if several else [value]}
        if (value := values.get(choice["name"], ""))
        else choice
        for choice in plain["choices"]
    ]


def rename_filter(
    plain: dict[str, Any], names: Mapping[str, str], choices: Mapping[str, str]
) -> None:
    """Use the names that the question and its choices have here."""
    if source := plain.get("filter"):
        plain["filter"] = names.get(source, source)
        plain["choices"] = [
            {**choice, "fits": [_name(said, choices) for said in choice["fits"]]}
            if choice.get("fits")
            else choice
            for choice in plain["choices"]
        ]


def _name(said: str, choices: Mapping[str, str]) -> str:
    return choices.get(said) or allowed_choice(said, fallback="khac")


def keep_filters(asked: Sequence[Asked], report: Report) -> None:
    """A filter reads an earlier question of one choice; any other goes, told of."""
    earlier: set[str] = set()
    for one in asked:
        for plain in (one.plain, *one.plain.get("questions", ())):
            inside = plain is not one.plain
            if plain.get("filter") and (inside or plain["filter"] not in earlier):
                said = {"filter": one.line.get("choice_filter")[:80] or plain["filter"]}
                report.add(one.line.place("choice_filter"), Problem(_CANNOT, said), _ALL)
                del plain["filter"]
            if plain.get("choices") and not plain.get("filter"):
                plain["choices"] = [
                    {key: said for key, said in choice.items() if key != "fits"}
                    for choice in plain["choices"]
                ]
        if one.plain.get("type") in _SOURCES:
            earlier.add(one.name)
