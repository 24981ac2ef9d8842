"""Everything that is text goes out compressed: the phone pays for every byte.

Pages are gzipped as they are made; files that never change are compressed once, and best.
"""

import gzip
from functools import cache

import brotli
from flask import Response, request

SMALLEST = 500  # bytes; below, the header costs more than it saves
_TEXT = ("text/", "application/json", "image/svg+xml")


def compressed(answer: Response) -> Response:
    """The same answer in gzip where the browser takes it and it pays."""
    answer.vary.add("Accept-Encoding")
    if (
        answer.is_streamed
        or answer.direct_passthrough
        or answer.content_encoding
        or not (answer.mimetype or "").startswith(_TEXT)
        or request.accept_encodings["gzip"] <= 0
    ):
        return answer
    body = answer.get_data()
    if len(body) >= SMALLEST:
        answer.set_data(gzip.compress(body, 6, mtime=0))
        answer.content_encoding = "gzip"
    return answer


def encode(answer: Response, content: bytes) -> Response:
    """Put a file's content into an answer, in the smallest form that the browser takes."""
    answer.vary.add("Accept-Encoding")
    forms = {"br": _brotli, "gzip": _gzip}
    taken = next((name for name in forms if request.accept_encodings[name] > 0), None)
    if taken and len(content) >= SMALLEST:
        answer.content_encoding = taken
        content = forms[taken](content)
    answer.set_data(content)
    return answer


@cache
def _brotli(content: bytes) -> bytes:
    packed: bytes = brotli.compress(content, quality=11)
    return packed


@cache
def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
