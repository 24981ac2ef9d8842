"""What the pages of forms show of the builder: my drafts, and how a draft is begun."""

from typing import Any

from flask import url_for

from forms.definition import Definition
from forms.editing.words import said
from forms.gallery import gallery
from services.publishing.drafts import Editor, drafts_for
from services.publishing.versions import versions_of

from ..language import screen_language
from ..session import me
from ..site import site
from .words import saved_line, version_word


def my_drafts() -> list[dict[str, Any]]:
    """The drafts that I may edit, the latest change first."""
    people, language = site().store.people, screen_language()
    rows = []
    for draft in drafts_for(site().store, _me()):
        person = people.get(draft.by)
        rows.append(
            {
                "title": said(draft.plain, "title").into(language),
                "code": draft.plain.get("code", ""),
                "version": version_word(draft),
                "saved": saved_line(draft, person.full_name if person else draft.by),
                "href": url_for("builder.show_draft", definition=draft.definition),
            }
        )
    return rows


def builder_links(found: Definition) -> dict[str, Any]:
    """How one form is edited: its draft, its next version, a copy; and its earlier versions."""
    store, definition, mine = site().store, found.id, _me()
    has_versions = bool(versions_of(store, definition))
    may_edit = mine.may_edit(store, definition)
    is_begun = may_edit and store.drafts.get(definition) is not None
    return {
        "action": url_for("builder.start"),
        "source": definition,
        "following": definition if has_versions and may_edit and not is_begun else "",
        "draft_href": url_for("builder.show_draft", definition=definition) if is_begun else "",
        "versions_href": url_for("draft_publishing.show_versions", definition=definition)
        if len(versions_of(store, definition)) > 1
        else "",
        "xlsx_href": url_for("form_files.download", definition=definition),
        "is_ready_made": definition in gallery(),
    }


def _me() -> Editor:
    return Editor(me(), site().tree, site().today)
