"""Lists that a person keeps under a name: a form and what it is asked for."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.people import MOST_SAVED, Saved
from forms.cleaning import clean_line, is_readable
from services.reading.filtering import inputs_of, read_query

from ..session import me
from ..site import site
from .list_filter import Listed, list_href, listed
from .response_door import blueprint, view_of

_LONGEST_NAME = 40


def saved_chips(shown: Listed) -> dict[str, object]:
    """The lists that this person keeps of the form, and the way to keep this one."""
    definition = shown.definition.id
    chips = []
    for saved in me().saved:
        if saved.form != definition:
            continue
        asked, _ = read_query(inputs_of(saved.query), shown.versions, site().tree)
        chips.append(
            {
                "name": saved.name,
                "href": list_href(definition, asked),
                "current": asked == shown.asked,
                "remove_action": url_for("chair.forget_list", definition=definition),
            }
        )
    is_lasting = replace(shown.asked, text="", numbers=()).narrows
    return {
        "chips": chips,
        "action": url_for("chair.keep_list", definition=definition) if is_lasting else "",
        "hidden": shown.asked.query(),
    }


@blueprint.post("/responses/<definition>/lists")
def keep_list(definition: str) -> Response:
    """Keep what the list is asked for under a name; the same name again means the new one."""
    shown = listed(definition)
    name = clean_line(request.form.get("name", ""))[:_LONGEST_NAME]
    href = list_href(definition, shown.asked)
    asked = replace(shown.asked, text="", numbers=())  # no name and no number of a person is kept
    if not name or not is_readable(name):
        flash(gettext("Please write a short name for this list."), "problem")
        return redirect(href, 303)
    if not _put(definition, name, Saved(definition, name, tuple(asked.query()))):
        text = gettext("You keep %(most)s lists already. Please remove one first.", most=MOST_SAVED)
        flash(text, "problem")
        return redirect(href, 303)
    flash(gettext("The list “%(name)s” is kept for you.", name=name), "done")
    return redirect(href, 303)


@blueprint.post("/responses/<definition>/lists/forget")
def forget_list(definition: str) -> Response:
    view_of(definition)
    _put(definition, request.form.get("name", ""), None)
    return redirect(url_for("chair.list_responses", definition=definition), 303)


def _put(definition: str, name: str, saved: Saved | None) -> bool:
    """Put one in the place of the one of this name; False when there would be too many."""
    with site().store.exclusive():
        person = site().store.people.get(me().name) or me()
        others = tuple(s for s in person.saved if (s.form, s.name) != (definition, name))
        kept = (*others, saved) if saved else others
        if len(kept) > MOST_SAVED:
            return False
        site().store.people.put(replace(person, saved=kept))
    return True
