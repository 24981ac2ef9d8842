"""Expressions of a foreign form: those that mean something here stay, the others are told of."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..dependencies import in_order
from ..expressions import (
    FUNCTIONS,
    Expression,
    ExpressionError,
    parse_calculation,
    parse_condition,
    parse_constraint,
)
from ..expressions.grammar import BINDS
from ..problems import N_, Problem
from .findings import Report
from .lines import Line

PARSE: Mapping[str, Callable[[str], Expression]] = {
    "relevant": parse_condition,
    "required": parse_condition,
    "constraint": parse_constraint,
    "calculation": parse_calculation,
}
_INSTEAD = {
    "relevant": Problem(N_("The question is always asked.")),
    "required": Problem(N_("The question may be left.")),
    "constraint": Problem(N_("Every answer is taken.")),
    "calculation": Problem(N_("The calculation is left out.")),
}
_GROUP = Problem(N_("The section is always shown."))
_MISSING = N_("The expression reads %(names)s, which is no question here.")
_LATER = N_("The expression reads %(names)s, which is not asked before.")
_FUNCTION = N_("The function %(name)s() is not known here.")
_BARE = N_("A question alone is no condition: write ${…} != ''.")
_LONG = N_("The expression is longer than %(most)s characters.")
_UNREADABLE = N_(
    "The expression “%(source)s” cannot be read here; docs/expressions.md has the list."
)
_CIRCLE = N_("The calculation reads itself, or others that read themselves.")
_CALL = re.compile(r"([A-Za-z][A-Za-z0-9_:-]*)\s*\(")
_TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")
_REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")


@dataclass
class Asked:
    """A question or a section as read so far, and where it stands."""

    plain: dict[str, Any]
    line: Line
    is_section: bool = False
    companion: str = field(init=False)

    def __post_init__(self) -> None:
        has_other = any(choice.get("other") for choice in self.plain.get("choices") or ())
        self.companion = f"{self.plain['name']}_other" if has_other else ""

    @property
    def name(self) -> str:
        return "" if self.is_section else str(self.plain.get("name", ""))

    @property
    def calculates(self) -> bool:
        return self.plain.get("type") == "calculate"


def renamed(source: str, names: Mapping[str, str], choices: Mapping[str, str]) -> str:
    """The expression with the names that questions and choices have here."""
    source = _REFERENCE.sub(lambda found: f"${{{names.get(found[1], found[1])}}}", source)
    if not choices:
        return source
    return _TEXTS.sub(
        lambda found: f"'{choices[found[0][1:-1]]}'" if found[0][1:-1] in choices else found[0],
        source,
    )


def keep_what_fits(asked: list[Asked], report: Report) -> list[Asked]:
    """Take away the expressions that mean nothing here, one after another, telling of each."""
    while True:
        kept = _readable(asked, report)
        if len(kept) == len(asked):
            break
        asked = kept
    kept = _without_circles(asked, report)
    if len(kept) < len(asked):
        return keep_what_fits(kept, report)
    _look_back(kept, report)
    return kept


def _readable(asked: list[Asked], report: Report) -> list[Asked]:
    known = {name for one in asked if _answers(one) for name in (one.name, one.companion) if name}
    kept = []
    for one in asked:
        for setting in PARSE.keys() & one.plain.keys():
            source = one.plain[setting]
            problem = _problem(setting, source, known) if isinstance(source, str) else None
            if problem:
                instead = _GROUP if one.is_section else _INSTEAD[setting]
                report.add(one.line.place(setting), problem, instead)
                del one.plain[setting]
        if not one.calculates or "calculation" in one.plain:
            kept.append(one)
    return kept


def _answers(one: Asked) -> bool:
    return not one.is_section and one.plain.get("type") != "note"


def _problem(setting: str, source: str, known: set[str]) -> Problem | None:
    parsed = _parsed(setting, source)
    if isinstance(parsed, Problem):
        return parsed
    missing = parsed.names - known
    return Problem(_MISSING, {"names": ", ".join(sorted(missing))}) if missing else None


@lru_cache(maxsize=4_096)
def _parsed(setting: str, source: str) -> Expression | Problem:
    """The expression, or why it is none."""
    try:
        return PARSE[setting](source)
    except ExpressionError as error:
        return _reason(source, str(error))


def _reason(source: str, said: str) -> Problem:
    if "alone is no condition" in said:
        return Problem(_BARE)
    if said.startswith("longer than"):
        return Problem(_LONG, {"most": "2.000"})
    calls = _CALL.findall(_TEXTS.sub("''", source))
    for name in calls:
        if name not in FUNCTIONS and name not in BINDS:
            return Problem(_FUNCTION, {"name": name[:40]})
    return Problem(_UNREADABLE, {"source": source[:80]})


def _reads(one: Asked, setting: str) -> frozenset[str]:
    source = one.plain.get(setting)
    parsed = _parsed(setting, source) if isinstance(source, str) else None
    return parsed.names if isinstance(parsed, Expression) else frozenset()


def _without_circles(asked: list[Asked], report: Report) -> list[Asked]:
    """Calculations that end up in themselves go, with those that read them."""
    reads = {one.name: _reads(one, "calculation") for one in asked if one.calculates}
    sound = set(in_order({name: names & reads.keys() for name, names in reads.items()}))
    for one in asked:
        if one.calculates and one.name not in sound:
            place = one.line.place("calculation")
            report.add(place, Problem(_CIRCLE), _INSTEAD["calculation"])
    return [one for one in asked if not one.calculates or one.name in sound]


def _behind(reads: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The questions that people answer behind each calculation; there are no circles any more."""
    found: dict[str, frozenset[str]] = {}
    for name in in_order({name: names & reads.keys() for name, names in reads.items()}):
        found[name] = frozenset().union(*(found.get(n, frozenset({n})) for n in reads[name]))
    return found


def _look_back(asked: list[Asked], report: Report) -> None:
    """People cannot answer what they have not seen: a condition reads earlier questions."""
    behind = _behind({one.name: _reads(one, "calculation") for one in asked if one.calculates})
    seen: set[str] = set()
    for one in asked:
        names = () if one.calculates else _reads(one, "relevant")
        wanted = frozenset().union(*(behind.get(name, frozenset({name})) for name in names))
        if later := wanted - seen:
            what = Problem(_LATER, {"names": ", ".join(sorted(later))})
            instead = _GROUP if one.is_section else _INSTEAD["relevant"]
            report.add(one.line.place("relevant"), what, instead)
            del one.plain["relevant"]
        seen |= {one.name, one.companion}
