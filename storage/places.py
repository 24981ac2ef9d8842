"""Places that only so many responses of a form may have, and the order of those who wait for one.

Pure decisions, the same on every backend. Who has what is written in the responses themselves; a
count of it is kept beside them only to be quick.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forms.response import Change, Response

ONCE = "once:"
"""What the names of places begin with that one response has and a second would only repeat."""
WAITING, REPEATED = "waiting", "repeated"
SEATED = "seated"
"""What the history of a response says that was given the places it had waited for."""


@dataclass(frozen=True)
class Claim:
    """A place that a response asks for: at most `limit` of its form have it.

    The name is the place's in this form: `total`, `buoi:sang_thu_hai`, `once:unit:nam-na`.
    """

    name: str
    limit: int


@dataclass(frozen=True)
class Place:
    """How many have it, and how many wait for it."""

    taken: int = 0
    waiting: int = 0


NOBODY = Place()
Places = Mapping[str, Place]
Stake = Mapping[str, Place]
"""What a response adds to each place."""


def stake(claims: Iterable[str], waits_for: Iterable[str]) -> dict[str, Place]:
    """What a response with these claims adds to the places."""
    waits = tuple(waits_for)
    return dict.fromkeys(waits, Place(waiting=1)) if waits else dict.fromkeys(claims, Place(1))


def stake_of(response: Response) -> dict[str, Place]:
    return stake(response.claims, response.waits_for)


class PlaceCount:
    """A count of the places of one form that is kept in step with its responses."""

    def __init__(self) -> None:
        self._taken, self._waiting = Counter[str](), Counter[str]()

    def add(self, added: Stake, times: int = 1) -> None:
        """Count a stake in; -1 takes it out. What nobody has or wants any more is forgotten."""
        for name, one in added.items():
            for counter, number in ((self._taken, one.taken), (self._waiting, one.waiting)):
                if number:
                    counter[name] += times * number
                    if not counter[name]:
                        del counter[name]

    def move(self, before: Response, after: Response) -> None:
        """Count a changed response anew."""
        self.add(stake_of(before), -1)
        self.add(stake_of(after))

    def of(self, names: Iterable[str]) -> dict[str, Place]:
        return {name: Place(self._taken[name], self._waiting[name]) for name in names}

    def all(self) -> dict[str, Place]:
        return self.of(self._taken.keys() | self._waiting.keys())


def names_of(claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim.name for claim in claims))


def settled(
    response: Response, claims: Sequence[Claim], places: Places, before: Response | None = None
) -> Response:
    """The response with all the places it asks for; with none, and flagged, if one of them is full.

    Nobody passes those who wait: a place for which others wait is full, too. What the response had
    `before` this change it keeps; `places` count that in.
    """
    had = stake_of(before) if before else {}
    full = dict[str, None]()
    for claim in claims:
        own = had.get(claim.name, NOBODY)
        there = places.get(claim.name, NOBODY)
        is_free = there.taken < claim.limit and there.waiting == own.waiting
        if not own.taken and not is_free:
            full[claim.name] = None
    return _placed(response, names_of(claims), tuple(full), had_waited=bool(before))


def reseated(
    response: Response, limits: Mapping[str, int], places: Places, at: datetime
) -> Response:
    """A waiting response looked at again: with its places if all have room, else waiting for those
    that have none.
    """
    full = tuple(
        name for name in response.claims if places.get(name, NOBODY).taken >= _limit(name, limits)
    )
    new = _placed(response, response.claims, full, had_waited=True)
    return new if full else replace(new, history=(*new.history, Change(at, "", SEATED)))


def _limit(name: str, limits: Mapping[str, int]) -> float:
    return 1 if name.startswith(ONCE) else limits.get(name, float("inf"))


def _placed(
    response: Response, claims: tuple[str, ...], full: tuple[str, ...], *, had_waited: bool
) -> Response:
    ours = (WAITING, REPEATED) if had_waited else ()
    flags = [flag for flag in response.flags if flag not in ours]
    flags += [REPEATED if name.startswith(ONCE) else WAITING for name in full]
    return replace(response, claims=claims, waits_for=full, flags=tuple(dict.fromkeys(flags)))
