"""Complaints: who reads one first, and who never does.

A complaint goes to the inspectors above its unit. Nobody knows whom it is about until somebody has
read it: so one inspector opens it, alone, and names the officers concerned. From then on all
inspectors above the unit read it but those. Officers can be added later, never taken off.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from federation.access import Act, scope
from federation.people import Person
from federation.units import UnitTree
from forms.definition import Definition
from forms.problems import N_
from forms.response import Change, Response
from storage.store import ResponseFilter, Store

from ..errors import NotAllowed, NotFound, Refusal
from ..reading.responses import is_confidential, readers_of

# The first reader may fall ill: then another one may open it. Told at opening.
FIRST_READER_HAS = timedelta(days=3)


@dataclass(frozen=True)
class Waiting:
    """A complaint whose officers nobody has named yet: where and when, nothing of what it says."""

    id: str
    unit: str
    at: datetime
    may_open: bool
    """Whether nobody is reading it now."""


@dataclass(frozen=True)
class ComplaintDesk:
    """The acts of one inspector, at one moment."""

    store: Store
    person: Person
    tree: UnitTree
    now: datetime

    def waiting(self, definition: Definition) -> tuple[Waiting, ...]:
        """Complaints within reach that wait for a first reader, or have another one now."""
        if not is_confidential(definition):
            return ()
        where = ResponseFilter(units=self._units(definition), withdrawn=False)
        return tuple(
            Waiting(found.id, found.unit, found.submitted_at, self._is_free(found))
            for found in self.store.iter_responses(definition.id, where, newest_first=True)
            if not found.named and found.reader != self.person.name
        )

    def open(self, definition: Definition, response_id: str) -> Response:
        """Become the first reader; raises NotFound, NotAllowed when somebody else is."""
        found = self._find(definition, response_id)
        if found.is_confided_to(self.person.name):
            return found
        if found.named or not self._is_free(found):
            raise NotAllowed(N_("Somebody else is reading it first. Please wait."))
        opened = replace(
            found, reader=self.person.name, history=(*found.history, self._change("opened"))
        )
        return self._changed(found, opened)

    def name_officers(
        self, definition: Definition, response_id: str, names: Collection[str], *, nobody: bool
    ) -> Response:
        """Say which officers are concerned, or that nobody with an account is; these read no more.

        Raises NotFound for who may not read it, Refusal when nothing is said.
        """
        found = self._find(definition, response_id)
        if not found.is_confided_to(self.person.name):
            raise NotFound(N_("No response has this code."))
        chosen = [person.name for person in self.officers(found) if person.name in names]
        if not chosen and not nobody:
            raise Refusal(N_("Please tick who is concerned, or that nobody of them is."))
        concerned = tuple(dict.fromkeys((*found.concerned, *chosen)))
        named = replace(
            found,
            named=True,
            concerned=concerned,
            history=(*found.history, self._change("named")),
        )
        return self._changed(found, named)

    def officers(self, response: Response) -> tuple[Person, ...]:
        """Everybody with a role in the unit or above it, who could be concerned."""
        above = {response.unit, *self.tree.ancestors(response.unit), *response.ancestors}
        return tuple(
            person
            for person in self.store.people.all()
            if any(grant.unit in above for grant in person.grants)
        )

    def _units(self, definition: Definition) -> frozenset[str]:
        today: date = self.now.date()
        return scope(self.person, Act.SEE_RESPONSES, self.tree, today, readers_of(definition))

    def _find(self, definition: Definition, response_id: str) -> Response:
        found = self.store.response(definition.id, response_id)
        hidden = found is None or found.is_withdrawn or found.unit not in self._units(definition)
        if found is None or hidden or not is_confidential(definition):
            raise NotFound(N_("No response has this code."))
        if found.named and self.person.name in found.concerned:
            raise NotFound(N_("No response has this code."))
        return found

    def _is_free(self, response: Response) -> bool:
        """Whether it has no first reader, or one who has not said anything for too long."""
        opened = [change.at for change in response.history if change.what == "opened"]
        return not opened or self.now - opened[-1] >= FIRST_READER_HAS

    def _change(self, what: str) -> Change:
        return Change(self.now, self.person.name, what)

    def _changed(self, found: Response, new: Response) -> Response:
        if not self.store.change_response(found, new):
            raise NotAllowed(N_("It was changed meanwhile. Please open it once more."))
        return new
