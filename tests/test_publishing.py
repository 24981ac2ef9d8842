"""Publishing to many units: which are meant, what it would do, and that it can be done again."""

import re
from urllib.parse import quote

import pytest
from conftest import PASSWORD
from sending import post

from federation.people import Grant, Role
from federation.units import Unit, UnitKind, UnitTree
from qr.address import point_url
from services.errors import NotFound, Refusal
from services.moments import last_moment_text, read_moment
from services.organization.people import add_person
from services.organization.unit_acts import closing, merging
from services.organization.units import add_unit, decide, tree_of
from services.publishing.publish import publish_many
from services.publishing.unit_choice import choose_units, read_kinds

TREE = UnitTree(
    [
        Unit("root", "LĐLĐ tỉnh", None, UnitKind.PROVINCE),
        Unit("xa", "Công đoàn xã Sìn Hồ", "root", UnitKind.COMMUNE),
        Unit("che", "CĐCS Chè Than Uyên", "xa"),
        Unit("may-1", "CĐCS May Hoa Ban", "root"),
        Unit("may-2", "CĐCS May Hoa Ban", "xa"),
        Unit("cu", "CĐCS Cũ", "root", closed=True, successor="che"),
        Unit("truong", "CĐCS Trường Mầm non", "xa", UnitKind.PUBLIC_SERVICE),
    ]
)
ALL = frozenset(TREE.units)


def chosen(pasted: str):
    return choose_units(TREE, ALL, pasted=pasted)


def points(world):
    return world.store.points.all()


@pytest.fixture
def organizer(world):
    return world.signed_in("lap-phieu")


def publish(client, form="f28", **inputs):
    """Look at the preview, then confirm it; gives both answers."""
    preview = post(client, f"/forms/{form}/publish", **inputs)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', preview.text))
    hidden["places"] = inputs.get("places", "")
    return preview, client.post(f"/forms/{form}/publish", data=hidden)


def test_a_part_of_the_tree_and_kinds_are_chosen_in_its_order():
    assert choose_units(TREE, ALL, below="xa").units == ("xa", "che", "may-2", "truong")
    kinds = read_kinds(["public_service", "commune", "vuong-quoc"])
    assert choose_units(TREE, ALL, kinds=kinds).units == ("xa", "truong")
    assert choose_units(TREE, ALL, below="xa", kinds={"enterprise"}).units == ("che", "may-2")
    assert choose_units(TREE, {"che", "cu"}).units == ("che",)
    assert "root" not in choose_units(TREE, ALL).units
    assert choose_units(TREE, ALL, below="root").units[0] == "root"


def test_a_pasted_list_names_units_by_code_or_whole_name():
    found = chosen("1. CĐCS Chè Than Uyên\n- truong\n\ncđcs trường mầm non\tmay-1\nCHE, xa;")

    assert found.units == ("xa", "che", "truong")
    assert found.twice == ("CĐCS Chè Than Uyên", "CĐCS Trường Mầm non")
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("line", "near", "closed"),
    [
        ("CDCS Che Than Uyen", {"che"}, False),
        ("CĐCS Chè Than Uyên 2", {"che"}, False),
        ("CĐCS May Hoa Ban", {"may-1", "may-2"}, False),
        ("CĐCS Cũ", {"che"}, True),
        ("Xưởng mộc", set(), False),
        ("x" * 500, set(), False),
        ("'; DROP TABLE units", set(), False),
    ],
)
def test_what_nearly_names_a_unit_is_listed_and_not_guessed(line, near, closed):
    found = chosen(f"truong\n{line}")

    assert found.units == ("truong",)
    (doubt,) = found.doubts
    assert ({unit.id for unit in doubt.near}, doubt.closed) == (near, closed)


def test_a_thousand_lines_are_read(world):
    for number in range(1_000):
        world.store.units.put(Unit(f"dv-{number}", f"Đơn vị số {number}", "root"))
    tree = tree_of(world.store)
    lines = "\n".join(f"{number}. Đơn vị số {number}" for number in range(1_000))

    found = choose_units(tree, frozenset(tree.units), pasted=lines)

    assert (len(found.units), found.doubts) == (1_000, ())


def test_the_preview_says_how_many_and_keeps_nothing(world, organizer):
    world.publish("f28", place="Cổng")

    preview = post(organizer, "/forms/f28/publish", below="nam-na", places="Cổng\nNhà ăn\nCổng ")

    assert "2 đơn vị, 3 điểm quét mới, 1 đã có" in preview.text
    assert "Phát hành cho 2 đơn vị" in preview.text
    assert len(points(world)) == 1


def test_publishing_to_many_in_one_act_that_can_be_repeated(world, organizer):
    inputs = {"below": "nam-na", "places": "Cổng\nNhà ăn", "opens": "2026-12-01T08:00"}
    inputs["closes"] = "05/12/2026"
    _, first = publish(organizer, **inputs)
    before = points(world)

    _, again = publish(organizer, **inputs)

    made = quote(world.clock().isoformat(), safe=":")
    assert (first.status_code, first.location) == (303, f"/points?form=f28&made={made}")
    assert again.location == "/points?form=f28"
    assert points(world) == before
    assert {(p.unit, p.place) for p in before} == {
        (unit, place) for unit in ("nam-na", "phan-xuong-1") for place in ("Cổng", "Nhà ăn")
    }
    assert {f"{p.opens_at:%d %H:%M}–{p.closes_at:%d %H:%M}" for p in before} == {
        "01 08:00–06 00:00"
    }
    entry = world.store.trail.all()[-1]
    assert (entry.act, entry.about) == (
        "form_published", {"form": "f28", "rows": "4", "found": "0"},
    )  # fmt: skip


def test_a_list_with_a_wrong_line_publishes_the_others_and_says_it(world, organizer):
    preview, done = publish(organizer, pasted="che\nCDCS Thuy dien Nam Na 3\nche")

    assert "1 dòng không khớp đơn vị nào" in preview.text
    assert "có phải là CĐCS Thủy điện Nậm Na 3 (nam-na)?" in preview.text
    assert "Ghi nhiều lần, chỉ tính một lần: CĐCS Chè Than Uyên." in preview.text
    assert done.status_code == 303
    assert [p.unit for p in points(world)] == ["che"]


@pytest.mark.parametrize(
    ("inputs", "where"),
    [
        ({"kind": "commune"}, "below"),
        ({"below": "khong-co"}, "below"),
        ({"below": "nam-na", "places": "x" * 81}, "places"),
        ({"below": "nam-na", "opens": "hôm qua"}, "opens"),
        ({"below": "nam-na", "opens": "2/12/2026", "closes": "1/12/2026 8h"}, "closes"),
    ],
)
def test_what_cannot_be_published_is_said_at_its_input(world, organizer, inputs, where):
    answer = post(organizer, "/forms/f28/publish", **inputs)

    assert answer.status_code == 422
    assert f'id="{where}-error"' in answer.text
    assert points(world) == ()


def test_units_that_were_closed_since_the_preview_are_refused_by_name(world, organizer):
    preview = post(organizer, "/forms/f28/publish", pasted="che\nnam-na")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', preview.text))
    decide(world.store, closing("che", world.clock().date(), None))

    answer = organizer.post("/forms/f28/publish", data=hidden)

    assert answer.status_code == 422
    assert "che" in answer.text
    assert points(world) == ()


def test_an_organizer_of_a_part_publishes_to_that_part_only(world):
    grants = (Grant(Role.ORGANIZER, "nam-na"),)
    add_person(world.store, "lp-nam-na", "", PASSWORD, grants, tree_of(world.store))
    client = world.signed_in("lp-nam-na")
    publish(client)
    token = client.csrf

    posted = client.post(
        "/forms/f28/publish", data={"csrf_token": token, "units": "che", "confirmed": "1"}
    )

    assert posted.status_code == 422
    assert {p.unit for p in points(world)} == {"nam-na", "phan-xuong-1"}
    assert client.get("/forms/f28/places").status_code == 404


def test_new_points_begin_with_the_times_of_the_offer(world, organizer):
    world.publish("f28")
    post(organizer, "/forms/f28/places", opens="2026-12-01T08:00", waiting="1")

    code = world.publish("f28", "che")

    assert f"{world.store.points.get(code).opens_at:%d/%m %H:%M}" == "01/12 08:00"
    refused = world.client().get(f"/q/{code}")
    assert refused.status_code == 403
    assert "Mở từ 08:00 01/12/2026." in refused.text


def test_a_unit_named_twice_gets_one_point(world):
    tree = tree_of(world.store)
    done = publish_many(
        world.store, "f28", ["che", "che"], ["a", " a "], tree=tree, now=world.clock()
    )

    assert len(done.points) == done.new == 1


def test_a_merged_unit_cannot_be_published_to(world):
    add_unit(world.store, "cu", "CĐCS cũ", "root", "enterprise")
    decide(world.store, merging(["cu"], "nam-na", world.clock().date()))
    tree = tree_of(world.store).__class__(
        u.on(world.clock().date()) for u in world.store.units.all()
    )

    with pytest.raises(NotFound, match="cu"):
        publish_many(world.store, "f28", ["cu"], [""], tree=tree, now=world.clock())


@pytest.mark.parametrize(
    ("text", "ends", "shown"),
    [
        ("2026-12-05T17:00", False, "17:00 05/12/2026"),
        ("5/12/2026 17h", False, "17:00 05/12/2026"),
        ("05.12.2026, 7:05", False, "07:05 05/12/2026"),
        ("05/12/2026", True, "05/12/2026"),
        ("2026-12-05 24:00", True, None),
        ("31/02/2026 10:00", False, None),
        ("17:00", False, None),
    ],
)
def test_moments_are_read_as_people_write_them(text, ends, shown):
    moment = read_moment(text, ends=ends)

    assert (last_moment_text(moment) if moment else None) == shown


def test_a_refusal_names_what_is_wrong_with_a_place(world):
    with pytest.raises(Refusal, match="80"):
        publish_many(
            world.store, "f28", ["che"], ["x" * 81], tree=tree_of(world.store), now=world.clock()
        )


def test_after_publishing_just_the_new_points_are_listed_and_printed(world, organizer):
    world.publish("f28", "che", "Cổng")
    world.clock.move(minutes=5)
    _, done = publish(organizer, below="nam-na", places="Cổng")

    page = organizer.get(done.location).text
    posters = re.search(r'href="(/forms/f28/posters\?made=[^"]+)">In áp phích cho 2 điểm', page)
    chosen = organizer.get(posters[1]).text

    assert "Bước tiếp theo" in page
    assert "Chè Than Uyên" not in page.split("<tbody>")[1]
    assert len(re.findall(r'name="point" value="\w+" checked', chosen)) == 2
    assert len(re.findall(r'name="point" value="\w+"', chosen)) == 3
    assert "Bước tiếp theo" not in organizer.get("/points?form=f28").text
    assert "Bước tiếp theo" not in organizer.get("/points?form=f28&made=hôm qua").text


def test_ticked_points_are_printed_from_the_list_if_they_are_of_one_form(world, organizer):
    codes = [world.publish("f28", "che"), world.publish("f28"), world.publish("f51")]

    posters = post(organizer, "/points", act="posters", code=codes[0])
    every = post(organizer, "/points", act="posters", which="all", form="f28")
    both = post(organizer, "/points", act="posters", code=[codes[0], codes[2]])
    none = post(organizer, "/points", act="posters")

    assert re.findall(r'name="point" value="(\w+)" checked', posters.text) == [codes[0]]
    assert 'action="/forms/f28/posters"' in posters.text
    assert len(re.findall(r'name="point" value="\w+" checked', every.text)) == 2
    assert (both.status_code, none.status_code) == (422, 422)
    assert "cùng một biểu mẫu" in both.text


def test_the_list_of_points_has_each_link_to_be_copied(world, organizer):
    code = world.publish("f28")

    page = organizer.get("/points").text

    link = point_url("http://phieu.example", code)
    assert f'href="{link}" data-copy="Chép liên kết"' in page
    assert re.search(r'src="/assets/copy-\w+\.js" defer', page)
