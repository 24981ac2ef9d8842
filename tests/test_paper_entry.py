"""Paper forms typed in: the next one at once, a counter, the paper's day and sheet, warnings."""

import uuid
from datetime import timedelta

import pytest
from conftest import PASSWORD
from kinds import made, offered
from reading import Page
from sending import HARDSHIP, MEAL, post, send
from test_complaints import COMPLAINT

from federation.people import Grant, Role
from forms.gallery import gallery
from forms.types.ticks import Consent
from services.organization.people import add_person
from services.organization.units import tree_of
from services.publishing.publish import change_point
from storage.errors import StoreFailed
from storage.store import ResponseFilter

PAPER = HARDSHIP | {"_signed": "1", "_filled_on": "20/11/2026", "_sheet": "014"}


@pytest.fixture
def code(world):
    return world.publish("f21")


@pytest.fixture
def chair(world, code):
    return world.signed_in("chu-tich")


def url(code, form="f21"):
    return f"/responses/{form}/enter/{code}"


def kept(world, form="f21"):
    return list(world.store.iter_responses(form, ResponseFilter()))


def typed(client, code, form="f21", **changed):
    inputs = PAPER | {"instance_id": str(uuid.uuid4())} | changed
    return post(client, url(code, form), **inputs)


def test_a_pile_begins_with_its_place_and_day(world, chair, code):
    start = chair.get("/responses/f21/enter").text
    begun = post(chair, "/responses/f21/enter", code=code, _filled_on="5/9/2026")
    page = Page(chair.get(begun.location).text)

    assert f'<option value="{code}"' in start
    assert begun.location == url(code)
    assert page.one("input", name="_filled_on")["value"] == "05/09/2026"
    assert page.one("input", name="_sheet")["value"] == ""
    assert "autofocus" in page.one("input", name="_sheet")


def test_a_paper_is_kept_with_its_day_its_sheet_and_who_typed_it(world, chair, code):
    answer = typed(chair, code)
    [response] = kept(world)

    assert answer.location == url(code)
    assert (response.helper, response.channel) == ("chu-tich", "paper")
    assert (response.filled_on, response.sheet) == ("2026-11-20", "014")
    assert (response.accepted.channel, response.accepted.at) == ("paper", "2026-11-20")
    shown = chair.get(f"/responses/f21/{response.id}").text
    assert "Chu-Tich · từ phiếu giấy · ký ngày 20/11/2026 · tờ số 014" in shown
    assert "20/11/2026, trên giấy" in shown


def test_the_next_empty_form_comes_at_once_with_the_counter(world, chair, code):
    typed(chair, code)
    other = {"so_cccd": "012090123456", "dien_thoai": "0987654321", "ho_ten": "Giàng A Páo"}
    page = chair.get(typed(chair, code, **other, _sheet="015").location).text
    inputs = Page(page).sent()

    assert "Phiếu thứ 3 trong lượt này" in page
    assert "Đã nhập 2 phiếu" in page
    assert inputs["_filled_on"] == ["20/11/2026"]
    assert inputs["_sheet"] == ["016"]
    assert "_signed" not in inputs
    assert inputs["ho_ten"] == [""]
    assert page.count(f'/{kept(world)[0].id}/correct"') == 1


def test_who_may_have_sent_it_before_is_told_at_once_and_blocks_nothing(world, chair, code):
    send(world, code, HARDSHIP)
    first = kept(world)[0]
    page = chair.get(typed(chair, code).location).text

    assert len(kept(world)) == 2
    assert "Tờ vừa nhập: có phiếu khác cùng số căn cước." in page
    assert f'href="/responses/f21/{first.id}"' in page
    assert "Đã nhập 1 phiếu: 0 mới, 1 có thể trùng" in page


def test_a_helper_learns_nothing_of_who_sent_it_before(world, code):
    send(world, code, HARDSHIP)
    helper = world.signed_in("to-truong")

    page = helper.get(typed(helper, code).location).text

    assert "có phiếu khác" not in page
    assert "Phiếu thứ 2" in page
    assert "/correct" not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"_signed": ""}, "chữ ký"),
        ({"_filled_on": "31/2/2026"}, "ngày trên giấy"),
        ({"_filled_on": "25/11/2026"}, "chưa tới"),
        ({"_filled_on": "1/1/2020"}, "quá hai năm"),
        ({"_sheet": "x" * 41}, "40 ký tự"),
        ({"dien_thoai": "12"}, "0912 345 678"),
    ],
)
def test_nothing_typed_is_lost_where_something_is_wrong(world, chair, code, changed, said):
    answer = typed(chair, code, **changed)

    inputs = Page(answer.text).sent()
    assert answer.status_code == 422
    assert said in answer.text
    assert inputs["ho_ten"] == ["Lò Thị Phương"]
    assert inputs["hoan_canh"] == HARDSHIP["hoan_canh"]
    assert kept(world) == []


def test_everything_wrong_is_said_in_one_go(chair, code):
    page = Page(typed(chair, code, _signed="", dien_thoai="12").text)

    links = {tag["href"] for tag in page.all("a")}
    assert {"#_signed", "#dien_thoai"} <= links
    assert {"_signed", "dien_thoai"} <= set(page.ids)


def test_a_full_disk_loses_nothing(world, chair, code, monkeypatch):
    def refuse(*_args):
        raise StoreFailed("full")

    monkeypatch.setattr(world.kept, "add_response", refuse)
    answer = typed(chair, code)

    assert answer.status_code == 503
    assert Page(answer.text).sent()["ho_ten"] == ["Lò Thị Phương"]


def test_the_same_post_twice_is_one_paper_and_counts_once(world, chair, code):
    sent = str(uuid.uuid4())
    for _ in range(2):
        last = typed(chair, code, instance_id=sent)
    page = chair.get(last.location).text

    assert len(kept(world)) == 1
    assert "Đã nhập 1 phiếu" in page
    assert "Phiếu này đã lưu rồi" in page


def test_a_form_in_steps_is_one_page_here(world, chair):
    form = gallery()["f23"]
    page = Page(chair.get(url(world.publish("f23"), "f23")).text)

    consents = {q.name for q in form.questions if isinstance(q, Consent)}
    assert form.steps
    assert consents
    assert consents | {form.questions[0].name} <= {tag["name"] for tag in page.all("input")}
    assert not any(tag["data-way"] == "onward" for tag in page.all("button"))
    assert not any("checked" in page.one("input", name=name) for name in consents)


def test_an_anonymous_paper_leaves_no_trace_of_its_sheet(world):
    chair = world.signed_in("chu-tich")
    code = world.publish("f28")
    said = {"_filled_on": "20/11/2026", "_sheet": "7", "_signed": "1"}
    answer = post(chair, url(code, "f28"), **MEAL, **said)
    [response] = kept(world, "f28")
    page = chair.get(answer.location).text

    assert (response.filled_on, response.sheet, response.helper) == ("", "", "")
    assert "_sheet" not in page
    assert "_signed" not in page
    assert "Các phiếu vừa nhập" not in page
    with chair.session_transaction() as session:
        assert response.id not in str(session)


def test_a_paper_from_before_the_closing_day_may_come_late(world, chair, code, clock):
    change_point(world.store, code, "close", clock())
    clock.move(hours=5)

    early = typed(chair, code, _filled_on="24/11/2026")
    undated = typed(chair, code, _filled_on="")

    assert (early.status_code, undated.status_code) == (303, 410)
    assert "late" in kept(world)[0].flags
    assert f'<option value="{code}"' in chair.get("/responses/f21/enter").text
    assert clock() - kept(world)[0].submitted_at < timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "status"),
    [("chu-tich-che", 404), ("lap-phieu", 200), ("to-truong", 200), ("nguoi-xem-so", 403)],
)
def test_only_who_may_fill_in_or_review_there_types(world, code, name, status):
    grants = (Grant(Role.VIEWER, "root"),)
    add_person(world.store, "nguoi-xem-so", "", PASSWORD, grants, tree_of(world.store))
    client = world.signed_in(name)

    assert client.get(url(code)).status_code == status
    assert typed(client, code).status_code == (303 if status == 200 else status)


def test_another_form_s_point_opens_nothing(world, chair, code):
    meals = world.publish("f28")

    assert chair.get(url(meals, "f21")).status_code == 404
    assert typed(chair, meals).status_code == 404
    assert chair.get("/responses/khong-co/enter").status_code == 404


def test_nobody_else_can_be_named_as_who_typed_it(world, chair, code):
    typed(chair, code, _helper="quan-tri", helper="quan-tri", _queued_at="1", _channel="spoken")

    [response] = kept(world)
    assert (response.helper, response.channel, response.queued_at) == ("chu-tich", "paper", "")
    assert "queued" not in response.flags


def test_it_is_found_from_the_list_and_from_filling_in(world, chair, code):
    send(world, code, HARDSHIP)

    for page in ("/responses/f21", "/assist"):
        assert 'href="/responses/f21/enter"' in chair.get(page).text


def test_papers_of_complaints_are_typed_by_their_readers_alone(world):
    grants = (Grant(Role.INSPECTOR, "root"),)
    add_person(world.store, "thanh-tra", "", PASSWORD, grants, tree_of(world.store))
    code = offered(world, made(COMPLAINT, readers="inspectors"))

    opened = {
        name: world.signed_in(name).get(url(code, "f99")).status_code
        for name in ("quan-tri", "chu-tich", "to-truong", "lap-phieu", "thanh-tra")
    }

    assert {name for name, status in opened.items() if status != 404} == {"thanh-tra"}
    assert "/responses/f99/enter" not in world.signed_in("to-truong").get("/assist").text
