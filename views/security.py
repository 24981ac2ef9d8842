"""What every answer and every post must keep to: headers, origin, CSRF tokens."""

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Response, abort, g, request, session

from .site import site

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
}


def add_headers(answer: Response) -> Response:
    """Headers of every answer; pages of workers allow their one inline style by its hash."""
    for name, value in _ALWAYS.items():
        answer.headers.setdefault(name, value)
    style = site().assets.worker_hash if g.get("worker_page") else "'self'"
    answer.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; style-src {style}; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    )
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def check_origin() -> None:
    """Refuse a post that another site's page made (403). Old browsers send neither header."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        abort(403)


def csrf_token() -> str:
    """The token of this browser's session, for the hidden input of every staff form."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def check_csrf() -> None:
    """Refuse a staff post without the session's token (400)."""
    known, sent = str(session.get("csrf", "")), request.form.get("csrf_token", "")
    if not known or not hmac.compare_digest(known.encode(), sent.encode()):
        abort(400)
