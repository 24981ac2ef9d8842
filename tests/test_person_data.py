"""What an officer does with a person's data: find, copy, correct, restrict, erase, certify."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import PASSWORD
from kinds import made, offered
from pictures import jpeg
from pypdf import PdfReader
from reading import Page
from requests_of import ask, officer, responses
from sending import HARDSHIP, JOINING, MEAL, post, send

from federation.people import Grant, Role
from services.identity import Hasher
from services.organization.people import add_person
from services.organization.units import tree_of
from services.rights.persons import By, find_person
from storage.soundness import FOUND_BY
from storage.store import ResponseFilter

MINE = JOINING | {"dien_thoai": "0912345678", "so_cccd": "012190123456", "ngay_sinh": "5/9/1990"}
MINE |= {"gioi_tinh": "nu", "ho_ten": "Lò Thị Phương"}


@pytest.fixture
def known(world):
    """Forms of the person who asks, and of somebody else; gives the officer at the request."""
    photo = (io.BytesIO(jpeg(300)), "so.jpg")
    send(world, world.publish("f21"), HARDSHIP, giay_to=photo)
    send(world, world.publish("f51", "che"), MINE)
    send(world, world.publish("f51", "che"), JOINING)
    return officer(world, ask(world))


def names(found):
    return sorted(name.partition("/")[0] for name in found)


def own(admin):
    """What the person sent but the request itself."""
    return [name for name in admin.find() if not name.startswith("fa3/")]


@pytest.mark.parametrize("typed", ["0912345678", "+84 912 345 678", "0912.345.678", "84912345678"])
def test_a_phone_number_is_found_in_any_spelling_in_all_forms(known, typed):
    assert names(known.find("phone", typed)) == ["f21", "f51", "fa3"]


def test_an_id_number_and_a_receipt_are_found_exactly(known):
    receipt = responses(known.world, "f21")[0].receipt

    assert names(known.find("id", "012 190 123 456")) == ["f21", "f51"]
    assert names(known.find("receipt", receipt.lower())) == ["f21"]
    assert known.find("phone", "0912345679") == []


class _Watching:
    """A store that says by what its responses were asked for."""

    def __init__(self, store):
        self._store, self.asked = store, []

    def __getattr__(self, name):
        return getattr(self._store, name)

    def iter_responses(self, definition, where, **order):
        self.asked.append(where.hashes)
        return self._store.iter_responses(definition, where, **order)


def found_in(world, hasher=None):
    """The forms in which a phone number is found, and by what the store was asked."""
    store = _Watching(world.store)
    hasher = hasher or world.app.extensions["phieu"].hasher
    found = find_person(
        store, hasher, By.PHONE, "0912345678", lambda _: ResponseFilter(), world.clock().date()
    )
    return sorted(each.response.definition for each in found), store.asked


def test_a_number_is_asked_for_by_its_hash_alone(known):
    found, asked = found_in(known.world)

    assert found == ["f21", "f51", "fa3"]
    assert all(hashes and len(hashes) == 1 for hashes in asked)


def test_where_older_responses_have_no_hashes_everything_is_read(known):
    world = known.world
    world.store.settings.remove(FOUND_BY)
    for old in list(world.kept.iter_responses("f21", ResponseFilter())):
        assert world.kept.change_response(old, replace(old, found_by={}))

    found, asked = found_in(world)

    assert found == ["f21", "f51", "fa3"]
    assert set(asked) == {None}


def test_under_another_key_everything_is_read(known):
    found, asked = found_in(known.world, Hasher(b"another key than before" * 2))

    assert found == ["f21", "f51", "fa3"]
    assert set(asked) == {None}


@pytest.mark.parametrize(
    ("by", "value", "said"),
    [
        ("phone", "hôm nay", "0912 345 678"),
        ("phone", "", "0912 345 678"),
        ("id", "12", "12 số"),
        ("receipt", "ABC", "Không có phiếu nào"),
    ],
)
def test_what_cannot_be_a_number_is_refused_in_words(known, by, value, said):
    answer = post(known.client, f"{known.url}/find", by=by, value=value)

    assert answer.status_code == 422
    assert said in answer.text


def test_whom_somebody_else_named_in_a_list_is_told_and_not_chosen(world):
    children = {"con.0.ho_ten": "Con", "con.0.ngay_sinh": "1/1/2020"}
    rows = made_with_rows(world)
    send(world, rows, {"ten": "Người khác", "nguoi.0.so": "0912345678", **children})
    admin = officer(world, ask(world))

    page = post(admin.client, f"{admin.url}/find", by="phone", value="0912345678").text

    row = re.search(r'value="danh-sach/[^"]+"( checked)?>', page)
    assert row
    assert row[1] is None
    assert "Được nêu trong phiếu của người khác" in page


def made_with_rows(world):
    """The code of a form with a list of people and their numbers."""
    form = made(
        """
- {type: text, name: ten, label: {vi: Tên, en: Name}}
- type: repeat
  name: nguoi
  label: {vi: Những ai, en: Who}
  questions:
    - {type: phone, name: so, label: {vi: Số, en: Number}}
""",
        id="danh-sach",
    )
    return offered(world, form)


def test_nothing_is_done_before_somebody_made_sure_who_asks(known):
    found = own(known)

    for act in ("copy", "restrict", "ask_delete", "delete", "withdraw"):
        answer = known.act(act, *found, by="phone", value="0912345678")
        assert answer.status_code == 422, act
        assert "Xin xác minh trước" in answer.text, act
    assert all(r.is_in_use for r in responses(known.world, "f21"))
    correcting = post(known.client, f"{known.url}/correct/{found[0]}", _reason="x")
    assert correcting.status_code == 422


def test_nothing_chosen_is_nothing_done(known):
    known.identify()

    answer = known.act("copy", by="phone", value="0912345678")

    assert answer.status_code == 422
    assert "Xin chọn ít nhất một phiếu" in answer.text


# A copy -------------------------------------------------------------------------------------


def test_the_copy_holds_answers_tables_files_and_words_for_the_reader(known):
    known.identify()

    answer = known.act("copy", *own(known))

    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    [response] = responses(known.world, "f21")
    photo = f"tep/{response.receipt}/giay_to-1.jpg"
    assert set(archive.namelist()) == {
        "DOC-TRUOC.txt", "du-lieu.json", "bieu-mau-f21.csv", "bieu-mau-f51.csv", photo,
    }  # fmt: skip
    assert archive.read(photo) == known.world.store.file("f21", response.answers["giay_to"][0])
    document = json.loads(archive.read("du-lieu.json"))
    told = {r["form"]: r for r in document["responses"]}
    assert told["f21"]["receipt"] == response.receipt
    answers = {a["name"]: a for a in told["f21"]["answers"]}
    assert answers["mo_ta"]["value"] == "Mẹ ốm nằm viện"  # sensitive, and theirs
    assert answers["giay_to"]["files"] == [photo]
    table = archive.read("bieu-mau-f21.csv").decode("utf-8-sig")
    assert "012190123456" in table
    assert "Mẹ ốm nằm viện" in table
    read_me = archive.read("DOC-TRUOC.txt").decode("utf-8-sig")
    assert "BẢN SAO DỮ LIỆU CÁ NHÂN" in read_me
    assert "2 phiếu" in read_me
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    last = known.world.store.trail.last()
    assert (last.act, last.about["rows"]) == ("exported", "2")


# Restricting --------------------------------------------------------------------------------


def test_a_restricted_form_is_kept_and_in_no_list_total_or_file(known):
    known.identify()
    [name] = [name for name in own(known) if name.startswith("f21/")]
    world = known.world
    chair, receipt = world.signed_in("chu-tich"), responses(world, "f21")[0].receipt

    assert known.act("restrict", name).status_code == 303

    [kept] = responses(world, "f21")
    assert (kept.restricted, kept.answers["ho_ten"]) == (True, "Lò Thị Phương")
    listing = chair.get("/responses/f21").text
    assert "Lò Thị Phương" not in listing
    assert "1 phiếu đã được rút lại, xóa hoặc hạn chế sử dụng" in listing
    assert "Lò Thị Phương" not in chair.get("/responses/f21.csv").text
    assert chair.get(f"/responses/f21/{kept.id}").status_code == 404
    assert world.store.count_by_group("f21") == {}
    assert "tạm không sử dụng phiếu này" in world.client().get(f"/r/{receipt}").text
    page = post(known.client, f"{known.url}/find", by="phone", value="0912345678").text
    assert "Hạn chế sử dụng" in page


def test_a_lifted_restriction_lets_the_form_be_used_again(known):
    known.identify()
    name = own(known)[0]
    known.act("restrict", name)

    known.act("lift", name)

    [kept] = responses(known.world, "f21")
    assert not kept.restricted
    assert [change.what for change in kept.history] == ["restricted", "lifted"]
    assert "Lò Thị Phương" in known.world.signed_in("chu-tich").get("/responses/f21").text


def test_the_same_restricted_form_sent_again_is_known(known):
    known.identify()
    known.act("restrict", *own(known))
    before = responses(known.world, "f21")[0]
    code = before.point

    answer = known.world.client().post(
        f"/q/{code}",
        data={"instance_id": before.instance} | HARDSHIP,
        headers={"Accept": "application/json"},
    )

    assert answer.status_code in (200, 409)  # the photo is missing: another sending
    assert responses(known.world, "f21")[0].restricted


# Correcting ---------------------------------------------------------------------------------


def corrected(admin, name, reason="ghi sai họ tên", **changed):
    """Open a form and send it back changed."""
    url = f"{admin.url}/correct/{name}"
    form = post(admin.client, url, _reason=reason)
    typed = Page(form.text).sent() | changed
    return form, admin.client.post(url, data=typed)


def test_an_officer_corrects_with_a_reason_and_the_old_answer_stays_in_the_history(known):
    known.identify()
    [name] = [name for name in own(known) if name.startswith("f21/")]

    form, done = corrected(known, name, ho_ten="Lò Thị Phượng")

    [kept] = responses(known.world, "f21")
    assert (form.status_code, done.status_code) == (200, 303)
    assert kept.answers["ho_ten"] == "Lò Thị Phượng"
    assert kept.answers["so_cccd"] == "012190123456"
    assert (kept.history[-1].who, kept.history[-1].what) == ("quan-tri", "corrected")
    assert kept.history[-1].before["ho_ten"] == "Lò Thị Phương"
    assert "corrected_by_union" in kept.flags
    assert known.request.steps[-1].text == "ghi sai họ tên"
    acts = [entry.act for entry in known.world.store.trail.all()]
    assert acts[-2:] == ["sensitive_shown", "response_changed"]
    told = known.world.client().get(f"/r/{kept.receipt}").text
    assert "công đoàn đã sửa phiếu này ngày 24/11/2026" in told


def test_a_correction_that_breaks_a_rule_of_the_form_changes_nothing(known):
    known.identify()
    name = own(known)[0]

    _, done = corrected(known, name, dien_thoai="12")

    assert done.status_code == 422
    assert responses(known.world, "f21")[0].answers["dien_thoai"] == "0912345678"
    assert known.request.steps[-1].what != "corrected"


def test_a_correction_without_a_reason_is_not_begun(known):
    known.identify()
    name = own(known)[0]

    form, _ = corrected(known, name, reason=" ")

    assert form.status_code == 422
    assert "Xin ghi sửa gì và vì sao" in form.text
    assert "0912345678" not in form.text


# Erasing ------------------------------------------------------------------------------------


def test_erasing_asks_first_and_names_the_number(known):
    known.identify()

    page = known.act("ask_delete", *own(known)).text

    assert "Xóa 2 phiếu" in page
    assert all(not r.is_withdrawn for r in responses(known.world, "f21"))


def test_what_is_erased_is_gone_and_certified_without_any_answer(known):
    known.identify()
    found, world = own(known), known.world
    receipts = [responses(world, form)[0].receipt for form in ("f21", "f51")]
    before = known.client.get(f"{known.url}/certificate.pdf").status_code

    done = known.act("delete", *found)
    certificate = known.client.get(f"{known.url}/certificate.pdf")

    assert (before, done.status_code, certificate.status_code) == (404, 303, 200)
    assert own(known) == []
    assert responses(world, "f51")[1].answers  # somebody else's
    assert list(world.store.iter_files("f21")) == []
    text = words_of(certificate.data)
    for receipt in receipts:
        assert receipt in text.replace(" ", "")
    for expected in ("91/2025/QH15", "356/2025", "10:30 24/11/2026", "quan-tri", "2 phiếu, 1 tệp"):
        assert expected in text, expected
    for hidden in ("Lò Thị Phương", "0912345678", "012190123456"):
        assert hidden not in text
    page = world.client().get(f"/r/{receipts[0]}").text
    assert "công đoàn đã xóa phiếu này ngày 24/11/2026" in page
    assert "Công đoàn đã xóa" in page


def words_of(pdf):
    """The text of a PDF, one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_withdrawn_consent_erases_too_and_says_so(known):
    known.identify()
    [name] = [name for name in own(known) if name.startswith("f21/")]

    known.act("withdraw", name)

    [kept] = responses(known.world, "f21")
    assert (kept.answers, kept.history[0].what) == ({}, "withdrawn")
    assert known.request.steps[-1].what == "withdrawn"


def test_what_could_not_be_erased_is_not_certified(known, monkeypatch):
    known.identify()
    found = own(known)
    inner = known.world.kept
    monkeypatch.setattr(inner, "change_response", lambda *_: False)

    answer = known.act("delete", *found)
    monkeypatch.undo()

    assert answer.status_code in (422, 503)
    assert known.client.get(f"{known.url}/certificate.pdf").status_code == 404
    assert own(known) == found


def test_the_request_itself_may_be_erased_and_stays_in_the_register(known):
    known.identify()
    asking = f"fa3/{known.id}"

    known.act("delete", asking)

    page = known.client.get(known.url)
    assert page.status_code == 200
    assert "Lò Thị Phương" not in page.text
    assert known.request.is_open


# Who may ------------------------------------------------------------------------------------


def test_an_administrator_of_a_unit_finds_what_is_below_it_only(world):
    grants = (Grant(Role.ADMIN, "che"),)
    add_person(world.store, "quan-tri-che", "", PASSWORD, grants, tree_of(world.store))
    send(world, world.publish("f21"), HARDSHIP)
    send(world, world.publish("f51", "che"), MINE)
    [other] = responses(world, "f21")
    admin = officer(world, ask(world, "che"), "quan-tri-che")
    admin.identify()

    assert names(admin.find()) == ["f51", "fa3"]
    assert admin.find("receipt", other.receipt) == []
    for act in ("copy", "delete", "restrict"):
        assert admin.act(act, f"f21/{other.id}").status_code == 404
    assert admin.client.get(f"{admin.url}/correct/f21/{other.id}").status_code == 404
    assert responses(world, "f21") == [other]


def test_anonymous_forms_are_not_looked_through(world):
    told = send(world, world.publish("f28"), MEAL)
    [meal] = responses(world, "f28")
    admin = officer(world, ask(world))
    admin.identify()

    assert admin.find("receipt", told["receipt"]) == []
    assert admin.act("delete", f"f28/{meal.id}").status_code == 404


def test_the_erased_response_of_a_request_years_ago_is_still_certified(known, clock):
    known.identify()
    known.act("delete", *own(known))

    clock.at += timedelta(days=800)

    later = known.world.signed_in("quan-tri").get(f"{known.url}/certificate.pdf")
    text = words_of(later.data)
    assert "24/11/2026" in text
