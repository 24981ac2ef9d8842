"""Which unit a response belongs to: the poster's, or one that the worker names."""

import pytest
from reading import Page
from sending import JOINING, JSON, MEAL, send

from services.organization.units import tree_of
from storage.store import ResponseFilter


def only(world, form):
    (response,) = world.store.iter_responses(form, ResponseFilter())
    return response


def test_an_open_form_offers_the_other_units(world):
    page = Page(world.client().get(f"/q/{world.publish('f51')}").text)

    offered = {tag["value"] for tag in page.all("option")} & set(tree_of(world.store).units)
    assert offered == {"phan-xuong-1", "che"}


def test_a_form_that_is_not_open_offers_no_units(world):
    page = Page(world.client().get(f"/q/{world.publish('f28')}").text)

    assert page.all("select", name="don_vi") == []


def test_a_response_belongs_to_the_unit_that_the_worker_named(world):
    told = send(world, world.publish("f51"), JOINING, don_vi="che")

    response = only(world, "f51")
    assert response.unit == "che"
    assert response.ancestors == ("root",)
    assert "unit_changed" in response.flags
    assert "unit_changed" in told["flags"]


@pytest.mark.parametrize("named", ["khong-co", "../che", "CHE\0", "x" * 3_000])
def test_an_unknown_unit_is_flagged_and_the_posters_unit_kept(world, named):
    told = send(world, world.publish("f51"), JOINING, don_vi=named)

    assert only(world, "f51").unit == "nam-na"
    assert told["flags"] == ["unit_unknown"]


@pytest.mark.parametrize("named", ["", " ", "nam-na"])
def test_the_posters_own_unit_needs_no_flag(world, named):
    told = send(world, world.publish("f51"), JOINING, don_vi=named)

    assert only(world, "f51").unit == "nam-na"
    assert told["flags"] == []


def test_a_form_that_is_not_open_does_not_listen_to_another_unit(world):
    told = send(world, world.publish("f28"), MEAL, don_vi="che")

    assert only(world, "f28").unit == "nam-na"
    assert told["flags"] == []


def test_the_named_unit_stays_chosen_on_a_page_with_problems(world):
    code = world.publish("f51")

    answer = world.client().post(f"/q/{code}", data=JOINING | {"ho_ten": "", "don_vi": "che"})

    assert Page(answer.text).chosen("don_vi") == "che"


def test_the_same_answers_for_another_unit_are_a_variant(world):
    code = world.publish("f51")
    told = send(world, code, JOINING)

    posted = JOINING | {"instance_id": told["instance_id"], "don_vi": "che"}
    answer = world.client().post(f"/q/{code}", data=posted, headers=JSON)

    assert answer.status_code == 409
    assert answer.json["receipt"] != told["receipt"]
