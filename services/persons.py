"""Find what there is about a person: by an exact ID number, phone number or receipt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from forms.definition import Definition
from forms.localized import Localized
from forms.problems import N_
from forms.publication import version_key
from forms.response import Response
from forms.types import Question
from forms.types.base import rows_in
from forms.types.citizen_id import CitizenId
from forms.types.phone import Phone
from forms.types.repeat import Repeat
from storage.store import ResponseFilter, Store

from .cases import Case
from .errors import Refusal
from .identity import Hasher
from .publish import all_versions
from .receipts import find_by_receipt

LookIn = Callable[[Definition], ResponseFilter | None]
"""Which responses of a form may be looked through, if any."""
_LABEL = Localized({"vi": "–"})


class By(StrEnum):
    """By what a person is looked for."""

    PHONE = "phone"
    CITIZEN_ID = "id"
    RECEIPT = "receipt"


_ASKED: dict[By, type[Question]] = {By.PHONE: Phone, By.CITIZEN_ID: CitizenId}


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

    Looks at every response, once for each form that may be looked through.
    """
    if by is By.RECEIPT:
        case = find_by_receipt(store, hasher, typed)
        if case is None:
            raise Refusal(N_("No response has this receipt code. Please compare it once more."))
        where = look_in(case.version.definition)
        sees = where is not None and where.accepts(case.response)
        return (Found(case),) if sees and not case.response.is_withdrawn else ()
    value = _normalised(by, typed, today)
    return tuple(
        found
        for form in store.forms_with_responses()
        for found in _find_in(store, form, _ASKED[by], value, look_in)
    )


def _normalised(by: By, typed: str, today: date) -> str:
    """The number as answers hold it, by the same check as theirs."""
    asked: Question = Phone(name="x", label=_LABEL)
    if by is By.CITIZEN_ID:
        asked = CitizenId(name="x", label=_LABEL, passport=True)
    checked = asked.check_text(typed[:100], today)
    if checked.problem or checked.value is None:
        problem = checked.problem
        message = problem.message if problem else N_("Please write the number.")
        raise Refusal(message, problem.values if problem else {}, field="value")
    return str(checked.value)


def _find_in(
    store: Store, form: str, asked: type[Question], value: str, look_in: LookIn
) -> Iterator[Found]:
    versions = all_versions(store, form)
    where = look_in(versions[-1])
    names = {q.name for version in versions for q in version.asking if isinstance(q, asked)}
    rows = {
        (q.name, child.name)
        for version in versions
        for q in version.asking
        if isinstance(q, Repeat)
        for child in q.questions
        if isinstance(child, asked)
    }
    if where is None or not (names or rows):
        return
    for response in store.iter_responses(form, where):
        is_own = any(response.answers.get(name) == value for name in names)
        if is_own or _mentions(response, rows, value):
            version = store.versions.get(version_key(form, response.version))
            if version is not None:
                yield Found(Case(version, response), mentioned=not is_own)


def _mentions(response: Response, rows: set[tuple[str, str]], value: str) -> bool:
    return any(
        row.get(child) == value
        for name, child in rows
        for row in rows_in(response.answers.get(name))
    )
