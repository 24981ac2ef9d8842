"""From the settings that were read to a definition; what does not fit is told at its cell."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ..definition import Definition
from ..mistakes import findings_of
from ..problems import N_, Problem
from ..reading import Mistake
from .findings import Report
from .lines import Line, Place, own_column
from .logic import Asked
from .plain_rows import Path

_MESSAGES = {
    "missing": N_("“%(field)s” is missing."),
    "extra_forbidden": N_("“%(field)s” is not known here."),
    "string_type": N_("“%(field)s” must be a text."),
    "string_too_short": N_("“%(field)s” must not be empty."),
    "string_too_long": N_("“%(field)s” is longer than %(max_length)s characters."),
    "string_pattern_mismatch": N_("“%(field)s” must look like %(pattern)s."),
    "too_long": N_("“%(field)s” has more than %(max_length)s parts."),
    "too_short": N_("“%(field)s” has no parts."),
    "less_than_equal": N_("“%(field)s” is at most %(le)s."),
    "greater_than_equal": N_("“%(field)s” is at least %(ge)s."),
    "literal_error": N_("“%(field)s” is one of %(expected)s."),
    "bool_type": N_("“%(field)s” is true or false."),
    "bool_parsing": N_("“%(field)s” is true or false."),
    "int_type": N_("“%(field)s” is a whole number."),
    "int_parsing": N_("“%(field)s” is a whole number."),
}
_NO_QUESTIONS = Problem(N_("The sheet has no question that can be asked."))


def build(
    settings: dict[str, Any], asked: Sequence[Asked], own: Mapping[Path, Line], report: Report
) -> Definition | None:
    """The definition, or None with the report saying what must be corrected."""
    sections, lines = _sections(asked)
    if not sections:
        report.block(("survey", 0, ""), _NO_QUESTIONS)
        return None
    plain = {**settings, "sections": sections}
    try:
        definition = Definition.model_validate(plain)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            report.block(_place(item["loc"], lines, own), _problem(item, plain))
        return None
    return None if report.blocks else definition


def _sections(asked: Sequence[Asked]) -> tuple[list[dict[str, Any]], list[list[Line]]]:
    sections: list[dict[str, Any]] = []
    lines: list[list[Line]] = []
    for one in asked:
        if one.is_section:
            sections.append({**one.plain, "questions": []})
            lines.append([one.line])
        else:
            sections[-1]["questions"].append(one.plain)
            lines[-1].append(one.line)
    filled = [at for at, section in enumerate(sections) if section["questions"]]
    return [sections[at] for at in filled], [lines[at] for at in filled]


def _place(path: tuple[int | str, ...], lines: list[list[Line]], own: Mapping[Path, Line]) -> Place:
    """The cell that a path of the definition came from."""
    if path[:1] == ("sections",) and len(path) > 1 and isinstance(path[1], int):
        rows = lines[path[1]]
        if path[2:3] == ("questions",) and len(path) > 3 and isinstance(path[3], int):
            fields = [step for step in path[5:] if isinstance(step, str)]
            line, field = rows[path[3] + 1], fields[0] if fields else "type"
        else:
            line, field = rows[0], str(path[2]) if len(path) > 2 else "type"
        shown = field if any(key == field for key, _ in line.headings) else own_column(field)
        return line.place(shown)
    for length in range(len(path), 0, -1):
        if found := _under(path[:length], own):
            return found.place("value")
    return ("phieu", 0, ".".join(map(str, path)))


def _under(path: Path, own: Mapping[Path, Line]) -> Line | None:
    return next((line for at, line in own.items() if at[: len(path)] == path), None)


def _problem(item: Any, plain: dict[str, Any]) -> Problem:
    names = [step for step in item["loc"] if isinstance(step, str)]
    values = {"field": names[-1] if names else "", **item.get("ctx", {})}
    if message := _MESSAGES.get(item["type"]):
        return Problem(message, {key: str(value) for key, value in values.items()})
    (found,) = findings_of([Mistake(_path(item["loc"]), str(values.get("error", "")))], plain)
    return Problem(found.message, found.values)


def _path(steps: Sequence[int | str]) -> str:
    """sections[0].questions[2].label, as forms/reading.py writes it."""
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return said.lstrip(".")
