"""The gateway between granian and our application: PEP 3333 on one side, RSGI on the other."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from commands.gateway import Gateway

LARGEST = 1_000


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


def ask(app, line, **scope):
    gateway = Gateway(app, threads=2, largest=LARGEST)
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
