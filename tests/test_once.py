"""What counts once: a second of the same person, unit or month is kept, flagged, and not told."""

from dataclasses import replace

import pytest
from cases import sent
from kinds import made, offered
from sending import JOINING, send

from forms.reading import DefinitionError
from services.identity import Hasher
from services.receiving.claims import claims_of
from storage.places import Claim
from storage.store import ResponseFilter

JOIN = JOINING | {"dien_thoai": "0912345678"}  # its digits are those of cases.py
HASHER = Hasher(b"a hashing key for tests only, of some length")
REPORT = """
- {type: month, name: ky, label: {vi: Kỳ, en: Month}, required: true}
- {type: text, name: ghi_chu, label: {vi: Ghi chú, en: Remark}}
"""
PERSON = """
- {type: phone, name: dien_thoai, label: {vi: Điện thoại, en: Phone}, required: true}
"""
ONCE_A_MONTH = made(REPORT, once={"per": "unit_period", "question": "ky"})
ONCE_A_UNIT = made(REPORT, once={"per": "unit"})
ONCE_A_PERSON = made(PERSON, once={"per": "person", "question": "dien_thoai"})


@pytest.fixture
def sender(world):
    """Somebody who asked to join."""
    return sent(world, "f51", JOIN)


def kept(world, form="f51"):
    return list(world.store.iter_responses(form, ResponseFilter()))


def repeats(world, form="f51"):
    """Of every response whether it repeats another."""
    return ["repeated" in response.flags for response in kept(world, form)]


def again(world, sender, **changed):
    return send(world, sender.code, JOIN, **{"noi_o": "Bản 4", **changed})


def test_a_second_form_of_a_person_is_kept_flagged_and_not_told_of(world, sender):
    told = again(world, sender, so_cccd="0120 9012 3456")

    assert repeats(world) == [False, True]
    assert told["flags"] == []
    assert "repeated" not in world.client().get(f"/r/{told['receipt']}").text


def test_the_chair_reads_that_it_repeats_another(world, sender):
    again(world, sender)
    second = kept(world)[1]

    page = world.signed_in("chu-tich").get(f"/responses/f51/{second.id}").text

    assert "chỉ một phiếu được tính" in page


def test_another_person_repeats_nobody(world, sender):
    again(world, sender, so_cccd="012090123457")

    assert repeats(world) == [False, False]


def test_a_resend_repeats_nothing(world, sender):
    told = sender.resend(JOIN)

    assert told.status_code == 200
    assert repeats(world) == [False]


def test_when_the_first_is_taken_back_the_second_counts(world, sender):
    again(world, sender)
    again(world, sender, noi_o="Bản 5")

    sender.press("withdraw", _proof=sender.proof(), _sure="1")

    first, second, third = kept(world)
    assert first.is_withdrawn
    assert (first.claims, "repeated" in second.flags, "repeated" in third.flags) == (
        (),
        False,
        True,
    )
    assert second.history[-1].what == "seated"
    assert second.history[-1].at == world.clock()


def test_a_corrected_number_counts_for_the_person_it_names(world, sender):
    again(world, sender, so_cccd="012090123457")
    typed = sender.typed()

    sender.press("correct", **{**typed, "so_cccd": "012090123457"})

    first, second = kept(world)
    assert first.answers["so_cccd"] == "012090123457"
    assert ("repeated" in first.flags, "corrected" in first.flags) == (True, True)
    assert "repeated" not in second.flags
    again(world, sender, noi_o="Bản 6")
    assert repeats(world)[2:] == [False]


def test_a_correction_of_something_else_repeats_nothing(world, sender):
    typed = sender.typed()

    sender.press("correct", **{**typed, "noi_o": "Bản 7"})

    assert kept(world)[0].answers["noi_o"] == "Bản 7"
    assert repeats(world) == [False]


@pytest.mark.parametrize(
    ("definition", "months", "expected"),
    [
        (ONCE_A_MONTH, ["9/2026", "9/2026", "10/2026"], [False, True, False]),
        (ONCE_A_UNIT, ["9/2026", "10/2026"], [False, True]),
    ],
)
def test_reports_of_a_unit_count_once(world, definition, months, expected):
    code = offered(world, definition)
    elsewhere = world.publish("f99", "che")

    for number, month in enumerate(months):
        send(world, code, {"ky": month, "ghi_chu": f"{number}"})
    send(world, elsewhere, {"ky": months[0]})

    assert repeats(world, "f99") == [*expected, False]


def test_a_person_is_a_hash_that_means_nothing_in_another_form(world):
    code = offered(world, ONCE_A_PERSON)
    send(world, code, {"dien_thoai": "0912 345 678"})
    (response,) = kept(world, "f99")
    elsewhere = ONCE_A_PERSON.model_copy(update={"id": "f98"})

    (claim,) = claims_of(ONCE_A_PERSON, response, HASHER)
    (other,) = claims_of(elsewhere, response, HASHER)
    under_another_key = claims_of(ONCE_A_PERSON, response, Hasher(b"another"))

    assert (claim.limit, claim.name.startswith("once:person:")) == (1, True)
    assert "912345678" not in claim.name
    assert response.claims == (claim.name,)
    assert len({claim.name, other.name, under_another_key[0].name}) == 3


def test_without_an_answer_nobody_is_told(world):
    code = offered(world, ONCE_A_PERSON)
    send(world, code, {"dien_thoai": "0912 345 678"})
    (response,) = kept(world, "f99")

    assert claims_of(ONCE_A_PERSON, replace(response, answers={}), HASHER) == ()
    assert claims_of(made(PERSON), response, HASHER) == ()
    assert claims_of(ONCE_A_UNIT, response, HASHER) == (Claim("once:unit:nam-na", 1),)


def test_an_anonymous_form_knows_no_person():
    with pytest.raises(DefinitionError, match="an anonymous form knows no person"):
        made(PERSON, anonymous=True, once={"per": "person", "question": "dien_thoai"})
