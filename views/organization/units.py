"""The administrator's pages of units: the tree, a new unit, a unit with its name and hotline."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.units import Unit, UnitKind
from forms.cleaning import fold
from forms.problems import N_
from services.days import day_text, read_day
from services.errors import Refusal
from services.organization.units import add_unit, change_unit, history_of

from ..language import refusal_text
from ..options import Option, number_text, unit_options
from ..session import my_units, staff_blueprint, staff_page
from ..site import site
from .headcount_view import headcount_view
from .unit_history import history_lines
from .unit_words import kind_words, state_chip

blueprint: Blueprint = staff_blueprint("units", Act.KEEP_UNITS)

# A tree of more units is shown to the second level; each unit's page goes on from there.
LARGEST_WHOLE_TREE = 150
MOST_FOUND = 100


def mine() -> frozenset[str]:
    """The units that the signed-in person keeps."""
    return my_units(Act.KEEP_UNITS)


def find_unit(unit_id: str) -> Unit:
    """A unit of the signed-in person as it is today; 404 without."""
    unit = site().tree.get(unit_id)
    if unit is None or unit_id not in mine():
        abort(404)
    return unit


def posted_day(name: str = "since") -> date:
    """The day that was typed, today without one; raises Refusal."""
    typed = request.form.get(name, "").strip()
    day = read_day(typed) if typed else site().today
    if day is None:
        raise Refusal(N_("Please write a day such as 01/07/2026."), field=name)
    return day


def typed_day(name: str = "since") -> str:
    """What a date input shows again: the day as browsers write it, else what was typed."""
    typed = request.form.get(name, "").strip()[:40]
    day = read_day(typed) if typed else site().today
    return day.isoformat() if day else typed


@blueprint.get("/units")
def list_units() -> Response:
    return _list_page(None, 200)


@blueprint.post("/units")
def add() -> Response:
    posted = request.form
    if posted.get("parent", "") not in mine():
        abort(404)
    try:
        unit = add_unit(
            site().store,
            "",
            posted.get("name", ""),
            posted.get("parent", ""),
            posted.get("kind", ""),
            since=posted_day(),
        )
    except Refusal as refusal:
        return _list_page(refusal, 422)
    flash(gettext("The unit %(name)s is added.", name=unit.name), "done")
    return redirect(url_for("units.list_units"), 303)


def _list_page(refusal: Refusal | None, status: int) -> Response:
    tree, reach = site().tree, mine()
    sought, with_closed = request.args.get("q", "")[:100], "closed" in request.args
    open_count = sum(tree.units[unit].is_open for unit in reach)
    closed_count = sum(tree.units[unit].closed for unit in reach)
    tops = [unit for unit in sorted(reach) if (tree.units[unit].above or "") not in reach]
    depth = 99 if len(reach) <= LARGEST_WHOLE_TREE else 1
    return staff_page(
        "staff/units.html",
        title=gettext("Units"),
        status=status,
        count=number_text(open_count),
        sought=sought,
        found=_found(sought, reach) if sought else None,
        tree=_branches(tops, depth, with_closed=with_closed),
        closed=_closed_link(closed_count, with_closed=with_closed),
        import_href=url_for("unit_files.show_import"),
        csv_href=url_for("unit_files.download_csv"),
        xlsx_href=url_for("unit_files.download_xlsx"),
        headcounts_href=url_for("headcounts.show_headcounts"),
        add=_add_form(refusal, reach),
    )


def _add_form(refusal: Refusal | None, reach: frozenset[str]) -> dict[str, object]:
    kind = request.form.get("kind", UnitKind.ENTERPRISE)
    parent = request.values.get("parent", "")
    error, field = (refusal_text(refusal), refusal.field) if refusal else ("", "")
    return {
        "action": url_for("units.add"),
        "name": request.form.get("name", "")[:200],
        "name_error": error if field not in ("since", "day", "parent") else "",
        "kinds": [Option(k, word, k == kind) for k, word in kind_words().items()],
        "parents": unit_options(site().tree, reach, parent),
        "parent_error": error if field == "parent" else "",
        "since": typed_day(),
        "since_error": error if field in ("since", "day") else "",
    }


def _closed_link(count: int, *, with_closed: bool) -> dict[str, str] | None:
    if not count:
        return None
    if with_closed:
        return {"text": gettext("Hide closed units"), "href": url_for("units.list_units")}
    text = gettext("Show %(count)s closed units, too", count=number_text(count))
    return {"text": text, "href": url_for("units.list_units", closed=1)}


def unit_line(unit: Unit) -> dict[str, object]:
    """A unit as lists show it."""
    return {
        "name": unit.name,
        "kind": kind_words()[unit.kind],
        "href": url_for("units.show_unit", unit_id=unit.id),
        **state_chip(unit),
    }


def _branches(unit_ids: Iterable[str], depth: int, *, with_closed: bool) -> list[dict[str, object]]:
    tree = site().tree
    lines = []
    for unit in (tree.units[unit_id] for unit_id in unit_ids):
        if unit.closed and not with_closed:
            continue
        below = tree.children(unit.id)
        deeper = _branches(below, depth - 1, with_closed=with_closed) if depth else []
        hidden = 0 if depth else sum(not tree.units[child].closed for child in below)
        lines.append(
            {**unit_line(unit), "children": deeper, "hidden": number_text(hidden) if hidden else ""}
        )
    return lines


def _found(sought: str, reach: frozenset[str]) -> dict[str, object]:
    """The units whose name or code has the words, without tones, closed ones, too."""
    tree, words = site().tree, fold(sought).split()
    found = [
        unit
        for _, unit in tree.outline()
        if unit.id in reach and all(word in f"{fold(unit.name)} {unit.id}" for word in words)
    ]
    lines = [
        {**unit_line(unit), "path": " › ".join(map(tree.name, tree.ancestors(unit.id)))}
        for unit in found[:MOST_FOUND]
    ]
    return {"count": number_text(len(found)), "lines": lines, "href": url_for("units.list_units")}


@blueprint.get("/units/<unit_id>")
def show_unit(unit_id: str) -> Response:
    unit = find_unit(unit_id)
    return unit_page(unit, {"name": unit.name, "hotline": unit.hotline}, None, 200)


@blueprint.post("/units/<unit_id>")
def change(unit_id: str) -> Response:
    unit = find_unit(unit_id)
    typed = {name: request.form.get(name, "")[:500] for name in ("name", "hotline")}
    try:
        day = posted_day()
        change_unit(site().store, unit_id, **typed, day=day)
    except Refusal as refusal:
        return unit_page(unit, typed, refusal, 422)
    if day > site().today:
        flash(gettext("The change is kept; it holds from %(day)s on.", day=day_text(day)), "done")
    else:
        flash(gettext("The unit is changed."), "done")
    return redirect(url_for("units.show_unit", unit_id=unit_id), 303)


def unit_page(unit: Unit, typed: dict[str, str], refusal: Refusal | None, status: int) -> Response:
    """A unit's page, with what was typed into the form that was refused."""
    error, field = (refusal_text(refusal), refusal.field) if refusal else ("", "name")
    field = {"day": "since", "id": "name"}.get(field, field or "name")
    tree, reach = site().tree, mine()
    below = [tree.units[child] for child in tree.children(unit.id)]
    return staff_page(
        "staff/unit.html",
        title=unit.name,
        status=status,
        unit={
            "id": unit.id,
            "name": unit.name,
            "kind": kind_words()[unit.kind],
            **state_chip(unit),
            "path": _path(unit, reach),
            "action": "" if unit.closed else url_for("units.change", unit_id=unit.id),
            "new_name": typed.get("name", unit.name),
            "hotline": typed.get("hotline", unit.hotline),
            "since": typed_day(),
            "errors": {field: error} if error else {},
            "back_href": url_for("units.list_units"),
            "below": [unit_line(child) for child in below if child.is_open or child.planned],
            "merged": [unit_line(child) for child in below if child.closed],
            "add_href": url_for("units.list_units", parent=unit.id) + "#name",
            "points": sum(point.unit == unit.id for point in site().store.points.all()),
            "acts": _acts(unit, reach),
            "history": history_lines(unit.id, history_of(site().store), site().today),
            "withdraw_action": url_for("unit_acts.withdraw", unit_id=unit.id),
        },
        headcounts=headcount_view(unit, {} if status == 200 else dict(request.form)),
    )


def _path(unit: Unit, reach: frozenset[str]) -> list[dict[str, str]]:
    tree = site().tree
    return [
        {
            "name": tree.name(above),
            "href": url_for("units.show_unit", unit_id=above) if above in reach else "",
        }
        for above in tree.ancestors(unit.id)
    ]


def may_decide(unit: Unit, reach: frozenset[str]) -> bool:
    """Whether the person may move, merge or close the unit: only from above it."""
    return unit.is_open and (unit.parent or "") in reach


def _acts(unit: Unit, reach: frozenset[str]) -> Sequence[dict[str, str]]:
    if not may_decide(unit, reach):
        return ()
    words = {
        "move": gettext("Move below another unit …"),
        "merge": gettext("Merge …"),
        "close": gettext("Close …"),
    }
    return [
        {"label": label, "href": url_for(f"unit_acts.show_{act}", unit_id=unit.id)}
        for act, label in words.items()
    ]
