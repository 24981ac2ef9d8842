"""Moving, merging and closing on the pages: asked first, in numbers; then done, by whoever may."""

import html
import re
from datetime import date

import pytest
from conftest import PASSWORD
from kinds import made, offered
from sending import HARDSHIP, MEAL, kept, post, send, send_meals
from test_complaints import COMPLAINT

from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.units import add_unit, history_of, tree_of

DAY = "2026-11-24"  # the day on which the clock of the tests stands


@pytest.fixture
def admin(world):
    add_unit(world.store, "may", "CĐCS May Hoa Ban", "root", "enterprise")
    return world.signed_in("quan-tri")


@pytest.fixture
def local(world):
    grants = (Grant(Role.ADMIN, "nam-na"),)
    add_person(world.store, "quan-tri-nam-na", "", PASSWORD, grants, tree_of(world.store))
    return world.signed_in("quan-tri-nam-na")


def on(world, day=DAY):
    return tree_of(world.store, date.fromisoformat(day))


def said(answer):
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.text).split()))


def hidden(answer):
    return re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)


def confirm(client, answer, url):
    """Press the button of the page that asks."""
    assert answer.status_code == 200, answer.text
    pairs = [pair for pair in hidden(answer) if pair[0] != "csrf_token"]
    data = {"csrf_token": client.csrf}
    for name, value in pairs:
        data.setdefault(name, [])
        if isinstance(data[name], list):
            data[name].append(html.unescape(value))
    return client.post(url, data=data)


def test_a_merger_is_asked_with_its_numbers_and_then_done(world, admin):
    code = world.publish("f21", "che", "Cổng")
    send(world, code, HARDSHIP)
    before = kept(world.store)
    roles = [{grant.unit for grant in person.grants} for person in world.store.people.all()]
    here = sum(bool(units & {"che", "nam-na"}) for units in roles)

    asked = post(admin, "/units/che/merge", successor="may", also="nam-na", since=DAY)

    text = said(asked)
    assert kept(world.store) == before
    for words in ("1 phiếu", "1 điểm quét", "1 đơn vị bên dưới", f"{here} người có vai trò"):
        assert words in text
    assert "Sáp nhập 2 đơn vị" in text
    done = confirm(admin, asked, "/units/che/merge")
    assert (done.status_code, done.location) == (303, "/units/che")
    assert on(world).home("che").id == on(world).home("nam-na").id == "may"
    assert on(world).get("phan-xuong-1").parent == "may"
    assert on(world, "2026-11-23").get("che").is_open


def test_a_merger_may_found_a_new_unit_where_the_first_one_stood(world, admin):
    inputs = {"successor": "", "also": "may", "name": "CĐCS Chè và May", "kind": "enterprise"}

    asked = post(admin, "/units/che/merge", since="2026-12-01", **inputs)
    confirm(admin, asked, "/units/che/merge")

    new = on(world, "2026-12-01").get("cdcs-che-va-may")
    assert (new.parent, new.since, new.is_open) == ("root", date(2026, 12, 1), True)
    assert (
        on(world, "2026-12-01").home("che").id == on(world, "2026-12-01").home("may").id == new.id
    )
    assert on(world).get("che").is_open
    assert on(world).get(new.id).planned


def test_a_move_is_asked_and_done_from_its_day(world, admin):
    asked = post(admin, "/units/phan-xuong-1/move", parent="che", since="2026-12-01")
    confirm(admin, asked, "/units/phan-xuong-1/move")

    assert on(world).get("phan-xuong-1").parent == "nam-na"
    assert on(world, "2026-12-01").get("phan-xuong-1").parent == "che"


def test_a_closing_says_where_the_units_below_go(world, admin):
    form = admin.get("/units/nam-na/close")
    refused = post(admin, "/units/nam-na/close", since=DAY)
    asked = post(admin, "/units/nam-na/close", heir="root", since=DAY)
    confirm(admin, asked, "/units/nam-na/close")

    assert 'name="heir"' in form.text
    assert refused.status_code == 422
    assert "Công đoàn phân xưởng 1" in said(refused)
    assert "1 đơn vị bên dưới chuyển về LĐLĐ tỉnh Lai Châu" in said(asked)
    assert on(world).get("phan-xuong-1").parent == "root"
    assert (on(world).get("nam-na").closed, on(world).home("nam-na")) == (True, None)


def test_small_groups_of_anonymous_forms_are_not_told(world, admin):
    code = world.publish("f28", "che", "Nhà ăn")
    send_meals(world, code, 4)

    few = said(post(admin, "/units/che/close", since=DAY))
    send(world, code, MEAL, gop_y="bữa thứ năm")
    enough = said(post(admin, "/units/che/close", since=DAY))

    assert "Ít nhất 0 phiếu" in few
    assert "4 phiếu" not in few
    assert "5 phiếu" in enough


@pytest.mark.parametrize(
    ("url", "inputs"),
    [
        ("/units/nam-na/move", {"parent": "phan-xuong-1"}),
        ("/units/nam-na/move", {"parent": "nam-na"}),
        ("/units/nam-na/move", {"parent": "nowhere"}),
        ("/units/nam-na/move", {"parent": ""}),
        ("/units/nam-na/move", {"parent": "che", "since": "31/02/2026"}),
        ("/units/nam-na/merge", {"successor": "nam-na"}),
        ("/units/nam-na/merge", {"successor": "", "name": "", "kind": "section"}),
        ("/units/nam-na/merge", {"successor": "", "name": "X", "kind": "king"}),
        ("/units/nam-na/merge", {"successor": "nowhere"}),
        ("/units/nam-na/close", {"heir": "nowhere"}),
        ("/units/nam-na/close", {}),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}])
def test_what_cannot_be_is_refused_beside_the_form_with_or_without_asking(
    world, admin, url, inputs, confirmed
):
    before = kept(world.store)

    answer = post(admin, url, **({"since": DAY} | inputs | confirmed))

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert kept(world.store) == before


@pytest.mark.parametrize("act", ["move", "merge", "close"])
def test_the_root_is_never_moved_merged_or_closed(admin, act):
    assert admin.get(f"/units/root/{act}").status_code == 404
    assert post(admin, f"/units/root/{act}", confirmed="1").status_code == 404
    assert f"/units/root/{act}" not in admin.get("/units/root").text


@pytest.mark.parametrize("act", ["move", "merge", "close"])
@pytest.mark.parametrize("unit", ["nam-na", "che", "root", "nope"])
def test_a_local_administrator_does_not_decide_about_the_own_top_or_foreign_units(
    world, local, unit, act
):
    before = kept(world.store)

    inputs = {"parent": "phan-xuong-1", "successor": "phan-xuong-1", "confirmed": "1"}
    answer = post(local, f"/units/{unit}/{act}", **inputs)

    assert answer.status_code == local.get(f"/units/{unit}/{act}").status_code == 404
    assert kept(world.store) == before


@pytest.mark.parametrize(
    ("act", "inputs"),
    [
        ("move", {"parent": "che"}),
        ("move", {"parent": "root"}),
        ("merge", {"successor": "che"}),
        ("close", {"heir": "che"}),
    ],
)
def test_a_local_administrator_sends_no_unit_out_of_reach(world, local, act, inputs):
    before = kept(world.store)

    answer = post(local, f"/units/phan-xuong-1/{act}", confirmed="1", **inputs)

    assert answer.status_code == 422
    assert kept(world.store) == before
    assert "Chè" not in local.get(f"/units/phan-xuong-1/{act}").text


def test_a_sibling_that_is_ticked_must_be_one(world, admin):
    asked = post(admin, "/units/che/merge", successor="may", also="phan-xuong-1", since=DAY)

    assert "Sáp nhập 1 đơn vị" in said(asked)


def test_a_change_is_taken_back_when_that_is_confirmed(world, admin):
    post(admin, "/units/che", name="Nhầm", hotline="", since="2026-12-01")
    page = admin.get("/units/che")
    asked = post(admin, "/units/che/withdraw", day="2026-12-01")
    assert history_of(world.store).units["che"].changes
    done = confirm(admin, asked, "/units/che/withdraw")

    assert "Đổi tên từ “CĐCS Chè Than Uyên” thành “Nhầm”" in said(page)
    assert "Sắp tới" in said(page)
    assert done.status_code == 303
    assert history_of(world.store).units["che"].changes == ()


def test_only_what_is_recorded_and_within_reach_is_taken_back(world, admin, local):
    post(admin, "/units/nam-na", name="Đổi", hotline="", since=DAY)
    confirm(
        admin, post(admin, "/units/phan-xuong-1/move", parent="che"), "/units/phan-xuong-1/move"
    )
    confirm(admin, post(admin, "/units/may/move", parent="nam-na"), "/units/may/move")
    before = kept(world.store)

    assert post(admin, "/units/che/withdraw", day="soon").status_code == 404
    assert post(admin, "/units/che/withdraw", day=DAY, confirmed="1").status_code == 303
    for unit in ("nam-na", "phan-xuong-1", "may"):
        answer = post(local, f"/units/{unit}/withdraw", day=DAY, confirmed="1")
        assert answer.status_code == 404, unit
    assert kept(world.store) == before


def test_the_history_tells_what_became_of_a_unit_and_of_its_successor(world, admin):
    post(admin, "/units/che", name="CĐCS Chè Mới", hotline="", since="2026-10-01")
    confirm(admin, post(admin, "/units/che/merge", successor="may"), "/units/che/merge")

    closed, heir = said(admin.get("/units/che")), said(admin.get("/units/may"))

    assert "24/11/2026 Sáp nhập vào CĐCS May Hoa Ban" in closed
    assert "01/10/2026 Đổi tên từ “CĐCS Chè Than Uyên” thành “CĐCS Chè Mới”" in closed
    assert "Từ đầu Tên là CĐCS Chè Than Uyên, trực thuộc LĐLĐ tỉnh Lai Châu" in closed
    assert "Tiếp nhận CĐCS Chè Mới sáp nhập vào" in heir
    assert 'action="/units/che"' not in admin.get("/units/che").text


def test_a_closed_unit_is_offered_nowhere_and_found_by_search(world, admin):
    confirm(admin, post(admin, "/units/che/merge", successor="may"), "/units/che/merge")

    tree, whole = admin.get("/units").text, admin.get("/units?closed=1").text
    found = admin.get("/units?q=che+than+uyen").text

    assert 'value="che"' not in tree + admin.get("/forms/f21").text
    assert 'href="/units/che"' not in tree
    assert 'href="/units/che"' in whole
    assert 'href="/units/che"' in found
    assert "Đã sáp nhập" in found


def test_search_ignores_tones_and_stays_within_reach(local):
    assert "/units/phan-xuong-1" in local.get("/units?q=PHAN xuong").text
    assert "/units/che" not in local.get("/units?q=che").text
    assert "không cần gõ dấu" in local.get("/units?q=zzz").text


def test_a_large_tree_is_shown_to_its_second_level(world, admin, monkeypatch):
    monkeypatch.setattr("views.organization.units.LARGEST_WHOLE_TREE", 3)

    page = admin.get("/units").text

    assert "/units/phan-xuong-1" not in page
    assert "1 đơn vị bên dưới" in said(admin.get("/units"))


@pytest.mark.parametrize("since", ["2026-12-01", "1/12/2026", "01.12.2026"])
def test_a_unit_may_begin_on_a_day_to_come(world, admin, since):
    answer = post(admin, "/units", name="Tổ mới", parent="che", kind="section", since=since)

    assert answer.status_code == 303
    assert on(world).get("to-moi").planned
    assert on(world, "2026-12-01").get("to-moi").is_open
    assert "Từ 01/12/2026" in said(admin.get("/units"))
    assert 'value="to-moi"' not in admin.get("/forms/f21").text
    assert "sap-toi" not in admin.get("/units/to-moi").text


@pytest.mark.parametrize("since", ["soon", "2026-02-31", "0001-01-01", "x" * 500, "\x00"])
def test_a_day_that_is_none_is_asked_for_again(world, admin, since):
    before = kept(world.store)

    for url in ("/units", "/units/che"):
        inputs = {"name": "X", "parent": "che", "kind": "section", "hotline": "", "since": since}
        answer = post(admin, url, **inputs)
        assert answer.status_code == 422
        assert "01/07/2026" in said(answer)
    assert kept(world.store) == before


def test_a_name_from_a_day_to_come_waits_for_its_day(world, admin):
    post(admin, "/units/che", name="CĐCS Sau này", hotline="", since="2026-12-01")

    assert "CĐCS Chè Than Uyên" in admin.get("/units").text
    world.clock.move(days=7)
    assert "CĐCS Sau này" in world.signed_in("quan-tri").get("/units").text


def test_complaints_are_not_even_counted_before_a_merger(world, admin):
    code = offered(world, made(COMPLAINT, readers="inspectors"))
    send(world, code, {"noi_dung": "Không ai ngoài ban kiểm tra được biết."})

    asked = said(post(admin, "/units/nam-na/merge", successor="may", since=DAY))

    assert "0 phiếu" in asked
    assert "1 điểm quét" in asked
