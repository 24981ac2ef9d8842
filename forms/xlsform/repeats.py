"""What a question may be inside a repeat, where fewer things are possible."""

from typing import Any

from ..problems import N_, Problem
from ..types.repeat import CHILD_TYPES
from .findings import Report
from .lines import Line

_TYPE = N_("A question of type “%(type)s” cannot stand in a repeat.")
_LEFT = Problem(N_("It is left out."))
_SETTING = Problem(N_("Inside a repeat a question has no condition of its own."))
_ALWAYS = Problem(N_("The question is always asked."))
_OTHER = Problem(N_("Inside a repeat “other” does not ask what."))
_WITHOUT = Problem(N_("It is a choice like the others."))


def child_settings(plain: dict[str, Any], line: Line, report: Report) -> dict[str, Any] | None:
    """The settings of a question in a repeat; None for a type that cannot stand there."""
    if plain["type"] not in CHILD_TYPES:
        report.add(line.place("type"), Problem(_TYPE, {"type": plain["type"]}), _LEFT)
        return None
    for setting, instead in (("relevant", _ALWAYS), ("sensitive", _LEFT)):
        if plain.pop(setting, None):
            report.add(line.place(setting), _SETTING, instead)
    if any(choice.get("other") for choice in plain.get("choices", ())):
        report.add(line.place("type"), _OTHER, _WITHOUT)
        plain["choices"] = [{**choice, "other": False} for choice in plain["choices"]]
    return plain
