"""The case by receipt: what the digits open, corrections, taking back, and what stays closed."""

from dataclasses import replace

import pytest
from cases import DIGITS, sent
from conftest import MEAL
from reading import Page
from sending import HARDSHIP, send

from app import create_app
from services.review.receipts import find_by_receipt
from storage.store import ResponseFilter


def kept(world, form="f21"):
    return list(world.store.iter_responses(form, ResponseFilter()))


@pytest.fixture
def sender(world):
    return sent(world)


def test_the_receipt_alone_shows_no_answer(world, sender):
    page = sender.client.get(sender.url)

    assert page.status_code == 200
    assert "Lò Thị Phương" not in page.text
    assert "0912" not in page.text
    assert Page(page.text).one("input", name="_digits")["autocomplete"] == ""


def test_the_digits_open_the_answers_with_the_id_number_veiled(world, sender):
    page = sender.open()

    assert page.status_code == 200
    assert "Lò Thị Phương" in page.text
    assert "Mẹ ốm nằm viện" in page.text
    assert "012190123456" not in page.text.replace(" ", "")
    assert "•••••••••456" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("digits", [" 5 6 7 8 ", "５６７８", "0912 345 678"])
def test_digits_are_read_as_people_type_them(sender, digits):
    assert sender.open(digits).status_code == 200


def test_the_message_of_the_reviewer_is_read_with_the_digits_only(world, sender):
    response = kept(world)[0]
    world.store.change_response(response, replace(response, message="Mời chị đến văn phòng"))

    alone, opened = sender.client.get(sender.url), sender.open()

    assert "Mời chị đến văn phòng" not in alone.text
    assert "Mời chị đến văn phòng" in opened.text


@pytest.mark.parametrize("digits", ["", "1234", "567", "abcd", "56781"])
def test_wrong_digits_open_nothing(sender, digits):
    page = sender.open(digits)

    assert page.status_code == 422
    assert page.text.count("<title>Lỗi: ") == 1
    assert "Lò Thị Phương" not in page.text
    assert "_proof" not in page.text


def test_no_phone_number_given_is_told_in_the_same_words(world):
    code = world.publish("f21")
    told = send(world, code, HARDSHIP)
    response = kept(world)[0]
    world.store.change_response(
        response,
        replace(response, answers={k: v for k, v in response.answers.items() if k != "dien_thoai"}),
    )
    other = sent(world)

    without = world.client().post(f"/r/{told['receipt']}", data={"_act": "open", "_digits": "5678"})
    wrong = other.open("0000")

    def error(page):
        return Page(page.text).one("p", id="_digits-error").text

    assert (without.status_code, error(without)) == (wrong.status_code, error(wrong))


def test_five_failures_block_the_receipt_for_an_hour_and_no_other(world, sender):
    other = sent(world)
    failed = [sender.open("0000").status_code for _ in range(5)]

    blocked = sender.open()
    world.clock.move(minutes=59)
    still = sender.open()
    world.clock.move(minutes=2)

    assert failed == [422] * 5
    assert (blocked.status_code, still.status_code) == (429, 429)
    assert "Lò Thị Phương" not in blocked.text
    assert other.open().status_code == 200
    assert sender.open().status_code == 200


def test_the_block_outlives_a_restart(world, config, sender):
    for _ in range(5):
        sender.open("0000")
    again = create_app(config, world.store, clock=world.clock)

    answer = again.test_client().post(sender.url, data={"_act": "open", "_digits": DIGITS})

    assert answer.status_code == 429


def test_right_digits_make_earlier_failures_forgotten(world, sender):
    for _ in range(4):
        sender.open("0000")
    sender.open()
    for _ in range(4):
        sender.open("0000")

    assert sender.open().status_code == 200
    assert world.store.tries.all() == ()


def test_an_unreadable_number_of_digits_does_not_count(world, sender):
    for _ in range(9):
        sender.open("12")

    assert sender.open().status_code == 200


def test_old_failures_of_others_are_forgotten(world, sender):
    sender.open("0000")
    world.clock.move(hours=2)

    sent(world).open("0000")

    assert len(world.store.tries.all()) == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda proof: "",
        lambda proof: "x",
        lambda proof: proof + "0",
        lambda proof: "9999999999." + proof.partition(".")[2],
        lambda proof: "²." + proof.partition(".")[2],
        lambda proof: "9" * 400 + "." + proof.partition(".")[2],
    ],
)
@pytest.mark.parametrize("act", ["edit", "correct", "ask_withdraw", "withdraw", "delete"])
def test_without_a_proof_no_act_is_done(world, sender, act, forge):
    before = kept(world)

    answer = sender.press(act, _proof=forge(sender.proof()), ho_ten="Kẻ Khác")

    assert answer.status_code == 422
    assert "Lò Thị Phương" not in answer.text
    assert kept(world) == before


def test_a_proof_of_one_receipt_opens_no_other(world, sender):
    other = sent(world)

    answer = other.press("withdraw", _proof=sender.proof())

    assert answer.status_code == 422
    assert [r.state for r in kept(world)] == ["new", "new"]


def test_a_proof_holds_for_an_hour(world, sender):
    proof = sender.proof()
    world.clock.move(minutes=59)
    early = sender.press("edit", _proof=proof)
    world.clock.move(minutes=2)
    late = sender.press("edit", _proof=proof)

    assert (early.status_code, late.status_code) == (200, 422)


def test_a_correction_shows_what_was_sent_and_keeps_the_receipt(world, sender):
    typed = sender.typed()
    assert typed["ho_ten"] == ["Lò Thị Phương"]
    assert typed["so_cccd"] == ["•••••••••456"]
    assert sorted(typed["hoan_canh"]) == ["nguoi_than_om_nang", "nha_tam_dot_nat"]

    world.clock.move(minutes=3)
    answer = sender.client.post(sender.url, data=typed | {"phu_thuoc": "4", "mo_ta": ""})
    response = kept(world)[0]

    assert (answer.status_code, answer.location) == (303, f"{sender.url}?corrected=1")
    assert (response.answers["phu_thuoc"], response.answers["so_cccd"]) == (4, "012190123456")
    assert "mo_ta" not in response.answers
    assert response.receipt == sender.receipt
    assert response.flags[-1] == "corrected"
    [change] = response.history
    assert (change.who, change.what, change.at) == ("worker", "corrected", world.clock.at)
    assert change.before == {"phu_thuoc": 3, "mo_ta": "Mẹ ốm nằm viện"}
    assert "Đã nhận bản sửa" in sender.client.get(answer.location).text


def test_a_correction_is_checked_like_a_first_answer(world, sender):
    typed, before = sender.typed(), kept(world)

    answer = sender.client.post(sender.url, data=typed | {"ho_ten": "", "so_cccd": "•••1"})

    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.one("input", name="ho_ten")["aria-invalid"] == "true"
    assert page.one("input", name="so_cccd")["value"] == "•••1"
    assert "012190123456" not in answer.text
    assert kept(world) == before


def test_the_flags_follow_the_corrected_answers(world):
    sender = sent(world, answers=HARDSHIP | {"so_cccd": "999190123456"})
    assert "so_cccd:province" in kept(world)[0].flags

    sender.client.post(sender.url, data=sender.typed() | {"so_cccd": "012190123456"})

    assert kept(world)[0].flags == ("corrected",)


def test_a_correction_without_a_change_is_no_change(world, sender):
    typed, before = sender.typed(), kept(world)

    answer = sender.client.post(sender.url, data=typed)

    assert answer.status_code == 303
    assert kept(world) == before


def test_the_first_sending_again_is_still_the_same_response(world, sender):
    sender.client.post(sender.url, data=sender.typed() | {"phu_thuoc": "4"})

    again = sender.resend(HARDSHIP)

    assert (again.status_code, again.json["receipt"]) == (200, sender.receipt)
    assert [r.answers["phu_thuoc"] for r in kept(world)] == [4]


def test_the_language_of_a_correction_can_be_changed_without_sending_it(world, sender):
    typed, before = sender.typed(), kept(world)

    answer = sender.client.post(
        f"{sender.url}?lang=en", data=typed | {"_step": "lang", "phu_thuoc": "9"}
    )

    assert answer.status_code == 200
    assert Page(answer.text).one("html")["lang"] == "en"
    assert Page(answer.text).one("input", name="phu_thuoc")["value"] == "9"
    assert kept(world) == before


def test_nothing_is_corrected_once_the_review_has_begun(world, sender):
    typed, response = sender.typed(), kept(world)[0]
    world.store.change_response(response, replace(response, state="seen"))

    page = sender.open()
    refused = sender.client.post(sender.url, data=typed | {"phu_thuoc": "4"})
    no_form = sender.press("edit", _proof=sender.proof())

    assert [b["value"] for b in Page(page.text).all("button", name="_act")] == [
        "ask_withdraw",
        "ask_delete",
    ]
    assert (refused.status_code, no_form.status_code) == (409, 409)
    assert kept(world)[0].answers["phu_thuoc"] == 3


@pytest.mark.parametrize(("act", "what"), [("withdraw", "withdrawn"), ("delete", "deleted")])
def test_taking_back_asks_once_and_erases_at_once(world, sender, act, what):
    proof = sender.proof()
    asked = sender.press(f"ask_{act}", _proof=proof)
    untouched = kept(world)[0]
    inputs = Page(asked.text).sent()

    done = sender.press(act, **inputs)
    response = kept(world)[0]

    assert untouched.answers
    assert (done.status_code, done.location) == (303, sender.url)
    assert (response.state, response.answers, response.flags) == ("withdrawn", {}, ())
    assert [(c.what, dict(c.before)) for c in response.history] == [(what, {})]
    assert "Đã rút" in sender.client.get(sender.url).text


def test_what_was_taken_back_is_gone_everywhere(world, sender):
    sender.press("withdraw", _proof=sender.proof())
    chair = world.signed_in("chu-tich")
    response = kept(world)[0]

    page, file = chair.get("/responses/f21"), chair.get("/responses/f21.csv")

    assert "Lò Thị Phương" not in page.text + file.text
    assert file.text.count("\n") == 1
    assert "1 phiếu đã được rút lại, xóa hoặc hạn chế sử dụng" in page.text
    assert chair.get(f"/responses/f21/{response.id}").status_code == 404
    assert world.store.count_by_point("f21") == {}


@pytest.mark.parametrize("changed", [{}, {"phu_thuoc": "7"}])
def test_a_resend_of_what_was_taken_back_is_gone(world, sender, changed):
    sender.press("withdraw", _proof=sender.proof())

    again = sender.resend(HARDSHIP | changed)

    assert again.status_code == 410
    assert "error" in again.json
    assert [r.answers for r in kept(world)] == [{}]


def test_after_taking_back_every_button_leads_to_the_receipt(world, sender):
    proof = sender.proof()
    sender.press("withdraw", _proof=proof)

    for act in ("open", "edit", "correct", "ask_withdraw", "withdraw", "delete", "x"):
        answer = sender.press(act, _proof=proof, _digits=DIGITS)
        assert (answer.status_code, answer.location) == (303, sender.url)
    assert "_digits" not in sender.client.get(sender.url).text
    assert [len(r.history) for r in kept(world)] == [1]


def test_an_anonymous_form_is_taken_back_by_its_receipt_alone(world):
    sender = sent(world, "f28", MEAL)
    page = Page(sender.client.get(sender.url).text)
    asked = sender.press("ask_withdraw")

    done = sender.press("withdraw")
    [response] = kept(world, "f28")

    assert [b["value"] for b in page.all("button", name="_act")] == ["ask_withdraw"]
    assert asked.status_code == 200
    assert done.status_code == 303
    assert (response.answers, response.state) == ({}, "withdrawn")
    assert response.history[0].at.minute == 0
    assert sender.resend(MEAL).status_code == 410


@pytest.mark.parametrize("act", ["open", "edit", "correct"])
def test_a_form_without_a_phone_question_is_neither_read_nor_corrected(world, act):
    sender = sent(world, "f28", MEAL)

    answer = sender.press(act, _digits="5678", **MEAL | {"chung": "1"})

    assert (answer.status_code, answer.location) == (303, sender.url)
    assert kept(world, "f28")[0].answers["chung"] == 4


def test_a_withdrawn_answer_is_not_told_of_a_small_anonymous_group(world):
    senders = [sent(world, "f28", MEAL | {"gop_y": str(n)}) for n in range(5)]
    chair = world.signed_in("chu-tich")
    before = chair.get("/responses/f28.csv").text.count("\n")

    senders[0].press("withdraw")
    page, file = chair.get("/responses/f28"), chair.get("/responses/f28.csv")

    assert before == 6
    assert file.text.count("\n") == 1
    assert "rút lại" not in page.text


def test_capitals_and_small_letters_are_the_same_receipt(sender):
    small = sender.client.post(
        f"/R/{sender.receipt.lower()}", data={"_act": "open", "_digits": DIGITS}
    )

    assert small.status_code == 200


@pytest.mark.parametrize("receipt", ["X", "2" * 13, "%00", "x" * 2_000])
def test_an_unknown_receipt_has_no_acts(world, receipt):
    assert world.client().post(f"/r/{receipt}", data={"_act": "open"}).status_code == 404


def test_another_site_cannot_press_the_buttons(world, sender):
    proof = sender.proof()

    answer = sender.client.post(
        sender.url,
        data={"_act": "withdraw", "_proof": proof},
        headers={"Origin": "https://evil.example"},
    )

    assert answer.status_code == 403
    assert kept(world)[0].answers


def test_other_bodies_are_refused(sender):
    assert sender.client.post(sender.url, json={"_act": "withdraw"}).status_code == 415


def test_the_digits_never_stand_in_an_address(world, sender):
    page = Page(sender.client.get(sender.url).text)

    assert [form["method"] for form in page.all("form")] == ["post"]
    assert sender.client.get(f"{sender.url}?_act=open&_digits={DIGITS}").text.count("Lò Thị") == 0


def test_the_case_found_by_a_receipt_is_the_version_that_was_answered(world, sender):
    found = find_by_receipt(
        world.store, world.app.extensions["phieu"].hasher, sender.receipt.lower()
    )

    assert found is not None
    assert found.version.number == found.response.version == 1
    assert found.last_digits == DIGITS
