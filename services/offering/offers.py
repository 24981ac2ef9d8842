"""Change what a form offers: places, waiting list, what counts once, and when it opens."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from forms.cleaning import as_digits
from forms.definition import Definition
from forms.offer import MOST_PLACES, Offer, place_of, slot_questions
from forms.problems import N_
from forms.response import Response
from forms.types import Question
from forms.types.citizen_id import CitizenId
from forms.types.dates import Month
from forms.types.phone import Phone
from forms.workflow import Once, check_once
from storage.places import ONCE, Claim
from storage.store import ResponseFilter, Store

from ..erasure.erasing import definition_of
from ..errors import Refusal
from ..identity import Hasher
from ..moments import read_span
from ..reading.responses import is_confidential
from ..receiving.claims import claims_of, offer_of, seat_waiting

AS_FORM, OFF, PER_UNIT = "form", "off", "unit"
"""What counts once, as an organizer chooses it; else it is the name of a question."""
_TRIES = 20


@dataclass(frozen=True)
class Kept:
    """The offer that holds now, and how many who waited got a place by it."""

    offer: Offer
    seated: int


def once_questions(definition: Definition) -> tuple[Question, ...]:
    """The questions that can tell whether a response was sent before."""
    kinds = (Month,) if definition.anonymous else (CitizenId, Phone, Month)
    return tuple(q for q in definition.asking if isinstance(q, kinds) and q.required is True)


def once_chosen(offer: Offer) -> str:
    """What an offer says of what counts once, in the words of `read_offer`."""
    if not offer.own_once:
        return AS_FORM
    return (offer.once.question or PER_UNIT) if offer.once else OFF


def slot_input(question: str, choice: str) -> str:
    """The name of the input for the places of a choice."""
    return f"slot.{place_of(question, choice)}"


def read_offer(definition: Definition, inputs: Mapping[str, str]) -> Offer:
    """The offer that was typed; raises Refusal naming the input to correct.

    `total`, `per_unit` and the slots are whole numbers or empty, `waiting` is there or not, `once`
    one of the words above, `opens` and `closes` moments.
    """
    opens_at, closes_at = read_span(inputs.get("opens", ""), inputs.get("closes", ""))
    own_once, once = _once(definition, inputs.get("once", AS_FORM))
    offer = Offer(
        definition.id,
        _places(inputs, "total"),
        _places(inputs, "per_unit"),
        dict(_slots(definition, inputs)),
        waiting=bool(inputs.get("waiting")),
        own_once=own_once,
        once=once,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    check_offer(definition, offer)
    return offer


def _places(inputs: Mapping[str, str], name: str) -> int | None:
    text = "".join(as_digits(inputs.get(name, "")).split()).replace(".", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_PLACES:
        raise Refusal(
            N_("Please write a whole number from 1 to 1.000.000, or leave it empty: no limit."),
            field=name,
        )
    return int(text)


def _slots(
    definition: Definition, inputs: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, int]]]:
    for question in slot_questions(definition):
        names = [choice.name for choice in question.choices]
        typed = {name: _places(inputs, slot_input(question.name, name)) for name in names}
        if found := {choice: number for choice, number in typed.items() if number is not None}:
            yield question.name, found


def _once(definition: Definition, chosen: str) -> tuple[bool, Once | None]:
    if chosen in (AS_FORM, OFF):
        return chosen == OFF, None
    if chosen == PER_UNIT:
        return True, Once(per="unit")
    question = next((q for q in once_questions(definition) if q.name == chosen), None)
    if question is None:
        raise Refusal(N_("Please choose what tells that a form was sent before."), field="once")
    once = Once(
        per="unit_period" if isinstance(question, Month) else "person", question=question.name
    )
    check_once(once, definition.by_name)
    return True, once


def check_offer(definition: Definition, offer: Offer) -> None:
    """Refuse limits that would tell what must not be known; raises Refusal."""
    if offer.is_limited and is_confidential(definition):
        raise Refusal(
            N_("This form is confidential: a limit would tell how many have sent it."),
            field="total",
        )
    if offer.slots and definition.anonymous:
        raise Refusal(
            N_("This form is anonymous: places per choice would tell what people answered."),
            field=slot_input(*next((q, c) for q, places in offer.slots.items() for c in places)),
        )


def keep_offer(
    store: Store, hasher: Hasher, definition: Definition, offer: Offer, now: datetime
) -> Kept:
    """Let the offer hold from now on; a raised limit seats who waits at once.

    A lowered one takes no place away, and what came before a limit was there counts, too.
    Raises Refusal, StoreFailed; a call that was cut off is finished by the next.
    """
    check_offer(definition, offer)
    before = offer_of(store, definition.id)
    is_new = _shape(before) != _shape(offer)
    if is_new:  # before it holds, so that whoever comes now finds the places taken
        _claim_anew(store, hasher, offer, waiting=False)
    store.offers.put(offer)
    seated = len(seat_waiting(store, hasher, definition, now))
    if is_new:  # and those who came in between, and who still waits
        _claim_anew(store, hasher, offer, waiting=True)
        seated += len(seat_waiting(store, hasher, definition, now))
    return Kept(offer, seated)


def _shape(offer: Offer) -> object:
    """Which places responses ask for, whatever their limits."""
    slots = {question: sorted(places) for question, places in offer.slots.items()}
    return offer.total is None, offer.per_unit is None, slots, offer.own_once, offer.once


def _claim_anew(store: Store, hasher: Hasher, offer: Offer, *, waiting: bool) -> None:
    """Let responses claim what the offer limits; those that are `waiting`, only where it says so.

    Who has a place comes first, or who waits would stand in the way of what is theirs.
    """
    kept = tuple(store.iter_responses(offer.definition, ResponseFilter()))
    for response in sorted(kept, key=lambda found: bool(found.waits_for)):
        if waiting or not response.waits_for:
            _claim(store, hasher, offer, response)


def _claim(store: Store, hasher: Hasher, offer: Offer, response: Response) -> None:
    for _ in range(_TRIES):
        wanted = _wanted(store, hasher, offer, response)
        if {claim.name for claim in wanted} == set(response.claims):
            return
        if store.change_response(response, response, wanted):
            return
        found = store.response(response.definition, response.id)
        if found is None:
            return
        response = found


def _wanted(store: Store, hasher: Hasher, offer: Offer, response: Response) -> tuple[Claim, ...]:
    """What a response that was there before asks for now; what it has room for is not asked."""
    definition = definition_of(store, response)
    # A variant claims nothing as long as nobody has decided for it.
    if definition is None or response.is_withdrawn or "variant" in response.flags:
        return ()
    claims = claims_of(definition, response, hasher, offer)
    return claims if response.waits_for else tuple(_granted(claims))


def _granted(claims: Iterable[Claim]) -> Iterator[Claim]:
    for claim in claims:
        yield claim if claim.name.startswith(ONCE) else replace(claim, limit=MOST_PLACES)
