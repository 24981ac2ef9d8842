"""The chain of the audit trail: which line was changed, taken out, added or moved since.

The seal of each line covers the one before. Older lines may be dropped (services/trail/keeping.py):
a later line holds the number and the seal of the last one that went. What lay at the end can only
be missed by who remembers it: an `End` is kept outside of the trail.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import orjson

from federation.trail import Entry

from ..identity import Hasher
from .deeds import Deed

THROUGH, SEAL, OTHER_KEY = "through", "seal", "other_key"
"""What lines say: up to which line older ones went, its seal; that a new hashing key begins."""


class Wrong(StrEnum):
    """What is wrong at a break."""

    CHANGED = "changed"
    BEGINNING = "beginning"
    END = "end"


@dataclass(frozen=True)
class Break:
    """The first line that does not fit; for a missing end the last line that is there."""

    wrong: Wrong
    number: int
    at: datetime | None


@dataclass(frozen=True)
class End:
    """The last line at some moment, as it is remembered outside of the trail.

    `at` is that moment, where it is known: what was remembered before the last restore is of a
    trail that the restore cut short, and proves nothing against this one.
    """

    number: int
    seal: str
    at: datetime | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        return f"{self.number} {self.seal}"


def read_end(text: str) -> End | None:
    """The End that `End.text` wrote; None for anything else."""
    number, _, seal = text.partition(" ")
    return End(int(number), seal) if number.isascii() and number.isdigit() and seal else None


def break_problem(found: Break) -> str:
    """What `storage check` and `audit verify` say of a break, in one sentence."""
    at = found.at.isoformat(timespec="seconds") if found.at else ""
    if found.wrong is Wrong.END:
        return (
            f"lines after number {found.number} ({at or 'the beginning'}) are missing: it once"
            " reached further"
        )
    if found.wrong is Wrong.BEGINNING:
        return f"lines before number {found.number} ({at}) are missing, and no line says so"
    return f"line {found.number} ({at}) was changed, or one before it is missing or moved"


@dataclass(frozen=True)
class _Before:
    """What the next line follows."""

    number: int = 0
    seal: str = ""


class Chain:
    """Makes and proves seals under the hashing key."""

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher

    def seal(self, entry: Entry, before: str) -> str:
        """The seal of an entry that follows the one sealed `before`."""
        said = [
            entry.number,
            entry.at.isoformat(),
            entry.who,
            entry.act,
            dict(sorted(entry.about.items())),
        ]
        return self._hasher.digest("trail", before, orjson.dumps(said).decode()).hex()

    def first_break(self, entries: Iterable[Entry], ends: Iterable[End] = ()) -> Break | None:
        """The first break of a trail, in its order; None where everything fits."""
        lines = tuple(entries)
        start, before = _beginning(lines)
        if before is None:
            return Break(Wrong.BEGINNING, lines[0].number, lines[0].at)
        for entry in lines[start:]:
            right = self.seal(entry, before.seal)
            if entry.number != before.number + 1 or not hmac.compare_digest(entry.seal, right):
                return Break(Wrong.CHANGED, entry.number, entry.at)
            before = _Before(entry.number, entry.seal)
        return _missing_end(lines, ends)


def _beginning(lines: Sequence[Entry]) -> tuple[int, _Before | None]:
    """Where proving begins and what went before; None when that is not known.

    What a restore under another hashing key brought back is sealed under a key that is lost: the
    proof begins with the line of the restore.
    """
    anew = [index for index, entry in enumerate(lines) if OTHER_KEY in entry.about and index]
    if anew:
        last = lines[anew[-1] - 1]
        return anew[-1], _Before(last.number, last.seal)
    if not lines or lines[0].number == 1:
        return 0, _Before()
    before = lines[0].number - 1
    seal = _dropped(lines).get(before)
    return 0, None if seal is None else _Before(before, seal)


def _dropped(lines: Iterable[Entry]) -> Mapping[int, str]:
    """The last lines of what was dropped, by number; proven with the lines that say so."""
    return {
        int(entry.about[THROUGH]): entry.about[SEAL]
        for entry in lines
        if entry.act == Deed.TRAIL_SHORTENED and entry.about.get(THROUGH, "").isdigit()
    }


def _missing_end(lines: Sequence[Entry], ends: Iterable[End]) -> Break | None:
    seals = {entry.number: entry for entry in lines}
    last = lines[-1] if lines else None
    restored = max((e.at for e in lines if e.act == Deed.STORE_RESTORED), default=None)
    for end in ends:
        if restored and end.at and end.at < restored:
            continue
        if end.number > (last.number if last else 0):
            return Break(Wrong.END, last.number if last else 0, last.at if last else None)
        there = seals.get(end.number)  # none: it was dropped as too old
        if there is not None and not hmac.compare_digest(there.seal, end.seal):
            return Break(Wrong.CHANGED, there.number, there.at)
    return None
