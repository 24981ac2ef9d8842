"""Which kinds of personal data a form asks for, by its definition (Nghị định 356/2025 Điều 3)."""

from collections.abc import Iterator
from enum import StrEnum

from forms.definition import Definition
from forms.types import Question
from forms.types.citizen_id import CitizenId
from forms.types.dates import Date
from forms.types.numbers import Money
from forms.types.phone import Phone
from forms.types.photo import Photo
from forms.types.repeat import Repeat
from forms.types.signature import Signature
from forms.types.text import Text


class DataKind(StrEnum):
    """A kind of data, as it is named to people, inspectors and the agency."""

    NAME = "name"
    PHONE = "phone"
    CITIZEN_ID = "citizen_id"
    DATE = "date"
    MONEY = "money"
    PHOTO = "photo"
    SIGNATURE = "signature"
    SENSITIVE = "sensitive"
    OTHER = "other"


_BY_TYPE: tuple[tuple[type[Question], DataKind], ...] = (
    (Phone, DataKind.PHONE),
    (CitizenId, DataKind.CITIZEN_ID),
    (Date, DataKind.DATE),
    (Money, DataKind.MONEY),
    (Photo, DataKind.PHOTO),
    (Signature, DataKind.SIGNATURE),
)


def all_questions(definition: Definition) -> Iterator[Question]:
    """Every question that asks, also those in the rows of lists."""
    for question in definition.asking:
        yield question
        if isinstance(question, Repeat):
            yield from question.questions


def kinds_of(definition: Definition) -> tuple[DataKind, ...]:
    """The kinds in the order in which DataKind lists them; of an anonymous form none."""
    if definition.anonymous:
        return ()
    found = {_kind(question) for question in all_questions(definition)}
    if any(question.sensitive for question in all_questions(definition)):
        found.add(DataKind.SENSITIVE)
    return tuple(kind for kind in DataKind if kind in found)


def _kind(question: Question) -> DataKind:
    if is_name(question):
        return DataKind.NAME
    return next((kind for of, kind in _BY_TYPE if isinstance(question, of)), DataKind.OTHER)


def is_name(question: Question) -> bool:
    return isinstance(question, Text) and question.appearance == "name"


def name_question(definition: Definition) -> Question | None:
    """The question for the sender's own name."""
    return next(filter(is_name, definition.asking), None)


def finding_question(definition: Definition, finds_by: str) -> Question | None:
    """The question for the sender's own phone or ID number."""
    return next((q for q in definition.asking if q.finds_by == finds_by), None)
