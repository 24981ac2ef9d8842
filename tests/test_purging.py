"""What was kept as long as people were told is erased by itself: on every backend, and resumed."""

from dataclasses import replace

import pytest
from conftest import World
from purging import YEAR, all_of, campaign, desk, left, place, purger
from requests_of import ask
from sending import HARDSHIP, send
from test_cases_erased import PLANTED, Dying, world_on
from test_store_changes import every_byte

from app import create_app
from forms.gallery import gallery
from services.erased import LIST_NAME, ErasedList, read_list
from services.erasure.erasing import UNDER_WAY
from services.errors import NotAllowed, NotFound
from services.publishing.publish import change_definition
from services.reading import responses
from services.reading.responses import view_of_units
from services.reading.retentions import retention_of
from services.rights.deadlines import Kept, purged_by_unit
from services.rights.purging import PURGING, DailyPurge
from services.trail.audit import SERVER
from storage.embedded import EmbeddedStore
from storage.errors import StoreFailed
from storage.store import Setting

__all__ = ["place"]

# What stays -----------------------------------------------------------------------------------


def test_a_restricted_response_and_those_of_an_open_request_stay_and_are_named(place):
    code = place.publish("f21")
    send(place, code, HARDSHIP | {"dien_thoai": "0987654321", "cccd": "012190123457"})
    kept = send(place, code, HARDSHIP | {"dien_thoai": "0977777777", "cccd": "012190123458"})
    asking = send(place, code, HARDSHIP)
    ask(place)  # with the number of HARDSHIP
    change_definition(place.store, "f21", "close", place.clock())
    [found] = [r for r in all_of(place) if r.receipt == kept["receipt"]]
    place.store.change_response(found, replace(found, restricted=True))
    place.clock.move(days=YEAR)

    done = purger(place).purge("f21", SERVER)

    assert (done.rows, left(place)) == (1, 2)
    assert {(one.receipt, one.reason) for one in done.skipped} == {
        (kept["receipt"], Kept.RESTRICTED),
        (asking["receipt"], Kept.REQUEST),
    }
    assert dict(place.store.trail.last().about)["skipped"] == "2"


def test_what_is_on_hold_stays_until_the_hold_is_lifted(place):
    campaign(place)
    desk(place).hold("f21", "thanh tra yêu cầu")
    place.clock.move(days=2 * YEAR)

    held = purger(place).purge("f21", SERVER)
    desk(place).lift("f21", "đã có kết luận")
    done = purger(place).purge("f21", SERVER)

    assert (held.held, held.rows, done.rows, left(place)) == (True, 0, 3, 0)


def test_a_hold_that_comes_while_a_purge_runs_stops_it_between_its_parts(world, monkeypatch):
    campaign(world, 3)
    world.clock.move(days=YEAR)
    monkeypatch.setattr("services.rights.purging.BATCH", 1)
    running = purger(world)
    erase = running._eraser.erase_many
    calls = []

    def hold_after_the_first(found, erasure):
        done = erase(found, erasure)
        if not calls:
            desk(world).hold("f21", "tòa án yêu cầu")
        calls.append(1)
        return done

    monkeypatch.setattr(running._eraser, "erase_many", hold_after_the_first)
    done = running.purge("f21", SERVER)

    assert (done.rows, left(world), len(calls)) == (1, 2, 1)


# What is remembered ---------------------------------------------------------------------------


def test_how_many_went_is_kept_by_unit_and_counts_in_the_totals(place):
    campaign(place, 3)
    send_again = place.publish("f21", "che", "Xưởng chè")
    send(place, send_again, HARDSHIP | {"cccd": "012190123459"})
    change_definition(place.store, "f21", "close", place.clock())
    place.clock.move(days=YEAR)

    purger(place).purge("f21", SERVER)

    record = retention_of(place.store, "f21")
    assert purged_by_unit(place.store, "f21") == {"nam-na": 3, "che": 1}
    assert {(p.unit, p.place, p.count) for p in record.purged} == {
        ("nam-na", "Nhà ăn ca", 3),
        ("che", "Xưởng chè", 1),
    }
    assert [(run.who, run.rows) for run in record.purges] == [("server", 4)]
    page = place.signed_in("quan-tri").get("/totals/f21").text
    assert "4 phiếu" in page
    assert "đã xóa khi hết thời hạn lưu: 4" in page


def test_later_answers_count_beside_those_that_are_gone(world):
    campaign(world, 3)
    world.clock.move(days=YEAR)
    purger(world).purge("f21", SERVER)
    change_definition(world.store, "f21", "resume", world.clock())
    send(world, world.publish("f21"), HARDSHIP | {"cccd": "012190123460"})
    world.clock.move(days=YEAR)
    change_definition(world.store, "f21", "close", world.clock())
    world.clock.move(days=YEAR)

    purger(world).purge("f21", SERVER)

    assert purged_by_unit(world.store, "f21") == {"nam-na": 4}
    assert [run.rows for run in retention_of(world.store, "f21").purges] == [3, 1]


def test_a_purged_response_is_on_the_list_by_which_a_restore_leaves_it_out(world, tmp_path):
    campaign(world, 2)
    world.clock.move(days=YEAR)
    listed = ErasedList(tmp_path / LIST_NAME, world.app.extensions["phieu"].hasher)

    purger(world, listed).purge("f21", SERVER)

    assert [line.what for line in read_list(tmp_path / LIST_NAME)] == ["purged", "purged"]


# Cut off and resumed --------------------------------------------------------------------------


@pytest.mark.parametrize("cut", range(1, 9))
def test_cut_off_at_any_change_the_next_run_ends_it_and_counts_right(place, monkeypatch, cut):
    campaign(place, 4)  # two changes each: the tombstone, and its files are gone
    place.clock.move(days=YEAR)
    monkeypatch.setattr("services.rights.purging.BATCH", 2)
    change, calls = place.store.change_response, []

    def dying(*given):
        calls.append(1)
        if len(calls) == cut:
            raise StoreFailed("no space left")
        return change(*given)

    monkeypatch.setattr(place.store, "change_response", dying)
    with pytest.raises(StoreFailed):
        purger(place).purge("f21", SERVER)
    monkeypatch.setattr(place.store, "change_response", change)
    kept = left(place)

    done = purger(place).purge("f21", SERVER)

    assert (done.rows, done.left, left(place)) == (kept, 0, 0)
    assert purged_by_unit(place.store, "f21") == {"nam-na": 4}
    assert list(place.store.iter_files("f21")) == []
    names = [setting.name for setting in place.store.settings.all()]
    assert not [name for name in names if name.startswith((PURGING, UNDER_WAY))]


def test_a_crash_before_the_counts_were_written_is_put_right_by_the_next_run(place, monkeypatch):
    campaign(place, 3)
    place.clock.move(days=YEAR)
    put = place.store.retentions.put

    def dying(_record):
        raise StoreFailed("no space left")

    monkeypatch.setattr(place.store.retentions, "put", dying)
    with pytest.raises(StoreFailed):
        purger(place).purge("f21", SERVER)
    monkeypatch.setattr(place.store.retentions, "put", put)
    before = purged_by_unit(place.store, "f21")

    purger(place).purge("f21", SERVER)

    assert (left(place), before) == (0, {})
    assert purged_by_unit(place.store, "f21") == {"nam-na": 3}


@pytest.mark.parametrize("removed", [0, 1, 2])
def test_the_disk_that_died_between_files_is_finished_at_the_next_start(
    config, clock, tmp_path, removed
):
    disk, folder = Dying(), tmp_path / "data"
    store = EmbeddedStore(folder, files=disk)
    world = world_on(store, config, clock)
    campaign(world, 3)
    clock.move(days=YEAR)
    disk.left = removed
    with pytest.raises((StoreFailed, OSError)):
        purger(world).purge("f21", SERVER)
    disk.left = -1
    store.close()
    store = EmbeddedStore(folder)
    world = World(create_app(config, store, clock=clock), store, clock)
    clock.move(minutes=11)

    purger(world).purge("f21", SERVER)
    gone = purged_by_unit(world.store, "f21")
    files = list(store.iter_files("f21"))
    store.close()

    assert (gone, files) == ({"nam-na": 3}, [])
    assert PLANTED["ho_ten"].encode() not in every_byte(folder)


def test_two_runs_at_once_the_second_is_told_and_nothing_is_lost(place):
    campaign(place, 2)
    place.clock.move(days=YEAR)
    place.store.settings.put(Setting(PURGING + "f21", place.clock().isoformat()))

    with pytest.raises(NotAllowed, match="under way"):
        purger(place).purge("f21", SERVER)
    kept = left(place)
    place.clock.move(minutes=10)

    assert kept == 2
    assert purger(place).purge("f21", SERVER).rows == 2  # the other one died


def test_an_export_under_way_is_whole_although_a_purge_comes_between(place):
    campaign(place, 3)
    place.clock.move(days=YEAR)
    view = view_of_units(place.store, gallery()["f21"], None)
    _, found = responses.exported(place.store, view)
    first = next(found)

    purger(place).purge("f21", SERVER)
    rest = list(found)

    assert [r.answers["ho_ten"] for r in (first, *rest)] == [PLANTED["ho_ten"]] * 3
    assert left(place) == 0


def test_an_unknown_form_is_told_and_nothing_happens(world):
    for form in ("khong-co", "f22"):
        with pytest.raises(NotFound):
            purger(world).purge(form, SERVER)


# Every day ------------------------------------------------------------------------------------


def test_the_server_purges_all_forms_once_a_day_and_tries_again_after_a_failure(world, monkeypatch):
    campaign(world, 2)
    world.clock.move(days=YEAR)
    daily = DailyPurge(purger(world), world.clock)
    append = world.store.trail.append

    def full(_make):
        raise StoreFailed("no space left")

    monkeypatch.setattr(world.store.trail, "append", full)
    daily.look()
    kept = left(world)
    monkeypatch.setattr(world.store.trail, "append", append)
    daily.look()

    assert (kept, left(world)) == (2, 0)
    runs = len(retention_of(world.store, "f21").purges)
    daily.look()
    assert len(retention_of(world.store, "f21").purges) == runs == 1


def test_the_server_starts_it_beside_other_daily_work(tmp_path, monkeypatch):
    import app

    monkeypatch.setenv("PHIEU_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PHIEU_ADMIN_PASSWORD", "mat-khau-dai-2026")
    jobs = []
    monkeypatch.setattr(app, "_run_beside", jobs.append)

    _, store = app.serving_app()
    store.close()

    assert {"DailySweep", "DailyPurge", "TrailCare"} <= {type(job).__name__ for job in jobs}
