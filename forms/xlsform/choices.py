"""The choices sheet: lists of choices by name, and the columns that filters read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..problems import N_, Problem
from ..types.choices import Choice
from .cells import read
from .findings import Report
from .lines import Line, Sheet
from .names import allowed_choice, free

MOST_CHOICES = 50_000  # of all questions together
CHOICE_OURS = "phieu_"
_SETTINGS = frozenset(Choice.model_fields)
_KNOWN = frozenset({"list_name", "name", "label"})
_LEFT = Problem(N_("It is left out."))
_NO_PLACE = Problem(N_("A column of this name has no place here."))
_MEDIA = Problem(N_("Pictures and sounds do not travel in a workbook."))
_RENAMED = N_("It is called %(name)s instead, also where an expression names it.")
_NAME = N_("“%(name)s” cannot be the name of a choice.")
_TWICE = N_("The choice “%(name)s” stands twice in its list.")
_NO_LIST = Problem(N_("The choice belongs to no list."))
_NO_LABEL = N_("The choice “%(name)s” has no words.")
_NAME_STANDS_IN = Problem(N_("Its name is shown."))


@dataclass
class Choices:
    """The lists by name; `filters` are the other columns of each choice."""

    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    filters: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    _used: int = 0

    def may_use(self, count: int) -> bool:
        """Whether one more question may have this many choices; each question holds its own."""
        self._used += count
        return self._used <= MOST_CHOICES


def own_choice_column(setting: str) -> str:
    """The column of our own that holds this setting of a choice."""
    return CHOICE_OURS + setting


def choice_settings(line: Line) -> dict[str, Any]:
    """What the usual columns say of a choice."""
    plain: dict[str, Any] = {}
    if name := line.get("name"):
        plain["name"] = name
    if texts := line.texts("label"):
        plain["label"] = texts
    return plain


def read_choices(sheet: Sheet, filtering: frozenset[str], default: str, report: Report) -> Choices:
    """Read the sheet; `filtering` are the columns that some choice_filter reads."""
    found = Choices()
    _check_columns(sheet, filtering, report)
    for line in sheet.lines:
        if not (name := line.get("list_name")):
            report.add(line.place("list_name"), _NO_LIST, _LEFT)
            continue
        _add(found, name, line, default, report)
    return found


def _check_columns(sheet: Sheet, filtering: frozenset[str], report: Report) -> None:
    for (key, _), heading in sheet.headings.items():
        own = key.startswith(CHOICE_OURS) and key.removeprefix(CHOICE_OURS) in _SETTINGS
        used = any(line.get(key) or line.texts(key) for line in sheet.lines)
        if key not in _KNOWN | filtering and not own and used:
            what = _MEDIA if key.startswith("media::") else _NO_PLACE
            report.add((sheet.name, 1, heading), what, _LEFT)


def _add(found: Choices, list_name: str, line: Line, default: str, report: Report) -> None:
    plain = choice_settings(line)
    for (key, _), text in line.cells.items():
        if key.startswith(CHOICE_OURS) and key.removeprefix(CHOICE_OURS) in _SETTINGS:
            plain[key.removeprefix(CHOICE_OURS)] = read(text)
    said = str(plain.get("name", ""))
    taken = found.names.setdefault(list_name, set())
    if said in taken:
        report.block(line.place("name"), Problem(_TWICE, {"name": said}))
        return
    name = allowed_choice(said, fallback=f"c{line.number}")
    if name != said:
        name = free(name, taken)
        what, instead = Problem(_NAME, {"name": said}), Problem(_RENAMED, {"name": name})
        report.add(line.place("name"), what, instead)
        found.renamed[said] = name
    plain["name"] = name
    taken.add(name)
    if not plain.get("label"):
        report.add(line.place("label"), Problem(_NO_LABEL, {"name": name}), _NAME_STANDS_IN)
        plain["label"] = {default: said or name}
    found.lists.setdefault(list_name, []).append(plain)
    found.filters[list_name, name] = {
        key: text for (key, _), text in line.cells.items() if key not in _KNOWN
    }
