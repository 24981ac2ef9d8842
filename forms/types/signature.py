"""A signature drawn with a finger; whoever cannot draw signs the printed form."""

import base64
import binascii
from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ..localized import Localized
from ..pictures import clean_signature
from ..problems import N_, Problem
from .base import Checked, Question, Raw, Value
from .photo import digest_of

LONGEST = 60_000  # characters of the data URL
_PNG = "data:image/png;base64,"
_UNREADABLE = Problem(N_("The signature did not arrive whole. Please sign again, or leave it out."))
_SIGNED = Localized({"vi": "Đã ký trên điện thoại", "en": "Signed on the phone"})


class Signature(Question):
    """A small grey PNG, kept as the name of its file; sent as a data URL.

    Never required: without a script it is signed on the printed form.
    """

    control: ClassVar[str] = "signature"
    keeps_files: ClassVar[bool] = True
    script: ClassVar[str] = "signature.js"
    type: Literal["signature"] = "signature"

    @model_validator(mode="after")
    def _may_be_left(self) -> Self:
        if self.required:
            raise ValueError(
                "a signature cannot be required, for some phones cannot draw; "
                "remove `required`: it is then signed on the printed form"
            )
        return self

    def check_text(self, text: str, today: date) -> Checked:
        text = text.strip()
        if not text.startswith(_PNG) or len(text) > LONGEST:
            return Checked(problem=_UNREADABLE)
        try:
            drawn = base64.b64decode(text.removeprefix(_PNG), validate=True)
        except (binascii.Error, ValueError):
            return Checked(problem=_UNREADABLE)
        cleaned = clean_signature(drawn)
        if isinstance(cleaned, Problem):
            return Checked(problem=_UNREADABLE)
        name = f"{digest_of(drawn)}-01.png"
        return Checked(name, files={name: cleaned})

    def salvage(self, raw: Raw, today: date) -> Checked:
        """Nothing: half a signature is none."""
        return Checked()

    def show(self, value: Value, language: str) -> str:
        return _SIGNED.into(language) if str(value).endswith("-01.png") else str(value)
