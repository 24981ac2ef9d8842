"""What a reviewer sees beside a response: where it can go, who did what, hints, points."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from export.table import MASK
from federation.access import Act, may
from federation.names import person_sort_key
from federation.people import Person
from forms.definition import Definition
from forms.response import ASSIGNED, MESSAGE, NOTE, REASON, STATE, Change
from forms.response import Response as Answered
from qr.codes import spaced
from services.publishing.publish import published_versions
from services.reading import responses
from services.reading.likeness import Helped, alike, helped
from services.reading.ranking import score_of
from services.reading.responses import View, readers_of
from services.review.correcting import is_open_to_reviewers
from services.review.history import MERGED_WITH, Step, is_newly_corrected, steps
from services.review.review import ReviewDesk, allowed_moves, seen
from services.trail.audit import WORKER

from ..language import screen_language, state_word
from ..options import Option
from ..session import me
from ..site import site


@dataclass(frozen=True)
class Typed:
    """What was typed before it had to be asked once more; `is_there` says whether anything was."""

    into: str = ""
    message: str = ""
    note: str = ""
    is_there: bool = True


def may_review(view: View, response: Answered) -> bool:
    readers = readers_of(view.definition)
    tree, today = site().tree, site().today
    return may(me(), Act.REVIEW_RESPONSES, tree, today, response.unit, readers)


def review_panel(view: View, response: Answered, typed: Typed) -> dict[str, object] | None:
    """The forms of the review; None for who may only read."""
    if not may_review(view, response):
        return None
    language = screen_language()
    desk = ReviewDesk(site().store, view.definition, site().hasher, me().name, site().now())
    undoable = desk.undoable(response)
    return {
        "action": url_for("reviewing.act", definition=response.definition, response_id=response.id),
        "seen": seen(response),
        "states": [
            Option(state.name, state.label.into(language), state.name == typed.into)
            for state in allowed_moves(view.definition, response)
        ],
        "message": typed.message if typed.is_there else response.message,
        "note": typed.note,
        "people": [
            Option("", gettext("Nobody yet")),
            *(
                Option(
                    person.name, person.full_name or person.name, person.name == response.assigned
                )
                for person in reviewers_of(view, response)
            ),
        ],
        "undo": change_words(view.definition, undoable) if undoable else "",
        "more": _more(view, response),
    }


def _more(view: View, response: Answered) -> list[dict[str, str]]:
    """The acts that have pages of their own."""
    if not is_open_to_reviewers(view.definition):
        return []
    words = {
        "correcting.ask": gettext("Correct answers"),
        "withdrawing.ask": gettext("Withdraw this response"),
    }
    form, id_ = response.definition, response.id
    return [
        {"text": text, "href": url_for(page, definition=form, response_id=id_)}
        for page, text in words.items()
    ]


def reviewers_of(view: View, response: Answered) -> list[Person]:
    """Everybody who may review this response, by given name."""
    readers, tree, today = readers_of(view.definition), site().tree, site().today
    confidential = responses.is_confidential(view.definition)
    found = [
        person
        for person in site().store.people.all()
        if may(person, Act.REVIEW_RESPONSES, tree, today, response.unit, readers)
        if not confidential or response.is_confided_to(person.name)
    ]
    return sorted(found, key=lambda person: person_sort_key(person.full_name or person.name))


def last_done(view: View, response: Answered) -> str:
    """What somebody else did in the meantime."""
    if not response.history:
        return gettext("It was changed meanwhile. Please look at it once more.")
    last = response.history[-1]
    return gettext(
        "Meanwhile: %(who)s, %(time)s, %(what)s. Nothing of yours was kept; please look once more.",
        who=_who(last.who),
        time=f"{last.at:%H:%M %d/%m}",
        what=change_words(view.definition, last),
    )


def history_rows(
    view: View, asked: Definition, response: Answered, *, is_unmasked: bool
) -> list[dict[str, object]]:
    """Who did what and when, the newest first; corrections with what was answered before."""
    when = "%H h %d/%m/%Y" if view.definition.anonymous else "%H:%M %d/%m/%Y"
    return [
        {
            "time": step.change.at.strftime(when),
            "who": _who(step.change.who),
            "what": change_words(view.definition, step.change),
            "parts": list(_parts(view.definition, asked, step, is_unmasked=is_unmasked)),
        }
        for step in steps(response)
    ]


def _who(name: str) -> str:
    if name == WORKER:
        return gettext("the worker")
    person = site().store.people.get(name) if name else None
    return (person.full_name or person.name) if person else name or gettext("the server")


def change_words(definition: Definition, change: Change) -> str:
    words = {
        "moved": gettext("changed the state"),
        "told": gettext("wrote to the worker"),
        "noted": gettext("wrote a note"),
        "assigned": gettext("gave it to somebody"),
        "undone": gettext("undid a change"),
        "corrected": gettext("corrected answers"),
        "seated": gettext("got a place that became free"),
        "merged": gettext("merged another response into it"),
        "restricted": gettext("restricted its use"),
        "lifted": gettext("lifted the restriction"),
        "opened": gettext("opened the complaint"),
        "named": gettext("named officers concerned"),
    }
    return words.get(change.what, change.what)


def _parts(
    definition: Definition, asked: Definition, step: Step, *, is_unmasked: bool
) -> Iterator[dict[str, str]]:
    """Each thing that changed: what it is, what it was, what it became."""
    language = screen_language()
    for name in step.before:
        before, after = step.before[name], step.after[name]
        if name == NOTE:
            yield {"label": "", "before": "", "after": str(before or "")}
        elif name == REASON:
            yield _part(gettext("Reason"), "", str(before or ""))
        elif name == MERGED_WITH:
            yield _part(gettext("Receipt code"), "", spaced(str(before or "")))
        elif name == STATE:
            words = (state_word(str(value), definition.workflow) for value in (before, after))
            yield _part(gettext("State"), *words)
        elif name == MESSAGE:
            yield _part(gettext("To the worker"), str(before or ""), str(after or ""))
        elif name == ASSIGNED:
            people = (_who(str(value)) if value else "" for value in (before, after))
            yield _part(gettext("For"), *people)
        elif question := asked.by_name.get(name):
            is_masked = question.sensitive and not is_unmasked
            texts = (
                "" if value is None else MASK if is_masked else question.show(value, language)
                for value in (before, after)
            )
            yield _part(question.label.into(language), *texts)


def _part(label: str, before: str, after: str) -> dict[str, str]:
    return {"label": label, "before": before, "after": after}


def points_of(
    versions: tuple[Definition, ...], response: Answered, *, is_unmasked: bool
) -> dict[str, object] | None:
    """The priority score with its parts, sensitive ones as one sum; None where there is none."""
    asked = versions[min(response.version, len(versions)) - 1]
    if not asked.priority:
        return None
    found, language = score_of(versions, response), screen_language()
    marked = {question.name for question in asked.questions if question.sensitive}
    hidden = [p for p in found.parts if not is_unmasked and p.when.names & marked]
    parts = [
        {"label": p.label.into(language), "points": p.points}
        for p in found.parts
        if p not in hidden
    ]
    if hidden:
        label = gettext("Sensitive answers, not shown")
        parts.append({"label": label, "points": sum(p.points for p in hidden)})
    return {"total": found.points, "parts": parts}


def hints(view: View, response: Answered) -> list[dict[str, str]]:
    """Sentences with a link: who may have sent the same, who was helped already."""
    found = []
    ways = {
        "id": gettext("Another response has the same ID number."),
        "phone": gettext("Another response has the same phone number."),
        "name": gettext("Another response has the same name and birth date."),
    }
    if is_newly_corrected(response):
        found.append({"text": gettext("Just corrected by the worker: see below."), "href": ""})
    for like in alike(site().store, view, response):
        hint = {"text": ways[like.by], "href": _href(like.response)}
        found.append(hint | {"merge_href": _merge_href(view, response, like.response)})
    for help in _helped(view, response):
        text = gettext(
            "Was helped already: %(form)s, %(day)s.",
            form=help.definition.title.into(screen_language()),
            day=f"{help.at:%d/%m/%Y}",
        )
        found.append({"text": text, "href": _href(help.response)})
    return found


def _merge_href(view: View, response: Answered, like: Answered) -> str:
    """Where the two are compared, the one that came first to stay; empty for who may not merge."""
    may = all(may_review(view, one) for one in (response, like))
    if not may or not is_open_to_reviewers(view.definition):
        return ""
    kept, other = sorted((response, like), key=lambda one: one.submitted_at)
    return url_for(
        "merging.compare", definition=kept.definition, response_id=kept.id, other_id=other.id
    )


def _helped(view: View, response: Answered) -> tuple[Helped, ...]:
    definition = view.definition
    if not definition.helps or definition.anonymous:
        return ()
    store, tree, today = site().store, site().tree, site().today
    mine = [
        responses.view_for(store, version.definition, me(), tree, today=today)
        for version in published_versions(store)
        if version.definition.helps and responses.may_read(me(), version.definition, tree, today)
    ]
    return helped(store, response, definition, mine, site().now())


def _href(response: Answered) -> str:
    return url_for("chair.show_response", definition=response.definition, response_id=response.id)
