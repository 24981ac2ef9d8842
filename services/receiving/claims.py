"""What of a form can be had only once, or only so many times, and who gets it when it is free."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime

from forms.definition import Definition
from forms.offer import Offer
from forms.problems import N_, Problem
from forms.response import Response
from storage.places import ONCE, REPEATED, WAITING, Claim
from storage.store import Store

from ..clock import full_hour
from ..identity import Hasher
from ..trail.audit import SERVER, Audit, Deed

NO_PLACE = Problem(N_("No place is left there. Please choose another one."))


def offer_of(store: Store, definition: str) -> Offer:
    """What a form offers; without limits where nobody said anything."""
    return store.offers.get(definition) or Offer(definition)


def claims_of(
    definition: Definition, response: Response, hasher: Hasher, offer: Offer | None = None
) -> tuple[Claim, ...]:
    """The places that a response claims by its unit and answers; none where these do not tell.

    A person is told by a keyed hash that means nothing in any other form.
    """
    offer = offer or Offer(definition.id)
    limited = tuple(Claim(name, limit) for name, limit in offer.asked_by(response))
    return (*_once_claims(definition, response, hasher, offer), *limited)


def _once_claims(
    definition: Definition, response: Response, hasher: Hasher, offer: Offer
) -> tuple[Claim, ...]:
    once = offer.once_of(definition)
    if once is None:
        return ()
    answer = str(response.answers.get(once.question or "", ""))
    if once.per == "unit":
        return (_once("unit", response.unit),)
    if not answer:
        return ()
    if once.per == "unit_period":
        return (_once("unit_period", response.unit, answer),)
    person = hasher.digest("person", definition.id, once.question or "", answer)
    return (_once("person", person.hex()[:32]),)


def _once(*told: str) -> Claim:
    return Claim(ONCE + ":".join(told), 1)


def seat_waiting(
    store: Store, hasher: Hasher, definition: Definition, now: datetime
) -> tuple[Response, ...]:
    """Let who waited have what became free; history and trail say so.

    Call it whenever a place may have become free; nobody else takes what is waited for.
    """
    offer = offer_of(store, definition.id)
    if not (offer.is_limited or offer.once_of(definition) or store.waiting(definition.id)):
        return ()
    at = full_hour(now) if definition.anonymous else now
    limits = offer.limits(unit.id for unit in store.units.all())
    seated = store.promote(definition.id, limits, at)
    audit = Audit(store, hasher)
    for response in seated:
        audit.note(SERVER, Deed.RESPONSE_SEATED, at, form=definition.id, response=response.id)
    return seated


def without_places(response: Response) -> Response:
    """The response with no place and waiting for none."""
    flags = tuple(flag for flag in response.flags if flag not in (WAITING, REPEATED))
    return replace(response, claims=(), waits_for=(), flags=flags)


def has_limited_place(response: Response) -> bool:
    """Whether it has one of the places of which there are only so many."""
    return any(not name.startswith(ONCE) for name in response.holds)


def full_of(
    store: Store, definition: str, claims: Sequence[Claim], had: Container[str] = ()
) -> tuple[str, ...]:
    """Which of the limited places that are claimed have no room now; what it `had` it keeps."""
    limits = {
        claim.name: claim.limit
        for claim in claims
        if claim.name not in had and not claim.name.startswith(ONCE)
    }
    places = store.places(definition, limits)
    return tuple(
        name
        for name, limit in limits.items()
        if places[name].waiting or places[name].taken >= limit
    )


def turn_of(store: Store, response: Response) -> int:
    """Its turn on the waiting list from 1; 0 when it does not wait for a place.

    That it repeats another is not told to its sender: others could try out whose number was sent.
    """
    wanted = {name for name in response.waits_for if not name.startswith(ONCE)}
    if not wanted:
        return 0
    turns = dict.fromkeys(wanted, 0)
    for other in store.waiting(response.definition):
        for name in wanted.intersection(other.waits_for):
            turns[name] += 1
        if other.id == response.id:
            break
    return max(turns.values())
