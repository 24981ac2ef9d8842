"""Forms as Excel files (XLSForm): download one, or see what a file would make and keep it.

A file input cannot be filled in again, so the page of the report carries the form that was read; it
is checked anew like anything that comes from outside.
"""

from typing import Any

import orjson
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from export.workbook import MIMETYPE
from federation.access import Act
from forms.definition import Definition
from forms.editing.plain import as_plain
from forms.problems import N_, Problem
from forms.reading import DefinitionError, build_definition, read_definition
from forms.xlsform import Finding, Imported
from services.errors import NotFound, Refusal
from services.publishing.form_files import form_workbook, read_form_file
from services.publishing.imported_forms import keep_form
from services.publishing.publish import find_definition

from ..language import problem_text, refusal_text, screen_language
from ..options import number_text
from ..session import me, staff_blueprint, staff_page
from ..site import site
from .drafts import draft_of, editor

blueprint: Blueprint = staff_blueprint("form_files", Act.PUBLISH_FORMS)
MOST_SHOWN = 200
# The report must fit into a post again, with its other inputs (LARGEST_BODY in app.py).
MOST_KEPT = 360_000  # bytes
_TOO_LARGE = N_("The form is too large for this page: use the command line.")
_CHANGED = N_("The form did not arrive whole. Please choose the file again.")
_UNFINISHED = N_("The form still has mistakes. Please mend them first.")


@blueprint.get("/forms/<definition>/xlsform.xlsx")
def download(definition: str) -> Response:
    try:
        found = find_definition(site().store, definition)
    except NotFound:
        abort(404)
    return _workbook(found, url_for("organizer.show_form", definition=definition))


@blueprint.get("/drafts/<definition>/xlsform.xlsx")
def download_draft(definition: str) -> Response:
    draft = draft_of(definition)
    back = url_for("builder.show_draft", definition=definition)
    try:
        found = build_definition(draft.plain)
    except DefinitionError:
        flash(gettext(_UNFINISHED), "problem")
        return redirect(back, 303)
    return _workbook(found, back)


def _workbook(found: Definition, back: str) -> Response:
    try:
        content = form_workbook(found)
    except Refusal as refusal:
        flash(refusal_text(refusal), "problem")
        return redirect(back, 303)
    answer = WebResponse(content, mimetype=MIMETYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.id}.xlsx"'
    return answer


@blueprint.get("/forms-import")
def show_import() -> Response:
    return _page(None, "", 200)


@blueprint.post("/forms-import")
def take_import() -> Response:
    """First the report; then, confirmed, the form is kept as a draft."""
    try:
        if "confirmed" in request.form:
            return _keep(_posted_form())
        imported = _posted_file()
    except Refusal as refusal:
        return _page(None, refusal_text(refusal), 422)
    return _page(imported, "", 200 if imported.definition else 422)


def _posted_form() -> Definition:
    try:
        return read_definition(request.form.get("form", ""))
    except DefinitionError as error:
        raise Refusal(_CHANGED) from error


def _posted_file() -> Imported:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal(N_("Please choose a file."))
    try:
        imported = read_form_file(file.stream.read(), file.filename)
    except DefinitionError as error:
        raise Refusal(_UNFINISHED) from error
    if imported.definition and len(_kept(imported.definition)) > MOST_KEPT:
        raise Refusal(_TOO_LARGE)
    return imported


def _keep(definition: Definition) -> Response:
    store = site().store

    def may_edit(form: str) -> bool:
        return editor().may_edit(store, form)

    draft = keep_form(store, definition, me().name, site().now(), may_edit=may_edit)
    flash(gettext("The form is kept as a draft. Look through it, then publish it."), "done")
    return redirect(url_for("builder.show_draft", definition=draft.definition), 303)


def _kept(definition: Definition) -> str:
    return orjson.dumps(as_plain(definition)).decode()


def _page(imported: Imported | None, error: str, status: int) -> Response:
    return staff_page(
        "staff/form_import.html",
        title=gettext("Take in a form from Excel"),
        status=status,
        action=url_for("form_files.take_import"),
        back_href=url_for("organizer.list_forms"),
        error=error,
        report=_report(imported) if imported else None,
    )


def _report(imported: Imported) -> dict[str, Any]:
    found, definition = imported.findings, imported.definition
    wrong = [finding for finding in found if finding.blocks]
    other = [finding for finding in found if not finding.blocks]
    return {
        "title": definition.title.into(screen_language()) if definition else "",
        "count": len(definition.asking) if definition else 0,
        "sections": len(definition.sections) if definition else 0,
        "wrong": [_row(finding) for finding in wrong[:MOST_SHOWN]],
        "other": [_row(finding) for finding in other[:MOST_SHOWN]],
        "wrong_count": number_text(len(wrong)),
        "other_count": number_text(len(other)),
        "kept": _kept(definition) if definition else "",
    }


def _row(finding: Finding) -> dict[str, str]:
    row = gettext("row %(row)s", row=number_text(finding.row)) if finding.row else ""
    return {
        "place": " · ".join(filter(None, (finding.sheet, row, finding.column))),
        "what": problem_text(_counted(finding.what)),
        "instead": problem_text(_counted(finding.instead)),
    }


def _counted(problem: Problem) -> Problem:
    """With numbers as people write them."""
    values = {
        name: number_text(value) if isinstance(value, int) else value
        for name, value in problem.values.items()
    }
    return Problem(problem.message, values)
