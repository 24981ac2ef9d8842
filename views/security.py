"""What every answer and every post must keep to: headers, origin, a whole body, CSRF tokens."""

import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Response, abort, g, request, session
from werkzeug.exceptions import TooManyRequests

from forms.publication import ScanPoint

from .site import site

_ALWAYS = {
    "Server": "web",  # otherwise servers say their own name
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
}
_YEAR = "max-age=31536000"
_NO_ROOM, _LATER = "phieu.no_room", 30  # set by the server when bodies fill the memory; seconds
_MOST_MARKS = 30  # in a row (UAX #15, Stream-Safe Text Format)
_MARKS_BY_PARTS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")  # marks when taken apart


def add_headers(answer: Response) -> Response:
    """Headers of every answer; pages of workers allow their one inline style by its hash."""
    for name, value in _ALWAYS.items():
        answer.headers.setdefault(name, value)
    style = site().assets.worker_hash if g.get("worker_page") else "'self'"
    # A draft's preview stands in a frame of the builder's page: ours alone, and nowhere else.
    ancestors = "'self'" if g.get("framed_by_own_pages") else "'none'"
    frames = "frame-src 'self'; " if g.get("frames_own_pages") else ""
    answer.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; style-src {style}; script-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; "
        f"base-uri 'none'; {frames}frame-ancestors {ancestors}",
    )
    answer.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure or site().base_url.startswith("https://"):
        answer.headers.setdefault("Strict-Transport-Security", _YEAR)
    return answer


def check_origin() -> None:
    """Refuse a post that another site's page made (403). Old browsers send neither header."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and _host_of(origin) not in (request.host.lower(), _public_host()):
        abort(403)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # http://[
        return None


def _public_host() -> str | None:
    # A reverse proxy may name another host to us than the one that phones see.
    return _host_of(site().base_url)


def check_body() -> None:
    """Refuse a body of unknown length (411), so that one that broke off is told from a whole one.

    granian ends the stream in the same way when the connection breaks. Without its mark werkzeug
    counts, and refuses a body that is shorter than announced (400). One that found no room in
    memory comes again later (429).
    """
    if "Transfer-Encoding" in request.headers:
        abort(411)
    request.environ.pop("wsgi.input_terminated", None)
    if request.environ.get(_NO_ROOM):
        raise TooManyRequests(retry_after=_LATER)


def keep_pace(point: ScanPoint) -> None:
    """Refuse more answers in a minute than any shift sends (429); a phone tries again by itself."""
    wait = site().pace.wait(point.code, site().now())
    if wait:
        raise TooManyRequests(retry_after=wait)


def check_encoding() -> None:
    """Refuse an urlencoded body that is no UTF-8 (400): werkzeug would keep `%FF` as text."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    try:
        unquote_to_bytes(request.get_data()).decode()
    except UnicodeDecodeError:
        abort(400)


def check_marks(texts: Iterable[str]) -> None:
    """Refuse heaps of combining marks (400): to normalise them takes the square of their number."""
    if any(len(text) > _MOST_MARKS and not text.isascii() and _is_heaped(text) for text in texts):
        abort(400)


def _is_heaped(text: str) -> bool:
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) or sign in _MARKS_BY_PARTS else 0
        if marks > _MOST_MARKS:
            return True
    return False


def csrf_token() -> str:
    """The token of this browser's session, for the hidden input of every staff form."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def check_csrf() -> None:
    """Refuse a staff post without the session's token (400)."""
    check_body()
    known, sent = str(session.get("csrf", "")), request.form.get("csrf_token", "")
    if not known or not hmac.compare_digest(known.encode(), sent.encode()):
        abort(400)
