"""The administrator's pages of units: the tree, a new unit, another name or hotline."""

from collections.abc import Iterable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.units import Unit, UnitKind
from services.errors import Refusal
from services.units import add_unit, change_unit

from .language import refusal_text
from .options import Option, number_text, unit_options
from .session import my_units, staff_blueprint, staff_page
from .site import site

blueprint: Blueprint = staff_blueprint("units", Act.KEEP_UNITS)


def _mine() -> frozenset[str]:
    return my_units(Act.KEEP_UNITS)


def kind_words() -> dict[UnitKind, str]:
    """What the kinds of units are called."""
    return {
        UnitKind.PROVINCE: gettext("Provincial federation"),
        UnitKind.COMMUNE: gettext("Commune or ward union"),
        UnitKind.ENTERPRISE: gettext("Enterprise union"),
        UnitKind.PUBLIC_SERVICE: gettext("Public service union"),
        UnitKind.SECTION: gettext("Section"),
    }


@blueprint.get("/units")
def list_units() -> Response:
    return _list_page(None, 200)


@blueprint.post("/units")
def add() -> Response:
    posted = request.form
    if posted.get("parent", "") not in _mine():
        abort(404)
    try:
        unit = add_unit(
            site().store,
            "",
            posted.get("name", ""),
            posted.get("parent", ""),
            posted.get("kind", ""),
        )
    except Refusal as refusal:
        return _list_page(refusal, 422)
    flash(gettext("The unit %(name)s is added.", name=unit.name), "done")
    return redirect(url_for("units.list_units"), 303)


def _list_page(refusal: Refusal | None, status: int) -> Response:
    tree, mine = site().tree, _mine()
    tops = [unit_id for unit_id in mine if (tree.units[unit_id].parent or "") not in mine]
    kind, parent = request.form.get("kind", UnitKind.ENTERPRISE), request.form.get("parent", "")
    add = {
        "action": url_for("units.add"),
        "name": request.form.get("name", "")[:200],
        "name_error": refusal_text(refusal) if refusal else "",
        "kinds": [Option(k, word, k == kind) for k, word in kind_words().items()],
        "parents": unit_options(tree, mine, parent),
    }
    return staff_page(
        "staff/units.html",
        title=gettext("Units"),
        status=status,
        count=number_text(len(mine)),
        tree=_branches(tops),
        add=add,
    )


def _branches(unit_ids: Iterable[str]) -> list[dict[str, object]]:
    tree, words = site().tree, kind_words()
    return [
        {
            "name": tree.name(unit_id),
            "kind": words[tree.units[unit_id].kind],
            "href": url_for("units.show_unit", unit_id=unit_id),
            "closed": tree.units[unit_id].closed,
            "children": _branches(tree.children(unit_id)),
        }
        for unit_id in unit_ids
    ]


def _find(unit_id: str) -> Unit:
    unit = site().store.units.get(unit_id)
    if unit is None or unit_id not in _mine():
        abort(404)
    return unit


@blueprint.get("/units/<unit_id>")
def show_unit(unit_id: str) -> Response:
    unit = _find(unit_id)
    return _unit_page(unit, unit.name, unit.hotline, None, 200)


@blueprint.post("/units/<unit_id>")
def change(unit_id: str) -> Response:
    unit = _find(unit_id)
    name, hotline = request.form.get("name", "")[:500], request.form.get("hotline", "")[:200]
    try:
        change_unit(site().store, unit_id, name=name, hotline=hotline)
    except Refusal as refusal:
        return _unit_page(unit, name, hotline, refusal, 422)
    flash(gettext("The unit is changed."), "done")
    return redirect(url_for("units.list_units"), 303)


def _unit_page(
    unit: Unit, name: str, hotline: str, refusal: Refusal | None, status: int
) -> Response:
    error = refusal_text(refusal) if refusal else ""
    about_hotline = refusal is not None and refusal.field == "hotline"
    return staff_page(
        "staff/unit.html",
        title=unit.name,
        status=status,
        unit={
            "id": unit.id,
            "name": unit.name,
            "kind": kind_words()[unit.kind],
            "parent": site().tree.name(unit.parent) if unit.parent else "",
            "action": url_for("units.change", unit_id=unit.id),
            "new_name": name,
            "error": "" if about_hotline else error,
            "hotline": hotline,
            "hotline_error": error if about_hotline else "",
            "back_href": url_for("units.list_units"),
        },
    )
