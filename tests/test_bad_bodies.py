"""What strangers and bad lines send: refused in plain words, nothing kept, the server goes on."""

import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sending import JOINING, MEAL
from serving import Installation

from storage.opening import open_store
from storage.store import ResponseFilter

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, str, str]]:
    """A running server and the codes of a meal form and of an enrolment form."""
    place = Installation(tmp_path_factory.mktemp("bad") / "data")
    codes = [
        place.told("form", "publish", form, "--unit", "root")["scan_points"][0]["code"]
        for form in ("F28", "F51")
    ]
    with place.serving():
        yield place, codes[0], codes[1]


def exchange(
    place: Installation, head: str, body: bytes, *, wait: float = 20.0, end: bool = False
) -> tuple[int, str]:
    """Send raw bytes; `end` breaks the line off behind them. 0 is no answer at all."""
    with socket.create_connection(("127.0.0.1", place.port), timeout=wait) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        if end:
            line.shutdown(socket.SHUT_WR)
        told = b""
        try:
            while piece := line.recv(65536):
                told += piece
        except (TimeoutError, ConnectionResetError):
            pass
    status = int(told.split()[1]) if told.startswith(b"HTTP/1.1 ") else 0
    return status, told.decode("utf-8", "replace")


def head_of(code: str, kind: str, length: int, extra: str = "") -> str:
    return (
        f"POST /q/{code} HTTP/1.1\nHost: 127.0.0.1\nContent-Type: {kind}\n"
        f"Content-Length: {length}\nConnection: close{extra}"
    )


def post(place: Installation, code: str, body: bytes, kind: str = FORM) -> tuple[int, str]:
    return exchange(place, head_of(code, kind, len(body)), body)


def count(place: Installation) -> int:
    store = open_store(place.folder, read_only=True)
    try:
        forms = store.forms_with_responses()
        return sum(len(list(store.iter_responses(form, ResponseFilter()))) for form in forms)
    finally:
        store.close()


def encoded(answers: dict[str, object], **changed: object) -> bytes:
    return urlencode({**answers, **changed}, doseq=True).encode()


BODIES = {
    "garbage": (bytes(range(256)) * 40, FORM, 400),
    "readable garbage": (b"{[(<!&&==%%zz;" * 40, FORM, 422),
    "other type": (b'{"ca": "ca_sang"}', "application/json", 415),
    "no type": (encoded(MEAL), "", 415),
    "text": (encoded(MEAL), "text/plain", 415),
    "a field of 1 MB": (encoded(MEAL, gop_y="x" * 2**20), FORM, 413),
    "NUL in a choice": (encoded(MEAL, ca="ca_sang\0"), FORM, 422),
    "NUL in a text": (encoded(MEAL, gop_y="a\0b"), FORM, 422),
    "lone surrogate": (encoded(MEAL) + b"&gop_y=%ED%A0%80", FORM, 400),
    "no UTF-8": (encoded(MEAL) + b"&gop_y=%FF%FE", FORM, 400),
    "a repeated single value": (encoded(MEAL) + b"&ca=ca_dem", FORM, 422),
    "a choice that does not exist": (encoded(MEAL, ca="ca_trua"), FORM, 422),
    "two instance ids": (encoded(MEAL, instance_id=[str(uuid.uuid4())] * 2), FORM, 422),
    "answers of another form": (encoded(JOINING), FORM, 422),
    "a heap of marks": (encoded(MEAL, gop_y="e" + "\u0323" * 5000), FORM, 400),
    "50,000 inputs": (b"&".join(b"x=1" for _ in range(50_000)), FORM, 422),
    "broken parts": (b"--x\r\nContent-Disposition: form-data; name=ca\r\n\r\nca_", PARTS, 400),
    "no boundary": (b"--x--", "multipart/form-data", 400),
    "50,000 parts": (
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" * 5_000 + b"--x--",
        PARTS,
        413,
    ),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_bad_body_is_refused_in_plain_words_and_nothing_is_kept(place, case):
    (installation, meal, _), (body, kind, wanted) = place, BODIES[case]
    before = count(installation)

    status, told = post(installation, meal, body, kind)

    assert status == wanted, told[:600]
    assert '<html lang="vi">' in told
    assert "Traceback" not in told
    assert "werkzeug" not in told.lower()
    assert count(installation) == before
    assert post(installation, meal, encoded(MEAL))[0] == 303


def test_a_code_of_another_form_or_of_none_takes_nothing(place):
    installation, _, joining = place
    before = count(installation)

    refused = [post(installation, code, encoded(MEAL))[0] for code in (joining, "ZZZZZZ", "%00")]

    assert refused == [422, 404, 404]
    assert count(installation) == before


@pytest.mark.parametrize("kept_bytes", [0, 1, 60])
def test_a_body_that_breaks_off_keeps_nothing(place, kept_bytes):
    installation, meal, _ = place
    body, before = encoded(MEAL), count(installation)

    status, told = exchange(
        installation, head_of(meal, FORM, len(body)), body[:kept_bytes], end=True, wait=5
    )

    assert status in (0, 400), told[:300]
    assert count(installation) == before
    assert post(installation, meal, body)[0] == 303


def test_a_body_of_unknown_length_is_refused(place):
    installation, meal, _ = place
    head = (
        f"POST /q/{meal} HTTP/1.1\nHost: 127.0.0.1\nContent-Type: {FORM}\n"
        "Transfer-Encoding: chunked\nConnection: close"
    )
    before = count(installation)

    status, _ = exchange(installation, head, b"5\r\nca=ca\r\n0\r\n\r\n")

    assert status == 411
    assert count(installation) == before


def test_forty_slow_senders_keep_nobody_waiting(place: tuple[Installation, str, str]) -> None:
    installation, meal, _ = place
    body, lines = encoded(MEAL), []
    head = head_of(meal, FORM, len(body)).replace("\n", "\r\n").encode() + b"\r\n\r\n"
    for _ in range(40):  # more than the server has threads
        line = socket.create_connection(("127.0.0.1", installation.port), timeout=5)
        line.sendall(head + body[:5])
        lines.append(line)
    time.sleep(0.2)

    try:
        answered = [post(installation, meal, body)[0] for _ in range(3)]
    finally:
        for line in lines:
            line.close()

    assert answered == [303] * 3


def test_a_login_with_garbage_is_refused_too(place):
    installation, _, _ = place
    body = b"username=%00%FF&password=" + b"x" * 5000
    head = (
        f"POST /login HTTP/1.1\nHost: 127.0.0.1\nContent-Type: {FORM}\n"
        f"Content-Length: {len(body)}\nConnection: close"
    )

    status, told = exchange(installation, head, body)

    assert status == 400
    assert "Traceback" not in told


def test_the_server_leaves_no_trace_of_errors_in_its_output(tmp_path: Path) -> None:
    place = Installation(tmp_path / "data")
    code = place.told("form", "publish", "F28", "--unit", "root")["scan_points"][0]["code"]
    with place.serving():
        for body, kind, _ in BODIES.values():
            post(place, code, body, kind)

    assert "Traceback" not in place.output
