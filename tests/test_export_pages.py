"""The page "Tải về": what it offers, what leaves, who is told; count and file are of one view."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta

import openpyxl
import pytest
from sending import HARDSHIP, post, send, send_meals

from forms.export_profile import ExportProfile, ProfileColumn


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


def taken(client, form="f21", **wish):
    answer = post(client, f"/responses/{form}/export", **wish)
    assert answer.status_code == 200, answer.text
    return answer


def table(content, separator=","):
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def last_told(world):
    return dict(world.store.trail.all()[-1].about)


def test_the_list_leads_to_the_page_and_the_page_names_its_count(world, chair):
    for _ in range(3):
        send(world, world.publish("f21"), HARDSHIP)

    assert 'href="/responses/f21/export"' in chair.get("/responses/f21").text
    page = chair.get("/responses/f21/export").text

    assert '<span class="number">3</span>' in page
    for kind in ("xlsx", "csv", "jsonl"):
        assert f'name="kind" value="{kind}"' in page


def test_one_press_gives_an_excel_file_with_real_dates_and_text_numbers(world, chair):
    send(world, world.publish("f21"), HARDSHIP)

    answer = taken(chair, kind="xlsx")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="f21_2026-11-24.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Phiếu"]
    found = dict(zip(*([c.value for c in row] for row in sheet.iter_rows(max_row=2)), strict=True))
    assert datetime(2026, 11, 24, 10, 30) in found.values()  # noqa: DTZ001 - as Excel has it
    assert "012190123456" in found.values()
    assert "0912345678" in found.values()


def test_the_record_sheet_fits_the_file_beside_it(world, chair):
    send(world, world.publish("f21"), HARDSHIP)

    content = taken(chair, kind="csv", paper="1", unit="nam-na", **{"from": "24/11/2026"}).data

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.namelist() == ["f21_2026-11-24.csv", "f21_2026-11-24.csv.manifest.json"]
        file = parts.read("f21_2026-11-24.csv")
        told = json.loads(parts.read("f21_2026-11-24.csv.manifest.json"))
    assert told["file"] == "f21_2026-11-24.csv"
    assert told["sha256"] == hashlib.sha256(file).hexdigest()
    assert (told["size"], told["rows"]) == (len(file), len(table(file)))
    assert told["at"] == "2026-11-24T10:30:00+07:00"
    assert told["by"] == "Chu-Tich (chu-tich)"
    assert (told["filter"]["unit"], told["filter"]["from"]) == ("nam-na", "2026-11-24")
    assert "CĐCS Thủy điện Nậm Na 3" in told["filter"]["words"]
    assert [column["title"] for column in told["columns"]] == list(table(file)[0])
    assert (told["sensitive"], told["reason"], told["versions"]) == (False, "", [1])


def test_units_and_days_narrow_page_and_file_alike(world, clock):
    for unit in ("nam-na", "phan-xuong-1"):
        send(world, world.publish("f21", unit), HARDSHIP)
    clock.move(days=1)
    send(world, world.publish("f21"), HARDSHIP)
    chair = world.signed_in("chu-tich")

    for picked, count in (
        ({}, 3),
        ({"unit": "phan-xuong-1"}, 1),
        ({"from": "25/11/2026"}, 1),
        ({"to": "24/11/2026"}, 2),
        ({"from": "24/11/2026", "to": "25/11/2026"}, 3),
    ):
        page = chair.get("/responses/f21/export", query_string=picked).text
        assert f'<span class="number">{count}</span>' in page
        assert len(table(taken(chair, kind="csv", **picked).data)) == count


@pytest.mark.parametrize(
    ("unit", "status", "rows"), [("che", 200, 0), ("root", 200, 1), ("nowhere", 422, None)]
)
def test_another_s_unit_gives_nothing_of_it(world, chair, unit, status, rows):
    send(world, world.publish("f21", "che"), HARDSHIP)
    send(world, world.publish("f21"), HARDSHIP)

    answer = post(chair, "/responses/f21/export", kind="csv", header="name", unit=unit)

    assert answer.status_code == status
    if rows is not None:
        assert [row["_unit"] for row in table(answer.data)] == ["nam-na"] * rows


def test_sensitive_answers_leave_with_a_reason_only_and_the_trail_says_so(world, chair):
    send(world, world.publish("f21"), HARDSHIP)

    masked = taken(chair, kind="csv").data.decode()
    refused = post(chair, "/responses/f21/export", kind="csv", sensitive="1", reason=" ")
    shown = taken(chair, kind="csv", sensitive="1", reason="xét hỗ trợ Tết").data.decode()

    assert "Mẹ ốm" not in masked
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert "Mẹ ốm nằm viện" not in refused.text
    assert "Mẹ ốm nằm viện" in shown
    told = last_told(world)
    assert (told["sensitive"], told["reason"], told["rows"]) == ("1", "xét hỗ trợ Tết", "1")


def test_no_address_shows_what_is_sensitive(world, chair):
    send(world, world.publish("f21"), HARDSHIP)

    for address in ("/responses/f21.csv", "/responses/f21/export"):
        query = {"sensitive": "1", "reason": "x", "kind": "csv"}
        assert "Mẹ ốm" not in chair.get(address, query_string=query).text


@pytest.mark.parametrize("wish", [{"kind": "csv", "header": "name"}, {"kind": "jsonl"}])
def test_an_export_without_sensitive_answers_is_noted_with_its_rows(world, chair, wish):
    send(world, world.publish("f21"), HARDSHIP)

    taken(chair, **wish)

    assert last_told(world) == {"form": "f21", "kind": wish["kind"], "rows": "1"}


def test_a_semicolon_separates_for_a_vietnamese_excel(world, chair):
    send(world, world.publish("f21"), HARDSHIP)

    content = taken(chair, kind="csv", separator=";", header="name").data

    assert content.startswith(b"\xef\xbb\xbf_receipt;_unit;")
    assert table(content, ";")[0]["ho_ten"] == "Lò Thị Phương"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_an_anonymous_form_keeps_its_secrets_in_every_format(world, chair, clock, kind):
    clock.at += timedelta(minutes=7)
    send_meals(world, world.publish("f28"), 6)
    send_meals(world, world.publish("f28", place="Nhà ăn 2"), 4)
    receipts = {response.receipt for response in world.kept._snapshot("f28")}

    content = taken(chair, "f28", kind=kind, header="name").data

    if kind == "xlsx":
        rows = list(
            openpyxl.load_workbook(io.BytesIO(content))["Phiếu"].iter_rows(values_only=True)
        )
        text = str(rows)
        found = [row[3] for row in rows[1:]]
    else:
        text = content.decode()
        found = [line for line in text.splitlines() if "Nhà ăn" in line]
    assert len(found) == 6
    assert "Nhà ăn 2" not in text
    assert ":37" not in text
    assert not [receipt for receipt in receipts if receipt in text]


def test_what_arrives_meanwhile_is_in_the_next_file(world, chair, monkeypatch):
    from services.outgoing import exporting

    code = world.publish("f21")
    for _ in range(3):
        send(world, code, HARDSHIP)
    written = exporting.csv_chunks

    def slowly(header, rows, **options):
        send(world, code, HARDSHIP)
        return written(header, rows, **options)

    monkeypatch.setattr(exporting, "csv_chunks", slowly)
    first = table(taken(chair, kind="csv", header="name").data)
    monkeypatch.undo()
    second = table(taken(chair, kind="csv", header="name").data)

    assert (len(first), len(second)) == (3, 4)


def test_nothing_to_take_says_so_and_offers_no_file(world, chair):
    world.publish("f21")

    page = chair.get("/responses/f21/export").text

    assert 'value="xlsx"' not in page


@pytest.mark.parametrize("kind", ["exe", "pdf", ""])
def test_an_unknown_format_is_refused(world, chair, kind):
    send(world, world.publish("f21"), HARDSHIP)

    assert post(chair, "/responses/f21/export", kind=kind).status_code == 400


@pytest.mark.parametrize("day", ["hôm qua", "31/02/2026", "2026"])
def test_a_day_that_is_none_is_asked_again_and_nothing_leaves(world, chair, day):
    send(world, world.publish("f21"), HARDSHIP)

    page = chair.get("/responses/f21/export", query_string={"from": day})
    answer = post(chair, "/responses/f21/export", kind="csv", to=day)

    for told in (page, answer):
        assert told.status_code == 422
        assert "05/09/2026." in told.text
        assert f'value="{day}"' in told.text


def test_a_template_that_names_what_is_not_asked_says_so_where_it_is_chosen(world, chair):
    send(world, world.publish("f21"), HARDSHIP)
    columns = (ProfileColumn("Thẻ", "so_the"),)
    world.store.profiles.put(ExportProfile("f21", "mau", "Mẫu", columns))

    assert "Mẫu · Thiếu câu hỏi: 1" in chair.get("/responses/f21/export").text
