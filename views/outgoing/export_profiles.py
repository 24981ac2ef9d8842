"""Templates of a form's exports: which columns, under which titles, in which order; no code."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from export.table import META_LABELS, PAPER_LABELS, merged_questions
from federation.access import Act
from federation.units import ROOT
from forms.definition import Definition
from forms.export_profile import (
    MOST_COLUMNS,
    ROW_NUMBER,
    Dates,
    ExportProfile,
    ProfileColumn,
    profile_key,
)
from services.errors import NotFound, Refusal
from services.outgoing.profiles import (
    add_profile,
    find_profile,
    is_ready_made,
    keep_profile,
    known_sources,
    profiles_of,
    remove_profile,
    standard_columns,
)
from services.reading import responses

from ..language import refusal_text, screen_language, translate
from ..options import Option
from ..review.response_door import view_of
from ..session import i_may, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell

blueprint: Blueprint = staff_blueprint("export_profiles", Act.EXPORT_RESPONSES)

_DATES = ("", "day", "month", "year", "iso")


def _versions(definition: str) -> tuple[Definition, ...]:
    return view_of(definition, Act.EXPORT_RESPONSES)[1]


def _may_change(newest: Definition) -> bool:
    """A template is everybody's: whoever exports for the whole federation keeps it."""
    return i_may(Act.EXPORT_RESPONSES, ROOT, responses.readers_of(newest))


def _changeable(definition: str) -> tuple[Definition, ...]:
    versions = _versions(definition)
    if not _may_change(versions[-1]):
        abort(403)
    return versions


def _found(definition: str, profile_id: str) -> ExportProfile:
    try:
        return find_profile(site().store, definition, profile_id)
    except NotFound:
        abort(404)


@blueprint.get("/responses/<definition>/templates")
def list_profiles(definition: str) -> Response:
    return _list_page(definition, _versions(definition))


def _list_page(
    definition: str,
    versions: Sequence[Definition],
    typed: str = "",
    refusal: Refusal | None = None,
) -> Response:
    newest, known = versions[-1], known_sources(versions)
    profiles = [
        {
            "title": profile.title,
            "href": _href(profile),
            "columns": len(profile.columns),
            "proposal": profile.proposal,
            "missing": sum(_is_missing(column, known) for column in profile.columns),
        }
        for profile in profiles_of(site().store, definition)
    ]
    return staff_page(
        "staff/export_profiles.html",
        title=gettext("Templates for files"),
        status=422 if refusal else 200,
        form_title=newest.title.into(screen_language()),
        profiles=profiles,
        action=url_for("export_profiles.add", definition=definition) if _may_change(newest) else "",
        typed=typed,
        error=refusal_text(refusal) if refusal else "",
        back_href=url_for("exporting.show_export", definition=definition),
    )


def _href(profile: ExportProfile) -> str:
    return url_for("export_profiles.show_profile", definition=profile.form, profile_id=profile.id)


def _is_missing(column: ProfileColumn, known: frozenset[str]) -> bool:
    return bool(column.source) and column.source not in known


@blueprint.post("/responses/<definition>/templates")
def add(definition: str) -> Response:
    """A new template with the columns that a file has anyway."""
    versions = _changeable(definition)
    title = request.form.get("title", "")[:200]
    try:
        columns = standard_columns(versions, screen_language())
        profile = add_profile(site().store, definition, title, columns)
    except Refusal as refusal:
        return _list_page(definition, versions, title, refusal)
    tell(profile=profile.id, what="add")
    flash(gettext("The template is there: change its columns."), "done")
    return redirect(_href(profile), 303)


@blueprint.get("/responses/<definition>/templates/<profile_id>")
def show_profile(definition: str, profile_id: str) -> Response:
    versions = _versions(definition)
    return _page(_found(definition, profile_id), versions)


@blueprint.post("/responses/<definition>/templates/<profile_id>")
def change(definition: str, profile_id: str) -> Response:
    """Keep all columns as typed, and do what the pressed button says besides."""
    versions = _changeable(definition)
    profile = _found(definition, profile_id)
    act = request.form.get("do", "keep")[:20]
    tell(profile=profile.id, what=act.partition("-")[0])
    if act == "remove":
        return _removed(profile)
    typed = replace(
        profile,
        title=request.form.get("title", "")[:200],
        columns=_acted(_typed_columns(len(profile.columns)), act),
        proposal=request.form.get("proposal") == "1",
    )
    try:
        keep_profile(site().store, typed)
    except Refusal as refusal:
        return _page(typed, versions, refusal)
    flash(gettext("The template is kept."), "done")
    at = act.partition("-")[2]
    return redirect(_href(profile) + (f"#c{at}" if at else ""), 303)


def _removed(profile: ExportProfile) -> Response:
    remove_profile(site().store, profile.form, profile.id)
    if is_ready_made(profile):
        flash(gettext("The template is as it came."), "done")
        return redirect(_href(profile), 303)
    flash(gettext("The template is gone."), "done")
    return redirect(url_for("export_profiles.list_profiles", definition=profile.form), 303)


def _typed_columns(count: int) -> list[ProfileColumn]:
    """The columns as the page posted them, in the order that their places say."""
    found = []
    for at in range(min(count, MOST_COLUMNS)):
        place = request.form.get(f"place-{at}", "").strip()
        number = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else at + 1
        # Whoever moves a column to a place wants it before the one that is there.
        found.append((number, number == at + 1, at, _typed_column(at)))
    return [column for _, _, _, column in sorted(found, key=lambda entry: entry[:3])]


def _typed_column(at: int) -> ProfileColumn:
    posted = request.form
    dates, choices = posted.get(f"dates-{at}", ""), posted.get(f"choices-{at}", "label")
    return ProfileColumn(
        title=posted.get(f"title-{at}", "")[:500],
        source=posted.get(f"source-{at}", "")[:70],
        constant=posted.get(f"constant-{at}", "")[:500],
        dates=cast(Dates, dates if dates in _DATES else ""),
        choices="name" if choices == "name" else "label",
        split=choices == "split",
    )


def _acted(columns: list[ProfileColumn], act: str) -> tuple[ProfileColumn, ...]:
    """The columns after up-3, down-3, drop-3 or add."""
    word, _, place = act.partition("-")
    if word == "add":
        columns.append(ProfileColumn(gettext("New column")))
    if not (place.isascii() and place.isdigit() and int(place) < len(columns)):
        return tuple(columns)
    at = int(place)
    if word == "drop":
        del columns[at]
    elif word in ("up", "down"):
        to = max(at - 1, 0) if word == "up" else min(at + 1, len(columns) - 1)
        columns.insert(to, columns.pop(at))
    return tuple(columns)


def _page(
    profile: ExportProfile, versions: Sequence[Definition], refusal: Refusal | None = None
) -> Response:
    newest, known = versions[-1], known_sources(versions)
    errors = {refusal.field: refusal_text(refusal)} if refusal else {}
    changed = site().store.profiles.get(profile_key(profile.form, profile.id)) is not None
    return staff_page(
        "staff/export_profile.html",
        title=profile.title or gettext("Template"),
        status=422 if refusal else 200,
        form_title=newest.title.into(screen_language()),
        profile=profile,
        columns=[
            _row(at, column, versions, _is_missing(column, known))
            for at, column in enumerate(profile.columns)
        ],
        missing=[c.title for c in profile.columns if _is_missing(c, known)],
        errors=errors,
        error=errors.get("", ""),
        action=url_for("export_profiles.change", definition=profile.form, profile_id=profile.id)
        if _may_change(newest)
        else "",
        remove="" if not changed else "reset" if is_ready_made(profile) else "remove",
        back_href=url_for("export_profiles.list_profiles", definition=profile.form),
    )


def _row(
    at: int, column: ProfileColumn, versions: Sequence[Definition], missing: bool
) -> dict[str, object]:
    sources = _sources(versions, column)
    chosen = "split" if column.split else column.choices
    return {
        "at": at,
        "title": column.title,
        "constant": column.constant,
        "missing": column.source if missing else "",
        "sources": sources,
        "said": next(option.label for option in sources if option.selected)
        if column.source
        else gettext("empty"),
        "dates": [
            Option(value, label, value == column.dates) for value, label in _date_words().items()
        ],
        "choices": [
            Option(value, label, value == chosen) for value, label in _choice_words().items()
        ],
    }


def _sources(versions: Sequence[Definition], column: ProfileColumn) -> list[Option]:
    """What a column can be filled from; a name that is no longer known stays to be chosen."""
    language, chosen = screen_language(), column.source
    found = {"": gettext("The same words in every row"), ROW_NUMBER: gettext("A running number")}
    for question in merged_questions(versions):
        found[question.name] = f"{question.label.into(language)[:70]} ({question.name})"
    for key, label in (META_LABELS | PAPER_LABELS).items():
        found[key] = f"{translate(label, {})} ({key})"
    if chosen not in found:
        found[chosen] = gettext("%(name)s: no such question", name=chosen)
    return [Option(value, label, value == chosen) for value, label in found.items()]


def _date_words() -> dict[str, str]:
    return {
        "": gettext("Whole: 05/09/1992"),
        "day": gettext("Day without time: 05/09/1992"),
        "month": gettext("Month: 09/1992"),
        "year": gettext("Year: 1992"),
        "iso": gettext("For programs: 1992-09-05"),
    }


def _choice_words() -> dict[str, str]:
    return {
        "label": gettext("As people read them"),
        "name": gettext("Short names"),
        "split": gettext("One column per choice"),
    }
