"""Answers, codes and passwords never reach a log or the terminal, whatever goes wrong."""

import io
import logging
import socket
import uuid
from urllib.parse import urlencode

import pytest
from pictures import jpeg
from sending import HARDSHIP, JOINING, JSON, MEAL, post
from serving import Installation
from test_sign_in import log_in

from storage.errors import StoreFailed

WORD = "Bí-Mật-Hoàn-Cảnh"
PASSWORD = "mat-khau-bi-mat-1"
SECRETS = [WORD, "Bi-Mat", "012190123456", "0912345678", "0987654321", "012090123456", PASSWORD]
ANSWERS = HARDSHIP | {"mo_ta": WORD}


@pytest.fixture
def told(caplog, capfd):
    """All that was logged and printed so far, at the chattiest level."""
    caplog.set_level(logging.DEBUG)
    handler = logging.StreamHandler(printed := io.StringIO())  # with tracebacks, as servers do
    logging.getLogger().addHandler(handler)
    yield lambda: caplog.text + printed.getvalue() + "".join(capfd.readouterr())
    logging.getLogger().removeHandler(handler)


def leaked(text):
    return [secret for secret in SECRETS if secret in text]


def act_everywhere(world):
    """Every way in which a stranger or a helper hands something over, right and wrong."""
    client = world.client()
    codes = {form: world.publish(form) for form in ("f21", "f28", "f51")}
    answers = {"f21": ANSWERS, "f28": MEAL | {"gop_y": WORD}, "f51": JOINING | {"noi_o": WORD}}
    for form, code in codes.items():
        for headers in ({}, JSON):
            right = answers[form] | {"instance_id": str(uuid.uuid4())}
            for sent in (right, right, right | {"_step": "2"}, {"ho_ten": WORD}, {WORD: WORD}):
                client.post(f"/q/{code}", data=sent, headers=headers)
                client.post(f"/k/{code}", data=sent, headers=headers)
        client.get(f"/q/{code}?ho_ten={WORD}")
    photo = (io.BytesIO(jpeg()), f"{WORD}.jpg")
    client.post(f"/q/{codes['f21']}", data=ANSWERS | {"giay_to": photo}, headers=JSON)
    receipt = client.post(f"/q/{codes['f21']}", data=ANSWERS, headers=JSON).json["receipt"]
    client.post(f"/r/{receipt}", data={"_act": "open", "_digits": "5678"})
    client.post(f"/r/{receipt}", data={"_act": "open", "_digits": WORD})
    client.post(f"/q/{codes['f28']}", data=WORD.encode(), content_type="application/json")
    client.get("/", query_string={"code": WORD})
    log_in(world.client(), WORD, PASSWORD)
    log_in(world.client(), "chu-tich", PASSWORD)
    helper = world.signed_in("to-truong")
    post(helper, f"/assist/{codes['f21']}", **ANSWERS)
    post(helper, "/account", password=PASSWORD)
    return receipt


def test_what_is_handed_over_is_not_logged(world, told):
    receipt = act_everywhere(world)

    text = told()

    assert leaked(text) == []
    assert receipt not in text


def chained(error):
    error.__cause__ = ValueError(f"could not keep {WORD}, {PASSWORD}")
    return error


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"bad value {WORD} {PASSWORD}"),
        KeyError(WORD),
        chained(StoreFailed("the disk is full")),
        chained(RuntimeError("x")),
        UnicodeEncodeError("ascii", WORD, 0, 1, "no"),
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        "services.receiving.receive.Receiver.receive",
        "views.worker.answering.as_inputs",
        "services.organization.sign_in.SignInDesk.check",
        "services.review.cases.CaseDesk.prove",
        "views.security.site",  # behind every view, where Flask's own log would speak
    ],
)
def test_an_error_is_logged_without_its_text(world, monkeypatch, told, place, error):
    code = world.publish("f21")
    receipt = world.client().post(f"/q/{code}", data=ANSWERS, headers=JSON).json["receipt"]
    name = place.rpartition(".")[2]

    def fail(*_, **__):
        raise error

    door = world.client()
    door.get("/login")
    with door.session_transaction() as session:
        names = {"username": "chu-tich", "password": PASSWORD, "csrf_token": session["csrf"]}
    monkeypatch.setattr(place, fail)
    answers = [
        world.client().post(f"/q/{code}", data=ANSWERS),
        door.post("/login", data=names),
        world.client().post(f"/r/{receipt}", data={"_act": "open", "_digits": "5678"}),
    ]

    text = told()
    assert {answer.status_code for answer in answers} & {500, 503}
    assert "phieu" in text or name in text
    assert leaked(text) == []
    # A form that could not be kept goes back to its sender as it was typed, without the reason.
    assert [answer for answer in answers if leaked(answer.text) and answer.status_code == 500] == []
    assert [answer for answer in answers if "could not keep" in answer.text] == []
    assert "Traceback" not in text


def test_a_real_server_prints_nothing_of_what_it_was_sent(tmp_path):
    place = Installation(tmp_path / "data")
    code = place.told("form", "publish", "F21", "--unit", "root")["scan_points"][0]["code"]
    body = urlencode(ANSWERS, doseq=True).encode()
    with place.serving():
        for path, sent in (
            (f"/q/{code}", body),
            (f"/q/{code}?x={WORD.encode().hex()}", body[:40]),
            ("/login", urlencode({"username": WORD, "password": PASSWORD}).encode()),
            (f"/r/{PASSWORD}", body),
        ):
            head = (
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{place.port}\r\nConnection: close\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(sent)}\r\n\r\n"
            )
            with socket.create_connection(("127.0.0.1", place.port), timeout=20) as line:
                line.sendall(head.encode() + sent)
                while line.recv(65536):
                    pass

    assert leaked(place.output) == []
    assert "Traceback" not in place.output
