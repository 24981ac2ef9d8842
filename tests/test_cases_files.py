"""Corrections and taking back of forms with photos, signatures, repeats, calculations and steps."""

import io
from dataclasses import replace

import pytest
from cases import Sender, sent
from kinds import NAME, SHIFT, made, offered
from pictures import PDF, jpeg, opened, signed
from reading import Page
from test_steps import shown
from test_uploads import multipart
from werkzeug.datastructures import FileStorage

from services.files import files_ever_named
from storage.store import ResponseFilter

PHONE = "- {type: phone, name: dien_thoai, label: {vi: Điện thoại, en: Phone}}\n"
PAPERS = """
- {type: image, name: giay_to, label: {vi: Ảnh giấy tờ, en: Papers}, most: 3}
- {type: image, name: don, label: {vi: Đơn, en: Letter}, required: true, pdf: true}
- {type: signature, name: chu_ky, label: {vi: Chữ ký, en: Signature}}
"""
FAMILY = """
- type: repeat
  name: gia_dinh
  label: {vi: Những người trong nhà, en: People in your home}
  most: 3
  questions:
    - {type: text, name: ho_ten, label: {vi: Họ và tên, en: Name}, required: true}
    - {type: date, name: ngay_sinh, label: {vi: Ngày sinh, en: Born}}
    - {type: citizen_id, name: so, label: {vi: Số CCCD, en: ID}}
- {type: integer, name: nam, label: {vi: Số năm, en: Years}}
- {type: calculate, name: thang, label: {vi: Số tháng, en: Months}, calculation: "${nam} * 12"}
"""
ROWS = {
    "gia_dinh.0.ho_ten": "Lò Văn A",
    "gia_dinh.0.ngay_sinh": "5/9/1992",
    "gia_dinh.0.so": "012090123456",
    "gia_dinh.1.ho_ten": "Lò Thị B",
    "nam": "2",
}
TYPED = {"ten": "Lò Thị B", "dien_thoai": "0912345678", "ca": "dem", **ROWS}


def file(content, name="anh.jpg"):
    return FileStorage(io.BytesIO(content), name)


def filled(world, **settings) -> Sender:
    """Somebody who sent two photos, a letter and a signature."""
    form = made(NAME + PHONE, SHIFT, FAMILY, PAPERS, **settings)
    offered(world, form)
    files = {"giay_to": [file(jpeg()), file(jpeg(700))], "don": file(PDF, "don.pdf")}
    return sent(world, "f99", TYPED | files | {"chu_ky": signed()})


@pytest.fixture
def sender(world):
    return filled(world)


def kept(world):
    (response,) = world.store.iter_responses("f99", ResponseFilter())
    return response


def files(world):
    return set(world.store.iter_files("f99"))


def named(response):
    answers = response.answers
    return {*answers.get("giay_to", ()), *answers.get("don", ()), answers.get("chu_ky")} - {None}


def correct(sender, **changed):
    """Send the correction page as it stands, but for these; files are never among what it shows."""
    posted = {k: v for k, v in sender.typed().items() if k != "_drop"}
    return sender.client.post(sender.url, **multipart(posted | changed))


def test_files_whose_inputs_are_left_empty_stay(world, sender):
    before = kept(world)

    answer = correct(sender, ten="Lò Thị C", giay_to=file(b"", ""), don=file(b"", ""), chu_ky="")
    after = kept(world)

    assert (answer.status_code, answer.location) == (303, f"{sender.url}?corrected=1")
    assert dict(after.answers) == {**before.answers, "ten": "Lò Thị C"}
    assert dict(after.history[0].before) == {"ten": "Lò Thị B"}
    assert files(world) == named(after) == named(before)


def test_the_page_says_what_was_sent_and_offers_to_drop_what_may_be_left(sender):
    page = Page(sender.press("edit", _proof=sender.proof()).text)

    assert page.one("p", id="giay_to-sent").text == "Đã gửi 2 ảnh, để trống thì giữ nguyên."
    assert page.one("p", id="don-sent").text == "Đã gửi 1 tệp, để trống thì giữ nguyên."
    assert page.one("p", id="chu_ky-sent").text == "Đã có chữ ký, để trống thì giữ nguyên."
    assert "giay_to-sent" in page.one("input", id="giay_to")["aria-describedby"]
    assert [t["value"] for t in page.all("input", name="_drop")] == ["giay_to", "chu_ky"]
    assert "Bỏ ảnh đã gửi" in " ".join(tag.text for tag in page.all("label"))
    assert page.one("input", name="chu_ky")["value"] == ""


def test_new_files_take_the_place_of_old_ones_which_are_erased(world, sender):
    before = kept(world)

    answer = correct(sender, giay_to=file(jpeg(500, 400)), chu_ky=signed())
    after = kept(world)

    assert answer.status_code == 303
    (photo,) = after.answers["giay_to"]
    assert opened(world.store.file("f99", photo)).size == (500, 400)
    assert after.answers["chu_ky"] == before.answers["chu_ky"]
    assert dict(after.history[0].before) == {"giay_to": before.answers["giay_to"]}
    assert files(world) == named(after)
    assert not files(world) & set(before.answers["giay_to"])


def test_the_same_photos_again_change_nothing(world, sender):
    before = kept(world)

    answer = correct(sender, giay_to=[file(jpeg()), file(jpeg(700))])

    assert answer.status_code == 303
    assert kept(world) == before
    assert files(world) == named(before)


def test_ticked_files_are_erased_but_required_ones_are_asked_for(world, sender):
    before = kept(world)

    refused = correct(sender, _drop=["giay_to", "don", "chu_ky"])
    untouched = (kept(world), files(world))
    done = correct(sender, _drop=["giay_to", "chu_ky"])
    after = kept(world)

    page = Page(refused.text)
    assert (refused.status_code, untouched) == (422, (before, named(before)))
    assert page.one("input", id="don")["aria-invalid"] == "true"
    assert ["checked" in tag for tag in page.all("input", name="_drop")] == [True, True]
    assert done.status_code == 303
    assert set(before.answers) - set(after.answers) == {"giay_to", "chu_ky"}
    assert files(world) == named(after) == set(after.answers["don"])


def test_a_wrong_file_changes_nothing_and_leaves_nothing(world, sender):
    before = kept(world)

    answer = correct(sender, giay_to=file(b"no picture", "a.jpg"))

    assert answer.status_code == 422
    assert kept(world) == before
    assert files(world) == named(before)


def test_a_resend_of_the_first_brings_no_replaced_file_back(world, sender):
    correct(sender, giay_to=file(jpeg(500, 400)))
    corrected = kept(world)

    again = sender.client.post(
        f"/q/{sender.code}",
        **multipart(
            TYPED
            | {"giay_to": [file(jpeg()), file(jpeg(700))], "don": file(PDF, "don.pdf")}
            | {"chu_ky": signed(), "instance_id": sender.instance}
        ),
        headers={"Accept": "application/json"},
    )

    assert (again.status_code, again.json["receipt"]) == (200, sender.receipt)
    assert kept(world) == corrected
    assert files(world) == named(corrected)


def test_a_correction_that_came_too_late_is_told_and_leaves_the_files(world, sender):
    response, typed = kept(world), sender.typed()
    world.store.change_response(response, replace(response, state="seen"))

    answer = sender.client.post(sender.url, **multipart(typed | {"giay_to": file(jpeg(500))}))

    assert answer.status_code == 409
    assert files(world) == named(response)


def test_a_correction_may_weigh_what_its_files_may_weigh(world, sender):
    large = jpeg() + b"\0" * 4_900_000

    answer = correct(sender, giay_to=[file(large), file(large)])

    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("kind", ["k", "assist"])
def test_kiosk_and_helper_may_send_large_files(world, kind):
    offered(world, made(NAME, PAPERS))
    code = world.publish("f99")
    client = world.signed_in("to-truong")
    posted = {"ten": "Lò A B", "csrf_token": client.csrf, "_heard": "1", "_channel": "spoken"}
    large = jpeg() + b"\0" * 4_900_000

    answer = client.post(
        f"/{kind}/{code}",
        **multipart(
            posted | {"don": file(large), "giay_to": [file(jpeg(500) + large[-4_900_000:])]}
        ),
    )

    assert answer.status_code in (200, 303), answer.text
    assert len(files(world)) == 2


def test_a_body_for_an_unknown_receipt_stays_small(world, sender):
    posted = multipart({"_act": "correct", "giay_to": file(b"x" * 600_000)})

    assert sender.client.post("/r/J4GGTHTT5FCQG", **posted).status_code == 413


# Rows, calculations, steps ----------------------------------------------------------------


def test_rows_come_back_to_be_corrected_with_their_id_numbers_veiled(world, sender):
    typed, opened_page = sender.typed(), sender.open().text

    assert typed["gia_dinh.0.ho_ten"] == ["Lò Văn A"]
    assert typed["gia_dinh.0.so"] == ["•••••••••456"]
    assert "012090123456" not in opened_page
    assert "Lò Văn A (05/09/1992, •••••••••456); Lò Thị B" in opened_page

    answer = correct(sender, **{"gia_dinh.1.ho_ten": "Lò Thị D", "nam": "3"})
    after = kept(world)

    assert answer.status_code == 303
    assert after.answers["gia_dinh"] == [
        {"ho_ten": "Lò Văn A", "ngay_sinh": "1992-09-05", "so": "012090123456"},
        {"ho_ten": "Lò Thị D"},
    ]
    assert after.answers["thang"] == 36
    assert set(after.history[0].before) == {"gia_dinh", "nam", "thang"}


def test_a_row_is_added_to_a_correction_without_scripts(world, sender):
    answer = correct(sender, _step="add.gia_dinh")
    page = Page(answer.text)

    assert page.one("input", name="gia_dinh.1.ho_ten")["value"] == "Lò Thị B"
    assert page.one("input", name="gia_dinh.2.ho_ten")["value"] == ""
    assert page.one("input", name="gia_dinh.0.so")["value"] == "•••••••••456"
    assert kept(world).history == ()


def test_the_steps_of_a_correction_keep_the_proof_and_what_is_dropped(world):
    sender = filled(world, steps=True)
    first = shown(sender.press("edit", _proof=sender.proof()))
    last = shown(sender.client.post(sender.url, data=first.sent() | {"_step": "4"}))
    ticked = last.sent() | {"_drop": "giay_to", "_step": "1", "ten": "Lò Thị E"}
    back = shown(sender.client.post(sender.url, data=ticked))
    again = shown(sender.client.post(sender.url, data=back.sent() | {"_step": "4"}))

    done = sender.client.post(sender.url, data=again.sent())
    after = kept(world)

    assert first.one("p", **{"class": "progress"}).text == "Phần 1 / 4"
    assert last.one("p", id="giay_to-sent").text.startswith("Đã gửi 2 ảnh")
    assert "checked" in again.one("input", name="_drop", value="giay_to")
    assert done.status_code == 303, done.text
    assert "giay_to" not in after.answers
    assert (after.answers["ten"], after.answers["ca"]) == ("Lò Thị E", "dem")
    assert files(world) == named(after)


def test_a_step_of_a_correction_needs_the_proof(world):
    sender = filled(world, steps=True)
    first = shown(sender.press("edit", _proof=sender.proof())).sent()

    answer = sender.client.post(sender.url, data=first | {"_step": "2", "_proof": "1.2"})

    assert answer.status_code == 422
    assert "Lò" not in answer.text


# Taking back ------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["withdraw", "delete"])
def test_taking_back_erases_the_files_and_then_their_names(world, sender, act):
    correct(sender, giay_to=file(jpeg(500, 400)))
    world.store.put_file("f99", "0" * 32 + "-01.jpg", b"of somebody else", world.clock())

    sender.press(act, _proof=sender.proof())
    response = kept(world)

    assert files(world) == {"0" * 32 + "-01.jpg"}
    assert (response.answers, dict(response.history[0].before)) == ({}, {})


def test_a_resend_of_what_was_taken_back_leaves_no_file(world, sender):
    sender.press("withdraw", _proof=sender.proof())

    again = sender.client.post(
        f"/q/{sender.code}",
        **multipart(TYPED | {"don": file(PDF, "don.pdf"), "instance_id": sender.instance}),
    )

    assert again.status_code == 410
    assert files(world) == set()


def test_a_text_that_looks_like_a_file_names_none(world, sender):
    response = kept(world)
    other = "0" * 32 + "-01.jpg"
    definition = world.store.versions.all()[0].definition

    found = files_ever_named(definition, replace(response, answers={"ten": other}))

    assert found == set()
