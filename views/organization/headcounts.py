"""How many workers and members: a quarter's table with sums, one unit's figures, whole files."""

from flask import Response as WebResponse
from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.headcounts import quarter_of, read_quarter, sums
from forms.types.base import Cell
from services.errors import Refusal
from services.organization.headcounts import (
    COLUMNS,
    NEEDED,
    HeadcountPlan,
    figures_of,
    headcount_rows,
    import_headcounts,
    keep_headcount,
    plan_headcounts,
    quarters_known,
    reported_day,
)
from services.organization.units import tree_of

from ..language import refusal_text
from ..options import Option, number_text
from ..session import staff_blueprint, staff_page
from ..site import site
from ..table_posts import (
    csv_file,
    kept_table,
    mark_of,
    mistake_lines,
    posted_mark,
    posted_table,
    xlsx_file,
)
from .headcount_view import figure_text, quarter_text
from .units import find_unit, mine, unit_page

blueprint = staff_blueprint("headcounts", Act.KEEP_UNITS)


def _quarter() -> str:
    return read_quarter(request.args.get("quarter", "")) or quarter_of(site().today)


@blueprint.get("/headcounts")
def show_headcounts() -> Response:
    """A quarter by the tree of its last day; only units within reach, whatever was then."""
    store, quarter, today = site().store, _quarter(), site().today
    tree, reach, figures = (
        tree_of(store, reported_day(quarter, today)),
        mine(),
        figures_of(store, quarter),
    )
    figures = {unit: known for unit, known in figures.items() if unit in reach}
    added = sums(tree, figures)
    there = [
        (depth, unit) for depth, unit in tree.outline() if unit.id in added and unit.id in reach
    ]
    rows = [
        {
            "depth": min(max(depth - there[0][0], 0), 4),
            "name": unit.name,
            "href": url_for("units.show_unit", unit_id=unit.id),
            "workers": figure_text(figures[unit.id].workers) if unit.id in figures else "",
            "members": figure_text(figures[unit.id].members) if unit.id in figures else "",
            "all_workers": figure_text(added[unit.id].workers),
            "all_members": figure_text(added[unit.id].members),
        }
        for depth, unit in there
    ]
    quarters = dict.fromkeys([quarter, *quarters_known(store, today)])
    return staff_page(
        "staff/headcounts.html",
        title=gettext("Workers and members"),
        quarter_words=quarter_text(quarter),
        quarters=[Option(q, quarter_text(q), q == quarter) for q in sorted(quarters, reverse=True)],
        action=url_for("headcounts.show_headcounts"),
        rows=rows,
        told=number_text(sum(unit.id in figures for _, unit in there)),
        count=number_text(len(there)),
        back_href=url_for("units.list_units"),
        import_href=url_for("headcounts.show_import"),
        csv_href=url_for("headcounts.download_csv", quarter=quarter),
        xlsx_href=url_for("headcounts.download_xlsx", quarter=quarter),
    )


@blueprint.post("/units/<unit_id>/headcounts")
def keep(unit_id: str) -> Response:
    unit = find_unit(unit_id)
    typed = {name: request.form.get(name, "")[:40] for name in NEEDED} | {"unit": unit.id}
    try:
        kept = keep_headcount(site().store, site().tree, typed, site().today)
    except Refusal as refusal:
        return unit_page(unit, {}, refusal, 422)
    flash(
        gettext("The figures of %(quarter)s are kept.", quarter=quarter_text(kept.quarter)), "done"
    )
    return redirect(url_for("units.show_unit", unit_id=unit_id) + "#headcounts", 303)


def _rows(quarter: str) -> list[list[Cell]]:
    return headcount_rows(site().store, site().tree, quarter, mine())


@blueprint.get("/headcounts.csv")
def download_csv() -> WebResponse:
    quarter = _quarter()
    return csv_file(f"so-lao-dong-doan-vien_{quarter}", COLUMNS, _rows(quarter))


@blueprint.get("/headcounts.xlsx")
def download_xlsx() -> WebResponse:
    quarter = _quarter()
    return xlsx_file(f"so-lao-dong-doan-vien_{quarter}", COLUMNS, _rows(quarter))


@blueprint.get("/headcounts-import")
def show_import() -> Response:
    return _page(None, "", 200)


@blueprint.post("/headcounts-import")
def take_import() -> Response:
    store, tree, today = site().store, site().tree, site().today
    try:
        table, is_confirmed = posted_table(NEEDED)
    except Refusal as refusal:
        return _page(None, refusal_text(refusal), 422)
    plan = plan_headcounts(store, tree, table, today, mine())
    is_same = posted_mark() == mark_of((plan.headcounts, plan.counts))
    if is_confirmed and is_same and not plan.mistakes:
        plan = import_headcounts(store, tree, table, today, mine())
        if not plan.mistakes:
            flash(_kept_text(len(plan.headcounts)), "done")
            return redirect(url_for("headcounts.show_headcounts"), 303)
    changed = gettext("Something has changed since. Please look again.") if is_confirmed else ""
    return _page(plan, changed, 422 if plan.mistakes else 200, kept_table(table, NEEDED))


def _kept_text(count: int) -> str:
    return ngettext(
        "The figures of %(count)s unit are kept.",
        "The figures of %(count)s units are kept.",
        count,
        count=number_text(count),
    )


def _page(plan: HeadcountPlan | None, error: str, status: int, kept: str = "") -> Response:
    shown = {
        "action": url_for("headcounts.take_import"),
        "error": error,
        "columns": ", ".join(NEEDED),
        "lead": gettext("Download the list of your units, fill in the two numbers, send it back."),
        "csv_href": url_for("headcounts.download_csv"),
        "xlsx_href": url_for("headcounts.download_xlsx"),
        "back_href": url_for("headcounts.show_headcounts"),
        "back": gettext("Workers and members"),
        "preview": _preview(plan, kept) if plan else None,
    }
    title = gettext("Import workers and members")
    return staff_page("staff/table_import.html", title=title, status=status, table=shown)


def _preview(plan: HeadcountPlan, kept: str) -> dict[str, object]:
    counts = {name: number_text(count) for name, count in plan.counts.items()}
    changing = 0 if plan.mistakes else plan.counts["added"] + plan.counts["changed"]
    mark = mark_of((plan.headcounts, plan.counts))
    return {
        "summary": gettext(
            "New: %(added)s · changed: %(changed)s · as they are: %(same)s", **counts
        ),
        "mistakes": mistake_lines(plan.mistakes),
        "mistake_count": number_text(len(plan.mistakes)),
        "steps": [],
        "more": "",
        "button": ngettext(
            "Keep %(count)s change", "Keep %(count)s changes", changing, count=number_text(changing)
        )
        if changing
        else "",
        "hidden": [("table", kept), ("mark", mark), ("confirmed", "1")],
    }
