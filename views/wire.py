"""gzip for everything that is text: the phone pays for every byte."""

import gzip

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
