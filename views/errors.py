"""From error to status and page: the one table."""

import logging
from contextlib import suppress
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, MethodNotAllowed, TooManyRequests
from werkzeug.wrappers import Response

from federation.passwords import TooManyAtOnce
from services.errors import place_of
from storage.errors import SealBroken, StoreError

from .refusals import refuse, wants_json
from .session import staff_page
from .uploads import MULTIPART

_log = logging.getLogger("phieu")

# To the queue of a helper's phone, which can sign in and repeat.
_TO_A_QUEUE = {400: "signed_out", 403: "signed_out", 404: "out_of_reach"}
_SOON = 5  # seconds until a password may be tried again in a crowd
_WORKER_REASONS = {
    400: "broken",
    403: "foreign",
    404: "lost",
    405: "lost",
    413: "large",
    429: "crowded",
}


def register_errors(app: Flask) -> None:
    """Answer every error with a plain page in the person's language."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StoreError, _store_error)
    app.register_error_handler(SealBroken, _seal_broken)
    app.register_error_handler(TooManyAtOnce, _crowd_at_the_door)
    app.register_error_handler(Exception, _our_error)
    # Flask's own would write the error's text and the address; it is asked where our handlers fail.
    app.log_exception = _log_failure  # type: ignore[method-assign]
    app.logger.addFilter(_without_texts)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value] # werkzeug's own, ready to send
    status = error.code or 500
    if request.blueprint == "assist" and wants_json() and status in _TO_A_QUEUE:
        return refuse(_TO_A_QUEUE[status], status)
    if _is_staff():
        return _with_wait(_staff_error(status), error)
    reason = _WORKER_REASONS.get(status, "broken")
    if reason == "large" and request.mimetype == MULTIPART:
        reason = "heavy"
    answer = refuse(reason, status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return _with_wait(answer, error)


def _with_wait(answer: Response, error: HTTPException) -> Response:
    if isinstance(error, TooManyRequests) and error.retry_after:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _crowd_at_the_door(_: TooManyAtOnce) -> Response:
    return _http_error(TooManyRequests(retry_after=_SOON))


def _store_error(error: StoreError) -> Response:
    _log.error("the store refused: %s", error)
    return unable_to_write()


def unable_to_write() -> Response:
    """What is said when the disk refused."""
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
    _log.error("%s in %s %s", place_of(error), request.method, request.endpoint)
    return _staff_error(500) if _is_staff() else refuse("busy", 500)


def _log_failure(exc_info: Any) -> None:
    _log.error("%s while an answer was made", place_of(exc_info[1]))


def _without_texts(record: logging.LogRecord) -> bool:
    if record.exc_info and record.exc_info[1]:
        record.msg, record.args = "%s: %s", (record.msg, place_of(record.exc_info[1]))
        record.exc_info = record.exc_text = None
    return True


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
        429: (
            gettext("Very many people are at it just now."),
            gettext("Nothing has changed."),
            gettext("Please wait some seconds and try again."),
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
