"""One row of the survey sheet as the settings of a question.

The writer asks this reader, too: what the usual columns cannot say goes into columns of our own.
"""

from typing import Any

from ..problems import N_, Problem
from ..types import QUESTION_TYPES
from .bounds import without_bounds
from .cells import read
from .findings import Report
from .kinds import APPEARANCES, BECOMES, KNOWN, SILENT, word_of
from .lines import Line, own_column, own_setting

_YES = frozenset({"yes", "true", "true()", "1", "có", "x"})
_NO = frozenset({"no", "false", "false()", "0", "không", "-"})
MODELS = {model.model_fields["type"].default: model for model in QUESTION_TYPES}
_LEFT = Problem(N_("It is left out."))
_TYPE = N_("There is no type “%(type)s” here.")
_PLAIN = Problem(N_("It is shown in the usual way."))
_APPEARANCE = N_("There is no appearance “%(appearance)s” here.")
_SETTING = N_("There is no setting “%(setting)s” here for this type.")
_PARAMETERS = N_("Parameters are not known here.")
_NOT_REQUIRED = Problem(N_("It may be left: some phones cannot draw."))
_SIGNATURE = N_("A signature cannot be required.")


def standard_settings(line: Line, report: Report) -> dict[str, Any] | None:
    """What the usual columns say; None for a type that has no place here."""
    kind = _kind(line, report)
    if kind is None:
        return None
    plain: dict[str, Any] = {"type": kind, "name": line.get("name")}
    for key in ("label", "hint", "constraint_message"):
        if texts := line.texts(key):
            plain[key] = texts
    if required := read_required(line.get("required")):
        plain["required"] = required
    for key in ("relevant", "calculation", "constraint"):
        if source := line.get(key):
            plain[key] = source
    return plain | _looks(line, kind)


def _looks(line: Line, kind: str) -> dict[str, Any]:
    """What appearance and parameters say that is more than a look."""
    tokens = set(line.get("appearance").split())
    if kind == "text" and "name" in tokens:
        return {"appearance": "name"}
    if kind == "image" and {"new-front", "selfie"} & tokens:
        return {"capture": "user"}
    word, _, _ = word_of(line.get("type"))
    if word == "file":
        return {"pdf": True}
    return {**_range_bounds(line)} if word == "range" and kind != "rating" else {}


def question_settings(line: Line, report: Report) -> dict[str, Any] | None:
    """What all columns say, ours last; None for a type that has no place here."""
    own = own_settings(line)
    plain = standard_settings(line, report if "type" not in own else Report())
    if plain is None and "type" not in own:
        return None
    plain = {**(plain or {"name": line.get("name")}), **own}
    model = MODELS.get(plain["type"])
    if model is None:
        return plain
    if "constraint" not in own and "constraint" in plain:
        plain["constraint"] = without_bounds(plain["constraint"], plain) or None
    for name in plain.keys() - model.model_fields.keys() - {"choices"}:
        key = own_column(name) if name in own else name
        report.add(line.place(key), Problem(_SETTING, {"setting": name}), _LEFT)
    kept = {name: value for name, value in plain.items() if name in model.model_fields}
    if kept["type"] == "signature" and kept.get("required"):
        report.add(line.place("required"), Problem(_SIGNATURE), _NOT_REQUIRED)
        del kept["required"]
    return kept


def own_settings(line: Line) -> dict[str, Any]:
    """What the columns of our own say, by the name of the setting."""
    return {
        setting: read(text)
        for (key, _), text in line.cells.items()
        if (setting := own_setting(key))
    }


def read_required(cell: str) -> bool | str:
    """`yes`, `no`, or the condition as it stands."""
    said = cell.casefold()
    return True if said in _YES else False if not said or said in _NO else cell


def _kind(line: Line, report: Report) -> str | None:
    word, _, _ = word_of(line.get("type"))
    place = line.place("type")
    tokens = line.get("appearance").split()
    if word == "begin_repeat":
        return "repeat"
    if word == "range":
        return _range(line, tokens, report)
    if word in BECOMES:
        kind, instead = BECOMES[word]
        report.add(place, Problem(_TYPE, {"type": word}), instead)
        return kind
    if word not in KNOWN:
        report.add(place, Problem(_TYPE, {"type": line.get("type")}), _LEFT)
        return None
    for token in tokens:
        if token not in SILENT and not token.startswith(("w", "columns")):
            said = Problem(_APPEARANCE, {"appearance": token})
            report.add(line.place("appearance"), said, _PLAIN)
    if line.get("parameters") and word != "image":  # every picture is made smaller here
        report.add(line.place("parameters"), Problem(_PARAMETERS), _LEFT)
    kinds = (APPEARANCES.get((word, token)) for token in tokens)
    return next((kind for kind in kinds if kind), word)


def _range(line: Line, tokens: list[str], report: Report) -> str:
    start, end, step = _steps(line)
    if "rating" in tokens and (start, end, step) == ("1", "5", "1"):
        return "rating"
    report.add(line.place("type"), Problem(_TYPE, {"type": "range"}), BECOMES["range"][1])
    return "integer" if all(_is_whole(number) for number in (start, end, step)) else "decimal"


def _steps(line: Line) -> tuple[str, str, str]:
    said = dict(part.split("=", 1) for part in line.get("parameters").split() if "=" in part)
    return said.get("start", "1"), said.get("end", "10"), said.get("step", "1")


def _range_bounds(line: Line) -> dict[str, int]:
    """The least and most of a `range`, as far as they are whole numbers."""
    named = zip(("least", "most"), _steps(line)[:2], strict=True)
    return {name: int(number) for name, number in named if _is_whole(number)}


def _is_whole(number: str) -> bool:
    return number.lstrip("-").isdecimal() and len(number) < 16
