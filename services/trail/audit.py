"""Who saw, changed or exported what: the one way into the trail, and the proof that it is whole."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from federation.trail import Entry
from storage.errors import StoreError
from storage.journal import StoreBusy
from storage.spool import Spool
from storage.store import Setting, Store

from ..identity import Hasher
from .chain import Break, Chain, End, read_end
from .deeds import COMMAND, SERVER, WORKER, Deed
from .notes import NOTE, Note, read_note

__all__ = ["COMMAND", "END", "SERVER", "WORKER", "Audit", "Deed"]

END = "trail_end"
"""The setting that remembers how far the trail reached a while ago (chain.py, End)."""
_NEWEST = 1_000  # lines among which one is looked for that a crash left untidied

_log = logging.getLogger(__name__)


class Audit:
    """The trail of one store; its chain is sealed with the hashing key.

    `spool` holds what commands that could only read have left to be told.
    """

    def __init__(self, store: Store, hasher: Hasher, spool: Spool | None = None) -> None:
        self._store, self._chain, self._spool = store, Chain(hasher), spool

    def note(self, who: str, deed: Deed, now: datetime, **about: object) -> Entry:
        """Write down one act; raises StoreFailed, and then the act must not be shown as done.

        `about` holds ids, numbers and reasons, no answers.
        """
        self.take_in()
        return self._append(Note(now, who, deed, told(about)))

    def take_in(self) -> int:
        """Move what waits in the spool into the trail, each once; gives how many there were.

        A note goes only when its line is on the disk, and a line is known by its note.
        """
        if self._spool is None or not self._spool.waiting():
            return 0
        try:
            with self._spool.alone():
                return self._take_all(self._spool)
        except StoreBusy:  # another thread or process is at it
            return 0

    def _take_all(self, spool: Spool) -> int:
        _, newest = self._store.trail.page(offset=0, limit=_NEWEST)
        known = {entry.about.get(NOTE) for entry in newest}
        notes = [(name, note) for name in spool.waiting() if (note := _readable(spool, name))]
        for name, note in sorted(notes, key=lambda pair: pair[1].at):
            if name not in known:
                self._append(replace(note, about={**note.about, NOTE: name}))
            spool.remove(name)
        return len(notes)

    def _append(self, note: Note) -> Entry:
        def make(last: Entry | None) -> Entry:
            number = last.number + 1 if last else 1
            entry = Entry(number, note.at, note.who, note.deed, note.about)
            return replace(entry, seal=self._chain.seal(entry, last.seal if last else ""))

        return self._store.trail.append(make)

    def remember_end(self) -> None:
        """Keep the last line's number and seal outside of the trail; raises StoreFailed."""
        last = self._store.trail.last()
        if last is None:
            return
        record = Setting(END, End(last.number, last.seal).text)
        if self._store.settings.get(END) != record:
            self._store.settings.put(record)

    def first_broken(self, entries: Iterable[Entry] | None = None) -> Entry | None:
        """The first entry that was changed, or before which one is missing; None when all fit."""
        lines = tuple(self._store.trail.all() if entries is None else entries)
        found = self._chain.first_break(lines)
        place = (found.number, found.at) if found else None
        return next((line for line in lines if (line.number, line.at) == place), None)

    def first_break(self) -> Break | None:
        """The same with what is wrong there, also where lines at the end are missing."""
        return self._chain.first_break(self._store.trail.all(), remembered_ends(self._store))


def remembered_ends(store: Store) -> tuple[End, ...]:
    """How far the trail reached when its end was last remembered in the store."""
    record = store.settings.get(END)
    end = read_end(record.value) if record else None
    return (end,) if end else ()


def told(about: dict[str, object]) -> dict[str, str]:
    """What an entry says, as text; what is empty is left out."""
    return {name: str(value) for name, value in about.items() if value not in ("", None)}


def _readable(spool: Spool, name: str) -> Note | None:
    try:
        return read_note(spool.read(name))
    except (StoreError, ValueError) as error:  # `storage check` tells of it
        _log.error("A note for the audit trail cannot be read: %s: %s", name, error)
        return None
