"""One change of state for many responses: exactly those that were counted and confirmed."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from forms.problems import N_
from forms.response import Response
from forms.workflow import kept_as
from storage.store import Store

from ..errors import Refusal
from ..reading.responses import View
from .review import ReviewDesk, allowed_moves, seen

MOST_AT_ONCE = 5_000
_AT_ONCE = 200


@dataclass(frozen=True)
class Chosen:
    """Which responses a change is meant for; `digest` says whether it still is the same set."""

    ids: tuple[str, ...]
    digest: str

    @property
    def count(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Moved:
    """How many were changed, and how many others had changed in that moment."""

    count: int
    left: int


def choose(store: Store, view: View, to: str, only: Collection[str] = ()) -> Chosen:
    """The responses of the view that can go into this state; `only` those with these ids, if any.

    Ids that the view does not have are no error: they are not there for this person. Raises
    Refusal where there are none, or too many.
    """
    wanted = frozenset(only)
    found = [
        (response.id, seen(response))
        for response in _fitting(store, view, to)
        if not wanted or response.id in wanted
    ]
    if not found:
        raise Refusal(N_("No response of the list can be put into this state."))
    if len(found) > MOST_AT_ONCE:
        raise Refusal(
            N_("At most %(most)s responses can be changed at once. Please narrow the list."),
            {"most": MOST_AT_ONCE},
        )
    told = "\n".join(sorted(f"{response_id} {state}" for response_id, state in found))
    digest = hashlib.sha256(f"{to}\n{told}".encode()).hexdigest()
    return Chosen(tuple(response_id for response_id, _ in found), digest)


def _fitting(store: Store, view: View, to: str) -> Iterator[Response]:
    workflow = view.definition.workflow
    for response in store.iter_responses(view.definition.id, view.where):
        allowed = allowed_moves(view.definition, response)
        if any(to in (state.name, kept_as(workflow, state)) for state in allowed):
            yield response


def move_all(
    desk: ReviewDesk, view: View, chosen: Chosen, to: str, message: str | None = None
) -> Moved:
    """Put them into the state, each as one act of review; who is cut off can do it once more."""
    moved, ids = 0, iter(chosen.ids)
    while batch := list(islice(ids, _AT_ONCE)):
        moved += _move(desk, list(_read(desk.store, view, batch)), to, message)
    return Moved(moved, chosen.count - moved)


def _move(desk: ReviewDesk, responses: list[Response], to: str, message: str | None) -> int:
    """Those whose places stay as they are in one commit, the others one by one."""
    plain: list[tuple[Response, Response]] = []
    moved = 0
    for response in responses:
        with suppress(Refusal):  # changed since it was chosen
            new = desk.moved(response, to, message)
            if desk.concerns_places(response, new):
                desk.move(response, to, message)
                moved += 1
            else:
                plain.append((response, new))
    return moved + desk.store.change_responses(desk.definition.id, plain)


def _read(store: Store, view: View, ids: Collection[str]) -> Iterator[Response]:
    """Those that are still there for this person."""
    for response_id in ids:
        found = store.response(view.definition.id, response_id)
        if found and view.where.accepts(found):
            yield found
