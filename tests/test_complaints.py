"""Complaints: for inspectors above the unit alone; the first reader names who never sees them."""

import io
import re

import pytest
from conftest import PASSWORD
from kinds import made, offered
from pictures import jpeg
from sending import post, send

from federation.people import Grant, Role
from forms.gallery import gallery
from services.organization.people import add_person
from services.organization.units import tree_of
from services.reading.responses import export_order, view_for

SECRET = "Chủ tịch giữ tiền quỹ của tổ"
COMPLAINT = """
- {type: multiline, name: noi_dung, label: {vi: Nội dung, en: Content}}
- {type: image, name: chung_cu, label: {vi: Chứng cứ, en: Evidence}}
"""
PEOPLE = (
    ("kiem-tra-tinh", Role.INSPECTOR, "root"),
    ("kiem-tra-hai", Role.INSPECTOR, "root"),
    ("kiem-tra-nam-na", Role.INSPECTOR, "nam-na"),
    ("kiem-tra-che", Role.INSPECTOR, "che"),
    ("nu-cong", Role.WOMEN, "root"),
    ("nguoi-xem", Role.VIEWER, "root"),
)
# Everybody but the inspectors of the province, who stand above the unit.
OTHERS = (
    "quan-tri",
    "lap-phieu",
    "chu-tich",
    "chu-tich-che",
    "to-truong",
    "nu-cong",
    "nguoi-xem",
    "kiem-tra-che",
)


@pytest.fixture
def complained(world):
    """The world with one complaint about the unit nam-na, and all roles."""
    for name, role, unit in PEOPLE:
        add_person(world.store, name, "", PASSWORD, (Grant(role, unit),), tree_of(world.store))
    complain(world, offered(world, made(COMPLAINT, readers="inspectors")))
    return world


def complain(world, code):
    send(world, code, {"noi_dung": SECRET}, chung_cu=(io.BytesIO(jpeg()), "a.jpg"))


def complaint(world):
    return next(iter(world.kept._snapshot("f99")))


def page_of(world):
    return f"/responses/f99/{complaint(world).id}"


def paths_to(world):
    """Every way to a complaint, or to how many there are."""
    page, file = page_of(world), complaint(world).answers["chung_cu"][0]
    return ("/responses/f99", "/responses/f99.csv", page, f"{page}/files/{file}", "/totals/f99")


def named(world, *officers, reader="kiem-tra-tinh"):
    """The complaint opened by an inspector who names these officers; gives the browser."""
    client = world.signed_in(reader)
    post(client, page_of(world) + "/open")
    client.post(
        page_of(world) + "/concerned",
        data={"csrf_token": client.csrf, "officer": list(officers), "nobody": "1"},
    )
    return client


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("is_named", [False, True])
def test_nobody_but_inspectors_above_the_unit_learns_of_a_complaint(complained, name, is_named):
    if is_named:
        named(complained)
    client = complained.signed_in(name)

    statuses = {client.get(path).status_code for path in paths_to(complained)}
    posted = {
        post(client, page_of(complained) + act).status_code for act in ("/open", "/concerned")
    }

    assert statuses | posted <= {403, 404}
    for path in ("/desk", "/responses", "/totals", "/forms", "/forms/f99", "/account"):
        page = client.get(path, follow_redirects=True).text
        assert SECRET not in page
        assert "/responses/f99" not in page
        assert "/totals/f99" not in page


def test_the_unit_s_own_inspectors_read_those_of_units_below_only(complained):
    complain(complained, complained.publish("f99", "phan-xuong-1"))
    own, below = sorted(complained.kept._snapshot("f99"), key=lambda r: r.unit)
    client = complained.signed_in("kiem-tra-nam-na")

    statuses = [post(client, f"/responses/f99/{r.id}/open").status_code for r in (own, below)]

    assert statuses == [404, 303]
    assert client.get(f"/responses/f99/{own.id}").status_code == 404
    assert SECRET in client.get(f"/responses/f99/{below.id}").text
    assert own.id not in client.get("/responses/f99").text


def test_an_organizer_sees_the_codes_of_a_complaint_form_and_no_number(complained):
    code = complained.store.points.all()[0].code
    for name in ("quan-tri", "lap-phieu"):
        client = complained.signed_in(name)
        told = [
            *re.findall(r'data-label="Phiếu">([^<]*)<', client.get("/forms").text),
            *re.findall(r'data-label="Phiếu">([^<]*)<', client.get("/forms/f99").text),
            *re.findall(r"Số phiếu: ([^<]*)<", client.get(f"/points/{code}").text),
            *re.findall(r"vẫn giữ nguyên: ([^<]*)\.", client.get(f"/points/{code}/close").text),
        ]

        assert len(told) == 4
        assert set(told) == {"–"}


def test_before_it_is_opened_a_complaint_shows_unit_and_time_only(complained):
    client = complained.signed_in("kiem-tra-tinh")

    listed = client.get("/responses/f99").text

    assert "CĐCS Thủy điện Nậm Na 3" in listed
    assert SECRET not in listed
    assert client.get(page_of(complained)).status_code == 404
    assert SECRET not in client.get("/responses/f99.csv").text
    assert ">1<" in client.get("/desk").text


def test_the_first_reader_reads_alone_until_the_officers_are_named(complained):
    first, second = (complained.signed_in(n) for n in ("kiem-tra-tinh", "kiem-tra-hai"))

    answer = post(first, page_of(complained) + "/open")

    assert answer.location == page_of(complained)
    assert SECRET in first.get(page_of(complained)).text
    assert {first.get(path).status_code for path in paths_to(complained)[:4]} == {200}
    assert second.get(page_of(complained)).status_code == 404
    assert SECRET not in second.get("/responses/f99").text + second.get("/responses/f99.csv").text
    refused = post(second, page_of(complained) + "/open")
    assert refused.location == "/responses/f99"
    assert complaint(complained).reader == "kiem-tra-tinh"


def test_after_three_days_of_silence_another_inspector_may_open_it(complained):
    first = complained.signed_in("kiem-tra-tinh")
    post(first, page_of(complained) + "/open")
    complained.clock.move(days=3)
    first, second = (complained.signed_in(n) for n in ("kiem-tra-tinh", "kiem-tra-hai"))

    post(second, page_of(complained) + "/open")

    assert SECRET in second.get(page_of(complained)).text
    assert first.get(page_of(complained)).status_code == 404


def test_once_the_officers_are_named_all_other_inspectors_above_read_it(complained):
    named(complained, "chu-tich")
    second = complained.signed_in("kiem-tra-hai")

    assert SECRET in second.get(page_of(complained)).text
    assert SECRET in second.get("/responses/f99.csv").text
    assert complaint(complained).concerned == ("chu-tich",)
    assert [change.what for change in complaint(complained).history] == ["opened", "named"]


def test_an_inspector_who_is_concerned_never_sees_it_again(complained):
    named(complained, "kiem-tra-hai")
    concerned = complained.signed_in("kiem-tra-hai")

    assert {concerned.get(path).status_code for path in paths_to(complained)[2:4]} == {404}
    assert SECRET not in concerned.get("/responses/f99.csv").text
    assert "CĐCS Thủy điện Nậm Na 3" not in concerned.get("/responses/f99").text
    for act in ("/open", "/concerned"):
        assert post(concerned, page_of(complained) + act, nobody="1").status_code == 404


def test_the_first_reader_may_be_concerned_and_loses_sight_of_it(complained):
    reader = named(complained, "kiem-tra-tinh")

    assert reader.get(page_of(complained)).status_code == 404
    assert SECRET in complained.signed_in("kiem-tra-hai").get(page_of(complained)).text


def test_officers_are_added_later_and_never_taken_off(complained):
    reader = named(complained, "chu-tich")

    post(reader, page_of(complained) + "/concerned", officer="kiem-tra-hai")
    post(reader, page_of(complained) + "/concerned", nobody="1")

    assert complaint(complained).concerned == ("chu-tich", "kiem-tra-hai")
    assert complained.signed_in("kiem-tra-hai").get(page_of(complained)).status_code == 404


def test_saying_nothing_leaves_it_with_the_first_reader(complained):
    reader = complained.signed_in("kiem-tra-tinh")
    post(reader, page_of(complained) + "/open")

    post(reader, page_of(complained) + "/concerned", officer="khong-co-ai")

    assert not complaint(complained).named
    assert complained.signed_in("kiem-tra-hai").get(page_of(complained)).status_code == 404


def test_officers_who_can_be_named_are_those_of_the_unit_and_above(complained):
    reader = complained.signed_in("kiem-tra-tinh")
    post(reader, page_of(complained) + "/open")

    offered_names = set(
        re.findall(r'name="officer" value="([^"]+)"', reader.get(page_of(complained)).text)
    )

    assert offered_names == {person.name for person in complained.store.people.all()} - {
        "chu-tich-che",
        "kiem-tra-che",
    }


def test_the_gallery_s_own_forms_go_to_the_right_desks():
    desks = {form.id: form.readers for form in gallery().values() if form.readers != "chairs"}

    assert desks == {
        "f61": "women",
        "f62": "women",
        "f81": "inspections",
        "f91": "inspectors",
        "f92": "inspections",
    }


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CHAIR])
def test_an_administrator_or_chair_who_becomes_inspector_reads_none(complained, role):
    grants = (Grant(Role.INSPECTOR, "root"), Grant(role, "che"))
    add_person(complained.store, "hai-vai", "", PASSWORD, grants, tree_of(complained.store))
    client = complained.signed_in("hai-vai")

    assert {client.get(path).status_code for path in paths_to(complained)} == {404}
    assert post(client, page_of(complained) + "/open").status_code == 404


def test_the_acts_of_complaints_are_for_complaints_only(world):
    grants = (Grant(Role.INSPECTOR, "root"),)
    add_person(world.store, "kiem-tra", "", PASSWORD, grants, tree_of(world.store))
    send(world, offered(world, made(COMPLAINT, readers="inspections")), {"noi_dung": "x"})
    client = world.signed_in("kiem-tra")

    assert client.get(page_of(world)).status_code == 200
    for act in ("/open", "/concerned"):
        assert post(client, page_of(world) + act, nobody="1").status_code == 404
    assert complaint(world).reader == ""


def test_the_machine_s_own_export_has_complaints(complained):
    definition = made(COMPLAINT, readers="inspectors")
    tree, today = tree_of(complained.store), complained.clock().date()
    view = view_for(complained.store, definition, None, tree, today=today)

    assert len(list(export_order(complained.store, view))) == 1


def test_the_trail_tells_that_one_was_handled_but_its_search_not_by_whom(complained):
    named(complained)
    admin = complained.signed_in("quan-tri")

    everything = admin.get("/trail").text
    of_the_reader = admin.get("/trail?who=kiem-tra-tinh").text
    of_the_act = admin.get("/trail?act=response_opened").text

    assert "Xử lý một phiếu kín" in everything
    assert "Đăng nhập" in of_the_reader
    assert "Xử lý một phiếu kín" not in of_the_reader + of_the_act
