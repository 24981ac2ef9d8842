"""Lists narrowed from the address: what is found, what strange ones do, what anonymity allows."""

import csv
import io
import re

import pytest
from sending import HARDSHIP, MEAL, post, send, send_meals

from services.organization.units import tree_of
from services.reading.filtering import Asked, inputs_of, read_query
from services.reading.narrowing import overdue_before
from storage.store import ResponseFilter

ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NAMES = ("Lò Thị Phương", "Giàng A Páo", "Vàng Thị Sú")


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


@pytest.fixture
def three(world, clock):
    """Three people of two units, one per day."""
    for name, unit in zip(NAMES, ("nam-na", "nam-na", "phan-xuong-1"), strict=True):
        phone = f"091234567{NAMES.index(name)}"
        send(world, world.publish("f21", unit), HARDSHIP, ho_ten=name, dien_thoai=phone)
        clock.move(days=1)


def names(client, query, form="f21"):
    text = client.get(f"/responses/{form}{query}").text
    return re.findall("|".join(f"(?<=>){name}(?=</a>)" for name in NAMES), text)


def ids(client, query, form="f28"):
    return re.findall(
        rf'href="/responses/{form}/({ID})"', client.get(f"/responses/{form}{query}").text
    )


def rows(client, query, form="f28"):
    text = client.get(f"/responses/{form}.csv{query}").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_search_finds_without_tones_by_name_unit_and_receipt(world, three, chair):
    receipt = next(iter(world.store.iter_responses("f21", ResponseFilter()))).receipt

    assert names(chair, "?q=phuong") == ["Lò Thị Phương"]
    assert names(chair, "?q=SÚ vang") == ["Vàng Thị Sú"]
    assert names(chair, "?q=phan+xuong") == ["Vàng Thị Sú"]
    assert names(chair, f"?q={receipt[:6]}+{receipt[6:].lower()}") == ["Lò Thị Phương"]
    assert names(chair, "?q=khong-co-ai") == []


def test_an_id_or_phone_number_is_found_whole_and_stands_in_no_address(world, three, chair):
    for typed in ("0912 345 671", "0912.345.671", "+84912345671"):
        answer = post(chair, "/responses/f21/find", q=typed)
        assert answer.status_code == 303
        assert "345" not in answer.location.replace("/responses", "").split("id=")[0]
        assert names(chair, "?" + answer.location.partition("?")[2]) == ["Giàng A Páo"]
    assert len(names(chair, "?q=012190123456")) == 3
    assert names(chair, "?q=091234567") == []


def test_every_filter_narrows_and_the_file_holds_what_the_list_counts(world, three, chair):
    first = next(iter(world.store.iter_responses("f21", ResponseFilter())))
    post(chair, f"/responses/f21/{first.id}/review", what="state", into="dang_xet", seen=0)
    asked = {
        "?state=dang_xet": 1,
        "?state=new": 2,
        "?state=open": 3,
        "?state=closed": 0,
        "?from=25/11/2026": 2,
        "?from=25/11/2026&to=2026-11-25": 1,
        "?unit=phan-xuong-1": 1,
        "?unit=nam-na": 3,
        "?choice=lan_truoc:chua_bao_gio": 3,
        "?choice=lan_truoc:trong_nam_nay": 0,
        "?mine=1": 0,
        "?flag=queued": 0,
        "?version=1": 3,
        "?place=Nhà ăn ca": 3,
        "?q=pao&state=new": 1,
    }

    counted = {query: len(names(chair, query)) for query in asked}

    assert counted == asked
    assert {query: len(rows(chair, query, "f21")) for query in asked} == asked


def test_people_are_sorted_by_given_name_by_points_and_by_waiting(world, three, chair):
    send(world, world.publish("f21"), HARDSHIP, ho_ten=NAMES[1], ho_ngheo="ho_ngheo")

    assert names(chair, "?sort=name") == [NAMES[1], NAMES[1], NAMES[0], NAMES[2]]
    assert names(chair, "?sort=waiting") == [*NAMES, NAMES[1]]
    assert names(chair, "?sort=score") == [NAMES[1], *NAMES]
    assert "75 điểm" in chair.get("/responses/f21?sort=score").text


def test_what_waits_too_long_is_overdue(world, clock):
    send(world, world.publish("f21"), HARDSHIP)
    clock.move(days=14)  # Tuesday to Tuesday: ten working days
    assert names(world.signed_in("chu-tich"), "?late=1") == []
    clock.move(days=1)
    chair = world.signed_in("chu-tich")

    assert names(chair, "?late=1") == ["Lò Thị Phương"]
    assert "Quá hạn" in chair.get("/desk").text


def test_a_target_skips_weekends_and_holidays(world):
    from datetime import date

    from forms.gallery import gallery

    friday, holiday = date(2026, 11, 27), frozenset({date(2026, 11, 19)})

    assert overdue_before(gallery()["f21"], friday, frozenset()) == date(2026, 11, 13)
    assert overdue_before(gallery()["f21"], friday, holiday) == date(2026, 11, 12)


@pytest.mark.parametrize(
    "query",
    [
        "?choice=khong_co:x", "?choice=hoan_canh:nha_tam_dot_nat", "?state=bich_danh",
        "?unit=nowhere", "?from=32/13/2026", "?version=99", "?sort=password", "?id=zz",
        "?from=0001-01-01", "?choice=", "?flag=zzz", "?q=%00%01",
    ],
)  # fmt: skip
def test_what_means_nothing_is_told_and_narrows_nothing(world, three, chair, query):
    answer = chair.get(f"/responses/f21{query}")

    assert answer.status_code == 200
    assert len(names(chair, query)) == 3


def test_signs_that_no_text_has_find_nothing_and_the_page_teaches(world, three, chair):
    page = chair.get("/responses/f21?q=...").text

    assert "Không có phiếu nào khớp" in page
    assert "có 3 phiếu" in page


def test_no_filter_reaches_other_units(world, chair):
    send(world, world.publish("f21", "che"), HARDSHIP, ho_ten="Giàng A Páo")

    for query in ("?unit=che", "?unit=root", "?q=pao", "?q=012190123456", "?choice=ho_ngheo:khong"):
        assert names(chair, query) == []
        assert rows(chair, query, "f21") == []


def test_an_address_means_what_was_asked_and_back(world):
    from forms.gallery import gallery

    asked = Asked(
        text="lò thị", states=("open", "new"), unit="nam-na", place="Cổng 1", version=1,
        flags=("queued",), mine=True, late=True, choices=(("ho_ngheo", "khong"),), sort="name",
    )  # fmt: skip

    read, unknown = read_query(inputs_of(asked.query()), [gallery()["f21"]], tree_of(world.store))

    assert (read, unknown) == (asked, ())


def test_a_list_is_kept_under_a_name_without_the_words_that_were_searched(world, three, chair):
    post(chair, "/responses/f21/lists", name="Chưa xong", state="open", q="Phương")

    page = chair.get("/responses/f21").text
    assert re.search(r'href="/responses/f21\?state=open"[^>]*>Chưa xong', page)
    assert "Chưa xong" not in world.signed_in("quan-tri").get("/responses/f21").text
    assert "Phương" not in str(world.store.people.get("chu-tich"))

    post(chair, "/responses/f21/lists/forget", name="Chưa xong")
    assert "Chưa xong</a>" not in chair.get("/responses/f21").text


@pytest.mark.parametrize("name", ["", "  ", "\ufffd"])
def test_a_list_needs_a_name(world, three, chair, name):
    post(chair, "/responses/f21/lists", name=name, state="open")

    assert world.store.people.get("chu-tich").saved == ()


def meals(world, code, count, **changed):
    for _ in range(count):
        send(world, code, MEAL, **changed)


def test_an_anonymous_answer_of_fewer_than_five_is_never_singled_out(world, chair):
    code = world.publish("f28")
    meals(world, code, 6)
    meals(world, code, 4, ca="ca_dem")

    assert len(ids(chair, "")) == 10
    for query in ("?choice=ca:ca_dem", "?choice=ca:ca_sang"):
        assert ids(chair, query) == []
        assert rows(chair, query) == []
    assert "làm lộ một người" in chair.get("/responses/f28?choice=ca:ca_dem").text
    meals(world, code, 1, ca="ca_dem")
    assert len(ids(chair, "?choice=ca:ca_dem")) == len(rows(chair, "?choice=ca:ca_dem")) == 5


def test_comparing_units_reveals_no_small_group_of_an_anonymous_form(world, chair):
    """The whole has enough of each answer, one unit has, too: the other one must not follow."""
    large, small = world.publish("f28"), world.publish("f28", "phan-xuong-1")
    meals(world, large, 5)
    meals(world, large, 5, ca="ca_dem")
    meals(world, small, 9, ca="ca_dem")
    meals(world, small, 1)

    everywhere = rows(chair, "?choice=ca:ca_sang")
    below = rows(chair, "?choice=ca:ca_sang&unit=phan-xuong-1")

    assert (len(everywhere), len(below)) == (5, 0)
    assert {row["_unit"] for row in everywhere} == {"nam-na"}


def test_an_anonymous_form_is_narrowed_by_one_thing_at_a_time(world, chair):
    code = world.publish("f28")
    meals(world, code, 5)
    meals(world, code, 5, trieu_chung="co_hom_nay")

    both = chair.get("/responses/f28?choice=ca:ca_sang&choice=trieu_chung:co_hom_nay").text

    assert len(re.findall(rf'href="/responses/f28/({ID})"', both)) == 10
    assert "trieu_chung:co_hom_nay" in both


@pytest.mark.parametrize("query", ["?q=an", "?flag=queued", "?mine=1", "?late=1", "?version=1"])
def test_an_anonymous_form_is_not_searched(world, chair, query):
    send_meals(world, world.publish("f28"), 5)

    assert len(ids(chair, query)) == 5
    assert 'type="search"' not in chair.get("/responses/f28").text


def test_days_of_an_anonymous_form_are_whole_months_and_of_five(world, clock):
    code = world.publish("f28")
    send_meals(world, code, 5)
    clock.move(days=10)  # December
    send_meals(world, code, 4)
    chair = world.signed_in("chu-tich")

    assert len(ids(chair, "")) == 9
    assert ids(chair, "?to=30/11/2026") == []
    send_meals(world, code, 1)
    assert len(ids(chair, "?to=24/11/2026")) == 5
    assert len(ids(chair, "?from=04/12/2026&to=04/12/2026")) == 5


def test_states_of_an_anonymous_form_single_nobody_out(world, chair):
    send_meals(world, world.publish("f28"), 6)
    first = ids(chair, "")[0]
    post(chair, f"/responses/f28/{first}/review", what="state", into="da_xem", seen=0, confirm=1)

    assert ids(chair, "?state=da_xem") == []
    assert ids(chair, "?state=new") == []


def test_an_anonymous_review_keeps_no_minute(world, chair, clock):
    send_meals(world, world.publish("f28"), 5)
    clock.move(minutes=7)
    first = ids(chair, "")[0]
    post(chair, f"/responses/f28/{first}/review", what="state", into="dang_xu_ly", seen=0)

    assert world.store.response("f28", first).history[0].at.minute == 0


def test_the_desk_counts_what_is_to_do_and_links_to_it(world, three, chair):
    page = chair.get("/desk").text

    (href,) = re.findall(r'href="(/responses/f21\?state=new)"', page)
    assert len(names(chair, "?" + href.partition("?")[2])) == 3
    assert f'<li class="new"><a href="{href}"><b>3</b> Mới nộp</a></li>' in page


def test_thousands_are_listed_in_pages_that_keep_the_filter(world, chair, clock):
    code = world.publish("f21")
    for _ in range(30):
        send(world, code, HARDSHIP)
        clock.move(minutes=1)

    text = chair.get("/responses/f21?state=new&sort=waiting").text

    assert re.search(
        r'rel="next" href="/responses/f21\?[^"]*state=new[^"]*page=2', text.replace("&amp;", "&")
    )
