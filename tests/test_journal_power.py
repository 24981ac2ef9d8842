"""A machine that loses power at any call keeps all that was acknowledged or seen."""

import contextlib
import random

import pytest
from journal_faults import (
    PROGRAM,
    ForgetfulFiles,
    PowerCut,
    calls_of_the_program,
    crash_with_everything_left_over,
    crashed_copy,
    state_of,
    states,
)

from storage.journal import FoldFailed, JournalDB, JournalFailed


@pytest.mark.parametrize("seed", range(3))
def test_a_power_cut_at_any_call_loses_nothing_that_was_acknowledged(tmp_path, seed):
    expected = states(tmp_path)
    opening, whole = calls_of_the_program(tmp_path)
    chance = random.Random(seed)  # noqa: S311 - not a secret
    outcomes = set()
    for at in range(opening + 1, whole + 2):
        files = ForgetfulFiles(at)
        db = JournalDB(tmp_path / f"{at}" / "a.json", files=files)
        done = 0
        try:
            for step in PROGRAM:
                step(db)
                done += 1
        except (PowerCut, JournalFailed):
            pass
        for n in range(4):
            files.survive(tmp_path / f"{at}-{n}", chance)
            with JournalDB(tmp_path / f"{at}-{n}" / "a.json") as survivor:
                found = state_of(survivor)
                survivor.insert({"goes": "on"})
            assert found in expected[done : done + 2]
            outcomes.add(found == expected[done])
        db._journal._release()
    assert outcomes == {True, False} or seed


@pytest.mark.parametrize("seed", range(3))
def test_a_power_cut_at_any_call_of_an_opening_loses_nothing(tmp_path, seed):
    left = crash_with_everything_left_over(tmp_path)
    chance = random.Random(seed)  # noqa: S311 - not a secret
    for at in range(2, 60):
        path = crashed_copy(left, tmp_path / "crashed")
        files = ForgetfulFiles(at)
        files.adopt(path.parent)
        try:
            db = JournalDB(path, files=files)
            db.table("r").insert({"n": 4})
            db._journal._release()
            break
        except PowerCut:
            pass
        for n in range(4):
            files.survive(tmp_path / f"{at}-{n}", chance)
            with JournalDB(tmp_path / f"{at}-{n}" / "a.json") as survivor:
                assert survivor.table("r").all()[:4] == [{"n": n} for n in range(4)]
    assert 10 < at < 59


def test_what_a_killed_fold_left_is_deleted_only_once_its_rename_is_durable(tmp_path):
    chance = random.Random(1)  # noqa: S311 - not a secret
    for at in range(1, 10):
        files, path = ForgetfulFiles(None), tmp_path / f"{at}" / "a.json"
        db = JournalDB(path, files=files)
        db.insert({"n": 1})
        files.fail_next_dir_sync = True
        with pytest.raises(FoldFailed):
            db.fold()
        db._journal._release()  # killed; the system lives on, with the rename in its cache only
        files.at = files.count + at
        with contextlib.suppress(PowerCut):
            JournalDB(path, files=files)._journal._release()
        for n in range(12):
            files.survive(tmp_path / f"{at}-{n}", chance)
            with JournalDB(tmp_path / f"{at}-{n}" / "a.json") as survivor:
                assert survivor.all() == [{"n": 1}]


@pytest.mark.parametrize("restarted", [False, True])
def test_what_is_seen_after_a_failed_sync_survives_a_power_cut(tmp_path, restarted):
    files, path = ForgetfulFiles(None), tmp_path / "live" / "a.json"
    db = JournalDB(path, files=files)
    db.insert({"n": 1})
    files.fail_next_sync = True
    with pytest.raises(JournalFailed):
        db.insert({"n": 2})
    if restarted:
        db._journal._release()
        db = JournalDB(path, files=files)
    else:
        db.reopen()
    seen = db.all()
    assert seen[0] == {"n": 1}
    for n in range(5):
        files.survive(tmp_path / f"{n}", random.Random(n))  # noqa: S311 - not a secret
        with JournalDB(tmp_path / f"{n}" / "a.json") as survivor:
            assert survivor.all() == seen
    db.insert({"n": 3})
    files.survive(tmp_path / "last", random.Random(1))  # noqa: S311 - not a secret
    with JournalDB(tmp_path / "last" / "a.json") as survivor:
        assert survivor.all() == [*seen, {"n": 3}]
    db.close()
