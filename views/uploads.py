"""Files in a post: how large it may be, asked before anything reads it, and what came."""

import io
from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, request

from forms.definition import Definition
from forms.gallery import gallery
from forms.types.base import Upload, Uploads
from forms.xlsform.grids import LARGEST_FILE
from qr.codes import tidy
from services.review.receipts import find_by_receipt

from .site import site

MULTIPART = "multipart/form-data"
_AT_A_POINT = ("worker.take_answers", "kiosk.take_answers", "assist.take_answers", "entry.take")


class InMemory(Request):
    """A request whose files stay in memory: its body was bounded, and a photo of an ID card must
    not lie about in the system's folder for temporary files.
    """

    def _get_file_stream(self, *_: object, **__: object) -> io.BytesIO:  # werkzeug's place for it
        return io.BytesIO()


def allow_uploads() -> None:
    """Let a body be as large as the files of the form that it answers, and no larger."""
    if request.method != "POST" or request.mimetype != MULTIPART:
        return
    if request.endpoint == "form_files.take_import":
        request.max_content_length = (request.max_content_length or 0) + LARGEST_FILE
        return
    files = max((form.most_file_bytes for form in _forms_asked_for()), default=0)
    if files and request.max_content_length is not None:
        request.max_content_length += files


def body_limit(app: Flask, environ: dict[str, Any]) -> int:
    """How large the body of this request may be, told before it is read."""
    with app.request_context(environ):
        allow_uploads()
        return request.max_content_length or 0


def _forms_asked_for() -> Iterable[Definition]:
    """All versions of the form: an answer to an older one may come late."""
    named = request.view_args or {}
    endpoint = (request.endpoint or "").removesuffix("_upper")
    if endpoint in _AT_A_POINT:
        point = site().store.points.get(tidy(named["code"]))
        return _versions(point.definition) if point else ()
    if endpoint == "case.act":
        case = find_by_receipt(site().store, site().hasher, named["code"])
        return (case.version.definition,) if case and case.is_correctable else ()
    if endpoint in ("person_correction.correct", "correcting.correct"):
        return _versions(named["definition"])
    if endpoint == "organizer.try_preview":
        own = gallery().get(named["definition"])
        return [*_versions(named["definition"]), *([own] if own else [])]
    return ()


def _versions(form: str) -> list[Definition]:
    return [v.definition for v in site().store.versions.all() if v.definition.id == form]


def posted_uploads() -> Uploads:
    """The files by the name of their input; an empty file input sends a file without a name."""
    return {
        name: [
            Upload(file.filename or "", file.mimetype or "", file.stream.read())
            for file in request.files.getlist(name)
        ]
        for name in request.files
    }
