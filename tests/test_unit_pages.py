"""The administrator's pages of units: add, rename, hotline; within reach only."""

import re
from types import SimpleNamespace

import pytest
from sending import kept, post

from services.organization.units import tree_of


def unit(world, unit_id):
    there = tree_of(world.store, world.clock().date())
    return there.get(unit_id) or SimpleNamespace(name="", parent="", hotline="")


def test_a_new_unit_gets_a_code_made_of_its_name(world, admin):
    answer = post(admin, "/units", name="  CĐCS  Chè Đông Á ", parent="che", kind="section")

    assert (answer.status_code, answer.location) == (303, "/units")
    made = unit(world, "cdcs-che-dong-a")
    assert (made.name, made.parent, made.kind) == ("CĐCS Chè Đông Á", "che", "section")
    assert "CĐCS Chè Đông Á" in admin.get("/units").text


def test_units_of_one_name_get_codes_of_their_own(world, admin):
    for name in ("Tổ 1", "Tổ 1", "!!!", "???"):
        assert post(admin, "/units", name=name, parent="che", kind="section").status_code == 303

    assert {"to-1", "to-1-2", "unit", "unit-2"} <= set(tree_of(world.store).units)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("", "section"),
        (" \u200b ", "section"),
        ("x" * 121, "section"),
        ("Tổ\x00", "section"),
        ("Tổ 9", "king"),
    ],
)
def test_a_unit_that_cannot_be_made_keeps_what_was_typed(world, admin, name, kind):
    before = kept(world.store)

    answer = post(admin, "/units", name=name, parent="che", kind=kind)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert re.findall(r'<option value="([^"]+)" selected', answer.text)[-1] == "che"
    assert name.strip("\x00").strip() in answer.text
    assert kept(world.store) == before


def test_a_unit_is_renamed_and_gets_a_hotline_that_those_below_use(world, admin):
    answer = post(admin, "/units/che", name="CĐCS Chè mới", hotline=" 0213  3 111 222 ")

    assert answer.status_code == 303
    assert (unit(world, "che").name, unit(world, "che").hotline) == (
        "CĐCS Chè mới",
        "0213 3 111 222",
    )
    assert unit(world, "che").parent == "root"
    post(admin, "/units", name="Tổ 1", parent="che", kind="section")
    assert tree_of(world.store).hotline("to-1") == "0213 3 111 222"


def test_an_empty_hotline_takes_it_away(world, admin):
    post(admin, "/units/nam-na", name="Nậm Na", hotline="")

    assert unit(world, "nam-na").hotline == ""


@pytest.mark.parametrize(("name", "hotline"), [("", "0213 1"), ("x" * 121, ""), ("Chè", "1" * 31)])
def test_a_change_that_cannot_be_made_keeps_what_was_typed(world, admin, name, hotline):
    before = kept(world.store)

    answer = post(admin, "/units/che", name=name, hotline=hotline)

    assert answer.status_code == 422
    assert f'value="{name}"' in answer.text
    assert f'value="{hotline}"' in answer.text
    assert kept(world.store) == before


def test_inputs_that_the_page_does_not_have_change_nothing(world, admin):
    extra = {"id": "x", "parent": "nam-na", "kind": "province", "closed": "1", "unit_id": "root"}

    post(admin, "/units/che", name="CĐCS Chè", hotline="", **extra)
    post(
        admin,
        "/units",
        name="Tổ 1",
        parent="che",
        kind="section",
        id="root",
        closed="1",
        hotline="1",
    )

    changed, made = unit(world, "che"), unit(world, "to-1")
    assert (changed.parent, changed.kind, changed.closed) == ("root", "enterprise", False)
    assert (made.closed, made.hotline) == (False, "")
    assert unit(world, "root").name == "LĐLĐ tỉnh Lai Châu"


@pytest.mark.parametrize("parent", ["root", "che", "nowhere", ""])
def test_a_local_administrator_adds_units_within_reach_only(world, local, parent):
    before = kept(world.store)

    answer = post(local, "/units", name="Tổ 7", parent=parent, kind="section")

    assert answer.status_code == 404
    assert kept(world.store) == before


def test_a_local_administrator_sees_and_changes_own_units_only(world, local):
    page = local.get("/units").text

    assert set(re.findall(r'href="/units/([^"]+)"', page)) == {"nam-na", "phan-xuong-1"}
    assert "Chè" not in page
    for foreign in ("root", "che"):
        assert local.get(f"/units/{foreign}").status_code == 404
        assert post(local, f"/units/{foreign}", name="X", hotline="").status_code == 404
    assert post(local, "/units/phan-xuong-1", name="PX 1", hotline="").status_code == 303
    assert unit(world, "phan-xuong-1").name == "PX 1"


def test_markup_in_a_name_stays_text(admin):
    post(admin, "/units", name="<b>Tổ</b> & “1”", parent="che", kind="section")

    page = admin.get("/units").text

    assert "<b>" not in page
    assert "&lt;b&gt;Tổ&lt;/b&gt; &amp; “1”" in page
