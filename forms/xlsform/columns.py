"""Columns of the survey sheet that have no place here, and cells that contradict our own."""

from collections.abc import Sequence

from ..expressions import ExpressionError
from ..problems import N_, Problem
from .dialect import SETTINGS, columns_of
from .findings import Report
from .lines import OURS, Sheet, own_column
from .logic import Asked

_COLUMNS = frozenset(
    (
        *("type", "name", "label", "hint", "required", "relevant", "constraint", "appearance"),
        *("constraint_message", "calculation", "parameters", "choice_filter", "repeat_count"),
    )
)
_XLSFORM = frozenset(
    (
        *("default", "read_only", "required_message", "guidance_hint", "trigger", "save_to"),
        *("autoplay", "rows", "jr:noapperrorstring"),
        *("media::image", "media::audio", "media::video", "media::big-image"),
    )
)
_LEFT = Problem(N_("It is left out."))
_NO_COLUMN = Problem(N_("A column of this name has no place here."))
_NO_SETTING = N_("“%(text)s” has no place here.")
_COUNTS = N_("The column “%(column)s” says otherwise, and it counts.")
_CHANGE_IT = Problem(N_("Change it there, or empty that cell."))


def tell_of_columns(sheet: Sheet, report: Report) -> None:
    """Settings of XLSForm are told of row by row, columns of one's own once."""
    for (key, language), heading in sheet.headings.items():
        if key in _COLUMNS or key.startswith(OURS):
            continue
        filled = [line for line in sheet.lines if line.cells.get((key, language))]
        if key in _XLSFORM:
            for line in filled:
                what = Problem(_NO_SETTING, {"text": line.cells[key, language][:60]})
                report.add((sheet.name, line.number, heading), what, _LEFT)
        elif filled:
            report.add((sheet.name, 1, heading), _NO_COLUMN, _LEFT)


def tell_of_changes(asked: Sequence[Asked], report: Report) -> None:
    """A usual cell that somebody changed, although our own column beside it counts."""
    months = frozenset(one.name for one in asked if one.plain.get("type") == "month")
    for one in asked:
        line = one.line
        own = [s for s in SETTINGS if (own_column(s), "") in line.cells and line.get(s)]
        try:
            said = columns_of(one.plain, months) if own else {}
        except ExpressionError:  # told of when the expressions are read
            continue
        for setting in own:
            if line.get(setting) != said.get(setting, ""):
                what = Problem(_COUNTS, {"column": own_column(setting)})
                report.add(line.place(setting), what, _CHANGE_IT)
