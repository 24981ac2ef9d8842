"""What of a form can be had only once, or only so many times, and who gets it when it is free."""

from datetime import datetime

from forms.definition import Definition
from forms.response import Response
from storage.places import ONCE, Claim
from storage.store import Store

from .clock import full_hour
from .identity import Hasher


def claims_of(definition: Definition, response: Response, hasher: Hasher) -> tuple[Claim, ...]:
    """The places that a response claims by its answers; none where these do not tell.

    A person is told by a keyed hash that means nothing in any other form.
    """
    once = definition.once
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


def seat_waiting(store: Store, definition: Definition, now: datetime) -> tuple[Response, ...]:
    """Let who waited have what became free; each such response says so in its history."""
    if definition.once is None:
        return ()
    return store.promote(definition.id, {}, full_hour(now) if definition.anonymous else now)
