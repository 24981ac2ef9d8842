"""The administrator's pages of people: accounts, roles, access; nobody reaches above oneself."""

import re

import pytest
from conftest import PASSWORD
from sending import kept, post

from federation.people import Grant, Role
from services.organization.people import add_person, set_active
from services.organization.units import tree_of

NEW = {
    "username": "giang.a.pao",
    "full_name": "Giàng A Páo",
    "password": "mat-khau-dau-2026",
    "role": "chair",
    "unit": "che",
}


def person(world, name):
    return world.store.people.get(name)


def grants(world, name):
    return {f"{grant.role}:{grant.unit}" for grant in person(world, name).grants}


def test_a_new_person_can_sign_in_and_has_the_role_given(world, admin):
    answer = post(admin, "/people", **NEW | {"password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/people")
    assert grants(world, "giang.a.pao") == {"chair:che"}
    assert world.signed_in("giang.a.pao").get("/account").status_code == 200
    assert PASSWORD not in repr(person(world, "giang.a.pao"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("username", "chu-tich"),
        ("username", "CHU-TICH"),
        ("username", ""),
        ("username", "x"),
        ("username", "y" * 41),
        ("username", "giàng"),
        ("username", "a/b"),
        ("full_name", "z" * 81),
        ("password", "ngan"),
        ("password", ""),
        ("role", "king"),
        ("role", ""),
        ("unit", "nowhere"),
        ("unit", ""),
    ],
)
def test_a_person_who_cannot_be_added_leaves_what_was_typed_but_the_password(
    world, admin, name, value
):
    before, typed = kept(world.store), NEW | {name: value}

    answer = post(admin, "/people", **typed)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    for kept_input in ("username", "full_name"):
        assert f'value="{typed[kept_input]}"' in answer.text
    assert NEW["password"] not in answer.text
    assert kept(world.store) == before


def test_inputs_that_the_page_does_not_have_change_nothing(world, admin):
    extra = {"active": "", "grants": "admin:root", "grant": "admin:root", "name": "quan-tri"}

    post(admin, "/people", **NEW, **extra)
    post(admin, "/people/giang.a.pao/password", **extra, password="mat-khau-hai-2026", role="admin")

    assert grants(world, "giang.a.pao") == {"chair:che"}
    assert person(world, "giang.a.pao").active


def test_roles_are_added_once_and_taken_away(world, admin):
    steps = []
    for act, inputs in (
        ("add-grant", {"role": "organizer", "unit": "che"}),
        ("add-grant", {"role": "organizer", "unit": "che"}),
        ("remove-grant", {"grant": "chair:nam-na"}),
        ("remove-grant", {"grant": "chair:nowhere"}),
    ):
        assert post(admin, f"/people/chu-tich/{act}", **inputs).status_code == 303
        steps.append(grants(world, "chu-tich"))

    assert steps[0] == steps[1] == {"chair:nam-na", "organizer:che"}
    assert steps[2] == steps[3] == {"organizer:che"}
    assert len(person(world, "chu-tich").grants) == 1


@pytest.mark.parametrize(("role", "unit"), [("king", "che"), ("chair", "nowhere"), ("", "")])
def test_a_role_that_cannot_be_given_changes_nothing(world, admin, role, unit):
    answer = post(admin, "/people/chu-tich/add-grant", role=role, unit=unit)

    assert answer.status_code == 422
    assert grants(world, "chu-tich") == {"chair:nam-na"}


def test_access_is_taken_away_after_a_question_and_given_back(world, admin):
    asked = admin.get("/people/chu-tich/deactivate")
    after_asking = person(world, "chu-tich").active
    post(admin, "/people/chu-tich/deactivate")
    after_posting = person(world, "chu-tich").active
    post(admin, "/people/chu-tich/activate")

    assert 'action="/people/chu-tich/deactivate"' in asked.text
    assert (after_asking, after_posting) == (True, False)
    assert world.signed_in("chu-tich").get("/desk").status_code == 200


def test_a_password_given_by_the_administrator_replaces_the_old_one(world, admin):
    browser = world.signed_in("chu-tich")

    post(admin, "/people/chu-tich/password", password="mat-khau-moi-2027")

    assert browser.get("/desk").status_code == 303
    assert "mat-khau-moi-2027" not in admin.get("/people/chu-tich").text


@pytest.mark.parametrize(
    ("act", "inputs"), [("deactivate", {}), ("remove-grant", {"grant": "admin:root"})]
)
@pytest.mark.parametrize("other", ["none", "inactive", "of one unit only"])
def test_the_last_administrator_stays(world, admin, act, inputs, other):
    if other != "none":
        unit = "nam-na" if other == "of one unit only" else "root"
        pair = (Grant(Role.ADMIN, unit),)
        add_person(world.store, "nguoi-khac", "", PASSWORD, pair, tree_of(world.store))
        set_active(world.store, "nguoi-khac", active=other != "inactive")

    answer = post(admin, f"/people/quan-tri/{act}", **inputs)

    assert answer.status_code == 422
    assert person(world, "quan-tri").active
    assert grants(world, "quan-tri") == {"admin:root"}


def test_one_of_two_administrators_may_go(world, admin):
    post(admin, "/people", **NEW | {"role": "admin", "unit": "root"})

    assert post(admin, "/people/quan-tri/deactivate").status_code == 303
    assert not person(world, "quan-tri").active


def test_people_are_listed_by_given_name(world, admin):
    for number, name in enumerate(("Lò Thị Bình", "Vàng A Ánh", "Giàng Thị Đào")):
        post(admin, "/people", **NEW | {"username": f"nguoi-{number}", "full_name": name})
    page = admin.get("/people").text

    found = re.findall("Vàng A Ánh|Lò Thị Bình|Giàng Thị Đào", page.split("<tbody>")[1])

    assert found == ["Vàng A Ánh", "Lò Thị Bình", "Giàng Thị Đào"]


def test_a_local_administrator_sees_people_within_reach_only(local):
    page = local.get("/people").text

    assert set(re.findall(r'href="/people/([^"]+)"', page)) == {
        "chu-tich",
        "quan-tri-nam-na",
        "to-truong",
    }
    for foreign in ("quan-tri", "lap-phieu", "chu-tich-che"):
        assert local.get(f"/people/{foreign}").status_code == 404


@pytest.mark.parametrize("act", ["password", "add-grant", "remove-grant", "deactivate", "activate"])
@pytest.mark.parametrize("name", ["quan-tri", "lap-phieu", "chu-tich-che", "both"])
def test_a_local_administrator_changes_nobody_outside(world, local, act, name):
    pair = (Grant(Role.CHAIR, "nam-na"), Grant(Role.CHAIR, "che"))
    add_person(world.store, "both", "", PASSWORD, pair, tree_of(world.store))
    before = kept(world.store)

    answer = post(
        local, f"/people/{name}/{act}", password="mat-khau-moi-2027", role="chair", unit="nam-na"
    )

    assert answer.status_code == 404
    assert kept(world.store) == before


@pytest.mark.parametrize("unit", ["root", "che"])
def test_a_local_administrator_gives_no_role_outside(world, local, unit):
    before = kept(world.store)

    added = post(local, "/people", **NEW | {"role": "admin", "unit": unit})
    given = post(local, "/people/quan-tri-nam-na/add-grant", role="admin", unit=unit)

    assert (added.status_code, given.status_code) == (422, 422)
    assert kept(world.store) == before
    assert unit not in re.findall(r'<option value="([^"]+)"', local.get("/people").text)


def shown(page):
    return set(re.findall(r'href="/people/([^"?]+)"', page.split("<tbody>")[-1]))


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("than uyen", {"chu-tich-che"}),
        ("TO-TRUONG", {"to-truong"}),
        ("chủ tịch", {"chu-tich", "chu-tich-che"}),
        ("quản trị", {"quan-tri"}),
        ("", {"quan-tri", "lap-phieu", "chu-tich", "chu-tich-che", "to-truong"}),
    ],
)
def test_people_are_found_by_name_role_and_unit_without_marks(admin, wanted, names):
    page = admin.get("/people", query_string={"q": wanted}).text

    assert shown(page) == names
    assert f"{len(names)} người" in page


def test_who_finds_nobody_is_told_what_to_do(admin):
    page = admin.get("/people", query_string={"q": "<b>khong</b>"}).text

    assert "Không tìm thấy ai" in page
    assert "<b>khong</b>" not in page


def test_a_search_reaches_no_further_than_the_list(local):
    assert "chu-tich-che" not in local.get("/people", query_string={"q": "che"}).text


def test_a_role_has_days_in_words_and_says_when_it_gives_nothing(world, admin):
    for role, since, until in (
        ("women", "2026-12-01", ""),
        ("viewer", "1/9/2026", "30/9/2026"),
        ("inspector", "", "2026-11-24"),
    ):
        inputs = {"role": role, "unit": "che", "since": since, "until": until}
        assert post(admin, "/people/chu-tich/add-grant", **inputs).status_code == 303
    page = admin.get("/people/chu-tich").text

    assert re.search(r"từ 01/12/2026 <span[^>]*>chưa đến ngày<", page)
    assert re.search(r"từ 01/09/2026 đến 30/09/2026 <span[^>]*>đã hết hạn<", page)
    assert re.search(r"đến hết 24/11/2026<br>", page)
    client = world.signed_in("chu-tich")
    assert client.get("/totals").status_code == 200


def test_the_same_role_again_gets_the_other_days(world, admin):
    inputs = {"role": "chair", "unit": "nam-na", "until": "2026-12-31"}

    post(admin, "/people/chu-tich/add-grant", **inputs)

    (grant,) = person(world, "chu-tich").grants
    assert grant.until.isoformat() == "2026-12-31"


@pytest.mark.parametrize(
    ("name", "value"),
    [("since", "hôm qua"), ("until", "31/11/2026"), ("until", "2026-01-01"), ("since", "x" * 999)],
)
def test_days_that_are_none_change_nothing(world, admin, name, value):
    days = {"since": "2026-02-01", "until": "2026-12-31", name: value}

    answer = post(admin, "/people/chu-tich/add-grant", role="women", unit="che", **days)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert grants(world, "chu-tich") == {"chair:nam-na"}


def test_a_role_whose_days_are_over_opens_nothing_from_the_next_day_on(world, admin, clock):
    inputs = {"role": "chair", "unit": "nam-na", "until": "2026-11-24"}
    post(admin, "/people/chu-tich/add-grant", **inputs)
    client = world.signed_in("chu-tich")
    today = client.get("/responses").status_code

    clock.move(hours=9)
    late = client.get("/responses").status_code
    clock.move(hours=4, minutes=31)
    client = world.signed_in("chu-tich")

    assert (today, late) == (200, 200)
    assert client.get("/responses").status_code == 403
    assert client.get("/desk").status_code == 200


def test_an_administrator_whose_days_end_does_not_replace_the_last_one(world, admin):
    post(admin, "/people", **NEW | {"role": "admin", "unit": "root", "until": "2026-12-31"})

    assert post(admin, "/people/quan-tri/deactivate").status_code == 422
    days = {"role": "admin", "unit": "root", "until": "2026-12-31"}
    assert post(admin, "/people/quan-tri/add-grant", **days).status_code == 422
    assert grants(world, "quan-tri") == {"admin:root"}


def test_an_administrator_for_a_time_makes_none_for_longer(world):
    ending = (Grant(Role.ADMIN, "root", None, world.clock().date()),)
    add_person(world.store, "tam-quyen", "", PASSWORD, ending, tree_of(world.store))
    client = world.signed_in("tam-quyen")
    inputs = {"role": "admin", "unit": "root"}

    longer = post(client, "/people/tam-quyen/add-grant", **inputs)
    other = post(client, "/people", **NEW | inputs, how="link")

    assert (longer.status_code, other.status_code) == (422, 422)
    assert person(world, "giang.a.pao") is None
    assert post(client, "/people", **NEW).status_code == 303


def test_who_takes_the_last_role_in_reach_is_led_back_to_the_list(world, local):
    answer = post(local, "/people/chu-tich/remove-grant", grant="chair:nam-na")

    assert (answer.status_code, answer.location) == (303, "/people")
    assert local.get("/people/chu-tich").status_code == 404


@pytest.mark.parametrize("name", ["lap-phieu", "chu-tich", "to-truong"])
def test_no_other_role_reaches_any_act_of_people(world, name):
    client, before = world.signed_in(name), kept(world.store)
    inputs = NEW | {"role": "admin", "unit": "root", "grant": "chair:nam-na", "how": "link"}

    posted = [post(client, "/people", **inputs)]
    for act in ("add-grant", "remove-grant", "link", "sign-out", "password", "deactivate"):
        posted.append(post(client, f"/people/{name}/{act}", **inputs))

    assert {answer.status_code for answer in posted} == {403}
    assert kept(world.store) == before


def test_nobody_raises_oneself_through_the_account_page(world):
    client = world.signed_in("chu-tich")
    extra = {"role": "admin", "unit": "root", "grants": "admin:root", "grant": "admin:root"}

    post(client, "/account", present=PASSWORD, password="mat-khau-moi-2027", **extra, name="a")
    post(client, "/account/sign-out", sign_in="others", **extra)

    assert grants(world, "chu-tich") == {"chair:nam-na"}
    assert person(world, "quan-tri").full_name == "Quan-Tri"
