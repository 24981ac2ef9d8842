"""From error to status and page: the one table."""

import logging
from contextlib import suppress

from flask import Flask, g, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from storage.errors import SealBroken, StoreError

from .refusals import refuse, wants_json
from .session import staff_page
from .uploads import MULTIPART

_log = logging.getLogger("phieu")

_WORKER_REASONS = {400: "broken", 403: "foreign", 404: "lost", 405: "lost", 413: "large"}


def register_errors(app: Flask) -> None:
    """Answer every error with a plain page in the person's language."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StoreError, _store_error)
    app.register_error_handler(SealBroken, _seal_broken)
    app.register_error_handler(Exception, _our_error)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value] # werkzeug's own, ready to send
    status = error.code or 500
    if request.blueprint == "assist" and wants_json() and status in (400, 403):
        return refuse("signed_out", status)  # to the queue of a phone, which can sign in and repeat
    if _is_staff():
        return _staff_error(status)
    reason = _WORKER_REASONS.get(status, "broken")
    if reason == "large" and request.mimetype == MULTIPART:
        reason = "heavy"
    answer = refuse(reason, status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def _store_error(error: StoreError) -> Response:
    _log.error("the store refused: %s", error)
    with suppress(StoreError):  # the frame of a staff page asks the store, too
        if _is_staff():
            return _staff_error(503)
    return refuse("busy", 503)


def _seal_broken(error: SealBroken) -> Response:
    _log.error("%s", error)
    with suppress(StoreError):
        if _is_staff():
            return _staff_error(500)
    return refuse("busy", 500)


def _our_error(error: Exception) -> Response:
    # Answers must not reach the log: the type and the place, not the values.
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    _log.error("%s at %s in %s %s", type(error).__name__, place, request.method, request.endpoint)
    return _staff_error(500) if _is_staff() else refuse("busy", 500)


def _is_staff() -> bool:
    return request.blueprint not in (None, "worker", "case", "kiosk", "assets") and not g.get(
        "worker_page"
    )


def _staff_error(status: int) -> Response:
    words = {
        400: (
            gettext("The page was open for too long."),
            gettext("Nothing has changed."),
            gettext("Please go back, load the page again and repeat."),
        ),
        403: (
            gettext("This page is not for your account."),
            gettext("Your role does not include it."),
            gettext("Please ask your administrator if you need it."),
        ),
        404: (
            gettext("There is nothing here."),
            gettext("The address is wrong, or it belongs to another unit."),
            gettext("Please go back to the start page."),
        ),
        413: (
            gettext("This is too large."),
            gettext("Nothing has changed."),
            gettext("Please shorten it and try again."),
        ),
        503: (
            gettext("The server cannot write to its disk."),
            gettext("Responses that were acknowledged are safe; nothing new can be kept now."),
            gettext("Please tell your administrator at once."),
        ),
    }
    otherwise = (
        gettext("Something went wrong on the server."),
        gettext("Nothing was lost."),
        gettext("Please try again; if it happens again, tell your administrator."),
    )
    heading, text, what_now = words.get(status, otherwise)
    g.setdefault("person", None)
    return staff_page(
        "errors/staff.html",
        title=heading,
        status=status,
        problem={
            "heading": heading,
            "text": text,
            "what_now": what_now,
            "home_href": url_for("desk.show_desk"),
        },
    )
