"""What `begin_group` says of a section."""

from typing import Any

from ..definition import Section
from ..problems import N_, Problem
from .cells import read
from .findings import Report
from .lines import Line, own_setting

_SETTING = N_("There is no setting “%(setting)s” here for a section.")
_LEFT = Problem(N_("It is left out."))


def standard_section(line: Line) -> dict[str, Any]:
    """What the usual columns say of a section."""
    plain: dict[str, Any] = {}
    if texts := line.texts("label"):
        plain["title"] = texts
    if relevant := line.get("relevant"):
        plain["relevant"] = relevant
    return plain


def section_settings(line: Line, report: Report) -> dict[str, Any]:
    """What all columns say of it, ours last."""
    plain = standard_section(line)
    for (key, _), text in line.cells.items():
        setting = own_setting(key)
        if setting in Section.model_fields:
            plain[setting] = read(text)
        elif setting:
            report.add(line.place(key), Problem(_SETTING, {"setting": setting}), _LEFT)
    return plain
