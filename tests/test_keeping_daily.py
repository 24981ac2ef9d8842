"""The daily backup: one a day, 14 kept, never two at once, and staff are told when it fails."""

import threading
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import SetClock, World, fill_world
from filled import fill, keys_of
from serving import Installation

from app import create_app
from services.upkeep.archived import opened_backup
from services.upkeep.backup import Source, verify_backup
from services.upkeep.daily import KEPT, DailyBackup, is_stale, newest_backup
from storage.journal import FileLock
from storage.memory import MemoryStore

WARNED = "hai ngày chưa có bản sao lưu"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def store():
    made = MemoryStore()
    fill(made)
    return made


@pytest.fixture
def daily(store, folder, clock, tmp_path):
    return DailyBackup(folder, Source(lambda: nullcontext(store), keys_of(tmp_path)), clock)


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".zip")


def test_one_file_a_day_that_restores(daily, folder, clock):
    daily.look()
    clock.move(hours=3)
    daily.look()

    assert names(folder) == ["phieu-2026-11-24.zip"]
    with opened_backup(folder / "phieu-2026-11-24.zip", "") as archive:
        assert verify_backup(archive, lambda _: None).report.findings == []


def test_fourteen_are_kept_and_only_our_own_are_deleted(daily, folder, clock):
    folder.mkdir()
    others = ["holiday.zip", "phieu-2020-01-01-101010.zip", "phieu-2020-01-01.zip.old"]
    for name in others:
        (folder / name).write_text("x")

    for _ in range(KEPT + 3):
        daily.look()
        clock.move(days=1)

    made = [name for name in names(folder) if name not in others]
    assert len(made) == KEPT
    assert made[-1] == "phieu-2026-12-10.zip"
    assert all((folder / name).exists() for name in others)


def test_while_another_is_at_it_nothing_is_written(daily, folder):
    folder.mkdir()
    with FileLock(folder / ".phieu-backup.lock", "The backup folder"):
        daily.look()
        assert names(folder) == []
    daily.look()

    assert len(names(folder)) == 1


def test_many_threads_make_one(store, folder, clock, tmp_path):
    written = []

    def read():
        written.append(1)
        return nullcontext(store)

    backups = [DailyBackup(folder, Source(read, keys_of(tmp_path)), clock) for _ in range(8)]
    threads = [threading.Thread(target=backup.look) for backup in backups]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert names(folder) == ["phieu-2026-11-24.zip"]
    assert all(backup.failure is None for backup in backups)
    assert len(written) == 5  # of one backup: keys, responses, files, the rest, the keys again


def test_a_disk_that_is_not_plugged_in_is_told_and_not_replaced(store, clock, tmp_path, caplog):
    folder = tmp_path / "usb" / "backups"
    daily = DailyBackup(folder, Source(lambda: nullcontext(store), keys_of(tmp_path)), clock)

    daily.look()

    assert "plugged in" in str(daily.failure)
    assert "failed" in caplog.text
    assert not folder.parent.exists()
    folder.parent.mkdir()
    daily.look()
    assert daily.failure is None
    assert len(names(folder)) == 1


def test_a_failing_store_does_not_end_the_thread(folder, clock, tmp_path, caplog):
    def read():
        raise RuntimeError("no")

    daily = DailyBackup(folder, Source(read, keys_of(tmp_path)), clock, every=0.01)
    daily.start()
    while daily.failure is None:
        pass

    failure = str(daily.failure)
    daily.stop()

    assert failure == "no"
    assert daily.is_wanting
    assert "failed" in caplog.text


def test_leftovers_of_a_killed_day_are_cleared_away(daily, folder):
    folder.mkdir()
    (folder / ".phieu-2026-11-20.zip.0a1b2c3d.partial").write_text("half")
    (folder / ".holiday.partial").write_text("x")

    daily.look()

    assert sorted(p.name for p in folder.iterdir() if p.suffix == ".partial") == [
        ".holiday.partial"
    ]


def test_stopping_gives_up_and_leaves_nothing(daily, folder):
    daily.stop()
    daily.look()

    assert [p for p in folder.iterdir() if "zip" in p.name] == []
    assert daily.failure is None


def test_two_days_without_one_are_stale(folder, clock):
    folder.mkdir()
    today = clock().date()
    assert is_stale(folder, today)
    (folder / f"phieu-{today - timedelta(days=2)}.zip").write_text("x")
    (folder / "phieu-2026-13-45.zip").write_text("x")
    assert is_stale(folder, today)

    (folder / f"phieu-{today - timedelta(days=1)}-101010.zip.age").write_text("x")

    assert not is_stale(folder, today)
    assert newest_backup(folder) == today - timedelta(days=1)


@pytest.fixture
def backed(config, folder, tmp_path):
    """An application with a backup folder, without the server's thread."""
    store, clock = MemoryStore(), SetClock()
    app = create_app(replace(config, backup_dir=folder), store, clock=clock)
    fill_world(store)
    return World(app, store, clock)


def test_administrators_are_warned_on_every_page_and_others_are_not(backed):
    admin, chair = backed.signed_in("quan-tri"), backed.signed_in("chu-tich")

    assert WARNED in admin.get("/desk").text
    assert WARNED in admin.get("/units").text
    assert WARNED not in chair.get("/desk").text


def test_the_warning_goes_with_a_backup_and_tells_the_reason(backed, folder, tmp_path):
    backups = backed.app.extensions["phieu"].backups
    admin = backed.signed_in("quan-tri")
    folder.write_text("a file in the way")
    backups.look()
    assert "backups" in admin.get("/desk").text

    folder.unlink()
    backups.look()

    assert WARNED not in admin.get("/desk").text


def test_without_a_backup_folder_nobody_is_warned(world):
    assert WARNED not in world.signed_in("quan-tri").get("/desk").text


def test_the_server_makes_a_backup_at_its_start_and_leaves_cleanly(tmp_path, folder, monkeypatch):
    place = Installation(tmp_path / "data")
    monkeypatch.setattr(
        Installation,
        "environment",
        property(lambda self: environment(self) | {"PHIEU_BACKUP_DIR": str(folder)}),
    )
    wait = threading.Event()

    with place.serving():
        for _ in range(1_000):
            if folder.is_dir() and names(folder):
                break
            wait.wait(0.02)

    assert len(names(folder)) == 1
    assert place.run("backup", "verify", str(folder / names(folder)[0])).returncode == 0


environment = Installation.environment.fget
