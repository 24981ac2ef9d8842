"""Who may deal with which request, and look for a person in which forms.

Administrators do it for the units of their grants; people-wide, whoever has the whole federation.
Of confidential forms they learn nothing: a request about these is passed on to the inspectors, who
see a copy of their own, look in these forms only, and only at what is confided to them.
"""

from dataclasses import dataclass
from datetime import date

from federation.access import Act, Readers, scope
from federation.people import Person
from federation.requests import DataRequest
from federation.units import UnitTree
from forms.definition import Definition
from storage.store import ResponseFilter

from ..reading.responses import is_confidential

Units = frozenset[str] | None
"""None is every unit."""
_NOWHERE = frozenset[str]()


@dataclass(frozen=True)
class Handler:
    """One who deals with requests: `units` where, `confided` of which units complaints are read."""

    name: str
    units: Units
    confided: Units = _NOWHERE

    @property
    def may_enter(self) -> bool:
        return self.units != _NOWHERE or self.confided != _NOWHERE

    def may_open(self, request: DataRequest) -> bool:
        units = self.confided if request.confidential else self.units
        return units is None or request.unit in units

    def may_look_in(self, definition: Definition, *, confidential: bool) -> ResponseFilter | None:
        """Which responses of a form may be looked through; None for none of them.

        Anonymous forms know nobody: their senders take back with the receipt they hold.
        """
        if definition.anonymous or is_confidential(definition) != confidential:
            return None
        units = self.confided if confidential else self.units
        if units == _NOWHERE:
            return None
        reader = self.name if confidential and units is not None else None
        return ResponseFilter(units=units, confided_to=reader)


def handler_of(person: Person, tree: UnitTree, today: date) -> Handler:
    """What this person may deal with today."""
    return Handler(
        person.name,
        scope(person, Act.KEEP_REQUESTS, tree, today),
        scope(person, Act.SEE_RESPONSES, tree, today, Readers.INSPECTORS),
    )
