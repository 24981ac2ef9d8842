"""Requests and confidential forms: administrators learn nothing, inspectors act on a copy."""

from dataclasses import replace

import pytest
from conftest import PASSWORD
from kinds import made, offered
from requests_of import Officer, ask, book, officer, responses
from sending import post, send
from test_person_data import words_of

from federation.people import Grant, Role
from federation.requests import Way, What
from services.organization.people import add_person
from services.organization.units import tree_of


@pytest.fixture
def inspector(world):
    grants = (Grant(Role.INSPECTOR, "root"),)
    add_person(world.store, "kiem-tra", "Người kiểm tra", PASSWORD, grants, tree_of(world.store))
    return "kiem-tra"


@pytest.fixture
def complaint(world, inspector):
    """A complaint with a phone number that the inspector was the first to read."""
    form = made_confidential(world)
    told = send(world, form, {"dien_thoai": "0912345678", "viec": "Bớt tiền ăn ca"})
    [response] = responses(world, "don-kin")
    client = world.signed_in(inspector)
    assert post(client, f"/responses/don-kin/{response.id}/open").status_code == 303
    posted = post(client, f"/responses/don-kin/{response.id}/concerned", nobody="1")
    assert posted.status_code == 303
    return told


def made_confidential(world):
    form = made(
        """
- {type: phone, name: dien_thoai, label: {vi: Số, en: Number}}
- {type: text, name: viec, label: {vi: Việc gì, en: What}}
""",
        id="don-kin",
        readers="inspectors",
    )
    return offered(world, form)


def passed_on(admin, name):
    """The inspector at the copy of a request that the administrator has passed on."""
    assert admin.do("pass-on").status_code == 303
    [copy] = [one for one in book(admin.world).all() if one.confidential]
    return Officer(admin.world, admin.world.signed_in(name), copy.id)


def test_an_administrator_finds_and_touches_no_complaint(world, complaint):
    admin = officer(world, ask(world))
    admin.identify()
    [response] = responses(world, "don-kin")

    assert [name.partition("/")[0] for name in admin.find()] == ["fa3"]
    assert admin.find("receipt", complaint["receipt"]) == []
    for act in ("copy", "delete", "withdraw", "restrict"):
        assert admin.act(act, f"don-kin/{response.id}").status_code == 404
    assert admin.client.get(f"{admin.url}/correct/don-kin/{response.id}").status_code == 404
    assert responses(world, "don-kin") == [response]


def test_what_is_passed_on_is_a_copy_that_inspectors_alone_see(world, complaint, inspector):
    admin = officer(world, ask(world))
    admin.identify()

    theirs = passed_on(admin, inspector)

    assert theirs.client.get(theirs.url).status_code == 200
    assert admin.client.get(theirs.url).status_code == 404
    assert theirs.client.get(admin.url).status_code == 404
    assert (theirs.request.way, theirs.request.did(What.IDENTIFIED)) == (Way.PASSED_ON, True)
    assert "Cần làm: 1" in admin.client.get("/requests").text
    assert "Cần làm: 1" in theirs.client.get("/requests").text
    assert "yêu cầu đang chờ" in theirs.client.get("/desk").text
    assert admin.do("pass-on").status_code == 422


def test_an_inspector_finds_complaints_only_and_erases_them_with_a_certificate(
    world, complaint, inspector
):
    admin = officer(world, ask(world))
    admin.identify()
    theirs = passed_on(admin, inspector)

    found = theirs.find()
    done = theirs.act("delete", *found)

    assert [name.partition("/")[0] for name in found] == ["don-kin"]
    assert done.status_code == 303
    assert responses(world, "don-kin")[0].is_withdrawn
    certificate = theirs.client.get(f"{theirs.url}/certificate.pdf")
    assert complaint["receipt"] in words_of(certificate.data).replace(" ", "")
    assert admin.client.get(f"{admin.url}/certificate.pdf").status_code == 404
    assert admin.client.get(f"{theirs.url}/certificate.pdf").status_code == 404
    assert admin.request.deletions == ()


def test_an_officer_whom_the_complaint_is_about_does_not_find_it(world, complaint, inspector):
    grants = (Grant(Role.INSPECTOR, "root"),)
    add_person(world.store, "kiem-tra-2", "", PASSWORD, grants, tree_of(world.store))
    [response] = responses(world, "don-kin")
    concerned = replace(response, concerned=("kiem-tra-2",))
    assert world.store.change_response(response, concerned)
    admin = officer(world, ask(world))
    admin.identify()

    theirs = passed_on(admin, "kiem-tra-2")

    assert theirs.find() == []
    assert theirs.act("delete", f"don-kin/{response.id}").status_code == 404


def test_the_trail_shows_administrators_only_that_something_confidential_was_handled(
    world, complaint, inspector
):
    admin = officer(world, ask(world))
    admin.identify()
    theirs = passed_on(admin, inspector)
    theirs.act("delete", *theirs.find())

    page = admin.client.get("/trail").text
    file = admin.client.get("/trail.csv").text

    assert "Xử lý một phiếu kín" in page
    assert theirs.id not in page
    assert theirs.id not in file
    assert "don-kin" not in file


def test_a_complaint_that_its_sender_takes_back_is_registered_for_inspectors_only(
    world, complaint, inspector
):
    client, url = world.client(), f"/r/{complaint['receipt']}"
    opened = client.post(url, data={"_act": "open", "_digits": "5678"}).text
    proof = opened.partition('name="_proof" value="')[2].partition('"')[0]
    client.post(url, data={"_act": "withdraw", "_proof": proof})

    assert responses(world, "don-kin")[0].is_withdrawn
    assert "Đã xong: 1" not in world.signed_in("quan-tri").get("/requests").text
    assert "Đã xong: 1" in world.signed_in(inspector).get("/requests").text
