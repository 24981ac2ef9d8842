"""The rows of a sheet under headings that people write in many ways."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..cleaning import clean_line
from ..problems import N_, Problem
from .findings import Report
from .languages import code_of

Place = tuple[str, int, str]
Key = tuple[str, str]  # the column's plain name, and the language of its texts
TRANSLATED = frozenset(
    {"label", "hint", "constraint_message", "required_message", "guidance_hint"}
    | {f"media::{kind}" for kind in ("image", "audio", "video", "big-image")}
)
OURS = "bind::phieu:"
# pyxform drops an attribute of XForms when one of ours has the same name behind its colon.
_ELSEWHERE = {
    "type": "kind",
    **{name: f"exact_{name}" for name in ("name", "relevant", "required", "constraint")},
    "calculation": "exact_calculation",
}
_SETTINGS = {column: setting for setting, column in _ELSEWHERE.items()}
OUR_SHEET = "phieu"
_ALIASES = {
    "caption": "label",
    "command": "type",
    "value": "name",
    "tag": "name",
    "list": "list_name",
    "relevance": "relevant",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "readonly": "read_only",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "set_form_title": "form_title",
    "title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
    **{kind: f"media::{kind}" for kind in ("image", "audio", "video", "big-image")},
}
_TWICE = N_("The heading stands twice.")
_FIRST = N_("Only the first of these columns is read.")
_LANGUAGE = N_("Nobody can tell which language “%(said)s” is.")
_NO_TEXTS = N_(
    "Its texts are left out. Write the code of the language, such as label::Hmoob (hmn)."
)


@dataclass(frozen=True)
class Line:
    """One row: its number as a spreadsheet shows it, its cells by column, and the headings."""

    sheet: str
    number: int
    cells: Mapping[Key, str]
    headings: Mapping[Key, str] = field(default_factory=dict)

    def get(self, key: str) -> str:
        return self.cells.get((key, ""), "")

    def texts(self, key: str) -> dict[str, str]:
        """The texts of a column that has languages, by language."""
        return {language: text for (name, language), text in self.cells.items() if name == key}

    def place(self, key: str) -> Place:
        """Where the cell stands, for a finding."""
        at = next((at for at in self.headings if at[0] == key), (key, ""))
        return self.sheet, self.number, self.headings.get(at, key)


@dataclass(frozen=True)
class Sheet:
    """A sheet whose first row are headings; rows without any text are left out."""

    name: str
    columns: Mapping[int, Key]
    headings: Mapping[Key, str]
    lines: tuple[Line, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.columns)


def sheet_of(
    name: str, rows: Iterable[tuple[int, list[str]]], default: str, report: Report
) -> Sheet:
    """Read numbered rows of cells as a sheet; `default` is the language of plain headings."""
    numbered = iter(rows)
    top, first = next(((n, row) for n, row in numbered if any(row)), (1, []))
    columns: dict[int, Key] = {}
    headings: dict[Key, str] = {}
    for at, shown in enumerate(first):
        key = _key(shown, default, (name, top, shown), report) if shown else None
        if key is None:
            continue
        if key in headings:
            report.add((name, top, shown), Problem(_TWICE), Problem(_FIRST))
            continue
        columns[at], headings[key] = key, shown
    lines = tuple(
        Line(name, number, cells, headings)
        for number, row in numbered
        for cells in [{columns[at]: text for at, text in enumerate(row) if text and at in columns}]
        if cells
    )
    return Sheet(name, columns, headings, lines)


def _key(shown: str, default: str, place: Place, report: Report) -> Key | None:
    """The plain name of a heading and its language; None when the language is a riddle."""
    if place[0].strip().casefold() == OUR_SHEET:
        return clean_line(shown).casefold(), ""
    name, language = plain_heading(shown)
    if name not in TRANSLATED:
        return name, ""
    if not language:
        return name, default
    if code := code_of(language):
        return name, code
    report.add(place, Problem(_LANGUAGE, {"said": language}), Problem(_NO_TEXTS))
    return None


def own_column(setting: str) -> str:
    """The column of our own that holds this setting."""
    return OURS + _ELSEWHERE.get(setting, setting)


def own_setting(key: str) -> str:
    """The setting that a column holds; empty for a column that is not ours."""
    name = key.removeprefix(OURS)
    return _SETTINGS.get(name, name) if key.startswith(OURS) else ""


def plain_heading(shown: str) -> tuple[str, str]:
    """`Label : Tiếng Việt (vi)` → label, Tiếng Việt (vi); `bind:relevant` → relevant, nothing."""
    parts = [part.strip() for part in clean_line(shown).split("::")]
    if len(parts) == 1 and ":" in shown and not shown.lower().startswith("jr:"):
        parts = [part.strip() for part in clean_line(shown).split(":", 1)]
    head = parts[0].lower().replace(" ", "_")
    if head in ("media", "bind", "control", "body") and len(parts) > 1:
        if head == "bind" and parts[1].lower().startswith("phieu:"):
            return OURS + parts[1][6:].strip(), ""
        inner = parts[1].lower().replace(" ", "_")
        head = f"media::{inner}" if head == "media" else inner
        parts = parts[1:]
    return _ALIASES.get(head, head), parts[1] if len(parts) > 1 else ""
