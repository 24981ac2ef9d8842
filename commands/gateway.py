"""Between granian's event loop and our WSGI application: bodies arrive without holding a thread.

Granian's own WSGI worker reads a body in the thread that answers, so sixteen phones on one bar of
signal would keep everybody waiting. Here (RSGI, granian's asynchronous interface) a request gets
a thread when all of it is there, and gives it back before the answer travels.
"""

import asyncio
import io
import itertools
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from services.errors import place_of

from .bodies import Bodies, NoRoom

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_WHOLE = 1_000_000  # bytes up to which an answer is sent in one piece, with its length
_LONGEST_LENGTH = 12  # digits; Python refuses to read numbers of thousands
NO_ROOM = "phieu.no_room"  # set in the environ of a request whose body was not read for want of it

_log = logging.getLogger("phieu")


@dataclass
class Answer:
    """What the application said; `rest` is what it has not said yet."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    rest: Iterator[bytes] | None
    close: Callable[[], None]


class Gateway:
    """Serve a WSGI application (PEP 3333) as an RSGI one, with so many threads.

    A body larger than `largest` bytes is read only if `allowed` says so of its request; otherwise
    the application sees the length and refuses.
    """

    def __init__(
        self,
        app: Wsgi,
        *,
        threads: int,
        largest: int,
        allowed: Callable[[Environ], int],
        bodies: Bodies | None = None,
    ) -> None:
        self._app, self._largest, self._allowed = app, largest, allowed
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="answer")
        self._bodies = bodies or Bodies()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(403)
            return
        environ = _environ(scope)
        body = await self._body(environ, protocol)
        environ["wsgi.input"] = io.BytesIO(body)
        try:
            answer = await self._aside(self._ask, environ)
        finally:
            self._bodies.let_go(len(body))
        if answer.rest is None:
            protocol.response_bytes(answer.status, answer.headers, answer.body)
        else:
            await self._stream(answer, answer.rest, protocol)

    async def _aside(self, act: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, act, *arguments)

    async def _stream(self, answer: Answer, rest: Iterator[bytes], protocol: Any) -> None:
        try:
            line = protocol.response_stream(answer.status, answer.headers)
            piece: bytes | None = answer.body
            while piece is not None:
                await line.send_bytes(piece)
                piece = await self._aside(_next, rest)
        finally:  # also when the reader has gone
            await self._aside(answer.close)

    async def _body(self, environ: Environ, protocol: Any) -> bytes:
        """The body, as far as it came; empty where it is too large to be read at all."""
        length = _length(environ)
        if not length:
            return b""
        if length > self._largest and length > await self._aside(self._limit, environ):
            return b""
        try:
            return await self._bodies.read(protocol)
        except NoRoom:
            environ[NO_ROOM] = True
            return b""

    def _limit(self, environ: Environ) -> int:
        try:
            return self._allowed(environ)
        except Exception as error:  # the application will say why
            _log.error("%s before a body", place_of(error))
            return 0

    def _ask(self, environ: Environ) -> Answer:
        answer = Answer(500, [], b"", None, lambda: None)
        try:
            self._answer(environ, answer)
        except Exception as error:  # its text may hold an answer, so that it must not be logged
            _log.error("%s before an answer", place_of(error))
            answer.close()
            return Answer(500, [], b"", None, lambda: None)
        return answer

    def _answer(self, environ: Environ, answer: Answer) -> None:
        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            answer.status = int(status[:3])
            answer.headers = [(name.lower(), value) for name, value in headers]

        answering = self._app(environ, start_response)
        answer.close = getattr(answering, "close", answer.close)
        pieces, body = iter(answering), bytearray()
        for piece in pieces:
            body += piece
            if len(body) > _WHOLE:
                answer.rest = _joined(pieces)
                break
        else:
            answer.close()
        answer.body = bytes(body)


def _next(pieces: Iterator[bytes]) -> bytes | None:
    try:
        return next(pieces, None)
    except Exception as error:
        _log.error("%s in the middle of an answer", place_of(error))
        return None


def _joined(pieces: Iterator[bytes], size: int = 65_536) -> Iterator[bytes]:
    """Small pieces in larger ones: each costs a change of threads."""
    for first in pieces:
        joined = bytearray(first)
        while len(joined) < size and (piece := next(pieces, None)) is not None:
            joined += piece
        yield bytes(joined)


def _length(environ: Environ) -> int:
    told = environ.get("CONTENT_LENGTH", "")
    is_number = told.isascii() and told.isdigit() and len(told) <= _LONGEST_LENGTH
    return int(told) if is_number else 0


def _environ(scope: Any) -> Environ:
    """The request as PEP 3333 wants it."""
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    by_name = itertools.groupby(sorted(scope.headers.items(), key=_name), key=_name)
    for name, pairs in by_name:
        glue = "; " if name == "cookie" else ","
        key = name.upper().replace("-", "_")
        plain = key in ("CONTENT_TYPE", "CONTENT_LENGTH")
        environ[key if plain else f"HTTP_{key}"] = glue.join(value for _, value in pairs)
    return environ


def _name(pair: tuple[str, str]) -> str:
    return pair[0]
