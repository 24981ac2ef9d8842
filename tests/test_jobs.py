"""Long work: runs beside requests, can be left, ended and fetched; never half a file."""

import os
import threading
import time
from dataclasses import replace

import pytest
from conftest import SetClock

from services.errors import NotFound, Refusal
from services.outgoing.job_records import JobFolder, JobState
from services.outgoing.jobs import AT_ONCE, MOST_WAITING, Jobs
from storage.data_keys import DataKey
from storage.errors import SealBroken, StoreFailed

PATIENCE = 20.0


class OneKey:
    """Keys that never change."""

    def __init__(self, key):
        self._key = key

    def sealing(self):
        return self._key

    def key(self, key_id):
        if key_id != self._key.id:
            raise SealBroken("not at hand")
        return self._key


KEYS = OneKey(DataKey(bytes(range(32))))


def content(jobs, job):
    return b"".join(jobs.result(job.id, "lan").pieces())


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "jobs"


@pytest.fixture
def jobs(folder, clock):
    jobs = Jobs(folder, clock, KEYS)
    yield jobs
    jobs.stop()


class Steered:
    """Work that goes on only when it is let."""

    def __init__(self, pieces=(b"ab", b"cd")):
        self.begun, self.go, self.pieces = threading.Event(), threading.Event(), pieces

    def __call__(self, told):
        yield self.pieces[0]
        told(1)
        self.begun.set()
        while not self.go.wait(0.01):
            told(0)
        told(1)
        yield from self.pieces[1:]


def begin(jobs, work, owner="lan", kind="posters", **changed):
    asked = {"title": "Áp phích F28", "file_name": "f28_a4.pdf", "total": 2} | changed
    return jobs.begin(work, kind=kind, owner=owner, **asked)


def ended(jobs, job, owner="lan"):
    """The job once it is finished."""
    until = time.monotonic() + PATIENCE
    while not (found := jobs.find(job.id, owner)).is_finished:
        assert time.monotonic() < until, found
        time.sleep(0.01)
    return found


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_work_is_told_of_and_fetched_when_done(jobs, folder):
    work = Steered()
    job = begin(jobs, work, about={"definition": "f28"})
    assert work.begun.wait(PATIENCE)
    under_way = jobs.find(job.id, "lan")
    with pytest.raises(NotFound):
        jobs.result(job.id, "lan")
    work.go.set()

    done = ended(jobs, job)

    assert (under_way.state, under_way.done, under_way.total) == (JobState.RUNNING, 1, 2)
    assert (done.state, done.done) == (JobState.DONE, 2)
    assert done.about == {"definition": "f28"}
    assert content(jobs, job) == b"abcd"
    assert jobs.of("lan") == [done]


def test_the_result_is_private_and_its_name_cannot_be_guessed(jobs, folder):
    first, second = (begin(jobs, lambda _told: [b"x"]) for _ in range(2))
    ended(jobs, first)
    ended(jobs, second)

    assert len({first.id, second.id}) == 2
    assert len(first.id) == 32
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert jobs.result(first.id, "lan").path.stat().st_mode & 0o777 == 0o600


def test_a_result_lies_sealed_on_the_disk(jobs, folder):
    job = begin(jobs, lambda _told: [b"012090000001 Ly Mo Pu"])
    ended(jobs, job)

    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"012090000001" not in kept
    assert content(jobs, job) == b"012090000001 Ly Mo Pu"


def test_a_result_can_be_dropped_before_its_day_is_over(jobs, folder):
    job = begin(jobs, lambda _told: [b"x"])
    ended(jobs, job)

    jobs.drop(job.id, "lan")

    assert names(folder) == []


def test_nobody_else_sees_ends_or_fetches_it(jobs):
    job = begin(jobs, lambda _told: [b"x"])
    ended(jobs, job)

    for act in (jobs.find, jobs.result, jobs.cancel):
        with pytest.raises(NotFound):
            act(job.id, "sung")
    assert jobs.of("sung") == []


@pytest.mark.parametrize("name", ["", "x", "../../keys/data", "0" * 32, "A" * 32])
def test_a_name_that_is_none_is_not_found(jobs, name):
    with pytest.raises(NotFound):
        jobs.find(name, "lan")


def test_two_run_at_once_and_the_third_waits(jobs):
    works = [Steered() for _ in range(AT_ONCE + 1)]
    started = [begin(jobs, work) for work in works]
    assert all(work.begun.wait(PATIENCE) for work in works[:AT_ONCE])

    waiting = jobs.find(started[-1].id, "lan")
    assert waiting.state is JobState.WAITING
    assert not works[-1].begun.is_set()
    for work in works:
        work.go.set()
    assert [ended(jobs, job).state for job in started] == [JobState.DONE] * (AT_ONCE + 1)


def test_one_person_does_not_fill_the_queue(jobs):
    works = [Steered() for _ in range(MOST_WAITING)]
    started = [begin(jobs, work) for work in works]

    with pytest.raises(Refusal):
        begin(jobs, Steered())
    other = begin(jobs, lambda _told: [b"x"], owner="sung")
    for work in works:
        work.go.set()
    ended(jobs, other, "sung")
    assert [ended(jobs, job).state for job in started] == [JobState.DONE] * MOST_WAITING
    again = begin(jobs, lambda _told: [b"x"])
    assert ended(jobs, again).state is JobState.DONE


@pytest.mark.parametrize("is_running", [True, False])
def test_ended_work_leaves_nothing(jobs, folder, is_running):
    blocking = [] if is_running else [Steered() for _ in range(AT_ONCE)]
    before = [begin(jobs, work, owner="sung") for work in blocking]
    assert all(work.begun.wait(PATIENCE) for work in blocking)
    work = Steered()
    job = begin(jobs, work)
    if is_running:
        assert work.begun.wait(PATIENCE)

    jobs.cancel(job.id, "lan")

    assert ended(jobs, job).state is JobState.CANCELLED
    assert [name for name in names(folder) if job.id in name] == [f"{job.id}.json"]
    for other, steered in zip(before, blocking, strict=True):
        steered.go.set()
        assert ended(jobs, other, "sung").state is JobState.DONE


def test_what_is_done_cannot_be_ended(jobs):
    job = begin(jobs, lambda _told: [b"x"])
    ended(jobs, job)

    assert jobs.cancel(job.id, "lan").state is JobState.DONE
    assert content(jobs, job) == b"x"


def test_another_process_ends_it_through_the_folder(jobs, folder, clock):
    work = Steered()
    job = begin(jobs, work)
    assert work.begun.wait(PATIENCE)

    Jobs(folder, clock, KEYS).cancel(job.id, "lan")
    clock.move(seconds=2)  # it looks once a second

    assert ended(jobs, job).state is JobState.CANCELLED


def test_a_refusal_inside_says_why(jobs):
    def work(_told):
        raise Refusal("%(signs)s", {"signs": "食"})

    failed = ended(jobs, begin(jobs, work))

    assert (failed.state, failed.failure, failed.values) == (
        JobState.FAILED,
        "%(signs)s",
        {"signs": "食"},
    )


def test_a_mistake_inside_is_logged_without_its_text(jobs, folder, caplog):
    def work(told):
        yield b"half"
        told(1)
        raise ValueError("Lò Thị Phương, 012190123456")

    failed = ended(jobs, begin(jobs, work))

    assert failed.state is JobState.FAILED
    assert "012190123456" not in failed.failure + caplog.text
    assert "ValueError" in caplog.text
    assert names(folder) == [f"{failed.id}.json"]


def test_a_full_disk_is_said_and_leaves_no_half_file(jobs, folder, monkeypatch):
    def full(_self, _job):
        raise StoreFailed("no space left")

    def work(told):
        yield b"half"
        monkeypatch.setattr(JobFolder, "keep", full)
        raise OSError(28, "No space left on device")

    failed = ended(jobs, begin(jobs, work))

    assert failed.state is JobState.FAILED
    assert "No space left" in failed.values["why"]
    assert not [name for name in names(folder) if "result" in name]
    with pytest.raises(Refusal):
        begin(jobs, work)
    monkeypatch.undo()
    assert ended(jobs, begin(jobs, lambda _told: [b"x"])).state is JobState.DONE


def test_a_stopping_server_ends_its_work_and_says_so_afterwards(folder, clock):
    jobs, work = Jobs(folder, clock, KEYS), Steered()
    job = begin(jobs, work)
    assert work.begun.wait(PATIENCE)

    jobs.stop()

    after = Jobs(folder, clock, KEYS).find(job.id, "lan")
    assert after.state is JobState.FAILED
    assert "start again" in after.failure
    assert names(folder) == [f"{job.id}.json"]


def test_a_killed_server_s_work_is_failed_and_a_finished_result_stays(folder, clock):
    jobs = Jobs(folder, clock, KEYS)
    done = begin(jobs, lambda _told: [b"x"])
    ended(jobs, done)
    lost = replace(done, id="f" * 32, state=JobState.RUNNING, running_since=clock())
    JobFolder(folder).keep(lost)  # as a process leaves it that is killed

    after = Jobs(folder, clock, KEYS)
    assert after.find(lost.id, "lan").state is JobState.RUNNING  # another process may be at it
    clock.move(seconds=31)

    assert after.find(lost.id, "lan").state is JobState.FAILED
    assert "start again" in after.find(lost.id, "lan").failure
    assert content(after, done) == b"x"


def test_results_and_leftovers_go_after_a_day(jobs, folder, clock):
    old = begin(jobs, lambda _told: [b"x"])
    ended(jobs, old)
    (folder / f".{'e' * 32}.result.0a0b0c0d.partial").write_bytes(b"half")
    (folder / f"{'e' * 32}.cancel").touch()
    clock.move(hours=23)
    jobs.sweep()
    assert jobs.result(old.id, "lan").path.exists()
    clock.move(hours=2)

    jobs.sweep()

    assert names(folder) == []
    with pytest.raises(NotFound):
        jobs.find(old.id, "lan")


def test_how_long_it_will_take_follows_from_what_is_done(jobs, clock):
    work = Steered()
    job = begin(jobs, work, total=5)
    assert work.begun.wait(PATIENCE)
    clock.move(seconds=3)

    remaining = jobs.find(job.id, "lan").remaining(clock())

    assert remaining is not None
    assert remaining.total_seconds() == 12
    work.go.set()
    assert ended(jobs, job).remaining(clock()) is not None


def test_a_broken_record_is_no_job(jobs, folder):
    job = begin(jobs, lambda _told: [b"x"])
    ended(jobs, job)
    (folder / f"{job.id}.json").write_bytes(b"{half")

    with pytest.raises(NotFound):
        jobs.find(job.id, "lan")
    assert jobs.of("lan") == []


def test_the_clock_is_the_given_one(folder):
    clock = SetClock()
    jobs = Jobs(folder, clock, KEYS)
    assert ended(jobs, begin(jobs, lambda _told: [b"x"])).begun_at == clock.at
    jobs.stop()


def test_what_belongs_to_a_result_lies_beside_it_and_goes_with_it(jobs, folder, clock):
    job = begin(jobs, lambda _told: [b"rows"], beside=lambda: b"who and when")
    ended(jobs, job)

    found = jobs.beside(job.id, "lan")
    with pytest.raises(NotFound):
        jobs.beside(job.id, "somebody else")
    clock.move(days=1, seconds=1)
    jobs.sweep()

    assert found == b"who and when"
    assert list(folder.iterdir()) == []


def test_unfinished_files_of_a_killed_server_are_swept_away(jobs, folder, clock):
    with jobs.scratch() as own:
        left = own.with_name("scratch-left")
        left.mkdir()
        (left / "half").write_text("Lò Thị Phương")
        for path, hours in ((left / "half", 2), (left, 2), (own, 0)):
            at = clock().timestamp() - hours * 3_600
            os.utime(path, (at, at))
        jobs.sweep()

        assert not left.exists()
        assert own.exists()
    assert not own.exists()
