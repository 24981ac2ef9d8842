"""Whole tables of units: download them, or see what a file would change and let it."""

from flask import Response as WebResponse
from flask import flash, redirect, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.history import History
from forms.types.base import Cell
from services.days import day_text
from services.errors import Refusal
from services.organization.unit_import import Plan, import_units, plan_units
from services.organization.unit_rows import COLUMNS, NEEDED, Step, What, unit_rows
from services.organization.units import history_of

from ..language import refusal_text
from ..options import number_text
from ..session import staff_blueprint, staff_page
from ..site import site
from ..table_posts import (
    MOST_SHOWN,
    csv_file,
    kept_table,
    mark_of,
    mistake_lines,
    posted_mark,
    posted_table,
    xlsx_file,
)
from .unit_words import kind_words
from .units import mine

blueprint = staff_blueprint("unit_files", Act.KEEP_UNITS)


def _rows() -> list[list[Cell]]:
    return [list(row) for row in unit_rows(history_of(site().store), site().today, mine())]


@blueprint.get("/units.csv")
def download_csv() -> WebResponse:
    return csv_file("don-vi", COLUMNS, _rows())


@blueprint.get("/units.xlsx")
def download_xlsx() -> WebResponse:
    return xlsx_file("don-vi", COLUMNS, _rows())


@blueprint.get("/units-import")
def show_import() -> Response:
    return _page(None, "", 200)


@blueprint.post("/units-import")
def take_import() -> Response:
    """First the preview; then, confirmed and still the same, the change."""
    store, today = site().store, site().today
    try:
        table, is_confirmed = posted_table(NEEDED)
    except Refusal as refusal:
        return _page(None, refusal_text(refusal), 422)
    plan = plan_units(history_of(store), table, today, mine())
    is_same = posted_mark() == mark_of(plan.steps)
    if is_confirmed and is_same and not plan.mistakes:
        plan = import_units(store, table, today, mine())
        if not plan.mistakes:
            count = len(plan.steps)
            done = ngettext(
                "%(count)s change is kept.",
                "%(count)s changes are kept.",
                count,
                count=number_text(count),
            )
            flash(done, "done")
            return redirect(url_for("units.list_units"), 303)
    changed = gettext("Something has changed since. Please look again.") if is_confirmed else ""
    return _page(plan, changed, 422 if plan.mistakes else 200, kept_table(table, COLUMNS))


def _page(plan: Plan | None, error: str, status: int, kept: str = "") -> Response:
    shown = {
        "action": url_for("unit_files.take_import"),
        "error": error,
        "columns": ", ".join(COLUMNS),
        "lead": gettext(
            "One row per unit. The parent is the code of the unit above. Fill in “from” when a "
            "change holds from a certain day, “closed” and “successor” when a unit ends."
        ),
        "csv_href": url_for("unit_files.download_csv"),
        "xlsx_href": url_for("unit_files.download_xlsx"),
        "back_href": url_for("units.list_units"),
        "back": gettext("All units"),
        "preview": _preview(plan, kept) if plan else None,
    }
    title = gettext("Import units")
    return staff_page("staff/table_import.html", title=title, status=status, table=shown)


def _preview(plan: Plan, kept: str) -> dict[str, object]:
    counts = {name: number_text(count) for name, count in plan.counts.items()}
    steps = [] if plan.mistakes else plan.steps
    words = step_words()
    return {
        "summary": gettext(
            "New: %(added)s · changed: %(changed)s · as they are: %(same)s", **counts
        ),
        "mistakes": mistake_lines(plan.mistakes),
        "mistake_count": number_text(len(plan.mistakes)),
        "steps": [_line(step, words, plan.after) for step in steps[:MOST_SHOWN]],
        "more": number_text(len(steps) - MOST_SHOWN) if len(steps) > MOST_SHOWN else "",
        "button": ngettext(
            "Keep %(count)s change",
            "Keep %(count)s changes",
            len(steps),
            count=number_text(len(steps)),
        )
        if steps
        else "",
        "hidden": [("table", kept), ("mark", mark_of(plan.steps)), ("confirmed", "1")],
    }


def step_words() -> dict[What, str]:
    """What the steps of an import are called."""
    return {
        What.CREATE: gettext("New unit"),
        What.RENAME: gettext("Renaming"),
        What.MOVE: gettext("Moving"),
        What.CHANGE_KIND: gettext("Another kind"),
        What.CLOSE: gettext("Closing"),
    }


def _line(step: Step, words: dict[What, str], after: History) -> dict[str, str]:
    return {
        "what": words[step.what],
        "unit": f"{step.name} ({step.unit})",
        "day": day_text(step.day) if step.day else gettext("From the beginning"),
        "before": _value(step, step.before, after),
        "after": _value(step, step.after, after),
    }


def _value(step: Step, value: str, after: History) -> str:
    if step.what is What.RENAME or not value:
        return value
    if step.what is What.CHANGE_KIND:
        return next((word for kind, word in kind_words().items() if kind == value), value)
    unit = after.units.get(value)
    name = unit.on(step.day or site().today).name if unit else value
    if step.what is What.CLOSE:
        return gettext("Merged into %(name)s", name=name)
    return gettext("Directly under %(name)s", name=name)
