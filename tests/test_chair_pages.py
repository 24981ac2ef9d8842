"""The chair's pages: own units' responses only, in list, page, count and file alike."""

import csv
import io
import re
from datetime import timedelta

import pytest
from gallery_sheets import sheets
from sending import HARDSHIP, JOINING, MEAL, post, send, send_meals

from export.table import META

ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

OUR_SCRIPT = re.compile(r'<script src="/assets/list-[0-9a-f]{12}\.js" defer></script>')


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


def rows(client, form, **query):
    """The CSV as dictionaries."""
    answer = client.get(f"/responses/{form}.csv", query_string=query)
    assert answer.status_code == 200
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def listed(client, form, page=1):
    """Ids of the responses of one page of the list, in its order."""
    text = client.get(f"/responses/{form}?page={page}").text
    return re.findall(rf'href="/responses/{form}/({ID})"', text)


def remarks(client):
    return [row["gop_y"] for row in rows(client, "f28")]


def test_the_newest_response_stands_first(world, chair, clock):
    code = world.publish("f21")
    for name in ("Thứ nhất", "Thứ hai", "Thứ ba"):
        send(world, code, HARDSHIP, bo_phan=name)
        clock.move(minutes=5)

    text = chair.get("/responses/f21").text

    assert re.findall("Thứ (?:nhất|hai|ba)", text) == ["Thứ ba", "Thứ hai", "Thứ nhất"]
    assert text.index("10:40 24/11/2026") < text.index("10:30 24/11/2026")


def test_sixty_responses_fill_three_pages_without_loss_or_double(world, chair):
    code = world.publish("f21")
    for number in range(60):
        send(world, code, HARDSHIP, bo_phan=f"Tổ {number}")

    pages = [listed(chair, "f21", page) for page in (1, 2, 3, 4)]

    assert list(map(len, pages)) == [25, 25, 10, 0]
    assert len({response for page in pages for response in page}) == 60
    assert 'page=2"' in chair.get("/responses/f21").text
    assert 'page=4"' not in chair.get("/responses/f21?page=3").text


@pytest.mark.parametrize("page", ["0", "-3", "abc", "", "9" * 40, "1.5"])
def test_a_strange_page_number_breaks_nothing(world, chair, page):
    send(world, world.publish("f21"), HARDSHIP)

    assert chair.get("/responses/f21", query_string={"page": page}).status_code == 200


def test_one_response_is_shown_in_full_with_its_warnings(world, chair):
    told = send(world, world.publish("f51"), JOINING, gioi_tinh="nu", quan_ly="co")
    assert {"so_cccd:sex", "manager"} <= set(told["flags"])

    page = chair.get(f"/responses/f51/{listed(chair, 'f51')[0]}").text

    assert "Giàng A Páo" in page
    assert "012090123456" in page.replace(" ", "")
    assert re.sub(r"</span> <span>", "", page).count(told["receipt"]) == 1
    (warnings,) = re.findall(r'<div class="note">.*?</div>', page, re.DOTALL)
    assert warnings.count("<li>") == len(told["flags"])
    assert "manager" not in warnings


def test_a_flag_of_the_form_s_own_is_told_in_the_form_s_words(world, chair):
    told = send(world, world.publish("f54"), sheets()["f54"].changed("giu_kin=co"))
    assert told["flags"] == ["keep_secret"]

    page = chair.get(f"/responses/f54/{listed(chair, 'f54')[0]}").text

    (warnings,) = re.findall(r'<div class="note">.*?</div>', page, re.DOTALL)
    assert "Giữ kín với người sử dụng lao động." in warnings
    assert "keep_secret" not in warnings


def test_sensitive_answers_are_masked_on_every_page_and_in_the_file(world, chair):
    send(world, world.publish("f21"), HARDSHIP)
    pages = ["/responses/f21", f"/responses/f21/{listed(chair, 'f21')[0]}", "/responses/f21.csv"]
    asked_for = ("?header=label", "?sensitive=1&reason=x&header=label")

    seen = [chair.get(page).text for page in (*pages, *(pages[2] + query for query in asked_for))]

    told = ("Mẹ ốm", "Người thân ốm nặng", "nguoi_than_om_nang")
    assert not [text for text in seen if any(part in text for part in told)]
    assert "***" in seen[1]
    assert [row["mo_ta"] for row in rows(chair, "f21", sensitive=1)] == ["***"]
    assert rows(chair, "f21")[0]["hoan_canh"] == "***"
    assert set(re.findall(r"<dd>(\*\*\*)</dd>", seen[1])) == {"***"}


def test_markup_in_an_answer_stays_text(world, chair):
    send(world, world.publish("f21"), HARDSHIP, bo_phan="<script>alert(1)</script>")
    pages = ["/responses/f21", f"/responses/f21/{listed(chair, 'f21')[0]}"]

    for page in pages:
        text = OUR_SCRIPT.sub("", chair.get(page).text)
        assert "<script" not in text
        assert "&lt;script&gt;" in text


def test_a_chair_sees_the_units_below_and_nobody_else_s(world, chair):
    for unit in ("nam-na", "phan-xuong-1", "che", "root"):
        send(world, world.publish("f21", unit), HARDSHIP, bo_phan=f"Người ở {unit}")
    foreign = {r.id for r in world.kept._snapshot("f21") if r.unit in ("che", "root")}

    listing, ids = chair.get("/responses/f21").text, listed(chair, "f21")

    assert "Người ở che" not in listing
    assert "Người ở root" not in listing
    assert {row["bo_phan"] for row in rows(chair, "f21")} == {
        "Người ở nam-na",
        "Người ở phan-xuong-1",
    }
    assert len(ids) == 2
    assert not foreign & set(ids)
    assert [chair.get(f"/responses/f21/{one}").status_code for one in foreign] == [404, 404]
    assert '<p class="number">2</p>' in chair.get("/desk").text


def test_a_response_belongs_to_the_unit_that_its_worker_named(world, chair):
    code = world.publish("f51", "nam-na")
    told = send(world, code, JOINING, don_vi="che")
    other = world.signed_in("chu-tich-che")
    assert "unit_changed" in told["flags"]

    (moved,) = listed(other, "f51")

    assert listed(chair, "f51") == rows(chair, "f51") == []
    assert chair.get(f"/responses/f51/{moved}").status_code == 404
    assert 'class="number"' not in chair.get("/desk").text
    assert [row["_unit"] for row in rows(other, "f51")] == ["che"]
    assert other.get(f"/responses/f51/{moved}").status_code == 200


def test_a_unit_s_responses_follow_its_chair_s_grants_at_once(world, chair):
    send(world, world.publish("f21", "nam-na"), HARDSHIP)
    seen = len(rows(chair, "f21"))

    post(world.signed_in("quan-tri"), "/people/chu-tich/remove-grant", grant="chair:nam-na")

    assert seen == 1
    assert chair.get("/responses/f21.csv").status_code == 403


def test_the_file_has_the_promised_columns_and_cells(world, chair):
    told = send(world, world.publish("f21"), HARDSHIP)

    (row,) = rows(chair, "f21")

    assert tuple(row)[: len(META)] == META
    assert tuple(row)[len(META) :][:4] == ("ho_ten", "dien_thoai", "bo_phan", "so_cccd")
    assert row["_receipt"] == told["receipt"]
    assert (row["_unit"], row["_unit_name"]) == ("nam-na", "CĐCS Thủy điện Nậm Na 3")
    assert (row["_place"], row["_version"], row["_state"]) == ("Nhà ăn ca", "1", "new")
    assert row["_submitted_at"] == "2026-11-24T10:30:00+07:00"
    assert (row["so_cccd"], row["dien_thoai"]) == ("012190123456", "0912345678")
    assert (row["dy_xu_ly"], row["dy_cong_bo"]) == ("1", "")


def test_the_file_is_named_for_the_form_and_the_day_and_streamed(world, chair):
    send(world, world.publish("f21"), HARDSHIP)

    with chair.get("/responses/f21.csv", buffered=False) as answer:
        assert answer.is_streamed
        assert "Content-Length" not in answer.headers
        assert answer.mimetype == "text/csv"
        said = answer.headers["Content-Disposition"]
        assert said == 'attachment; filename="f21_2026-11-24.csv"'
        assert answer.data.startswith(b"\xef\xbb\xbf_receipt,")


def test_labels_split_choices_and_semicolons_on_demand(world, chair):
    send(world, world.publish("f28"), MEAL)
    for _ in range(4):
        send(world, world.publish("f28"), MEAL)
    asked = {"header": "label", "separator": ";", "lang": "en"}
    lines = chair.get("/responses/f28.csv", query_string=asked).data.decode("utf-8-sig")

    head, first = list(csv.reader(io.StringIO(lines, newline=""), delimiter=";"))[:2]

    assert len(head) == len(first)
    assert "Morning" in first or "Morning shift" in first
    assert "24/11/2026 10:00" in first
    send(world, world.publish("f21"), HARDSHIP)
    split = rows(chair, "f21", split_choices="1")[0]
    assert split["hoan_canh/nha_tam_dot_nat"] == "***"


def test_a_place_of_an_anonymous_form_is_withheld_until_it_has_five_answers(world, chair):
    code = world.publish("f28")
    seen = []
    for count in (4, 1):
        send_meals(world, code, count)
        seen.append((len(listed(chair, "f28")), len(rows(chair, "f28"))))

    assert seen == [(0, 0), (5, 5)]


def test_the_total_minus_the_parts_reveals_no_small_group(world, chair):
    large, small = (world.publish("f28", place=place) for place in ("Nhà ăn 1", "Nhà ăn 2"))
    send_meals(world, large, 5)
    send_meals(world, small, 4)
    send_meals(world, world.publish("f28", "phan-xuong-1", "Nhà ăn 1"), 4)
    hidden = [r.id for r in world.kept._snapshot("f28") if r.point != large]

    for client in (chair, world.signed_in("quan-tri")):
        page = client.get("/responses/f28").text
        assert len(listed(client, "f28")) == 5
        assert {row["_place"] for row in rows(client, "f28")} == {"Nhà ăn 1"}
        assert "Nhà ăn 2" not in page
        assert '<p class="number">5</p>' in client.get("/desk").text
        assert not re.search(r">\s*(4|8|9|13)\s*<", page)
        assert {client.get(f"/responses/f28/{one}").status_code for one in hidden} == {404}


def test_anonymous_rows_leave_in_no_order_of_arrival(world, chair):
    send_meals(world, world.publish("f28"), 12)
    arrival = [f"bữa số {number:02}" for number in range(12)]

    orders = [remarks(chair) for _ in range(3)]

    assert [sorted(order) for order in orders] == [arrival] * 3
    # By chance: once in (12!)² ≈ 10^17 runs.
    assert len({tuple(order) for order in orders}) > 1
    kept = [response.id for response in world.kept._snapshot("f28")]
    assert listed(chair, "f28") == sorted(kept)


def test_anonymous_pages_keep_their_order_while_one_turns_them(world, chair):
    send_meals(world, world.publish("f28"), 30)

    pages = [listed(chair, "f28", page) for page in (1, 2, 1)]

    assert pages[0] == pages[2]
    assert len({*pages[0], *pages[1]}) == 30


def test_anonymous_responses_have_no_receipt_and_no_minute(world, chair, clock):
    code = world.publish("f28")
    clock.at += timedelta(minutes=7)
    receipts = [send(world, code, MEAL)["receipt"] for _ in range(5)]

    pages = ["/responses/f28", f"/responses/f28/{listed(chair, 'f28')[0]}", "/responses/f28.csv"]
    seen = re.sub(r"</span> <span>", "", "".join(chair.get(page).text for page in pages))

    assert not [receipt for receipt in receipts if receipt in seen]
    assert ":37" not in seen
    assert {row["_receipt"] for row in rows(chair, "f28")} == {""}
    assert {row["_submitted_at"] for row in rows(chair, "f28")} == {"2026-11-24T10:00:00+07:00"}
