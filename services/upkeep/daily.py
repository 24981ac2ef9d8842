"""The daily backup: one file a day into a folder, 14 kept, and a word when there is none.

A thread of the server process looks every few minutes; of several processes on one store and
folder one writes. Only files of our own naming are ever deleted.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from forms.problems import N_
from storage.archive import Archive
from storage.errors import StoreError
from storage.journal import FileLock, StoreBusy

from ..erased import ErasedList
from ..errors import Refusal, place_of
from ..routine import EVERY, Routine
from ..trail.chain import End, read_end
from .backup import Source, create_backup

KEPT = 14
STALE_DAYS = 2
_DAILY = re.compile(r"phieu-(\d{4}-\d\d-\d\d)\.zip")
_ANY = re.compile(r"phieu-(\d{4}-\d\d-\d\d)(?:-\d{6})?\.zip(?:\.age)?")
_PARTIAL = re.compile(r"\.phieu-\d{4}-\d\d-\d\d\.zip\.[0-9a-f]{8}\.partial")
_LOCK = ".phieu-backup.lock"

_log = logging.getLogger(__name__)


class Stopped(Exception):
    """The server stops: the backup under way is given up."""


def manual_name(now: datetime, *, is_sealed: bool) -> str:
    """What a backup made by hand is called when nobody names it."""
    return f"phieu-{now:%Y-%m-%d-%H%M%S}.zip{'.age' if is_sealed else ''}"


def newest_backup(folder: Path) -> date | None:
    """The day of the newest backup in a folder; None when there is none or it is not to be read."""
    try:
        found = [_day(match[1]) for p in folder.iterdir() if (match := _ANY.fullmatch(p.name))]
    except OSError:
        return None
    return max((day for day in found if day), default=None)


def remembered_in(folder: Path, key: str) -> tuple[End, ...]:
    """How far the audit trail reached, by the newest backup here of the store with this key.

    Those that a passphrase closes cannot tell.
    """
    try:
        names = sorted((p.name for p in folder.iterdir() if _ANY.fullmatch(p.name)), reverse=True)
    except OSError:
        return ()
    for name in names:
        try:
            with (folder / name).open("rb") as file:
                manifest = Archive(file).manifest
        except (StoreError, OSError):
            continue
        end = read_end(manifest.trail_end)
        if end is not None and manifest.key == key:
            return (replace(end, at=manifest.created_at),)
    return ()


def is_stale(folder: Path, today: date) -> bool:
    """Whether no backup of the last two days is in the folder."""
    newest = newest_backup(folder)
    return newest is None or (today - newest).days >= STALE_DAYS


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class DailyBackup:
    """Back up once a day into `folder` while the server runs."""

    def __init__(
        self,
        folder: Path,
        source: Source,
        now: Callable[[], datetime],
        *,
        erased: ErasedList | None = None,
        every: float = EVERY,
    ) -> None:
        """`erased` is the list of deletions in the folder, caught up with each backup."""
        self._folder, self._source, self._now, self._erased = folder, source, now, erased
        self._routine = Routine("daily-backup", self.look, every=every)
        self.failure: Refusal | None = None

    @property
    def is_wanting(self) -> bool:
        """Whether staff must be warned; not while the first look since the start is under way."""
        return not self._routine.is_first_look and is_stale(self._folder, self._now().date())

    def start(self) -> None:
        self._routine.start()

    def stop(self) -> None:
        """Stop; a backup under way is given up and leaves nothing."""
        self._routine.stop()

    def look(self) -> None:
        """Make today's backup unless it is there; failures are logged and kept in `failure`."""
        try:
            self._make_folder()
            with FileLock(self._folder / _LOCK, "The backup folder"):
                self._back_up()
        except StoreBusy:
            return  # another thread or process is at it
        except Stopped:
            return
        except Exception as error:  # whatever it is, tomorrow's backup must be tried again
            told = "%(why)s", {"why": str(error) or type(error).__name__}
            self.failure = error if isinstance(error, Refusal) else Refusal(*told)
            _log.error("The daily backup into %s failed: %s", self._folder, place_of(error))
        else:
            self.failure = None

    def _make_folder(self) -> None:
        # Parents are not made: a missing one means that the disk is not plugged in.
        if not self._folder.is_dir():
            if not self._folder.parent.is_dir():
                raise Refusal(
                    N_("%(path)s is missing: is the disk plugged in?"),
                    {"path": self._folder.parent},
                )
            self._folder.mkdir(mode=0o700, exist_ok=True)

    def _back_up(self) -> None:
        now = self._now()
        path = self._folder / f"phieu-{now:%Y-%m-%d}.zip"
        if path.exists():
            return
        for leftover in self._folder.iterdir():
            if _PARTIAL.fullmatch(leftover.name):  # of a day on which the machine went off
                leftover.unlink()
        if self._erased:
            with self._source.read() as store:
                self._erased.catch_up(store)
        create_backup(self._source, path, now, self._go_on)
        self._forget_old(path)

    def _go_on(self, _count: int) -> None:
        if self._routine.is_stopping:
            raise Stopped

    def _forget_old(self, made: Path) -> None:
        mine = sorted(p for p in self._folder.iterdir() if _DAILY.fullmatch(p.name) and p != made)
        for old in mine[: max(0, len(mine) + 1 - KEPT)]:
            old.unlink()
