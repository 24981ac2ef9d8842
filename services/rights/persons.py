"""Find what there is about a person: by an exact ID number, phone number or receipt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from forms.definition import Definition
from forms.localized import Localized
from forms.problems import N_
from forms.response import Response
from forms.types import Question
from forms.types.citizen_id import CitizenId
from forms.types.phone import Phone
from storage.key_files import fingerprint
from storage.soundness import FOUND_BY
from storage.store import ResponseFilter, Store

from ..errors import Refusal
from ..identity import Hasher
from ..review.cases import Case
from ..review.receipts import find_by_receipt

LookIn = Callable[[Definition], ResponseFilter | None]
"""Which responses of a form may be looked through, if any."""
_LABEL = Localized({"vi": "–"})


class By(StrEnum):
    """By what a person is looked for."""

    PHONE = "phone"
    CITIZEN_ID = "id"
    RECEIPT = "receipt"


_FINDS_BY = {By.PHONE: Phone.finds_by, By.CITIZEN_ID: CitizenId.finds_by}


@dataclass(frozen=True)
class Found:
    """A response about the person; `mentioned`: somebody else sent it and names the person."""

    case: Case
    mentioned: bool = False

    @property
    def response(self) -> Response:
        return self.case.response


def find_person(
    store: Store, hasher: Hasher, by: By, typed: str, look_in: LookIn, today: date
) -> tuple[Found, ...]:
    """What there is of this person, by form and time; raises Refusal for what cannot be a number.

    Numbers are found by their hashes where every response has them under this key; else every
    response of the forms that may be looked through is read, for the law wants all of it: those
    of before hashes, or restored under another hashing key, have none that fit (key rotate does).
    """
    if by is By.RECEIPT:
        case = find_by_receipt(store, hasher, typed)
        if case is None:
            raise Refusal(N_("No response has this receipt code. Please compare it once more."))
        where = look_in(case.version.definition)
        sees = where is not None and where.accepts(case.response)
        return (Found(case),) if sees and not case.response.is_withdrawn else ()
    value = _normalised(by, typed, today)
    if is_found_by_hash(store, hasher):
        look_in = _by_hash(look_in, hasher.of_person(_FINDS_BY[by], value))
    return tuple(
        found
        for form in store.forms_with_responses()
        for found in _find_in(store, form, by, value, look_in)
    )


def is_found_by_hash(store: Store, hasher: Hasher) -> bool:
    """Whether all responses have hashes under this key."""
    record = store.settings.get(FOUND_BY)
    return record is not None and bool(hasher.key) and record.value == fingerprint(hasher.key)


def _by_hash(look_in: LookIn, wanted: str) -> LookIn:
    def look_by_hash(definition: Definition) -> ResponseFilter | None:
        where = look_in(definition)
        return where and replace(where, hashes=frozenset({wanted}))

    return look_by_hash


def _normalised(by: By, typed: str, today: date) -> str:
    """The number as answers hold it, by the same check as theirs."""
    asked: Question = Phone(name="x", label=_LABEL)
    if by is By.CITIZEN_ID:
        asked = CitizenId(name="x", label=_LABEL, passport=True)
    checked = asked.check_text(typed[:100], today)
    if problem := checked.problem:
        raise Refusal(problem.message, problem.values, field="value")
    return str(checked.value)


def _find_in(store: Store, form: str, by: By, value: str, look_in: LookIn) -> Iterator[Found]:
    versions = {
        version.number: version for version in store.versions.all() if version.definition.id == form
    }
    where = look_in(versions[max(versions)].definition) if versions else None
    if where is None:
        return
    for response in store.iter_responses(form, where):
        version = versions.get(response.version)
        places = _places(version.definition, response, by, value) if version else []
        if version and places:
            # What stands in the row of a list names somebody else than the sender, as a rule.
            yield Found(Case(version, response), mentioned=all("." in place for place in places))


def _places(definition: Definition, response: Response, by: By, value: str) -> list[str]:
    """Where in the answers the number stands."""
    return [
        place
        for question in definition.asking
        if question.is_sealed and question.name in response.answers
        for place, finds_by, text in question.identifying(response.answers[question.name])
        if (finds_by, text) == (_FINDS_BY[by], value)
    ]
