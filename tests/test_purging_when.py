"""When a response goes: by its version's period, from what that counts, each on its own day."""

from datetime import timedelta

from cases import sent
from conftest import World
from purging import (
    YEAR,
    accepted_state,
    all_of,
    campaign,
    desk,
    gallery_answers,
    left,
    place,
    purger,
    settle,
)
from sending import HARDSHIP, MEAL, send

from forms.gallery import gallery
from services.publishing.publish import change_definition
from services.reading.responses import view_of_units
from services.reading.retentions import note_full_export
from services.trail.audit import SERVER

__all__ = ["place"]


def test_a_campaign_goes_a_year_after_it_was_closed_and_not_a_day_earlier(place):
    sender = sent(place)
    campaign(place, 2)
    first = purger(place).plan("f21")

    place.clock.move(days=YEAR - 1)
    early = purger(place).purge("f21", SERVER)
    place.clock.move(days=1)
    done = purger(place).purge("f21", SERVER)

    assert (first.soon, first.first) == (0, (place.clock()).date())
    assert (early.rows, done.rows, left(place)) == (0, 3, 0)
    assert list(place.store.iter_files("f21")) == []
    assert sender.resend(HARDSHIP).status_code == 410
    assert {r.history[-1].what for r in all_of(place)} == {"purged"}
    told = [entry for entry in place.store.trail.all() if entry.act == "responses_deleted"]
    assert [(e.who, dict(e.about)) for e in told] == [
        ("server", {"form": "f21", "rows": "3", "what": "purged"})
    ]


def test_a_form_that_was_never_closed_waits_and_the_preview_says_so(world):
    send(world, world.publish("f21"), HARDSHIP)
    world.clock.move(days=10 * YEAR)

    plan = purger(world).plan("f21")
    done = purger(world).purge("f21", SERVER)

    assert (plan.due, plan.first, plan.undated) == ((), None, 1)
    assert (done.rows, left(world)) == (0, 1)


def test_a_form_is_closed_with_its_last_point_and_open_again_with_any(world):
    campaign(world, 1)
    world.clock.move(days=YEAR)
    world.publish("f21", place="Cổng")

    assert purger(world).plan("f21").due == ()

    change_definition(world.store, "f21", "close", world.clock())
    assert purger(world).plan("f21").first == (world.clock() + timedelta(days=YEAR)).date()


def test_what_came_from_a_phone_after_the_closing_has_its_own_full_time(world):
    code = world.publish("f21")
    queued = world.clock().isoformat()
    world.clock.move(hours=1)
    change_definition(world.store, "f21", "close", world.clock())
    desk(world).change_period("f21", "5", "xong sớm")
    world.clock.move(days=10)
    send(world, code, HARDSHIP, _queued_at=queued)

    assert purger(world).plan("f21").due == ()
    world.clock.move(days=5)
    assert len(purger(world).plan("f21").due) == 1


def test_reports_go_five_years_after_they_were_sent_each_on_its_day(world):
    code = world.publish("f13")
    example = gallery_answers("f13")
    send(world, code, example)
    world.clock.move(days=40)
    send(world, world.publish("f13", "che"), example)

    world.clock.move(days=5 * YEAR - 40)
    plan = purger(world).plan("f13")
    done = purger(world).purge("f13", SERVER)

    assert (len(plan.due), plan.soon) == (1, 1)
    assert (done.rows, left(world, "f13")) == (1, 1)
    assert purger(world).plan("f13").first == (world.clock() + timedelta(days=40)).date()


def test_a_case_counts_from_the_day_it_was_closed_and_not_before(world):
    send(world, world.publish("f2a"), gallery_answers("f2a"))
    world.clock.move(days=3 * YEAR)
    waiting = purger(world).plan("f2a")
    settle(world, "f2a", accepted_state("f2a"))

    world.clock.move(days=YEAR - 1)
    early = purger(world).purge("f2a", SERVER)
    world.clock.move(days=1)

    assert (waiting.due, waiting.undated, early.rows) == ((), 1, 0)
    assert purger(world).purge("f2a", SERVER).rows == 1


def enrolled(world: World) -> None:
    send(world, world.publish("f51"), gallery_answers("f51"))


def export_all(world: World, unit: str | None = None, *, sensitive: bool = True) -> None:
    definition = gallery()["f51"]
    units = None if unit is None else frozenset({unit})
    view = view_of_units(world.store, definition, units)
    note_full_export(world.store, view, world.clock(), sensitive=sensitive)


def test_an_application_goes_90_days_after_the_first_full_export_of_a_closed_case(world):
    enrolled(world)
    export_all(world)  # before the decision: does not count
    world.clock.move(days=1)
    settle(world, "f51", accepted_state("f51"))
    world.clock.move(days=200)
    before = purger(world).plan("f51")
    export_all(world)
    world.clock.move(days=30)
    export_all(world)  # a second one does not start it anew

    world.clock.move(days=59)
    early = purger(world).plan("f51")
    world.clock.move(days=1)

    assert (before.due, before.undated) == ((), 1)
    assert early.due == ()
    assert len(purger(world).plan("f51").due) == 1


def test_exports_of_other_units_or_without_sensitive_answers_do_not_count(world):
    enrolled(world)
    settle(world, "f51", accepted_state("f51"))
    export_all(world, "che")
    export_all(world, sensitive=False)
    world.clock.move(days=YEAR)

    assert purger(world).plan("f51").undated == 1

    export_all(world, "nam-na")
    assert purger(world).plan("f51").undated == 0


def test_that_records_were_passed_on_can_be_said_by_hand(world):
    enrolled(world)
    settle(world, "f51", accepted_state("f51"))

    desk(world).passed_on("f51", "đã nhập vào phần mềm đoàn viên")
    world.clock.move(days=90)

    assert len(purger(world).plan("f51").due) == 1


def test_anonymous_answers_stay_until_an_administrator_says_otherwise(world):
    code = world.publish("f28")
    for _ in range(6):
        send(world, code, MEAL)
    world.clock.move(days=20 * YEAR)

    assert purger(world).purge("f28", SERVER).rows == 0

    desk(world).change_period("f28", "1825", "đã so sánh xong")
    done = purger(world).purge("f28", SERVER)
    tombstone = all_of(world, "f28")[0]
    assert (done.rows, left(world, "f28")) == (6, 0)
    assert tombstone.history[-1].at.minute == 0
