"""Breaches: whose data was touched, the notice to the agency, and a clock of 72 hours."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sending import HARDSHIP, JOINING, MEAL, post, send
from test_requests_confidential import complaint, inspector
from test_trailing import trail

from federation.breaches import Breach, Extent, Happened
from services.organization.units import tree_of
from services.publishing.publish import find_definition
from services.rights.data_kinds import DataKind, kinds_of
from services.rights.handling import Handler
from services.rights.touched import Touching, seen_by
from services.trail.deeds import Deed
from storage.store import ResponseFilter

__all__ = ["complaint", "inspector"]

OTHER = HARDSHIP | {"dien_thoai": "0987654321", "so_cccd": "012190654321"}


@pytest.fixture
def sent(world):
    """Two hardship forms of two people at two units, a joining form, an anonymous one."""
    send(world, world.publish("f21", "nam-na"), HARDSHIP)
    send(world, world.publish("f21", "che"), OTHER)
    send(world, world.publish("f51", "che"), JOINING)
    send(world, world.publish("f28"), MEAL)
    return world


def opened(world, client=None, **inputs):
    """The address of a record just opened."""
    client = client or world.signed_in("quan-tri")
    day = f"{world.clock():%d/%m/%Y}"
    answer = post(client, "/breaches", **({"detected_on": day, "detected_at": "09:30"} | inputs))
    assert answer.status_code == 303, answer.text
    return client, answer.headers["Location"]


def only(world) -> Breach:
    [breach] = world.store.breaches.all()
    return breach


def counts(world, extent):
    admin = Handler("quan-tri", None)
    found = Touching.of(world.store, tree_of(world.store), extent).forms(admin)
    return {form.definition.id: (form.people, form.units) for form in found}


def test_people_are_counted_by_form_and_unit_and_anonymous_forms_know_nobody(sent):
    assert counts(sent, Extent()) == {
        "f21": (2, {"nam-na": 1, "che": 1}),
        "f51": (1, {"che": 1}),
    }
    assert counts(sent, Extent(forms=("f21",), units=("nam-na",))) == {"f21": (1, {"nam-na": 1})}


def test_one_person_with_two_forms_of_a_kind_is_one(sent):
    send(sent, sent.publish("f21", "che", "Cổng"), OTHER | {"ho_ten": "Lò Thị Phương Anh"})

    people, units = counts(sent, Extent(forms=("f21",)))["f21"]

    assert (people, units) == (2, {"nam-na": 1, "che": 2})


def test_the_window_of_time_is_that_of_sending(sent):
    before = sent.clock()
    sent.clock.move(days=2)
    send(sent, sent.publish("f51", "che"), JOINING | {"dien_thoai": "0911222333"})

    since = counts(sent, Extent(since=before + timedelta(days=1)))
    until = counts(sent, Extent(until=before + timedelta(days=1)))

    assert since == {"f51": (1, {"che": 1})}
    assert until == {"f21": (2, {"nam-na": 1, "che": 1}), "f51": (1, {"che": 1})}


def test_what_an_account_saw_is_taken_from_the_trail(sent):
    begun = sent.clock()
    [mine] = [r for r in sent.store.iter_responses("f21", ResponseFilter()) if r.unit == "nam-na"]
    chair = sent.signed_in("chu-tich")
    assert chair.get(f"/responses/f21/{mine.id}").status_code == 200
    extent = Extent((), (), begun - timedelta(1), begun + timedelta(1), "chu-tich")

    assert seen_by(sent.store, extent).single == {"f21": {mine.id}}
    assert counts(sent, extent) == {"f21": (1, {"nam-na": 1})}
    sent.clock.move(days=3)
    chair.get("/responses/f21")
    assert counts(sent, extent) == {"f21": (1, {"nam-na": 1})}  # that was later
    other = Extent((), (), begun, sent.clock(), "chu-tich-che")
    assert counts(sent, other) == {}


def test_a_list_counts_as_seen_whole_but_only_in_the_reach_and_until_then(sent):
    begun = sent.clock()
    sent.signed_in("chu-tich-che").get("/responses/f21.csv")
    sent.clock.move(hours=1)
    send(sent, sent.publish("f21", "che"), HARDSHIP | {"dien_thoai": "0911222333"})

    found = counts(sent, Extent((), (), begun, sent.clock(), "chu-tich-che"))

    assert found == {"f21": (1, {"che": 1})}


def test_a_backup_by_command_is_everything_and_an_act_without_form_is_told(sent):
    site = sent.app.extensions["phieu"]
    site.audit.note("command", Deed.BACKUP_MADE, sent.clock())
    site.audit.note("command", Deed.PERSON_SOUGHT, sent.clock())
    extent = Extent((), (), sent.clock(), sent.clock(), "command")

    assert set(counts(sent, extent)) == {"f21", "f51"}
    assert seen_by(sent.store, extent).unclear == 1


def test_the_kinds_of_data_follow_from_the_definition(sent):
    hardship = find_definition(sent.store, "f21")

    kinds = set(kinds_of(hardship))
    assert {DataKind.NAME, DataKind.PHONE, DataKind.CITIZEN_ID, DataKind.SENSITIVE} <= kinds
    assert DataKind.PHOTO in kinds
    assert kinds_of(find_definition(sent.store, "f28")) == ()


def test_a_record_is_opened_with_its_clock_and_stands_on_the_first_page(sent):
    admin, url = opened(sent, form=["f21"])

    page, desk = admin.get(url).text, admin.get("/desk").text

    assert "Còn 71 giờ 0 phút" in page
    assert "Khoảng 2 người" in page
    assert "số căn cước" in page
    assert "dữ liệu nhạy cảm" in page
    assert "hồ sơ đang mở" in desk
    sent.clock.move(hours=50)
    admin = sent.signed_in("quan-tri")
    assert 'class="chip paused">Còn 21 giờ 0 phút' in admin.get(url).text
    sent.clock.move(hours=22)
    admin = sent.signed_in("quan-tri")
    assert 'class="chip refused">Quá hạn 1 giờ 0 phút' in admin.get(url).text
    assert "Quá hạn" in admin.get("/desk").text


def test_a_notified_clock_stands_and_a_closed_record_leaves_the_first_page(sent):
    admin, url = opened(sent)

    assert post(admin, f"{url}/notify", notify_text="Cổng dịch vụ công").status_code == 303
    sent.clock.move(days=9)
    admin = sent.signed_in("quan-tri")
    page = admin.get(url).text
    assert post(admin, f"{url}/close", close_text="Đã thu hồi").status_code == 303

    assert "Đã thông báo đúng hạn" in page
    assert "hồ sơ đang mở" not in admin.get("/desk").text
    assert "Đã thu hồi" in admin.get(url).text
    assert post(admin, f"{url}/list", list_text="x").status_code == 422
    assert [step.what for step in only(sent).steps] == ["opened", "notified", "closed"]


def test_the_list_of_people_needs_a_reason_and_is_logged_with_it(sent):
    admin, url = opened(sent)

    refused = post(admin, f"{url}/list", list_text=" ")
    before = len(trail(sent))
    told = post(admin, f"{url}/list", list_text="báo cho từng người")

    lines = told.data.decode("utf-8-sig").splitlines()
    assert refused.status_code == 422
    assert lines[0] == "Họ và tên,Số điện thoại,Đơn vị,Biểu mẫu,Mã biên nhận"
    assert len(lines) == 4
    assert any("0912345678" in line and "Nậm Na" in line for line in lines)
    ((who, act, about),) = trail(sent)[before:]
    assert (who, act) == ("quan-tri", "breach_changed")
    assert about["reason"] == "báo cho từng người"
    assert about["rows"] == "3"
    assert only(sent).steps[-1].what is Happened.LISTED


def test_the_notice_follows_form_08_and_keeps_what_was_written(sent):
    admin, url = opened(sent, form=["f21"], unit=["nam-na"])
    parts = ("nature", "time", "place", "data", "contact", "consequences", "measures")
    page = admin.get(url).text

    assert all(f'name="{part}"' in page for part in parts)
    written = dict.fromkeys(parts, "Như trên") | {"nature": "Mất điện thoại của tổ trưởng"}
    assert post(admin, f"{url}/notice", **written).status_code == 303
    text = admin.get(f"{url}/notice.txt").data.decode("utf-8-sig")
    pdf = PdfReader(io.BytesIO(admin.get(f"{url}/notice.pdf").data))

    drawn = " ".join(page.extract_text() for page in pdf.pages)
    for content in (text, drawn):
        assert "1. Tính chất hành vi vi phạm" in content
        assert "Mất điện thoại của tổ trưởng" in content
        assert "Bộ Công an" in content
    assert only(sent).notice["nature"] == "Mất điện thoại của tổ trưởng"


def test_the_draft_tells_amounts_and_kinds_without_being_written(sent):
    admin, url = opened(sent, form=["f21"])

    text = admin.get(f"{url}/notice.txt").data.decode("utf-8-sig")

    assert "khoảng 2 người (2 phiếu)" in text
    assert "Phát hiện lúc 09:30 24/11/2026" in text
    assert "số căn cước" in text


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"detected_on": "hôm qua"}, "05/09/2026"),
        ({"detected_at": "25:99"}, "14:30"),
        ({"detected_on": "25/11/2026"}, "chưa tới"),
        ({"since": "9/9/2026", "until": "1/9/2026"}, "đứng trước"),
        ({"account": "chu-tich"}, "từ ngày nào"),
        ({"account": "ai-do"}, "Không có tài khoản"),
    ],
)
def test_what_cannot_be_is_refused_in_words(sent, inputs, said):
    day = f"{sent.clock():%d/%m/%Y}"
    posted = {"detected_on": day, "detected_at": "09:30"} | inputs

    answer = post(sent.signed_in("quan-tri"), "/breaches", **posted)

    assert answer.status_code == 422
    assert said in answer.text
    assert sent.store.breaches.all() == ()


@pytest.mark.parametrize("name", ["chu-tich", "lap-phieu", "to-truong"])
def test_nobody_else_gets_in(sent, name):
    _, url = opened(sent)
    client = sent.signed_in(name)

    assert client.get("/breaches").status_code == 403
    assert client.get(url).status_code == 403
    assert post(client, f"{url}/list", list_text="x").status_code == 403


def test_of_confidential_forms_the_administrator_learns_a_number_and_the_inspectors_the_people(
    world, complaint
):
    admin, url = opened(world)
    inspector = world.signed_in("kiem-tra")

    seen, theirs = admin.get(url).text, inspector.get(url).text
    admins = post(admin, f"{url}/list", list_text="x").data.decode("utf-8-sig")
    list_of_people = post(inspector, f"{url}/list", list_text="báo từng người")

    assert "Phiếu kín" in seen
    assert "&lt; 5" in seen
    assert "0912345678" not in admins
    assert len(admins.splitlines()) == 1
    assert "Phiếu kín" not in theirs
    assert "0912345678" in list_of_people.data.decode("utf-8-sig")
    assert "Mẫu 08" not in theirs
    assert inspector.get(f"{url}/notice.txt").status_code == 403
    assert post(inspector, f"{url}/close").status_code == 403
    assert trail(world)[-1][2]["confidential"] == "1"


def test_an_inspector_sees_no_record_that_touches_no_complaint(world, inspector):
    send(world, world.publish("f21"), HARDSHIP)
    _, url = opened(world)
    client = world.signed_in(inspector)

    assert client.get("/breaches").status_code == 200
    assert url not in client.get("/breaches").text
    assert client.get(url).status_code == 404


def test_an_unknown_record_or_act_is_not_found(sent):
    admin, url = opened(sent)

    assert admin.get("/breaches/nothing").status_code == 404
    assert post(admin, f"{url}/nothing").status_code == 404


def test_a_stranger_is_sent_to_sign_in(world):
    assert world.client().get("/breaches").status_code == 303
