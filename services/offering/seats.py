"""How many places are left, as the worker's page tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.definition import Definition
from forms.offer import TOTAL, Offer
from storage.places import NOBODY, Place
from storage.store import Store

from ..reading.responses import SMALLEST_GROUP


@dataclass(frozen=True)
class Seats:
    """Of each limited place how many are left, None where the number is not told."""

    left: Mapping[str, int | None] = field(default_factory=dict)
    waiting: bool = True

    @property
    def whole(self) -> int | None:
        """What is left of the form at a poster: the fewest of its limits; None is not told."""
        told = [left for name, left in self._wholes.items() if left is not None]
        return min(told, default=None)

    @property
    def _wholes(self) -> dict[str, int | None]:
        return {name: left for name, left in self.left.items() if name.partition(":")[0] == TOTAL}

    @property
    def is_full(self) -> bool:
        """Whether nobody more gets a place, whatever they choose."""
        return 0 in self._wholes.values()


NO_LIMITS = Seats()


def seats_of(store: Store, definition: Definition, offer: Offer, unit: str) -> Seats:
    """The places left for those who answer for a unit."""
    if not offer.is_limited:
        return NO_LIMITS
    limits = {**dict(offer.slot_limits()), **dict(offer.unit_limits(unit))}
    places = store.places(definition.id, limits)
    left = {
        name: _left(limit, places.get(name, NOBODY), anonymous=definition.anonymous)
        for name, limit in limits.items()
    }
    return Seats(left, offer.waiting)


def _left(limit: int, place: Place, *, anonymous: bool) -> int | None:
    """Nobody passes those who wait; of few answers to an anonymous form no number is told."""
    if place.waiting or place.taken >= limit:
        return 0
    return None if anonymous and place.taken < SMALLEST_GROUP else limit - place.taken
