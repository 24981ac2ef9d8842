"""Answers that waited on a phone: kept with flags where their sender cannot correct them."""

from dataclasses import replace

import pytest
from sending import ILL, JSON, MEAL

from services.publishing.publish import change_definition, newest_version
from storage.store import ResponseFilter

QUEUED = "2026-11-24T10:00:00+07:00"


def post(world, code, **changed):
    return world.client().post(f"/q/{code}", data=MEAL | changed, headers=JSON)


def kept(world, form="f28"):
    return list(world.store.iter_responses(form, ResponseFilter()))


def test_a_queued_answer_is_flagged(world):
    told = post(world, world.publish("f28"), _queued_at=QUEUED)

    assert told.status_code == 201
    assert told.json["flags"] == ["queued"]


def test_a_queued_answer_that_breaks_a_rule_is_kept_as_it_came(world):
    told = post(world, world.publish("f28"), ca="ca_khac", ngon="", _queued_at=QUEUED)

    (response,) = kept(world)
    assert told.status_code == 201
    assert response.answers["ca"] == "ca_khac"
    assert "ngon" not in response.answers
    assert {"ca:broke_rule", "ngon:broke_rule", "queued"} <= set(response.flags)


def test_the_same_answer_without_the_mark_is_refused(world):
    told = post(world, world.publish("f28"), ca="ca_khac", _queued_at=" ")

    assert told.status_code == 422
    assert kept(world) == []


def test_a_queued_answer_arrives_while_the_form_is_paused(world):
    code = world.publish("f28")
    change_definition(world.store, "f28", "pause", world.clock())

    assert post(world, code).status_code == 403
    assert kept(world) == []
    told = post(world, code, _queued_at=QUEUED)

    assert told.status_code == 201
    assert "paused" in told.json["flags"]


@pytest.mark.parametrize(("days", "status"), [(0, 201), (13.999, 201), (14, 410), (400, 410)])
def test_a_queued_answer_arrives_within_fourteen_days_of_closing(world, days, status):
    code = world.publish("f28")
    change_definition(world.store, "f28", "close", world.clock())
    world.clock.move(days=days)

    assert post(world, code).status_code == 410
    told = post(world, code, _queued_at=QUEUED)

    assert told.status_code == status
    assert ["late" in r.flags for r in kept(world)] == [True] * (status == 201)


def test_a_queued_answer_cannot_arrive_before_the_form_opens(world):
    code = world.publish("f28")
    point = world.store.points.get(code)
    world.store.points.put(replace(point, opens_at=world.clock.at.replace(day=30)))

    assert post(world, code, _queued_at=QUEUED).status_code == 403
    assert kept(world) == []


@pytest.mark.parametrize(
    "named",
    [
        "hôm qua",
        "9" * 30,
        "0001-01-01T00:00:00+23:59",
        "2026-11-24T10:00:00\0",
        "2027-11-24T10:00:00+07:00",
        "1999-01-01",
        "-1",
    ],
)
def test_a_time_that_cannot_be_right_is_flagged_and_the_answer_kept(world, named):
    told = post(world, world.publish("f28"), ngon="", _queued_at=named)

    assert told.status_code == 201
    assert {"queued", "queued_time", "ngon:broke_rule"} == set(told.json["flags"])


def test_the_time_of_the_phone_is_kept_on_forms_with_names(world):
    code = world.publish("f21")

    for named in ("2026-11-24T03:00:00Z", "1795489200000", "2026-11-24T10:00:00"):
        world.client().post(f"/q/{code}", data={"_queued_at": named}, headers=JSON)

    assert [r.queued_at for r in kept(world, "f21")] == [QUEUED] * 3


def test_a_queued_answer_raises_the_alarm_all_the_same(world):
    code = world.publish("f28")

    posted = ILL | {"ngon": "", "_queued_at": QUEUED}
    answer = world.client().post(f"/q/{code}", data=posted, follow_redirects=True)

    assert answer.status_code == 200
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("named", ["2", "0", "-1", "1.0", "1 or 1", "٣", "9" * 400, "\0", "f28@1"])
def test_a_version_that_does_not_exist_is_flagged_and_the_newest_taken(world, named):
    told = post(world, world.publish("f28"), _version=named)

    assert told.status_code == 201
    assert told.json["flags"] == ["version_unknown"]
    assert kept(world)[0].version == 1


def test_an_answer_to_an_older_version_is_kept_with_it_and_flagged(world):
    code = world.publish("f28")
    world.store.versions.add(replace(newest_version(world.store, "f28"), number=2))

    told = [post(world, code, _version=number) for number in ("1", "2", "")]

    assert [answer.json["flags"] for answer in told] == [["old_version"], [], []]
    assert [r.version for r in kept(world)] == [1, 2, 2]


def test_a_queued_answer_needs_a_sound_instance_id(world):
    told = post(world, world.publish("f28"), instance_id="x", _queued_at=QUEUED)

    assert told.status_code == 422
    assert kept(world) == []
