"""One change for many responses: exactly those that were counted, and nobody else's."""

import re

import pytest
from reading import Page
from sending import HARDSHIP, JOINING, post, send, send_meals

from services.review import bulk
from storage.store import ResponseFilter

EVERY = ResponseFilter()


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


def fill(world, count, unit="nam-na", **changed):
    code = world.publish("f21", unit)
    for _ in range(count):
        send(world, code, HARDSHIP, **changed)


def states(world, form="f21"):
    return [r.state for r in world.store.iter_responses(form, EVERY)]


def hidden(answer):
    """What the question would send, as a browser does."""
    page = Page(answer.text)
    inputs = {}
    for tag in page.all("input", type="hidden"):
        inputs.setdefault(tag["name"], []).append(tag["value"])
    inputs.pop("csrf_token")
    return inputs


def ask(client, form="f21", **inputs):
    return post(client, f"/responses/{form}/many", **{"into": "duyet", "which": "all"} | inputs)


def change(client, inputs, form="f21"):
    return post(client, f"/responses/{form}/many/change", **inputs)


def test_exactly_the_filtered_responses_are_counted_and_changed(world, chair):
    fill(world, 3)
    fill(world, 2, ho_ngheo="ho_ngheo")

    asked = ask(chair, choice="ho_ngheo:ho_ngheo")
    assert asked.status_code == 200
    assert "Duyệt 2 phiếu" in asked.text
    assert states(world) == ["new"] * 5
    answer = change(chair, hidden(asked) | {"message": "Mời nhận quà ngày 5/1"})

    assert answer.status_code == 303
    assert states(world) == ["new"] * 3 + ["duyet"] * 2
    changed = list(world.store.iter_responses("f21", EVERY))[3:]
    assert [r.message for r in changed] == ["Mời nhận quà ngày 5/1"] * 2
    assert [len(r.history) for r in changed] == [1, 1]
    last = world.store.trail.last()
    assert (last.act, last.about["rows"], last.about["state"]) == ("response_changed", "2", "duyet")


def test_a_set_that_changed_meanwhile_is_asked_about_again(world, chair):
    fill(world, 2)
    asked = ask(chair)
    fill(world, 1)

    again = change(chair, hidden(asked))

    assert again.status_code == 409
    assert "Danh sách vừa thay đổi" in again.text
    assert "Duyệt 3 phiếu" in again.text
    assert states(world) == ["new"] * 3
    assert change(chair, hidden(again)).status_code == 303
    assert states(world) == ["duyet"] * 3


def test_a_response_that_somebody_reviewed_meanwhile_counts_as_a_change(world, chair):
    fill(world, 2)
    asked = ask(chair)
    first = next(iter(world.store.iter_responses("f21", EVERY)))
    post(chair, f"/responses/f21/{first.id}/review", what="note", note="Chờ đã", seen=0)

    assert change(chair, hidden(asked)).status_code == 409
    assert states(world) == ["new", "new"]


def test_only_the_ticked_ones_are_changed(world, chair):
    fill(world, 3)
    wanted = [r.id for r in world.store.iter_responses("f21", EVERY)][1:]

    asked = ask(chair, which="some", response=wanted)
    change(chair, hidden(asked))

    assert "Duyệt 2 phiếu" in asked.text
    assert states(world) == ["new", "duyet", "duyet"]


def test_crafted_ids_of_other_units_change_nothing(world, chair):
    fill(world, 1)
    fill(world, 1, "che")
    ids = [r.id for r in world.store.iter_responses("f21", EVERY)]

    asked = ask(chair, which="some", response=ids)
    assert "Duyệt 1 phiếu" in asked.text
    change(chair, hidden(asked) | {"response": ids})
    assert states(world) == ["duyet", "new"]

    nothing = ask(chair, which="some", response=ids[1:])
    assert nothing.status_code == 303
    assert change(chair, {"into": "duyet", "which": "some", "response": ids[1:], "digest": "x"})
    assert states(world) == ["duyet", "new"]


@pytest.mark.parametrize(
    "inputs",
    [
        {"into": ""}, {"into": "withdrawn"}, {"into": "bich_danh"}, {"which": "some"},
        {"state": "closed"}, {"q": "khong-co-ai"},
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_changes_nothing(world, chair, inputs):
    fill(world, 2)

    answer = ask(chair, **inputs)

    assert answer.status_code == 303
    assert 'class="message problem"' in chair.get(answer.location).text
    assert states(world) == ["new", "new"]


def test_who_may_not_review_may_not_do_it_to_many(world):
    fill(world, 2)
    for name in ("chu-tich-che", "lap-phieu", "to-truong"):
        client = world.signed_in(name)
        found = ask(client)
        assert found.status_code in (303, 403), name
        assert change(client, {"into": "duyet", "digest": ""}).status_code in (303, 403)

    assert states(world) == ["new", "new"]


def test_refusing_many_gives_their_places_to_who_waits(world, chair):
    code = world.publish("f51")
    for number in range(3):
        send(world, code, JOINING, noi_o=f"Bản {number}")

    asked = ask(chair, "f51", into="bch_chua_dong_y", q="Ban 0")
    change(chair, hidden(asked), "f51")

    first, second, third = world.store.iter_responses("f51", EVERY)
    assert first.claims == ()
    assert second.holds == second.claims
    assert third.waits_for


def test_thousands_are_changed_at_once_and_more_are_refused(world, chair, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 250)
    fill(world, 250)

    asked = ask(chair, into="dang_xet")
    assert "250 phiếu" in asked.text
    assert change(chair, hidden(asked)).status_code == 303
    assert states(world) == ["dang_xet"] * 250

    fill(world, 1)
    refused = ask(chair, into="khong_duyet")
    assert "nhiều nhất 250 phiếu" in chair.get(refused.location).text


def test_an_act_that_meets_another_one_leaves_that_one_alone(world, chair, monkeypatch):
    fill(world, 2)
    asked = ask(chair, into="dang_xet")
    store = type(world.store)
    original = store.change_responses

    def slower(self, definition, changes):
        pairs = list(changes)
        monkeypatch.setattr(store, "change_responses", original)
        first = pairs[0][0]
        post(chair, f"/responses/f21/{first.id}/review", what="state", into="can_bo_sung", seen=0)
        return original(self, definition, pairs)

    monkeypatch.setattr(store, "change_responses", slower)
    answer = change(chair, hidden(asked))

    assert states(world) == ["can_bo_sung", "dang_xet"]
    text = chair.get(answer.location).text
    assert re.search("Đã đổi 1 phiếu", text)
    assert "1 phiếu vừa được người khác đổi" in text


def test_nobody_sees_in_an_anonymous_form_whom_a_change_is_for(world, chair):
    code = world.publish("f28")
    send_meals(world, code, 4)

    answer = ask(chair, "f28", into="da_xem")

    assert answer.status_code == 303
    assert states(world, "f28") == ["new"] * 4
