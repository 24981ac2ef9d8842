"""What is known of a piece of long work, and how it is kept beside its result: one small file."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import orjson

from storage.whole_file import write_whole

KEPT = timedelta(days=1)
SCRATCH = "scratch-"
"""What the names of folders begin with in which work has its unfinished files."""
IDLE = timedelta(hours=1)  # unfinished files that nobody wrote to for so long are nobody's
STALE = timedelta(seconds=30)  # work that was not heard of for so long has no server any more
_ID = re.compile(r"[0-9a-f]{32}")
_OWN = re.compile(r"\.?([0-9a-f]{32})\..+")


class JobState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


UNFINISHED = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True)
class Job:
    """A piece of long work of one person.

    `kind` names what it does and `about` for what, so that the person can be led back to where it
    was begun; `failure` is a message id with its named `values`. `done` of `total` things are
    through; `heard_at` is when it last said so.
    """

    id: str
    kind: str
    owner: str
    title: str
    file_name: str
    total: int
    begun_at: datetime
    heard_at: datetime
    about: Mapping[str, str] = field(default_factory=dict)
    state: JobState = JobState.WAITING
    running_since: datetime | None = None
    done: int = 0
    failure: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    def is_stale(self, now: datetime) -> bool:
        """Whether nobody works at it any more."""
        return not self.is_finished and now - self.heard_at > STALE

    def remaining(self, now: datetime) -> timedelta | None:
        """How long it will still take, as far as what is done tells."""
        if self.running_since is None or not 0 < self.done < self.total:
            return None
        return (now - self.running_since) * ((self.total - self.done) / self.done)


class JobFolder:
    """The folder of records and results; names are drawn, so that nobody guesses one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def result(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.result"

    def beside(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.beside"

    def _record(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.json"

    def _wish(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.cancel"

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder of its own beside the results; gone afterwards."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=SCRATCH) as folder:
            yield Path(folder)

    def keep(self, job: Job) -> None:
        """Write what is known; raises StoreFailed."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._record(job.id), [orjson.dumps(asdict(job))])

    def read(self, job_id: str) -> Job | None:
        """What is known; None for what is gone, or was never there."""
        if not _ID.fullmatch(job_id):
            return None
        try:
            told = orjson.loads(self._record(job_id).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return None
        for name in ("begun_at", "heard_at", "running_since"):
            told[name] = datetime.fromisoformat(told[name]) if told[name] else None
        return Job(**told | {"state": JobState(told["state"])})

    def all(self) -> list[Job]:
        """Everything that is known, the newest first."""
        found = (self.read(path.stem) for path in self._folder.glob("*.json"))
        return sorted(filter(None, found), key=lambda job: job.begun_at, reverse=True)

    def wish_end(self, job_id: str) -> None:
        """Leave word for the process that works at it."""
        self._wish(job_id).touch(mode=0o600)

    def is_end_wished(self, job_id: str) -> bool:
        return self._wish(job_id).exists()

    def remove(self, job_id: str) -> None:
        """Remove a job's record, and with it what it names."""
        for path in (self._record(job_id), self.result(job_id), self.beside(job_id)):
            path.unlink(missing_ok=True)

    def remove_old(self, now: datetime) -> None:
        """Remove what is older than a day, and what belongs to nothing."""
        kept = {job.id for job in self.all() if now - job.begun_at < KEPT}
        for path in self._folder.glob("*"):
            match = _OWN.fullmatch(path.name)
            if match and match[1] not in kept:
                path.unlink(missing_ok=True)
            elif path.name.startswith(SCRATCH) and _idle(path, now) > IDLE:
                shutil.rmtree(path, ignore_errors=True)  # of a server that was killed


def _idle(folder: Path, now: datetime) -> timedelta:
    """How long ago something was last written there."""
    try:
        last = max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    except FileNotFoundError:  # whoever made it is done with it
        return timedelta()
    return now - datetime.fromtimestamp(last, now.tzinfo)
