"""Erase responses at once and for good: the one way, for their senders, staff and our own jobs.

What stays is a tombstone (forms/response.py, `emptied`), which refuses every resend. A setting says
that an erasure is under way, so that `finish_erasing` ends what a crash or a full disk cut off.
"""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from forms.definition import Definition
from forms.problems import N_
from forms.publication import version_key
from forms.response import Response, emptied
from storage.checked import is_file_name
from storage.store import ResponseFilter, Setting, Store

from ..clock import full_hour
from ..erased import ErasedList
from ..errors import NotAllowed
from ..files import files_ever_named, remove_files, texts_in
from ..identity import Hasher
from ..receiving.claims import seat_waiting
from ..trail.audit import SERVER, WORKER, Audit, Deed
from .requests import FORM, request_of

UNDER_WAY = "erasing:"
"""How the names of settings begin that say of which form something is being erased."""
_COUNT = "erasures:"
"""How the names of settings begin that say how often something of a form was erased."""
WITHDRAWN, DELETED, PURGED = "withdrawn", "deleted", "purged"
DUPLICATE, TEST, MERGED = "duplicate", "test", "merged"
_ROUNDS = 5


@dataclass(frozen=True)
class Erasure:
    """What the tombstones and the trail will say: when, what, by whom, and why.

    `who` is a sign-in name, or one of the names in services/trail/audit.py. `is_noted`: the trail
    says it already, for all of a longer run. `into` is the id of the response that this one was
    merged into, `flags` what its tombstone keeps of that.
    """

    at: datetime
    what: str
    who: str
    reason: str = ""
    is_noted: bool = False
    into: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Erased:
    """What was done: tombstones, and how many were changed by others again and again."""

    tombstones: tuple[Response, ...]
    left: int = 0


class Eraser:
    """The act of erasing, with what it needs at hand."""

    def __init__(self, store: Store, hasher: Hasher, erased: ErasedList | None = None) -> None:
        """`erased` is the list beside the backups, by which a restore knows what not to restore."""
        self._store, self._hasher = store, hasher
        self._audit, self._list = Audit(store, hasher), erased

    def erase(self, response: Response, erasure: Erasure) -> Response:
        """Erase one response; doing it again finishes what was cut off.

        Raises NotAllowed when it is changed by others again and again; StoreFailed.
        """
        erased = self.erase_many([response], erasure)
        if erased.left:
            raise NotAllowed(N_("It was changed meanwhile. Please open it once more."))
        return erased.tombstones[0]

    def erase_many(self, responses: Iterable[Response], erasure: Erasure) -> Erased:
        """Erase responses of any forms; the files of each form are folded once.

        What changes all the time is left, and counted. Raises StoreFailed; again finishes.
        """
        by_form = dict[str, list[Response]]()
        for response in responses:
            by_form.setdefault(response.definition, []).append(response)
        tombstones, left = list[Response](), 0
        for form, found in by_form.items():
            done = self._erase(form, found, erasure)
            tombstones += done
            left += len(found) - len(done)
        return Erased(tuple(tombstones), left)

    def _erase(
        self, form: str, responses: Collection[Response], erasure: Erasure
    ) -> list[Response]:
        note = Setting(f"{UNDER_WAY}{form}:{secrets.token_hex(4)}", "1")
        self._store.settings.put(note)
        self._store.settings.put(Setting(_COUNT + form, str(erasures_of(self._store, form) + 1)))
        fresh = [response for response in responses if not response.is_withdrawn]
        if fresh:  # first: what nobody can account for is worse than a line too many
            if not erasure.is_noted:
                self._note(form, fresh, erasure)
            self._keep_requests(form, fresh)
        emptied_now = [self._empty(response, erasure) for response in responses]
        done = [response for response in emptied_now if response is not None]
        if self._list and fresh:
            self._list.add_or_warn(done)
        _finish(self._store, self._hasher, form, done, erasure.at)
        self._store.settings.remove(note.name)
        return done

    def _keep_requests(self, form: str, responses: Iterable[Response]) -> None:
        """A request stays in the register when the form that made it goes."""
        if form == FORM:
            for response in responses:
                self._store.requests.add(request_of(response))

    def _note(self, form: str, responses: Collection[Response], erasure: Erasure) -> None:
        one = next(iter(responses))
        deed = Deed.RESPONSE_TAKEN_BACK if erasure.who == WORKER else Deed.RESPONSES_DELETED
        self._audit.note(
            erasure.who,
            deed,
            self._moment(one, erasure),
            form=form,
            response=one.id if len(responses) == 1 else "",
            rows=len(responses),
            what=erasure.what,
            reason=erasure.reason,
        )

    def _moment(self, response: Response, erasure: Erasure) -> datetime:
        definition = definition_of(self._store, response)
        return full_hour(erasure.at) if definition and definition.anonymous else erasure.at

    def _empty(self, response: Response, erasure: Erasure) -> Response | None:
        """The tombstone that stands in the place of the response; None if others prevent it."""
        found, at = response, self._moment(response, erasure)
        for _ in range(_ROUNDS):
            if found.is_withdrawn:
                return found
            files = sorted(_files_of(self._store, found))
            who = "" if erasure.who == SERVER else erasure.who
            empty = emptied(
                found,
                at,
                erasure.what,
                files,
                who=who,
                merged_into=erasure.into,
                flags=erasure.flags,
            )
            if self._store.change_response(found, empty):
                return empty
            found = self._store.response(found.definition, found.id) or found
        return None


def erasures_of(store: Store, form: str) -> int:
    """A number that has grown when something of the form was erased: files made before are old."""
    kept = store.settings.get(_COUNT + form)
    return int(kept.value) if kept else 0


def finish_erasing(store: Store, hasher: Hasher, now: datetime) -> int:
    """End the erasures that were cut off; gives how many forms had one. Raises StoreFailed.

    Only for a store that nobody erases from at the same time, or again later: harmless, but an
    erasure under way loses the note by which it would be finished.
    """
    notes = _notes(store, "")
    forms = {name.removeprefix(UNDER_WAY).partition(":")[0] for name in notes}
    for form in sorted(forms):
        finish_form(store, hasher, form, now)
    return len(forms)


def finish_form(store: Store, hasher: Hasher, form: str, now: datetime) -> None:
    """The same for one form."""
    notes = _notes(store, f"{form}:")
    if not notes:
        return
    left = [r for r in store.iter_responses(form, ResponseFilter()) if r.files_left]
    _finish(store, hasher, form, left, now)
    for name in notes:
        store.settings.remove(name)


def _notes(store: Store, of: str) -> list[str]:
    return [s.name for s in store.settings.all() if s.name.startswith(UNDER_WAY + of)]


def _finish(
    store: Store, hasher: Hasher, form: str, tombstones: Iterable[Response], now: datetime
) -> None:
    """Remove the files, give the places to who waits, and let the journal forget."""
    tombstones = list(tombstones)
    known = (definition_of(store, tombstone) for tombstone in tombstones)
    if definition := next(filter(None, known), None):
        seat_waiting(store, hasher, definition, now)
    for tombstone in tombstones:
        if tombstone.files_left:
            remove_files(store, form, tombstone.files_left)
            change = replace(tombstone.history[-1], before={})
            store.change_response(tombstone, replace(tombstone, history=(change,)))
    store.forget_changed(form)


def definition_of(store: Store, response: Response) -> Definition | None:
    """The version that a response answers."""
    version = store.versions.get(version_key(response.definition, response.version))
    return version.definition if version else None


def _files_of(store: Store, response: Response) -> set[str]:
    """The names of all its files, also of those that corrections replaced."""
    definition = definition_of(store, response)
    if definition is not None:
        return files_ever_named(definition, response)
    told = set(texts_in(response.answers))
    for change in response.history:
        told |= texts_in({name: value for name, value in change.before.items() if value})
    return set(filter(is_file_name, told))
