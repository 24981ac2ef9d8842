"""Who may have sent the same twice, or was helped already: hints for the reviewer, no verdicts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forms.cleaning import fold
from forms.definition import Definition
from forms.response import STATE, Response
from forms.types.citizen_id import CitizenId
from forms.types.dates import Date
from forms.workflow import state_of
from storage.response_filter import Word
from storage.store import Store

from .responses import View

MOST_TOLD = 5
HELPED_WITHIN = timedelta(days=365)
_NAMES = ("ho_ten", "ho_va_ten")


@dataclass(frozen=True)
class Like:
    """Another response that is like this one: by an ID, a phone number, or name and birth date."""

    response: Response
    by: str


@dataclass(frozen=True)
class Helped:
    """That the same person was helped: on which form, and when."""

    definition: Definition
    response: Response
    at: datetime


def alike(store: Store, view: View, response: Response) -> tuple[Like, ...]:
    """Responses of the same form that this reviewer may see and that may be the same person's."""
    if view.definition.anonymous:
        return ()
    found: dict[str, Like] = {}
    for like in (*_by_number(store, view, response), *_by_name(store, view, response)):
        if like.response.id != response.id:
            found.setdefault(like.response.id, like)
    return tuple(found.values())[:MOST_TOLD]


def _by_number(store: Store, view: View, response: Response) -> Iterator[Like]:
    own = frozenset(response.found_by.values())
    if not own:
        return
    ids = _id_hashes(view.definition, response)
    where = replace(view.where, hashes=own)
    for other in store.iter_responses(view.definition.id, where):
        yield Like(other, "phone" if ids.isdisjoint(other.found_by.values()) else "id")


def _by_name(store: Store, view: View, response: Response) -> Iterator[Like]:
    name, born = _name(response), _born(view.definition, response)
    if not name or not born:
        return
    where = replace(view.where, words=tuple(Word(word) for word in name.split()))
    for other in store.iter_responses(view.definition.id, where):
        if (_name(other), _born(view.definition, other)) == (name, born):
            yield Like(other, "name")


def _name(response: Response) -> str:
    return next((fold(str(response.answers[n])) for n in _NAMES if n in response.answers), "")


def _born(definition: Definition, response: Response) -> str:
    """The birth date or year, where the form asks for one."""
    for question in definition.asking:
        is_birth = question.name in ("ngay_sinh", "nam_sinh")
        if is_birth and not question.is_sealed and question.name in response.answers:
            value = str(response.answers[question.name])
            return value if isinstance(question, Date) else value[:4]
    return ""


def _id_hashes(definition: Definition, response: Response) -> frozenset[str]:
    names = {q.name for q in definition.asking if isinstance(q, CitizenId)}
    return frozenset(value for place, value in response.found_by.items() if place in names)


def helped(
    store: Store,
    response: Response,
    definition: Definition,
    others: Iterable[View],
    now: datetime,
) -> tuple[Helped, ...]:
    """On which other forms that help this person was accepted in the last twelve months.

    `others` are what this reviewer may see of each form. The person is told by the ID, or by phone
    number and name.
    """
    own, ids = frozenset(response.found_by.values()), _id_hashes(definition, response)
    found = []
    for view in others:
        form, where = view.definition, view.where
        if not own or not form.helps or form.anonymous:
            continue
        for other in store.iter_responses(form.id, replace(where, hashes=own)):
            same = not ids.isdisjoint(other.found_by.values()) or _name(other) == _name(response)
            at = _accepted_at(form, other)
            if other.id != response.id and same and at and now - at <= HELPED_WITHIN:
                found.append(Helped(form, other, at))
    return tuple(sorted(found, key=lambda help: help.at, reverse=True))[:MOST_TOLD]


def _accepted_at(definition: Definition, response: Response) -> datetime | None:
    """When it was accepted; None when it is not."""
    if state_of(definition.workflow, response.state).kind != "accepted":
        return None
    moved = [change.at for change in response.history if STATE in change.before]
    return moved[-1] if moved else response.submitted_at
