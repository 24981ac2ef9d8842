"""The gateway between granian and our application: PEP 3333 on one side, RSGI on the other."""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from commands.bodies import Bodies, NoRoom
from commands.gateway import NO_ROOM, Gateway

LARGEST, WITH_FILES = 1_000, 2_000


@dataclass
class Line:
    """What granian gives with each request, as far as the gateway uses it."""

    pieces: list[bytes] = field(default_factory=list)
    breaks_after: int = 10**9
    told: list = field(default_factory=list)
    read: int = 0

    async def __aiter__(self):
        for piece in self.pieces:
            self.read += 1
            yield piece

    def response_bytes(self, status, headers, body):
        self.told.append((status, dict(headers), body))

    def response_stream(self, status, headers):
        self.told.append((status, dict(headers)))
        return self

    async def send_bytes(self, piece):
        if len(self.told) > self.breaks_after:
            raise RuntimeError("the reader has gone")
        self.told.append(piece)


def allowed(environ):
    if environ["PATH_INFO"] == "/broken":
        raise LookupError("Lò Thị Phương")
    return WITH_FILES if environ["PATH_INFO"] == "/files" else 0


def ask(app, line, **scope):
    gateway = Gateway(
        app, threads=2, largest=LARGEST, allowed=allowed, bodies=Bodies(room=WITH_FILES + 1)
    )
    wanted = {
        "proto": "http",
        "method": "GET",
        "path": "/",
        "query_string": "",
        "http_version": "1.1",
        "scheme": "http",
        "server": "127.0.0.1:8000",
        "client": "10.0.0.7:5000",
        "authority": None,
        "headers": [],
    } | scope
    headers = wanted["headers"]
    wanted["headers"] = SimpleNamespace(items=lambda: headers)
    with ThreadPoolExecutor(1) as aside:  # a browser test may have a loop running in this thread
        aside.submit(asyncio.run, gateway.__rsgi__(SimpleNamespace(**wanted), line)).result()
    return line.told


def echo(seen):
    def app(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"a", b"b"]

    return app


def test_a_request_looks_as_pep_3333_says():
    seen = {}
    headers = [("cookie", "a=1"), ("cookie", "b=2"), ("x-y", "1"), ("x-y", "2"), ("host", "h")]

    told = ask(echo(seen), Line(), path="/q/é", query_string="a=%20", headers=headers)

    assert told == [(200, {"content-type": "text/plain"}, b"ab")]
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/q/é"
    assert (seen["QUERY_STRING"], seen["REMOTE_ADDR"]) == ("a=%20", "10.0.0.7")
    assert (seen["HTTP_COOKIE"], seen["HTTP_X_Y"], seen["HTTP_HOST"]) == ("a=1; b=2", "1,2", "h")
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"]) == ("127.0.0.1", "8000")


def test_a_body_is_whole_before_the_application_is_asked():
    seen = {}

    ask(echo(seen), Line([b"ab", b"cd"]), method="POST", headers=[("content-length", "4")])

    assert seen["body"] == b"abcd"


@pytest.mark.parametrize("length", [str(LARGEST + 1), "-1", "abc", "9" * 30, ""])
def test_a_body_too_large_or_of_no_length_is_not_read(length):
    seen, line = {}, Line([b"ab"])

    ask(echo(seen), line, method="POST", headers=[("content-length", length)])

    assert (line.read, seen["body"], seen["CONTENT_LENGTH"]) == (0, b"", length)


@pytest.mark.parametrize(
    ("path", "length", "read"),
    [
        ("/files", WITH_FILES, b"ab"),
        ("/files", WITH_FILES + 1, b""),
        ("/", LARGEST + 1, b""),
        ("/broken", LARGEST + 1, b""),
        ("/broken", LARGEST, b"ab"),
    ],
)
def test_only_a_form_with_files_has_a_larger_body_read(path, length, read):
    seen = {}
    headers = [("content-length", str(length))]

    ask(echo(seen), Line([b"ab"]), method="POST", path=path, headers=headers)

    assert seen["body"] == read


@pytest.mark.parametrize("length", ["9" * 6_000, "²", "1e3", "+5", " 5", "0x10", "１２"])
def test_a_length_that_is_no_number_breaks_nothing(length):
    seen = {}

    told = ask(echo(seen), Line([b"ab"]), method="POST", headers=[("content-length", length)])

    assert (told[0][0], seen["body"]) == (200, b"")


def test_a_body_for_which_memory_is_wanting_is_marked():
    seen, line = {}, Line([b"x" * 1_500] * 2)
    headers = [("content-length", "2000")]

    ask(echo(seen), line, method="POST", path="/files", headers=headers)

    assert (seen[NO_ROOM], seen["body"]) == (True, b"")


def read(bodies, *pieces, every=0.0):
    async def sending():
        for piece in pieces:
            await asyncio.sleep(every)
            yield piece

    async def reading():
        return await bodies.read(sending())

    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, reading()).result()


def test_bodies_share_their_room_and_give_it_back():
    bodies = Bodies(room=10)
    first = read(bodies, b"12345", b"678")

    with pytest.raises(NoRoom):
        read(bodies, b"12", b"3")
    bodies.let_go(len(first))

    assert read(bodies, b"1234567", b"890") == b"1234567890"


def test_a_sender_that_pauses_too_long_is_given_up_with_what_came():
    started = time.monotonic()

    body = read(Bodies(patience=0.2), b"12345", b"x", every=0.15)
    none = read(Bodies(patience=0.2), b"x" * 1_000, every=60)

    assert (body, none) == (b"12345", b"")
    assert time.monotonic() - started < 10


def test_a_sender_that_is_slow_and_goes_on_is_waited_for():
    assert len(read(Bodies(patience=0.2), *[b"x" * 100] * 5, every=0.1)) == 500


SECRET = "Lò Thị Phương, 012190123456"


def failing(environ, start_response):
    raise ValueError(SECRET)


def failing_later(environ, start_response):
    start_response("200 OK", [])

    def pieces():
        for _ in range(40):
            yield b"x" * 50_000
        raise ValueError(SECRET)

    return Closing(pieces())


@pytest.mark.parametrize(("app", "status"), [(failing, 500), (failing_later, 200)])
def test_an_error_is_logged_by_kind_and_place_and_never_by_its_text(caplog, capfd, app, status):
    with caplog.at_level(logging.DEBUG):
        told = ask(app, Line())

    assert told[0][0] == status
    assert "ValueError at " in caplog.text
    assert SECRET[:12] not in caplog.text + "".join(capfd.readouterr())


class Closing:
    def __init__(self, pieces):
        self.pieces, self.closed = iter(pieces), False

    def __iter__(self):
        return self.pieces

    def close(self):
        self.closed = True


def streaming(answer):
    def app(environ, start_response):
        start_response("200 OK", [])
        return answer

    return app


def test_a_long_answer_is_sent_piece_by_piece_and_closed():
    answer = Closing(b"x" * 50_000 for _ in range(100))

    told = ask(streaming(answer), Line())

    assert told[0] == (200, {})
    assert b"".join(told[1:]) == b"x" * 5_000_000
    assert len(told) > 30
    assert answer.closed


def test_a_long_answer_is_closed_when_its_reader_goes():
    answer = Closing(b"x" * 50_000 for _ in range(100))

    with pytest.raises(RuntimeError, match="the reader has gone"):
        ask(streaming(answer), Line(breaks_after=3))

    assert answer.closed
    assert next(answer.pieces, None) is not None
