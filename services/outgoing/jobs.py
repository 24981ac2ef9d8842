"""Long work beside the requests: begun by a person, told of while it runs, fetched when done.

Work runs in threads of this process, a few at a time. Its result is a file with a drawn name in a
folder of the data, there whole or not at all, sealed like answers, and removed after a day. What is
known of it lies beside it, so that a result outlives a restart, and work that a restart ended says
so.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from forms.problems import N_
from storage.errors import StoreError, StoreFailed
from storage.sealed_stream import SealedFile, seal_stream
from storage.sealer import Keys
from storage.whole_file import write_whole

from ..errors import NotFound, Refusal, place_of
from ..routine import EVERY, Routine
from .job_records import Job, JobFolder, JobState

AT_ONCE = 2  # threads; requests need the rest of the machine
MOST_WAITING = 3  # unfinished jobs of one person
_BEAT = timedelta(seconds=1)  # between two writings of how far it is
_STOPPED = N_("The server was restarted in the meantime. Please start again.")
_DISK = N_("The server cannot write to its disk: %(why)s")
_BROKEN = N_("Something went wrong on the server. Please start again.")

_log = logging.getLogger(__name__)

Told = Callable[[int], None]
"""Is told how many more are done; raises Ended when the work should end."""
Work = Callable[[Told], Iterable[bytes]]
"""What is done: gives the result in pieces, and tells how far it is."""


class Ended(Exception):
    """The work is to end: its owner wants that, or the server stops. Work lets it through."""


class Jobs:
    """All long work of this process, and what is left in the folder by others."""

    def __init__(
        self, folder: Path, now: Callable[[], datetime], keys: Keys, *, every: float = EVERY
    ) -> None:
        """`keys` seal the results."""
        self._folder, self._now, self._keys = JobFolder(folder), now, keys
        self._running: dict[str, _Running] = {}
        self._lock, self._places = threading.Lock(), threading.BoundedSemaphore(AT_ONCE)
        self._sweeper = Routine("jobs-sweep", self.sweep, every=every)

    def start(self) -> None:
        """Look now and then for what is to be removed."""
        self._sweeper.start()

    def stop(self) -> None:
        """End all work; what was under way says that the server was restarted."""
        self._sweeper.stop()
        with self._lock:
            running = list(self._running.values())
        for one in running:
            one.stopping.set()
        for one in running:
            if one.thread.ident is not None:
                one.thread.join()

    def begin(
        self,
        work: Work,
        *,
        kind: str,
        owner: str,
        title: str,
        file_name: str,
        total: int,
        about: Mapping[str, str] | None = None,
        beside: Callable[[], bytes] | None = None,
    ) -> Job:
        """Begin work for a person; raises Refusal when too much of theirs is unfinished.

        `beside` gives what is kept beside the result, once that is there.
        """
        self.sweep()
        now = self._now()
        job = Job(
            secrets.token_hex(16), kind, owner, title, file_name, total, now, now, about or {}
        )
        task = _Task(lambda told: seal_stream(self._keys, job.id, work(told)), beside)
        running = _Running(job, task, self._folder, self._now, self._places, self._forget)
        with self._lock:
            if self._unfinished(owner) >= MOST_WAITING:
                raise Refusal(N_("Please wait until what you started before is done."))
            self._keep_first(job)
            self._running[job.id] = running
        running.thread.start()
        return job

    def _unfinished(self, owner: str) -> int:
        jobs = (one.job for one in self._running.values())
        return sum(job.owner == owner and not job.is_finished for job in jobs)

    def _keep_first(self, job: Job) -> None:
        try:
            self._folder.keep(job)
        except (StoreFailed, OSError) as error:
            raise Refusal(_DISK, {"why": str(error)}) from error

    def _forget(self, job_id: str) -> None:
        with self._lock:
            self._running.pop(job_id, None)

    def find(self, job_id: str, owner: str) -> Job:
        """A person's own job as it stands; raises NotFound, also for somebody else's."""
        job = self._known(job_id)
        if job is None or job.owner != owner:
            raise NotFound(N_("There is no such work, or it is older than a day."))
        return job

    def of(self, owner: str) -> list[Job]:
        """A person's jobs, the newest first."""
        known = (self._known(job.id) for job in self._folder.all() if job.owner == owner)
        return [job for job in known if job]

    def _known(self, job_id: str) -> Job | None:
        with self._lock:
            running = self._running.get(job_id)
        job = running.job if running else self._folder.read(job_id)
        if running is None and job and job.is_stale(self._now()):
            return replace(job, state=JobState.FAILED, failure=_STOPPED)
        return job

    def cancel(self, job_id: str, owner: str) -> Job:
        """End a person's work; what is finished stays as it is."""
        job = self.find(job_id, owner)
        if job.is_finished:
            return job
        with self._lock:
            running = self._running.get(job_id)
        if running is None:
            self._folder.wish_end(job_id)
        else:
            running.cancelled.set()
            running.thread.join(timeout=2)
        return self.find(job_id, owner)

    def result(self, job_id: str, owner: str) -> SealedFile:
        """What came of finished work; raises NotFound."""
        job = self.find(job_id, owner)
        path = self._folder.result(job.id)
        if job.state is not JobState.DONE or not path.exists():
            raise NotFound(N_("There is no such work, or it is older than a day."))
        return SealedFile(self._keys, job.id, path)

    def drop(self, job_id: str, owner: str) -> None:
        """Forget a person's finished work and what came of it, before its day is over."""
        if self.find(job_id, owner).is_finished:
            self._folder.remove(job_id)

    def beside(self, job_id: str, owner: str) -> bytes | None:
        """What is kept beside the result of finished work; None where there is nothing."""
        path = self._folder.beside(self.result(job_id, owner).name)
        return path.read_bytes() if path.exists() else None

    def scratch(self) -> AbstractContextManager[Path]:
        """A folder for unfinished files, on the disk of the results; gone afterwards."""
        return self._folder.scratch()

    def sweep(self) -> None:
        """Remove what is older than a day."""
        try:
            self._folder.remove_old(self._now())
        except OSError as error:
            _log.warning("Old results were not removed: %s", error)


@dataclass(frozen=True)
class _Task:
    """What is to be done, and what is kept beside its result."""

    work: Work
    beside: Callable[[], bytes] | None


class _Running:
    """One job in its thread."""

    def __init__(
        self,
        job: Job,
        task: _Task,
        folder: JobFolder,
        now: Callable[[], datetime],
        places: threading.BoundedSemaphore,
        forget: Callable[[str], None],
    ) -> None:
        self.job = job
        self.thread = threading.Thread(
            target=self._run, args=(task,), name=f"job-{job.kind}", daemon=True
        )
        self.cancelled, self.stopping = threading.Event(), threading.Event()
        self._folder, self._now, self._places, self._forget = folder, now, places, forget

    def _run(self, task: _Task) -> None:
        """Wait for a place, work, and keep how it ended."""
        try:
            while not self._places.acquire(timeout=_BEAT.total_seconds() / 4):
                self._told(0)
            try:
                self.job = replace(self.job, state=JobState.RUNNING, running_since=self._now())
                write_whole(self._folder.result(self.job.id), task.work(self._told))
                if task.beside:
                    write_whole(self._folder.beside(self.job.id), [task.beside()])
                self._end(JobState.DONE)
            finally:
                self._places.release()
        except Ended:
            self._end_early()
        except Refusal as refusal:
            values = {name: str(value) for name, value in refusal.values.items()}
            self._end(JobState.FAILED, refusal.message, values)
        except StoreError as error:
            self._end(JobState.FAILED, _DISK, {"why": str(error)})
        except Exception as error:  # its text may hold an answer, so that it must not be logged
            _log.error("%s in a job (%s)", place_of(error), self.job.kind)
            self._end(JobState.FAILED, _BROKEN)

    def _told(self, more: int) -> None:
        if self.cancelled.is_set() or self.stopping.is_set():
            raise Ended
        now = self._now()
        self.job = replace(self.job, done=self.job.done + more)
        if now - self.job.heard_at >= _BEAT:
            self.job = replace(self.job, heard_at=now)
            if self._folder.is_end_wished(self.job.id):
                self.cancelled.set()
                raise Ended
            self._folder.keep(self.job)

    def _end_early(self) -> None:
        if self.cancelled.is_set():
            self._end(JobState.CANCELLED)
        else:
            self._end(JobState.FAILED, _STOPPED)

    def _end(
        self, state: JobState, failure: str = "", values: Mapping[str, str] | None = None
    ) -> None:
        ended = replace(
            self.job, state=state, failure=failure, values=values or {}, heard_at=self._now()
        )
        try:
            self._folder.keep(ended)
        except StoreFailed:  # on a full disk only this process knows
            self.job = ended
        else:
            self.job = ended
            self._forget(ended.id)
