"""Which responses are wanted and in which order, as data: each backend answers in its own way."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from federation.names import Key, person_sort_key
from forms.cleaning import fold
from forms.response import Response

from .sealer import OpenedAnswers

# What no person wrote: names of choices and files, numbers, dates.
_CODE = re.compile(r"[a-z0-9_.:+-]*")
_NAMES = ("ho_ten", "ho_va_ten", "nguoi_bao_cao", "nguoi_bao")
"""The questions that ask for the person's name, in gallery forms and those made like them."""
_NAMELESS = b"\xff"


class Order(StrEnum):
    """How a page of responses is sorted: `waiting` is the oldest first, `name` by given name."""

    NEWEST = "newest"
    WAITING = "waiting"
    NAME = "name"


@dataclass(frozen=True)
class Word:
    """A word to be found, folded (forms/cleaning.py); `units` are those whose names have it."""

    text: str
    units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ResponseFilter:
    """Which responses; None is no limit.

    `withdrawn` says whether those are among them that their senders took back or that may not be
    used. `confided_to` is a person's name: of complaints only those that
    Response.is_confided_to says are this person's. `hashes` are those of IDs or phone numbers of
    which one is wanted (`Response.found_by`). `since` is in, `until` is not. Of `states`,
    `versions`, `places` and `flags` one must fit, of `choices` (question, choice) and `words` all.
    Choices and words are looked for in what stands in the clear, sealed answers never.
    """

    units: frozenset[str] | None = None
    groups: frozenset[tuple[str, str]] | None = None
    since: datetime | None = None
    withdrawn: bool = True
    confided_to: str | None = None
    hashes: frozenset[str] | None = None
    until: datetime | None = None
    states: frozenset[str] | None = None
    versions: frozenset[int] | None = None
    places: frozenset[str] | None = None
    flags: frozenset[str] | None = None
    assigned: str | None = None
    choices: frozenset[tuple[str, str]] = frozenset()
    words: tuple[Word, ...] = ()

    def accepts(self, response: Response) -> bool:
        clear = clear_answers(response)
        return (
            (self.withdrawn or response.is_in_use)
            and (self.units is None or response.unit in self.units)
            and (self.groups is None or (response.unit, response.place) in self.groups)
            and (self.since is None or response.submitted_at >= self.since)
            and (self.until is None or response.submitted_at < self.until)
            and (self.confided_to is None or response.is_confided_to(self.confided_to))
            and (self.hashes is None or not self.hashes.isdisjoint(response.found_by.values()))
            and (self.states is None or response.state in self.states)
            and (self.versions is None or response.version in self.versions)
            and (self.places is None or response.place in self.places)
            and (self.flags is None or not self.flags.isdisjoint(response.flags))
            and (self.assigned is None or response.assigned == self.assigned)
            and all(chose(clear, *chosen) for chosen in self.choices)
            and (not self.words or self._has_words(response, clear))
        )

    def _has_words(self, response: Response, clear: Mapping[str, object]) -> bool:
        text = written(response.receipt, response.place, clear)
        return all(word.text in text or response.unit in word.units for word in self.words)


def clear_answers(response: Response) -> Mapping[str, object]:
    """The answers that are not encrypted where the response is kept."""
    answers = response.answers
    return answers.clear if isinstance(answers, OpenedAnswers) else answers


def chose(answers: Mapping[str, object], question: str, choice: str) -> bool:
    """Whether this choice is the answer, or among the answers, to the question."""
    answer = answers.get(question)
    return choice in answer if isinstance(answer, list) else answer == choice


def written(receipt: str, place: str, answers: Mapping[str, object]) -> str:
    """All texts of a response that can be searched, folded; no word reaches over two of them."""
    texts = [place, *filter(_is_written, _texts(answers.values()))]
    if not receipt.startswith("h:"):  # anonymous: a hash
        texts.append(receipt)
    return fold("\n".join(texts))


def _texts(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (
                text
                for row in value
                if isinstance(row, dict)
                for text in row.values()
                if isinstance(text, str)
            )


def _is_written(text: str) -> bool:
    """Whether a person wrote it; a single word in small letters is taken for a choice's name."""
    return not _CODE.fullmatch(text)


def name_key(answers: Mapping[str, object]) -> bytes:
    """What sorts responses by given, family and middle name (CLDR vi); those without come last."""
    for question in _NAMES:
        name = answers.get(question)
        if isinstance(name, str) and name.strip():
            return b"".join(map(_as_bytes, person_sort_key(name)))
    return _NAMELESS


@lru_cache(maxsize=16_384)
def _as_bytes(key: Key) -> bytes:
    """A key whose bytes sort as it does: 0 ends the letters, and the tones."""
    letters, tones = ("".join(chr(min(rank, 0x10FFFE) + 1) for rank in part) for part in key)
    return f"{letters}\0{tones}\0".encode("utf-8", "surrogatepass")
