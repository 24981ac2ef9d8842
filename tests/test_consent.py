"""What a sender agreed to is kept beside the answers: which notice, which purposes, when, how."""

import pytest
from cases import sent
from sending import HARDSHIP, JOINING, MEAL, post, send

from forms.definition import Definition
from forms.gallery import gallery
from storage.store import ResponseFilter


def accepted(world, form="f21"):
    [response] = world.store.iter_responses(form, ResponseFilter())
    return response.accepted


def test_notice_purposes_time_and_channel_are_kept(world):
    send(world, world.publish("f21"), HARDSHIP)

    found = accepted(world)

    notice = gallery()["f21"].notice
    assert (found.notice, found.digest) == (notice.version, notice.digest)
    assert found.purposes == ("process", "sensitive")
    assert (found.at, found.channel) == ("2026-11-24T10:30:00+07:00", "web")


def test_a_box_left_empty_is_no_purpose(world):
    send(world, world.publish("f21"), HARDSHIP, dy_cong_bo="1")

    assert accepted(world).purposes == ("process", "sensitive", "publish")


def test_the_time_is_the_phone_s_when_the_answer_waited_there(world):
    send(world, world.publish("f21"), HARDSHIP, _queued_at="2026-11-23T21:15:00+07:00")

    assert accepted(world).at == "2026-11-23T21:15:00+07:00"


def test_a_shared_device_is_its_own_channel(world):
    code = world.publish("f21")
    world.client().post(f"/k/{code}", data=HARDSHIP)

    assert accepted(world).channel == "kiosk"


@pytest.mark.parametrize("channel", ["spoken", "phone", "paper"])
def test_for_who_was_helped_the_channel_says_how(world, channel):
    code = world.publish("f21")
    helped = HARDSHIP | {"_heard": "1", "_channel": channel}
    post(world.signed_in("to-truong"), f"/assist/{code}", **helped)

    assert accepted(world).channel == channel


def test_a_form_that_asks_for_no_consent_keeps_none(world):
    send(world, world.publish("f28"), MEAL)

    assert accepted(world, "f28") is None


def test_the_digest_follows_every_word_of_the_notice():
    told = gallery()["f21"].model_dump(mode="json")
    told["notice"]["parts"][-1]["text"]["vi"] += "."

    assert Definition.model_validate(told).notice.digest != gallery()["f21"].notice.digest


def test_the_digest_does_not_follow_the_rest_of_the_form():
    told = gallery()["f21"].model_dump(mode="json")
    told["title"]["vi"] += "!"

    assert Definition.model_validate(told).notice.digest == gallery()["f21"].notice.digest


@pytest.mark.parametrize(
    ("born", "flagged"), [("25/11/2010", True), ("24/11/2010", False), ("2011", True)]
)
def test_who_is_under_sixteen_is_marked_for_the_reviewer(world, born, flagged):
    answers = JOINING | {"ngay_sinh": born, "so_cccd": "012090123456"}
    told = send(world, world.publish("f51"), answers)

    assert ("ngay_sinh:under_16" in told["flags"]) is flagged


def test_a_correction_that_takes_a_consent_back_is_kept_with_its_time(world):
    sender = sent(world, answers=HARDSHIP | {"dy_cong_bo": "1"})
    world.clock.move(hours=3)
    typed = {name: value for name, value in sender.typed().items() if name != "dy_cong_bo"}
    sender.client.post(sender.url, data=typed)

    found = accepted(world)
    assert found.purposes == ("process", "sensitive")
    assert found.at == "2026-11-24T13:30:00+07:00"
