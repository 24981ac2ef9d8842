"""Export profiles: which columns a file for somebody else's template has, and in which order."""

import re
from dataclasses import dataclass
from typing import Literal

from .cleaning import fold

MOST_COLUMNS = 200
LONGEST_TITLE, LONGEST_CONSTANT = 120, 300
ROW_NUMBER = "_row"

Dates = Literal["", "day", "month", "year", "iso"]
Choices = Literal["label", "name"]


@dataclass(frozen=True)
class ProfileColumn:
    """One column: its heading and where its cells come from.

    `source` is the name of a question, of one of the columns that a file has anyway (`_receipt` …),
    or `_row` for a running number; without one, every cell is the `constant`. `dates` writes dates
    as 05/09/1992 (also where it is empty), 09/1992, 1992 or 1992-09-05; `split` gives each choice
    of a multiple question a column.
    """

    title: str
    source: str = ""
    constant: str = ""
    dates: Dates = ""
    choices: Choices = "label"
    split: bool = False


@dataclass(frozen=True)
class ExportProfile:
    """A form's columns under a title; `proposal` says that nobody has confirmed the template yet.

    `id` follows from the first title and stays.
    """

    form: str
    id: str
    title: str
    columns: tuple[ProfileColumn, ...]
    proposal: bool = False

    @property
    def key(self) -> str:
        return profile_key(self.form, self.id)


def profile_key(form: str, profile_id: str) -> str:
    return f"{form}/{profile_id}"


def profile_id(title: str) -> str:
    """The id that a title gives: `Hồ sơ đoàn viên` → `ho-so-doan-vien`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:40].strip("-")
