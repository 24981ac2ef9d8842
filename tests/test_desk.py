"""The desk: what waits for this person, alarms before everything else."""

import re

import pytest
from sending import HARDSHIP, ILL, MEAL, post, send, send_meals


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


def alarms(client):
    """The lines of the alarm card."""
    cards = re.findall(r'<li class="card alarm">.*?</ul>\n', client.get("/desk").text, re.DOTALL)
    return [line for card in cards for line in re.findall(r"<li>(.*?)</li>", card)]


def numbers(client):
    return re.findall(r'<p class="number">([^<]*)</p>', client.get("/desk").text)


def test_an_alarm_names_unit_shift_and_hour_and_nothing_else(world, chair):
    code = world.publish("f28", place="Nhà ăn bí mật")
    receipt = send(world, code, ILL, gop_y="Tôi là Páo, tổ 3")["receipt"]

    (line,) = alarms(chair)

    assert line == "CĐCS Thủy điện Nậm Na 3 · Ca đêm · 10 h 24/11"
    page = chair.get("/desk").text
    for secret in ("bí mật", "Páo", "10:30", receipt, code):
        assert secret not in page
    assert "/responses/f28/" not in page


def test_an_alarm_stands_before_everything_else(world, chair):
    send(world, world.publish("f21"), HARDSHIP)
    send(world, world.publish("f28"), ILL)

    first = re.search(r'<li class="card([^"]*)">', chair.get("/desk").text)

    assert first[1] == " alarm"


def test_an_alarm_reaches_the_units_above_and_no_others(world, chair):
    send(world, world.publish("f28", "phan-xuong-1"), ILL)

    seen = {
        name: len(alarms(world.signed_in(name)))
        for name in ("chu-tich", "quan-tri", "chu-tich-che", "lap-phieu")
    }

    assert seen == {"chu-tich": 1, "quan-tri": 1, "chu-tich-che": 0, "lap-phieu": 0}
    assert alarms(chair)[0].startswith("Công đoàn phân xưởng 1 · ")


def test_who_is_well_raises_no_alarm(world, chair):
    send(world, world.publish("f28"), MEAL)

    assert alarms(chair) == []


def test_an_alarm_goes_after_a_day(world, chair, clock):
    send(world, world.publish("f28"), ILL)
    seen = []
    for hours in (23, 3):
        clock.move(hours=hours)
        chair = world.signed_in("chu-tich")
        seen.append(len(alarms(chair)))

    assert seen == [1, 0]


def test_many_alarms_are_counted_and_the_newest_five_named(world, chair, clock):
    code = world.publish("f28")
    for _ in range(7):
        send(world, code, ILL)
        clock.move(hours=1)

    lines = alarms(chair)

    assert numbers(chair)[0] == "7"
    assert [line[-10:-6] for line in lines] == ["16 h", "15 h", "14 h", "13 h", "12 h"]


def test_small_anonymous_groups_stand_in_no_card(world, chair):
    code = world.publish("f28")
    seen = []
    for count in (4, 1):
        send_meals(world, code, count)
        seen.append(numbers(chair))

    assert seen == [[], ["5"]]


def test_the_organizer_reads_how_many_scan_points_are_open(world):
    client = world.signed_in("lap-phieu")
    codes = [world.publish("f28", place=place) for place in ("1", "2", "3")]

    post(client, f"/points/{codes[0]}/pause")

    assert numbers(client) == ["2"]


def test_thousands_are_written_as_people_write_them(world, chair, monkeypatch):
    send(world, world.publish("f21"), HARDSHIP)
    monkeypatch.setattr("services.reading.responses.page", lambda *_, **__: (1810, ()))

    assert numbers(chair) == ["1.810"]
