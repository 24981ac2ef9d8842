"""The builder: the organizer's drafts, their questions as cards, and every act on them.

Each act is one post, saved at once: with a redirect to where it was done, or as JSON for the script
that saves while somebody types (static/autosave.js).
"""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.draft import Draft
from forms.editing import ACTS, EditError, Inputs
from forms.editing.plain import questions
from services.errors import NotFound, Refusal
from services.publishing import drafts
from services.publishing.drafts import Conflict, Editor
from services.publishing.publish import find_definition

from ..json_answer import json_answer
from ..language import refusal_text
from ..refusals import wants_json
from ..session import me, staff_blueprint, staff_page
from ..site import site
from .cards import board
from .condition import PICK
from .conflict import conflict_page
from .marks import alarm_view, mark_view
from .question import question_view
from .texts import section_view, texts_view
from .words import KIND_GROUPS, saved_line

blueprint: Blueprint = staff_blueprint("builder", Act.PUBLISH_FORMS)
_LEADS_TO_EDITOR = frozenset({"add"})


def editor() -> Editor:
    """Who edits, with today's units."""
    return Editor(me(), site().tree, site().today)


def draft_of(definition: str) -> Draft:
    """The draft of this address, or 404: also where it is somebody else's."""
    try:
        return drafts.find_draft(site().store, editor(), definition)
    except NotFound:
        abort(404)


@blueprint.post("/drafts")
def start() -> Response:
    """Begin a copy of a form, the next version of one's own, or an empty form."""
    store, now = site().store, site().now()
    try:
        if source := request.form.get("copy", ""):
            draft = drafts.start_copy(store, find_definition(store, source), editor(), now)
        elif following := request.form.get("next", ""):
            draft = drafts.start_next(store, following, editor(), now)
        else:
            draft = drafts.start_empty(store, request.form.get("title", ""), editor(), now)
    except NotFound:
        abort(404)
    except Refusal as refusal:
        flash(refusal_text(refusal), "problem")
        return redirect(url_for("organizer.list_forms") + "#new", 303)
    return redirect(url_for("builder.show_draft", definition=draft.definition), 303)


@blueprint.get("/drafts/<definition>")
def show_draft(definition: str) -> Response:
    draft = draft_of(definition)
    g.frames_own_pages = True
    view = board(draft, request.args.get("page", ""), request.args.get("at", ""))
    return staff_page("staff/builder/draft.html", title=str(view["title"]), draft=view)


@blueprint.get("/drafts/<definition>/add")
def show_kinds(definition: str) -> Response:
    draft = draft_of(definition)
    groups = [
        {
            "title": gettext(title),
            "kinds": [
                {"kind": kind, "word": gettext(word), "hint": gettext(hint)}
                for kind, word, hint in kinds
            ],
        }
        for title, kinds in KIND_GROUPS
    ]
    return staff_page(
        "staff/builder/kinds.html",
        title=gettext("Add a question"),
        groups=groups,
        draft=frame(draft),
        after=request.args.get("after", "")[:64],
        section=request.args.get("section", "")[:4],
    )


@blueprint.get("/drafts/<definition>/questions/<name>")
def show_question(definition: str, name: str) -> Response:
    return _question_page(draft_of(definition), name)


@blueprint.get("/drafts/<definition>/sections/<int:number>")
def show_section(definition: str, number: int) -> Response:
    return _section_page(draft_of(definition), number)


@blueprint.get("/drafts/<definition>/texts")
def show_texts(definition: str) -> Response:
    return _texts_page(draft_of(definition))


@blueprint.get("/drafts/<definition>/mark")
def show_mark(definition: str) -> Response:
    return _mark_page(draft_of(definition), request.args.get("code", "")[:40])


@blueprint.get("/drafts/<definition>/alarm")
def show_alarm(definition: str) -> Response:
    return _alarm_page(draft_of(definition))


def frame(draft: Draft) -> dict[str, Any]:
    """What every page of a draft needs: its title, its revision, where it posts to."""
    person = site().store.people.get(draft.by)
    return {
        "title": draft.plain.get("title", {}).get("vi", draft.definition),
        "revision": draft.revision,
        "action": url_for("builder.change", definition=draft.definition),
        "href": url_for("builder.show_draft", definition=draft.definition),
        "saved": saved_line(draft, person.full_name if person else draft.by),
        "preview_href": url_for("draft_publishing.preview", definition=draft.definition),
        "publish_href": url_for("draft_publishing.ask_to_publish", definition=draft.definition),
        "scripts": site().assets.addresses(["autosave.js"])[0],
    }


def _question_page(draft: Draft, name: str, refusal: Refusal | None = None) -> Response:
    if name not in {question["name"] for question in questions(draft.plain)}:
        abort(404)
    g.frames_own_pages = True
    view = question_view(draft, name, refusal, drafts.kept_of(site().store, draft.definition))
    return staff_page(
        "staff/builder/question.html",
        title=str(view["title"]),
        status=422 if refusal else 200,
        q=view,
        draft=frame(draft),
    )


def _section_page(draft: Draft, number: int, refusal: Refusal | None = None) -> Response:
    if number >= len(draft.plain["sections"]):
        abort(404)
    view = section_view(draft, number, refusal)
    return staff_page(
        "staff/builder/section.html",
        title=str(view["title"]),
        status=422 if refusal else 200,
        s=view,
        draft=frame(draft),
    )


def _texts_page(draft: Draft, refusal: Refusal | None = None) -> Response:
    g.frames_own_pages = True
    return staff_page(
        "staff/builder/texts.html",
        title=gettext("Texts, languages and rules"),
        status=422 if refusal else 200,
        t=texts_view(draft, refusal, drafts.kept_of(site().store, draft.definition)),
        draft=frame(draft),
    )


def _mark_page(draft: Draft, code: str, refusal: Refusal | None = None) -> Response:
    try:
        view = mark_view(draft, code, refusal)
    except EditError:
        abort(404)
    return _ruling_page(draft, view, refusal)


def _alarm_page(draft: Draft, refusal: Refusal | None = None) -> Response:
    return _ruling_page(draft, alarm_view(draft, refusal), refusal)


def _ruling_page(draft: Draft, view: dict[str, Any], refusal: Refusal | None) -> Response:
    return staff_page(
        "staff/builder/mark.html",
        title=str(view["title"]),
        status=422 if refusal else 200,
        m=view,
        draft=frame(draft),
    )


@blueprint.post("/drafts/<definition>")
def change(definition: str) -> Response:
    """Do one act: undo, redo, throw away, or one of forms/editing."""
    before = draft_of(definition)
    what, _, way = request.form.get("act", "").partition(":")
    if what == PICK:
        return _again(before, None)
    if what not in ACTS and what not in ("undo", "redo", "discard"):
        abort(400)
    try:
        after = _done(before, what, way)
    except Conflict as conflict:
        return _told(conflict, 409) or conflict_page(conflict)
    except NotFound:
        abort(404)
    except Refusal as refusal:
        return _told(refusal, 422) or _again(before, refusal)
    if after is None:
        flash(gettext("The draft was thrown away."), "done")
        return redirect(url_for("organizer.list_forms"), 303)
    return _saved(before, after, what)


def _done(before: Draft, what: str, way: str) -> Draft | None:
    store, who, now = site().store, me().name, site().now()
    sent = request.form.get("revision", "")
    revision = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0
    if what == "discard":
        drafts.discard(store, before, revision)
        return None
    if what in ("undo", "redo"):
        turn = drafts.undo if what == "undo" else drafts.redo
        return turn(store, before, revision, who, now)
    posted = {name: request.form.getlist(name) for name in request.form}
    posted |= {"way": [way]} if way else {}
    return drafts.change(store, before, revision, what, Inputs(posted), who, now)


def _told(refusal: Refusal, status: int) -> Response | None:
    """The refusal for the script, or nothing for a browser without it."""
    if not wants_json():
        return None
    answer = json_answer({"error": refusal_text(refusal), "field": refusal.field})
    answer.status_code = status
    return answer


def _again(before: Draft, refusal: Refusal | None) -> Response:
    """The page on which the act was tried, with what was typed and what is wrong."""
    room = request.form.get("room", "")
    number = request.form.get("section", "")
    if room == "question":
        return _question_page(before, request.form.get("name", ""), refusal)
    if room == "section" and number.isdecimal():
        return _section_page(before, int(number), refusal)
    if room == "texts":
        return _texts_page(before, refusal)
    if room == "mark":
        return _mark_page(before, request.form.get("mark", ""), refusal)
    if room == "alarm":
        return _alarm_page(before, refusal)
    if refusal:
        flash(refusal_text(refusal), "problem")
    return redirect(url_for("builder.show_draft", definition=before.definition), 303)


def _saved(before: Draft, after: Draft, what: str) -> Response:
    name = _touched(before, after)
    if wants_json():
        told = {"revision": after.revision, "name": name, "saved": frame(after)["saved"]}
        return json_answer(told)
    target = request.form.get("room", "draft")
    definition, number = after.definition, request.form.get("section", "")
    if (target == "question" or what in _LEADS_TO_EDITOR) and name:
        flash(gettext("Saved."), "done")
        return redirect(url_for("builder.show_question", definition=definition, name=name), 303)
    if target == "section" and number.isdecimal() and int(number) < len(after.plain["sections"]):
        flash(gettext("Saved."), "done")
        where = url_for("builder.show_section", definition=definition, number=int(number))
        return redirect(where, 303)
    if target in ("texts", "mark", "alarm"):
        flash(gettext("Saved."), "done")
        anchor = None if target == "texts" else "marks"
        where = url_for("builder.show_texts", definition=definition, _anchor=anchor)
        return redirect(where, 303)
    anchor = f"q-{name}" if name else None
    where = url_for("builder.show_draft", definition=definition, at=name or None, _anchor=anchor)
    return redirect(where, 303)


def _touched(before: Draft, after: Draft) -> str:
    """The name of the question that was added, renamed or meant."""
    named = request.form.get("name", "")
    old = {question["name"] for question in questions(before.plain)}
    new = [question["name"] for question in questions(after.plain)]
    fresh = [name for name in new if name not in old]
    return fresh[0] if fresh else named if named in new else ""
