"""Photos and files; knows what is taken and how it is named, not where it is kept."""

import hashlib
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ..localized import Localized
from ..pictures import (
    EMPTY,
    LONGEST_SIDE,
    NO_PICTURE,
    NO_PICTURE_OR_PDF,
    TOO_LARGE,
    clean_picture,
    is_pdf,
    picture_size,
)
from ..pictures import LARGEST_FILE as LARGEST_FILE
from ..problems import N_, Problem
from .base import NO_ANSWER, Checked, Question, Raw, Upload, Value, names_in
from .summaries import FileSummary, Summary

_NOT_ARRIVED = Problem(N_("The photo did not arrive. Please choose it again."))
_COUNT = Localized({"vi": "{n} tệp", "en": "Files: {n}"})


Side = Annotated[int, Field(ge=1, le=LONGEST_SIDE)]


class Photo(Question):
    """Up to four photos, where allowed also PDF files; kept as the names of the cleaned files.

    `smallest` is the width and height in pixels that a photo must have to be printed well.

    A name is made of the file as it came (`<32 hex digits>-01.jpg`), so that the same send has the
    same answer whatever program cleaned it. Text is never taken: it could name another's file.
    """

    control: ClassVar[str] = "photo"
    keeps_files: ClassVar[bool] = True
    script: ClassVar[str] = "photo.js"
    type: Literal["image"] = "image"
    most: int = Field(default=4, ge=1, le=4)
    pdf: bool = False
    capture: Literal["", "environment", "user"] = ""
    smallest: tuple[Side, Side] | None = None

    def summary(self) -> Summary:
        return FileSummary()

    def check(self, raw: Raw, today: date) -> Checked:
        files = [upload for upload in raw.files if upload.name or upload.content]
        if any(text.strip() for text in raw.values) or raw.parts:
            return Checked(problem=_NOT_ARRIVED)
        if len(files) > self.most:
            message = N_("Please choose at most %(most)s files; these are %(count)s.")
            return Checked(problem=Problem(message, {"most": self.most, "count": len(files)}))
        kept: dict[str, bytes] = {}
        for number, upload in enumerate(files, start=1):
            cleaned = self._cleaned(upload)
            if isinstance(cleaned, Problem):
                return Checked(problem=cleaned)
            kept[self._name(number, upload)] = cleaned
        return Checked(list(kept), files=kept) if kept else NO_ANSWER

    def salvage(self, raw: Raw, today: date) -> Checked:
        """Those files that can be taken, as many as are allowed; a small one beats none."""
        taking = self.model_copy(update={"smallest": None})
        good = [u for u in raw.files if not isinstance(taking._cleaned(u), Problem)]
        return taking.check(Raw(files=tuple(good[: self.most])), today)

    def _cleaned(self, upload: Upload) -> bytes | Problem:
        if len(upload.content) > LARGEST_FILE:
            return TOO_LARGE
        if self.pdf and is_pdf(upload.content):
            return upload.content
        cleaned = clean_picture(upload.content) if upload.content else EMPTY
        if isinstance(cleaned, bytes):
            return self._size_problem(cleaned) or cleaned
        return NO_PICTURE_OR_PDF if cleaned is NO_PICTURE and self.pdf else cleaned

    def _size_problem(self, picture: bytes) -> Problem | None:
        if not self.smallest:
            return None
        (width, height), (wide, high) = self.smallest, picture_size(picture)
        if wide >= width and high >= height:
            return None
        message = N_(
            "This photo is too small to be printed: it needs %(width)s by %(height)s dots or more. "
            "Please take it again, closer and upright."
        )
        return Problem(message, {"width": width, "height": height})

    def _name(self, number: int, upload: Upload) -> str:
        kind = "pdf" if self.pdf and is_pdf(upload.content) else "jpg"
        return f"{digest_of(upload.content)}-{number:02}.{kind}"

    def show(self, value: Value, language: str) -> str:
        if not isinstance(value, list):
            return str(value)
        return _COUNT.into(language).replace("{n}", str(len(value)))

    def write(self, value: Value) -> Raw:
        return Raw.of(*names_in(value))


def digest_of(content: bytes) -> str:
    """What the name of a file begins with."""
    return hashlib.sha256(content).hexdigest()[:32]
