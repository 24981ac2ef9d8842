"""Prove the audit trail of a store that is checked: its chain, its end, and what waits for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from storage.errors import StoreError
from storage.looking import Finding
from storage.spool import SPOOL, Spool

from .audit import END
from .chain import Chain, End, break_problem, read_end
from .notes import read_note


@dataclass(frozen=True)
class TrailCheck:
    """What the trail is proven by; `ends` are those remembered outside of the store.

    Without a chain (no hashing key) nothing can be proven. `spool` is the one beside the store.
    """

    chain: Chain | None = None
    ends: tuple[End, ...] = ()
    spool: Spool | None = None

    def findings(self, found: dict[str, dict[str, Any]]) -> Iterator[Finding]:
        """The first break, and the notes that wait; `found` are all records by shelf and key."""
        yield from self._breaks(found)
        yield from self._notes()

    def _breaks(self, found: dict[str, dict[str, Any]]) -> Iterator[Finding]:
        entries, kept = tuple(found["trail"].values()), found["settings"].get(END)
        if self.chain is None:
            if entries:
                yield Finding("audit trail", "without the hashing key it is not proven", False)
            return
        end = read_end(kept.value) if kept else None
        broken = self.chain.first_break(entries, (*self.ends, *([end] if end else [])))
        if broken is not None:
            yield Finding("audit trail", break_problem(broken))

    def _notes(self) -> Iterator[Finding]:
        names = self.spool.waiting() if self.spool else ()
        for name in names:
            try:
                read_note(self.spool.read(name) if self.spool else b"")
            except StoreError as error:
                yield Finding(f"{SPOOL}/{name}", str(error))
            except ValueError:
                yield Finding(f"{SPOOL}/{name}", "no note for the audit trail can be read in it")
        if names:
            waiting = f"{len(names)} notes of commands wait to be taken into the audit trail"
            yield Finding(SPOOL, waiting, False)
