"""Between granian's event loop and our WSGI application: bodies arrive without holding a thread.

Granian's own WSGI worker reads a body in the thread that answers, so sixteen phones on one bar of
signal would keep everybody waiting. Here (RSGI, granian's asynchronous interface) a request gets
a thread when all of it is there, and gives it back before the answer travels.
"""

import asyncio
import io
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_WHOLE = 1_000_000  # bytes up to which an answer is sent in one piece, with its length
_BETWEEN_PIECES = 60.0  # seconds without a byte after which a sender is given up
_SLOWEST = 500  # bytes a second below which a sender is given up, after the first pause


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

    Bodies larger than `largest` bytes are not read: the application sees the length and refuses.
    """

    def __init__(self, app: Wsgi, *, threads: int, largest: int) -> None:
        self._app, self._largest = app, largest
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="answer")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(403)
            return
        loop = asyncio.get_running_loop()
        environ = _environ(scope)
        environ["wsgi.input"] = io.BytesIO(await self._body(environ, protocol))
        answer = await loop.run_in_executor(self._threads, self._ask, environ)
        if answer.rest is None:
            protocol.response_bytes(answer.status, answer.headers, answer.body)
            return
        try:
            line = protocol.response_stream(answer.status, answer.headers)
            piece: bytes | None = answer.body
            while piece is not None:
                await line.send_bytes(piece)
                piece = await loop.run_in_executor(self._threads, next, answer.rest, None)
        finally:  # also when the reader has gone
            await loop.run_in_executor(self._threads, answer.close)

    async def _body(self, environ: Environ, protocol: Any) -> bytes:
        """What was sent; less than announced when the sender broke off or was given up."""
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isdigit() or not 0 < int(length) <= self._largest:
            return b""
        pieces = bytearray()
        try:
            async with asyncio.timeout(_BETWEEN_PIECES + int(length) / _SLOWEST):
                async for piece in protocol:
                    pieces += piece
        except (TimeoutError, RuntimeError):  # granian's errors of a closed line are RuntimeErrors
            pass
        return bytes(pieces)

    def _ask(self, environ: Environ) -> Answer:
        answer = Answer(500, [], b"", None, lambda: None)

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
        return answer


def _joined(pieces: Iterator[bytes], size: int = 65_536) -> Iterator[bytes]:
    """Small pieces in larger ones: each costs a change of threads."""
    for first in pieces:
        joined = bytearray(first)
        while len(joined) < size and (piece := next(pieces, None)) is not None:
            joined += piece
        yield bytes(joined)


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
    if scope.authority and "HTTP_HOST" not in environ:  # HTTP/2 says the host there
        environ["HTTP_HOST"] = scope.authority
    return environ


def _name(pair: tuple[str, str]) -> str:
    return pair[0]
