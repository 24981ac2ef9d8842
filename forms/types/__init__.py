"""The question types, one small class each; the registry that definitions are read with."""

from typing import Annotated

from pydantic import Field

from .base import NO_ANSWER, Checked, Column, Question, Raw, Value
from .calculate import Calculate
from .choices import List, SelectMultiple, SelectOne
from .citizen_id import CitizenId
from .dates import Date, Month
from .numbers import Decimal, Integer, Money
from .phone import Phone
from .photo import Photo
from .rating import Rating
from .repeat import Repeat
from .signature import Signature
from .text import Multiline, Text
from .ticks import Consent, Note

AnyQuestion = Annotated[
    Text
    | Multiline
    | Integer
    | Decimal
    | Money
    | Phone
    | CitizenId
    | Date
    | Month
    | SelectOne
    | SelectMultiple
    | List
    | Rating
    | Consent
    | Note
    | Calculate
    | Photo
    | Signature
    | Repeat,
    Field(discriminator="type"),
]

QUESTION_TYPES: tuple[type[Question], ...] = (
    Text,
    Multiline,
    Integer,
    Decimal,
    Money,
    Phone,
    CitizenId,
    Date,
    Month,
    SelectOne,
    SelectMultiple,
    List,
    Rating,
    Consent,
    Note,
    Calculate,
    Photo,
    Signature,
    Repeat,
)

__all__ = [
    "NO_ANSWER",
    "QUESTION_TYPES",
    "AnyQuestion",
    "Checked",
    "Column",
    "Question",
    "Raw",
    "Value",
]
