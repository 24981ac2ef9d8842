"""What the second of two editors reads: nothing was overwritten, and what the other one changed."""

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from forms.differences import differences
from services.publishing.drafts import Conflict

from ..session import staff_page
from ..site import site
from .words import difference_rows

_OWN = frozenset({"csrf_token", "revision", "act", "room", "name", "section", "settings", "by"})
_MOST_TYPED = 40


def conflict_page(conflict: Conflict) -> Response:
    """Status 409: who changed what since, and what was typed, to be copied from here."""
    draft = conflict.draft
    seen = draft.as_of(conflict.seen)
    people = {step.by for step in draft.since(conflict.seen)} or {draft.by}
    named = [site().store.people.get(name) for name in sorted(people)]
    typed = [
        text
        for name, text in request.form.items(multi=True)
        if name not in _OWN and len(text.strip()) > 1
    ]
    return staff_page(
        "staff/builder/conflict.html",
        title=gettext("Somebody else changed this draft meanwhile"),
        status=409,
        people=", ".join(person.full_name for person in named if person),
        changes=difference_rows(differences(seen, draft.plain)) if seen else [],
        forgotten=seen is None,
        typed=typed[:_MOST_TYPED],
        href=url_for("builder.show_draft", definition=draft.definition),
    )
