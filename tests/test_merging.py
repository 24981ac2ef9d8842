"""Two responses of one person become one: chosen answers, files, places, the other's receipt."""

import io

import pytest
from cases import sent
from conftest import PASSWORD
from kinds import made, offered
from pictures import jpeg
from reading import Page
from sending import HARDSHIP, MEAL, post, send
from test_complaints import COMPLAINT

from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.units import tree_of
from storage.store import ResponseFilter

EVERY = ResponseFilter()
AGAIN = HARDSHIP | {"ho_ten": "Lò Thị Phượng", "phu_thuoc": "5", "mo_ta": "Nhà tốc mái"}


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


@pytest.fixture
def pair(world, clock):
    """Two senders of the same form: the first, and the same person once more."""
    first = sent(world)
    clock.move(minutes=5)
    return first, sent(world, answers=AGAIN)


def by_receipt(world, sender, form="f21"):
    return world.store.response_by_receipt(form, sender.receipt)


def url(first, other):
    return f"/responses/{first.definition}/{first.id}/merge/{other.id}"


def merged(client, first, other, *taken, **changed):
    inputs = {
        "what": "merge",
        "confirm": "1",
        "seen": len(first.history),
        "other_seen": len(other.history),
        **{f"take.{name}": "other" for name in taken},
    }
    return post(client, url(first, other), **inputs | changed)


def test_the_hint_leads_to_the_comparison_the_first_to_stay(world, chair, pair):
    first, other = (by_receipt(world, sender) for sender in pair)

    pages = [chair.get(f"/responses/f21/{one.id}").text for one in (first, other)]

    assert all(f'href="{url(first, other)}"' in page for page in pages)


def test_what_differs_stands_side_by_side_and_what_is_sensitive_is_masked(world, chair, pair):
    first, other = (by_receipt(world, sender) for sender in pair)

    masked = chair.get(url(first, other)).text
    shown = post(chair, url(first, other), what="show").text

    names = {tag["name"] for tag in Page(masked).all("input", type="radio")}
    assert {"take.ho_ten", "take.phu_thuoc", "take.mo_ta"} == names
    assert "Lò Thị Phương" in masked
    assert "Lò Thị Phượng" in masked
    assert "Nhà tốc mái" not in masked
    assert "Nhà tốc mái" in shown
    told = [str(entry.act) for entry in world.store.trail.all()][-2:]
    assert told == ["response_opened", "sensitive_shown"]


def test_it_is_asked_once_more_and_said_to_be_final(world, chair, pair):
    first, other = (by_receipt(world, sender) for sender in pair)

    asked = merged(chair, first, other, "ho_ten", confirm="")

    assert asked.status_code == 200
    assert "Không hoàn tác được" in asked.text
    assert 'name="take.ho_ten" value="other"' in asked.text
    assert (by_receipt(world, pair[0]), by_receipt(world, pair[1])) == (first, other)


def test_the_chosen_answers_stay_and_the_other_is_erased(world, chair, pair):
    first, other = (by_receipt(world, sender) for sender in pair)

    answer = merged(chair, first, other, "ho_ten", "phu_thuoc")
    kept, gone = by_receipt(world, pair[0]), by_receipt(world, pair[1])

    assert answer.status_code == 303
    assert (kept.answers["ho_ten"], kept.answers["phu_thuoc"]) == ("Lò Thị Phượng", 5)
    assert kept.answers["mo_ta"] == "Mẹ ốm nằm viện"
    [change] = kept.history
    assert (change.what, change.who) == ("merged", "chu-tich")
    assert dict(change.before) == {
        "ho_ten": "Lò Thị Phương", "phu_thuoc": 3, "_merged": other.receipt,
    }  # fmt: skip
    assert (gone.answers, gone.state, gone.merged_into) == ({}, "withdrawn", first.id)
    assert [(c.what, c.who) for c in gone.history] == [("merged", "chu-tich")]
    notes = [(str(e.act), e.about.get("what")) for e in world.store.trail.all()][-2:]
    assert notes == [("responses_deleted", "merged"), ("response_changed", "merged")]


def test_the_other_receipt_leads_to_the_one_that_stayed(world, chair, pair):
    first, other = (by_receipt(world, sender) for sender in pair)
    merged(chair, first, other)

    page = pair[1].client.get(pair[1].url).text

    code = " ".join((first.receipt[:3], first.receipt[3:6], first.receipt[6:9], first.receipt[9:]))
    assert f"Phiếu này đã gộp với phiếu {code}" in page
    assert "Tình trạng phiếu đó: Mới nộp" in page
    assert "Lò Thị" not in page
    assert "_digits" not in page
    opened = pair[1].open()
    assert "Lò Thị" not in opened.text
    assert "Công đoàn đã gộp một phiếu khác" in pair[0].open().text


def test_another_phone_s_receipt_does_not_give_the_whole_code(world, chair, clock):
    first = sent(world)
    other = sent(world, answers=HARDSHIP | {"dien_thoai": "0987111222"})
    merged(chair, by_receipt(world, first), by_receipt(world, other))

    page = other.client.get(other.url).text

    assert f"{first.receipt[:3]} …" in page
    assert first.receipt not in page.replace(" ", "")
    assert "4 số cuối" not in page


def test_files_are_taken_over_under_names_of_their_own(world, chair):
    form = made(
        """
- {type: text, name: ten, label: {vi: Tên}}
- {type: image, name: anh, label: {vi: Ảnh}, most: 2}
""",
        id="anh",
    )
    code = offered(world, form)
    told = [
        send(world, code, {"ten": name}, anh=(io.BytesIO(jpeg(40, size)), "a.jpg"))
        for name, size in (("Một", 40), ("Hai", 60))
    ]
    first, other = (world.store.response_by_receipt("anh", one["receipt"]) for one in told)
    wanted = world.store.file("anh", other.answers["anh"][0])

    assert merged(chair, first, other, "anh").status_code == 303
    kept = world.store.response("anh", first.id)

    assert world.store.file("anh", kept.answers["anh"][0]) == wanted
    assert kept.answers["anh"] != other.answers["anh"]
    assert world.store.file("anh", other.answers["anh"][0]) is None


def test_consents_are_not_taken_over(world, chair, clock):
    form = made(
        """
- {type: text, name: ten, label: {vi: Tên}}
- {type: text, name: benh, label: {vi: Bệnh}, sensitive: true}
- {type: consent, name: dong_y, purpose: sensitive, label: {vi: Đồng ý}}
""",
        id="benh",
    )
    code = offered(world, form)
    told = [send(world, code, {"ten": "A"})]
    told += [send(world, code, {"ten": "B", "benh": "Ho", "dong_y": "1"})]
    first, other = (world.store.response_by_receipt("benh", one["receipt"]) for one in told)

    page = chair.get(url(first, other)).text
    answers = [merged(chair, first, other, name).status_code for name in ("dong_y", "benh")]

    assert 'name="take.ten"' in page
    assert 'name="take.benh"' not in page
    assert answers == [422, 422]
    assert world.store.response("benh", other.id) == other


def test_the_one_that_stays_gets_the_place_that_the_other_had(world, chair, clock):
    form = made(
        """
- {type: phone, name: ma, required: true, label: {vi: Số}}
- {type: text, name: y, label: {vi: Ý}}
""",
        id="mot",
        once={"per": "person", "question": "ma"},
    )
    code = offered(world, form)
    one, two = (send(world, code, {"ma": "0912345678", "y": text}) for text in ("a", "b"))
    holder, waiting = (
        world.store.response_by_receipt("mot", told["receipt"]) for told in (one, two)
    )
    assert waiting.waits_for

    assert merged(chair, waiting, holder).status_code == 303
    kept = world.store.response("mot", waiting.id)

    assert (kept.waits_for, bool(kept.claims)) == ((), True)


@pytest.mark.parametrize("late", ["seen", "other_seen"])
def test_who_comes_second_is_told(world, chair, pair, late):
    first, other = (by_receipt(world, sender) for sender in pair)
    changed = first if late == "seen" else other
    post(chair, f"/responses/f21/{changed.id}/review", what="note", note="x", seen="0")

    answer = merged(chair, first, other)

    assert answer.status_code == 409
    assert "Trong lúc đó" in answer.text
    assert not by_receipt(world, pair[1]).is_withdrawn


def test_nothing_is_merged_across_units_that_one_may_not_review(world, chair, pair):
    first = by_receipt(world, pair[0])
    told = send(world, world.publish("f21", "che"), AGAIN)
    beyond = world.store.response_by_receipt("f21", told["receipt"])

    for one, two in ((first, beyond), (beyond, first)):
        assert chair.get(url(one, two)).status_code == 404
        assert merged(chair, one, two).status_code == 404
    chosen = post(chair, "/responses/f21/merge", response=[first.id, beyond.id])
    assert chosen.status_code == 404
    assert world.store.response("f21", beyond.id) == beyond


def test_anonymous_answers_are_not_compared(world, chair):
    code = world.publish("f28")
    for _ in range(5):
        send(world, code, MEAL)
    first, other = list(world.store.iter_responses("f28", EVERY))[:2]

    assert merged(chair, first, other).status_code == 303
    assert "không ghi tên" in chair.get(f"/responses/f28/{first.id}").text
    assert not any(r.is_withdrawn for r in world.store.iter_responses("f28", EVERY))


def test_complaints_are_not_there_for_who_does_not_read_them(world, chair):
    code = offered(world, made(COMPLAINT, readers="inspectors"))
    for text in ("một", "hai"):
        send(world, code, {"noi_dung": text})
    first, other = world.store.iter_responses("f99", EVERY)
    grants = (Grant(Role.INSPECTOR, "root"),)
    add_person(world.store, "thanh-tra", "", PASSWORD, grants, tree_of(world.store))

    for client in (chair, world.signed_in("quan-tri"), world.signed_in("thanh-tra")):
        assert client.get(url(first, other)).status_code == 404
        assert merged(client, first, other).status_code == 404


def test_a_response_is_not_merged_with_itself(world, chair, pair):
    first = by_receipt(world, pair[0])

    assert merged(chair, first, first).status_code == 303
    assert not by_receipt(world, pair[0]).is_withdrawn


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_list_wants_exactly_two(world, chair, pair, count):
    sent(world, answers=HARDSHIP | {"ho_ten": "Lò Thị Ba"})
    ids = [one.id for one in world.store.iter_responses("f21", EVERY)][:count]

    answer = post(chair, "/responses/f21/merge", response=ids)

    assert answer.location == "/responses/f21"


def test_two_ticked_in_the_list_are_compared(world, chair, pair):
    first, other = (by_receipt(world, sender) for sender in pair)

    answer = post(chair, "/responses/f21/merge", response=[other.id, first.id])

    assert answer.location == url(first, other)
    assert 'formaction="/responses/f21/merge"' in chair.get("/responses/f21").text
