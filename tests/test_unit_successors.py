"""A unit that was merged or closed: its printed codes, its old responses, and who reads them."""

import uuid
from datetime import date, timedelta

import pytest
from conftest import PASSWORD
from sending import HARDSHIP, JOINING, JSON, kept, post, send

from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.unit_acts import closing, merging, moving
from services.organization.units import add_unit, decide, tree_of
from storage.store import ResponseFilter

TODAY = date(2026, 11, 24)


def responses(world, form):
    return list(world.store.iter_responses(form, ResponseFilter()))


def merge(world, unit="che", into="nam-na", day=TODAY):
    decide(world.store, merging([unit], into, day))


def chair(world, unit):
    add_person(
        world.store, f"ct-{unit}", "", PASSWORD, (Grant(Role.CHAIR, unit),), tree_of(world.store)
    )
    return world.signed_in(f"ct-{unit}")


def test_a_printed_code_of_a_merged_unit_goes_on_for_its_successor(world):
    code = world.publish("f21", "che", "Cổng")
    merge(world)

    page = world.client().get(f"/q/{code}")
    told = send(world, code, HARDSHIP)

    assert page.status_code == 200
    assert "CĐCS Thủy điện Nậm Na 3" in page.text
    assert "Chè Than Uyên" not in page.text
    assert told["flags"] == ["unit_successor"]
    (response,) = responses(world, "f21")
    assert (response.unit, response.ancestors, response.point) == ("nam-na", ("root",), code)
    assert world.client().get(f"/q/{code}", headers=JSON).json["unit"] == "nam-na"
    assert "Nậm Na 3" in world.client().get(f"/r/{told['receipt']}").text


def test_until_the_day_of_the_merger_the_code_is_its_own(world):
    code = world.publish("f21", "che", "Cổng")
    merge(world, day=TODAY + timedelta(days=1))

    told = send(world, code, HARDSHIP)
    world.clock.move(days=1)
    later = send(world, code, HARDSHIP | {"mo_ta": "Khác"})

    assert (told["flags"], later["flags"]) == ([], ["unit_successor"])
    assert [response.unit for response in responses(world, "f21")] == ["che", "nam-na"]


def test_an_answer_that_comes_again_after_the_merger_is_kept_once(world):
    code = world.publish("f21", "che", "Cổng")
    told = send(world, code, HARDSHIP)
    merge(world)

    again = world.client().post(
        f"/q/{code}", data=HARDSHIP | {"instance_id": told["instance_id"]}, headers=JSON
    )

    assert (again.status_code, again.json["receipt"]) == (200, told["receipt"])
    assert len(responses(world, "f21")) == 1


def test_a_worker_who_named_a_unit_that_was_merged_meanwhile_is_booked_to_its_successor(world):
    code = world.publish("f51", "nam-na", "Cổng")
    add_unit(world.store, "may", "CĐCS May", "root", "enterprise")
    merge(world, into="may")

    told = send(world, code, JOINING, don_vi="che")

    assert told["flags"] == ["unit_changed", "unit_successor"]
    assert responses(world, "f51")[0].unit == "may"


def test_a_closed_unit_is_no_longer_offered_and_its_successor_not_twice(world):
    code = world.publish("f51", "che", "Cổng")
    merge(world)

    page = world.client().get(f"/q/{code}").text

    assert 'value="phan-xuong-1"' in page
    assert 'value="che"' not in page
    assert 'value="nam-na"' not in page


def test_the_code_of_a_unit_that_nobody_succeeds_says_so(world):
    code = world.publish("f21", "che", "Cổng")
    decide(world.store, closing("che", TODAY, None))

    page = world.client().get(f"/q/{code}")
    told = world.client().post(f"/q/{code}", data=HARDSHIP, headers=JSON)

    assert (page.status_code, told.status_code) == (410, 410)
    assert "Đơn vị này đã đóng." in page.text
    assert "đơn vị hiện nay" in told.json["error"]
    assert responses(world, "f21") == []


@pytest.mark.parametrize(("days", "status"), [(0, 201), (13, 201), (14, 410)])
def test_an_answer_from_a_phone_without_signal_still_comes_after_the_closing(world, days, status):
    code = world.publish("f21", "che", "Cổng")
    queued = world.clock().isoformat()
    decide(world.store, closing("che", TODAY, None))
    world.clock.move(days=days)

    posted = HARDSHIP | {"_queued_at": queued, "instance_id": str(uuid.uuid4())}
    answer = world.client().post(f"/q/{code}", data=posted, headers=JSON)

    assert answer.status_code == status
    if status == 201:
        assert answer.json["flags"] == ["queued", "late"]
        assert responses(world, "f21")[0].unit == "che"


def test_the_organizer_sees_where_a_point_leads_and_that_it_is_closed(world):
    merged, closed = world.publish("f21", "che", "Cổng"), world.publish("f21", "phan-xuong-1", "X")
    add_unit(world.store, "may", "CĐCS May", "root", "enterprise")
    merge(world, into="may")
    decide(world.store, closing("phan-xuong-1", TODAY, None))
    client = world.signed_in("lap-phieu")

    assert "CĐCS Chè Than Uyên → CĐCS May" in client.get(f"/points/{merged}").text
    assert 'chip open"' in client.get(f"/points/{merged}").text
    assert 'chip closed"' in client.get(f"/points/{closed}").text


@pytest.mark.parametrize("unit", ["che", "tuong-lai"])
def test_nothing_is_published_to_a_unit_that_is_closed_or_not_there_yet(world, unit):
    add_unit(world.store, "tuong-lai", "Mới", "root", "section", since=TODAY + timedelta(days=1))
    merge(world)
    client, before = world.signed_in("lap-phieu"), kept(world.store)

    answer = post(client, "/forms/f21", unit=unit, place="X")

    assert answer.status_code == 422
    assert kept(world.store) == before


def test_old_responses_are_read_by_the_successors_chair_and_no_longer_above_the_old_place(world):
    add_unit(world.store, "xa-cu", "Xã cũ", "root", "commune")
    add_unit(world.store, "xa-moi", "Xã mới", "root", "commune")
    decide(world.store, moving("che", "xa-cu", date(2026, 1, 1)))
    decide(world.store, moving("nam-na", "xa-moi", date(2026, 1, 1)))
    code = world.publish("f21", "che", "Cổng")
    send(world, code, HARDSHIP)
    (response,) = responses(world, "f21")
    old, new = chair(world, "xa-cu"), chair(world, "xa-moi")
    readers = {"nam-na": world.signed_in("chu-tich"), "xa-cu": old, "xa-moi": new}
    readers["che"] = world.signed_in("chu-tich-che")
    pages = (f"/responses/f21/{response.id}", "/responses/f21.csv", "/responses/f21")

    def seen():
        return {
            unit
            for unit, client in readers.items()
            if client.get(pages[0]).status_code == 200
            and response.receipt in client.get(pages[1]).text
            and response.id in client.get(pages[2]).text
        }

    def seen_anywhere(unit):
        texts = [readers[unit].get(page).text for page in pages]
        return any(response.receipt in text or response.id in text for text in texts)

    assert seen() == {"che", "xa-cu"}
    merge(world)
    assert seen() == {"che", "nam-na", "xa-moi"}
    assert not seen_anywhere("xa-cu")
    assert response.ancestors == ("root", "xa-cu")


def test_a_move_takes_the_old_responses_along(world):
    add_unit(world.store, "xa", "Xã", "root", "commune")
    send(world, world.publish("f21", "che"), HARDSHIP)
    client = chair(world, "xa")

    before = client.get("/responses/f21.csv").text
    decide(world.store, moving("che", "xa", TODAY))
    after = client.get("/responses/f21.csv").text

    assert "Lò Thị Phương" not in before
    assert "Lò Thị Phương" in after


def test_who_keeps_a_successor_keeps_what_was_merged_into_it(world):
    grants = (Grant(Role.ADMIN, "nam-na"),)
    add_person(world.store, "qt-nam-na", "", PASSWORD, grants, tree_of(world.store))
    client = world.signed_in("qt-nam-na")

    before = client.get("/units/che").status_code
    merge(world)

    assert (before, client.get("/units/che").status_code) == (404, 200)
