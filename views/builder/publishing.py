"""A draft on its way out: preview as on a phone, what changed, publish, throw away."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.answers import check_answers
from forms.definition import Definition
from forms.differences import differences
from forms.draft import Draft
from forms.editing.plain import as_plain
from forms.preflight import is_ready
from forms.problems import N_
from forms.publication import PublishedVersion
from forms.reading import DefinitionError, build_definition
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from services.errors import NotFound, Refusal
from services.publishing.drafts import Conflict, publish_draft
from services.publishing.publish import points_of
from services.publishing.publish import publish as publish_to
from services.publishing.versions import versions_of

from ..language import refusal_text, screen_language
from ..options import Option, unit_options
from ..session import my_units, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from ..uploads import posted_uploads
from ..worker.form_page import preview_page
from ..worker.walking import STEP_INPUT, Shown, after_step, at_first, refused
from .conflict import conflict_page
from .drafts import draft_of, frame
from .preflight import examined
from .words import difference_rows, finding_rows, version_word

blueprint: Blueprint = staff_blueprint("draft_publishing", Act.PUBLISH_FORMS)


@blueprint.get("/drafts/<definition>/preview")
def preview(definition: str) -> Response:
    """The worker's page, in the frame of the builder or by itself."""
    found = _whole(draft_of(definition))
    g.framed_by_own_pages = True
    if found is None:
        return staff_page("staff/builder/unfinished.html", title=gettext("Not ready to be seen"))
    return _preview(definition, found, {}, at_first(found, site().today))


@blueprint.post("/drafts/<definition>/preview")
def try_preview(definition: str) -> Response:
    """Check what was typed into the preview; nothing is kept."""
    found = _whole(draft_of(definition))
    g.framed_by_own_pages = True
    if found is None:
        return redirect(_preview_href(definition), 303)
    inputs = {name: request.form.getlist(name) for name in request.form}
    uploads, today = posted_uploads(), site().today
    if STEP_INPUT in inputs:
        shown = after_step(found, inputs, today)
        return _preview(definition, found, inputs, shown, uploads)
    checked = check_answers(found, inputs, today, uploads=uploads)
    if checked.problems:
        shown = refused(found, checked, today)
        return _preview(definition, found, inputs, shown, uploads)
    return staff_page(
        "staff/builder/tried.html",
        title=gettext("Preview"),
        action=_preview_href(definition),
        back=url_for("builder.show_draft", definition=definition),
    )


def _preview(
    definition: str, found: Definition, inputs: Inputs, shown: Shown, uploads: Uploads = NO_UPLOADS
) -> Response:
    action, back = _preview_href(definition), url_for("builder.show_draft", definition=definition)
    return preview_page(found, inputs, shown, uploads=uploads, action=action, back=back)


def _preview_href(definition: str) -> str:
    return url_for("draft_publishing.preview", definition=definition, lang=request.args.get("lang"))


def _whole(draft: Draft) -> Definition | None:
    try:
        return build_definition(draft.plain)
    except DefinitionError:
        return None


def _newest(definition: str) -> PublishedVersion | None:
    versions = versions_of(site().store, definition)
    return versions[-1] if versions else None


def _changes(draft: Draft) -> list[str]:
    newest = _newest(draft.definition)
    return difference_rows(differences(as_plain(newest.definition), draft.plain) if newest else [])


@blueprint.get("/drafts/<definition>/changes")
def show_changes(definition: str) -> Response:
    draft = draft_of(definition)
    return staff_page(
        "staff/builder/changes.html",
        title=gettext("What changed"),
        heading=frame(draft)["title"],
        before=gettext("Version %(number)s", number=draft.version) if draft.version else "",
        after=gettext("Draft"),
        changes=_changes(draft),
        back_href=url_for("builder.show_draft", definition=definition),
        versions=_version_links(definition),
    )


@blueprint.get("/forms/<definition>/versions")
def show_versions(definition: str) -> Response:
    """What changed between two published versions, the last two unless the address says others."""
    versions = versions_of(site().store, definition)
    units = my_units(Act.PUBLISH_FORMS)
    if not versions or not any(p.unit in units for p in points_of(site().store, definition)):
        abort(404)
    new = _chosen(versions, "new", len(versions))
    old = _chosen(versions, "old", new.number - 1)
    found = differences(as_plain(old.definition), as_plain(new.definition))
    return staff_page(
        "staff/builder/changes.html",
        title=gettext("What changed"),
        heading=new.definition.title.into(screen_language()),
        before=gettext("Version %(number)s", number=old.number) if old is not new else "",
        after=gettext("Version %(number)s", number=new.number),
        changes=difference_rows(found),
        back_href=url_for("organizer.show_form", definition=definition),
        versions=_version_links(definition),
    )


def _chosen(versions: tuple[PublishedVersion, ...], name: str, otherwise: int) -> PublishedVersion:
    wish = request.args.get(name, "")
    wanted = int(wish) if wish.isascii() and wish.isdigit() and len(wish) < 9 else otherwise
    return versions[min(max(wanted, 1), len(versions)) - 1]


def _version_links(definition: str) -> list[dict[str, Any]]:
    return [
        {
            "number": version.number,
            "day": version.published_at.strftime("%d/%m/%Y"),
            "href": url_for(
                "draft_publishing.show_versions",
                definition=definition,
                old=version.number - 1,
                new=version.number,
            )
            if version.number > 1
            else "",
        }
        for version in reversed(versions_of(site().store, definition))
    ]


@blueprint.get("/drafts/<definition>/publish")
def ask_to_publish(definition: str) -> Response:
    return _publish_page(draft_of(definition), None)


@blueprint.post("/drafts/<definition>/publish")
def publish(definition: str) -> Response:
    """Freeze the next version, and on a first one make the scan point that was asked for."""
    draft, store, now = draft_of(definition), site().store, site().now()
    unit, place = request.form.get("unit", ""), request.form.get("place", "")
    sent = request.form.get("revision", "")
    revision = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0
    try:
        if unit and unit not in {option.value for option in _unit_options()}:
            raise Refusal(N_("Please choose a unit."), field="unit")
        if not is_ready(examined(draft)):
            return _publish_page(draft, None, 422)
        version = publish_draft(store, draft, revision, now)
    except Conflict as conflict:
        return conflict_page(conflict)
    except NotFound:
        abort(404)
    except Refusal as refusal:
        return _publish_page(draft, refusal, 422)
    flash(gettext("Version %(number)s is published.", number=version.number), "done")
    tell(version=version.number)
    return redirect(_after(definition, unit, place, now), 303)


def _after(definition: str, unit: str, place: str, now: datetime) -> str:
    """Where publishing leads: to the new scan point, to choosing units, or to the form's page."""
    if unit:
        try:
            done = publish_to(site().store, definition, [unit], place, tree=site().tree, now=now)
        except Refusal as refusal:  # the version stands; its form's page offers the point again
            flash(refusal_text(refusal), "problem")
            return url_for("organizer.show_form", definition=definition)
        return url_for("points.show_point", code=done.points[0].code)
    if points_of(site().store, definition):
        return url_for("organizer.show_form", definition=definition)
    return url_for("publishing.choose", definition=definition)


def _publish_page(draft: Draft, refusal: Refusal | None, status: int = 200) -> Response:
    store, definition = site().store, draft.definition
    findings = examined(draft)
    rows = finding_rows(definition, findings)
    points = points_of(store, definition)
    units = sorted({site().tree.home_name(point.unit) for point in points})
    return staff_page(
        "staff/builder/publish.html",
        title=gettext("Publish"),
        status=status,
        draft=frame(draft),
        version=version_word(draft),
        number=draft.version + 1,
        ready=is_ready(findings),
        errors=[row for row in rows if row["is_error"]],
        warnings=[row for row in rows if not row["is_error"]],
        changes=_changes(draft),
        is_first=not draft.version,
        points=len(points),
        units=units[:20],
        more_units=max(len(units) - 20, 0),
        error=refusal_text(refusal) if refusal else "",
        action=url_for("draft_publishing.publish", definition=definition),
        options=[] if points else _unit_options(),
        place=request.form.get("place", "")[:200],
        many_href=url_for("publishing.choose", definition=definition),
    )


def _unit_options() -> list[Option]:
    return unit_options(site().tree, my_units(Act.PUBLISH_FORMS), request.form.get("unit", ""))


@blueprint.get("/drafts/<definition>/discard")
def ask_to_discard(definition: str) -> Response:
    draft = draft_of(definition)
    question = {
        "heading": gettext("Throw this draft away?"),
        "text": gettext(
            "“%(title)s” (%(version)s). Its changes are lost; what is published stays as it is.",
            title=frame(draft)["title"],
            version=version_word(draft),
        ),
        "action": url_for("builder.change", definition=definition),
        "hidden": [("revision", draft.revision), ("act", "discard")],
        "button": gettext("Throw away 1 draft"),
        "cancel_href": url_for("builder.show_draft", definition=definition),
    }
    heading = question["heading"]
    return staff_page("staff/confirm.html", title=str(heading), question=question)
