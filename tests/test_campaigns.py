"""Campaigns: kept, published in one act, counted as may be told, and made anew for next year."""

import re
from datetime import date

import pytest
from conftest import MEAL, PASSWORD
from sending import HARDSHIP, post, send, send_meals

from federation.people import Grant, Role
from forms.campaign import Campaign
from services.offering.progress import Count, progress_of
from services.organization.people import add_person
from services.organization.unit_acts import closing, merging
from services.organization.units import add_unit, decide, tree_of
from services.publishing.campaigns import foresee, later, next_year, publish_campaign
from services.publishing.publish import change_point

UNITS = ("nam-na", "phan-xuong-1", "che")
INPUTS = {
    "name": "Tháng Công nhân 2026",
    "starts": "2026-11-01",
    "ends": "31/12/2026",
    "forms": ["f28", "f21"],
    "pasted": "nam-na\nche",
    "place": "Cổng",
    "target.f21": "1.200",
    "note": "Đợt chính",
}


@pytest.fixture
def organizer(world):
    return world.signed_in("lap-phieu")


def campaigns(world):
    return world.store.campaigns.all()


def begin(world, client, **inputs):
    answer = post(client, "/campaigns/new", **(INPUTS | inputs))
    assert answer.status_code == 303, answer.text
    return campaigns(world)[-1]


def site(world):
    return world.app.extensions["phieu"]


def made(world, **changes):
    fields = {
        "id": "mot", "name": "Tết 2026", "starts": date(2026, 11, 1), "ends": date(2026, 12, 31),
        "forms": ("f28", "f21"), "units": UNITS, "created_at": world.clock(),
    }  # fmt: skip
    campaign = Campaign(**(fields | changes))
    world.store.campaigns.put(campaign)
    return campaign


def progress(world, campaign, units=UNITS):
    found = progress_of(world.store, campaign, site(world).tree, units, world.clock())
    return {one.definition.id: one for one in found}


def test_a_campaign_is_kept_as_it_was_typed(world, organizer):
    campaign = begin(world, organizer)

    assert (campaign.name, campaign.starts, campaign.ends) == (
        "Tháng Công nhân 2026", date(2026, 11, 1), date(2026, 12, 31),
    )  # fmt: skip
    assert (campaign.forms, campaign.units) == (("f28", "f21"), ("che", "nam-na"))
    assert (campaign.targets, campaign.place, campaign.note) == (
        {"f21": 1_200},
        "Cổng",
        "Đợt chính",
    )
    assert world.store.points.all() == ()
    for page in ("/campaigns", "/desk"):
        assert "Tháng Công nhân 2026" in organizer.get(page).text


@pytest.mark.parametrize(
    ("inputs", "where"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"starts": "hôm nay"}, "starts"),
        ({"ends": "2026-10-31"}, "ends"),
        ({"ends": "2036-10-31"}, "ends"),
        ({"forms": []}, "forms"),
        ({"pasted": "", "kind": "commune"}, "below"),
        ({"place": "x" * 81}, "place"),
        ({"target.f21": "0"}, "target.f21"),
        ({"target.f21": "-5"}, "target.f21"),
        ({"target.f21": "99999999999"}, "target.f21"),
    ],
)
def test_what_cannot_be_is_said_at_its_input(world, organizer, inputs, where):
    answer = post(organizer, "/campaigns/new", **(INPUTS | inputs))

    assert answer.status_code == 422
    assert f'id="{where}-error"' in answer.text
    assert campaigns(world) == ()


def test_lines_in_doubt_must_be_looked_at(world, organizer):
    first = post(
        organizer, "/campaigns/new", **(INPUTS | {"pasted": "che\nCDCS Thuy dien Nam Na 3"})
    )
    before = campaigns(world)

    begin(world, organizer, pasted="che\nCDCS Thuy dien Nam Na 3", anyway="1")

    assert "có phải là CĐCS Thủy điện Nậm Na 3" in first.text
    assert before == ()
    assert campaigns(world)[0].units == ("che",)


def test_it_is_changed_under_the_same_id(world, organizer):
    campaign = begin(world, organizer)

    post(
        organizer,
        f"/campaigns/{campaign.id}/edit",
        **(INPUTS | {"forms": ["f21"], "pasted": "che"}),
    )

    (changed,) = campaigns(world)
    assert (changed.id, changed.forms, changed.units) == (campaign.id, ("f21",), ("che",))
    page = organizer.get(f"/campaigns/{campaign.id}/edit").text
    assert 'value="f21" checked' in page
    assert 'value="f28" checked' not in page


def test_all_its_forms_are_published_in_one_act_that_can_be_repeated(world, organizer):
    campaign = begin(world, organizer)
    world.publish("f21", "che", "Cổng")

    asked = post(organizer, f"/campaigns/{campaign.id}/publish")
    before = len(world.store.points.all())
    post(organizer, f"/campaigns/{campaign.id}/publish", confirmed="1")
    first = world.store.points.all()
    post(organizer, f"/campaigns/{campaign.id}/publish", confirmed="1")

    assert "3 điểm quét mới, 1 đã có" in asked.text
    assert "Phát hành 4 điểm quét" in asked.text
    assert (before, len(first)) == (1, 4)
    assert world.store.points.all() == first
    assert {f"{p.opens_at:%d/%m}–{p.closes_at:%d/%m}" for p in first[1:]} == {"01/11–01/01"}
    assert first[0].closes_at is None
    about = [e.about for e in world.store.trail.all() if e.act == "campaign_changed"]
    assert about[-1] == {"campaign": campaign.id, "what": "publish", "rows": "4", "found": "0"}


def test_points_that_had_ended_open_again_with_their_code(world, organizer, clock):
    code = world.publish("f21", "che", "")
    change_point(world.store, code, "close", clock())
    clock.move(days=1)

    done = publish_campaign(world.store, made(world), site(world).tree, clock())

    assert (done.new, done.known, done.reopened) == (5, 1, 1)
    assert world.client().get(f"/q/{code}").status_code == 200


def test_a_campaign_that_is_over_opens_nothing(world, clock):
    code = world.publish("f21", "che", "")
    change_point(world.store, code, "close", clock())
    over = made(world, starts=date(2025, 1, 1), ends=date(2025, 2, 1))

    foreseen = foresee(world.store, over, site(world).tree, clock())
    done = publish_campaign(world.store, over, site(world).tree, clock())

    assert (done.new, done.known, done.reopened) == (5, 1, 0)
    assert foreseen == done
    assert world.client().get(f"/q/{code}").status_code == 410


def test_progress_counts_what_came_within_its_days(world, clock):
    campaign = made(world, targets={"f21": 4})
    code = world.publish("f21")
    clock.move(days=-60)
    send(world, code, HARDSHIP)
    clock.move(days=60)
    for _ in range(3):
        send(world, code, HARDSHIP)

    one = progress(world, campaign)["f21"]

    assert (one.total, one.target, one.points, one.open) == (Count(3), 4, 1, 1)
    assert dict(one.by_unit) == {"nam-na": Count(3)}


def test_small_anonymous_groups_are_not_told_nor_by_what_is_outside_of_the_days(world, clock):
    campaign = made(world)
    inside, both, few = (world.publish("f28", "nam-na", place) for place in "ABC")
    clock.move(days=-60)
    send_meals(world, both, 2)
    clock.move(days=60)
    send_meals(world, inside, 6)
    send_meals(world, both, 5)
    send_meals(world, few, 3)

    one = progress(world, campaign)["f28"]

    assert dict(one.by_unit) == {"nam-na": Count(6, withheld=True)}


def test_complaints_are_not_counted(world, organizer):
    campaign = made(world, forms=("f91", "f28"))
    world.publish("f91")

    assert progress(world, campaign)["f91"].by_unit is None
    page = organizer.get(f"/campaigns/{campaign.id}").text
    assert "Biểu mẫu kín không cho biết số phiếu." in page


def test_the_page_shows_numbers_by_form_and_unit(world, organizer):
    campaign = made(world, targets={"f21": 4}, note="Đợt <chính>")
    code = world.publish("f21")
    for _ in range(3):
        send(world, code, HARDSHIP)
    send(world, world.publish("f28"), MEAL)

    page = organizer.get(f"/campaigns/{campaign.id}").text

    cells = re.findall(r'<td class="count"[^>]*>(?:<a[^>]*>)?([^<]*)', page)
    assert "Đợt &lt;chính&gt;" in page
    assert cells[:8] == ["&lt;5", "", "", "1 / 1", "3", "4", "75", "1 / 1"]
    assert 'width="75.0"' in page


def test_next_year_has_the_same_forms_and_the_units_as_they_are_then(world, organizer, clock):
    add_unit(world.store, "cu", "CĐCS cũ", "root", "enterprise")
    add_unit(world.store, "het", "CĐCS hết", "root", "enterprise")
    campaign = made(world, units=("cu", "het", "che"), starts=date(2026, 3, 1))
    decide(world.store, merging(["cu"], "nam-na", clock().date()))
    decide(world.store, closing("het", clock().date(), None))

    answer = post(organizer, f"/campaigns/{campaign.id}/next-year")
    again = post(organizer, f"/campaigns/{campaign.id}/next-year")

    old, new = campaigns(world)
    assert (new.name, new.starts, new.ends) == ("Tết 2027", date(2027, 3, 1), date(2027, 12, 31))
    assert (new.forms, new.units, new.based_on) == (old.forms, ("nam-na", "che"), old.id)
    assert again.location == answer.location == f"/campaigns/{new.id}"
    assert world.store.points.all() == ()
    page = organizer.get(answer.location).text
    assert "CĐCS cũ đã sáp nhập: nay là CĐCS Thủy điện Nậm Na 3." in page
    assert "CĐCS hết đã đóng: bỏ qua." in page


def test_new_points_are_made_only_where_none_exists(world, clock):
    campaign = made(world, units=("che",), forms=("f21",))
    publish_campaign(world.store, campaign, site(world).tree, clock())
    (printed,) = world.store.points.all()
    clock.move(days=200)

    again = next_year(world.store, campaign, site(world).tree, clock())
    done = publish_campaign(world.store, again, site(world).tree, clock())

    assert (done.new, done.known, done.reopened) == (0, 1, 1)
    assert world.store.points.get(printed.code).opens_at.date() == date(2027, 11, 1)


def test_the_29th_of_february_becomes_the_28th():
    assert later(date(2028, 2, 29)) == date(2029, 2, 28)


def test_an_organizer_of_a_part_sees_that_part_and_changes_only_what_is_all_theirs(world):
    grants = (Grant(Role.ORGANIZER, "nam-na"),)
    add_person(world.store, "lp-nam-na", "", PASSWORD, grants, tree_of(world.store))
    shared = made(world)
    other = made(world, id="hai", name="Của chè", units=("che",))
    own = made(world, id="ba", units=("nam-na",))
    client = world.signed_in("lp-nam-na")

    page = client.get(f"/campaigns/{shared.id}").text

    assert "CĐCS Thủy điện Nậm Na 3" in page
    assert "CĐCS Chè Than Uyên" not in page
    assert "Của chè" not in client.get("/campaigns").text
    assert client.get(f"/campaigns/{other.id}").status_code == 404
    for campaign, status in ((shared, 404), (own, 200)):
        assert client.get(f"/campaigns/{campaign.id}/edit").status_code == status
        assert post(client, f"/campaigns/{campaign.id}/publish").status_code == status
    assert post(client, f"/campaigns/{shared.id}/remove", confirmed="1").status_code == 404


def test_removing_is_asked_first_and_leaves_points_and_responses(world, organizer):
    campaign = made(world)
    send(world, world.publish("f21"), HARDSHIP)

    asked = post(organizer, f"/campaigns/{campaign.id}/remove")
    before = campaigns(world)
    post(organizer, f"/campaigns/{campaign.id}/remove", confirmed="1")

    assert "Xóa 1 chiến dịch" in asked.text
    assert (len(before), campaigns(world)) == (1, ())
    assert world.store.count_by_point("f21")
