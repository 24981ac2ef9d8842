"""Long work of the signed-in person: how far it is, end it, fetch what came of it.

What begins work leads here; nobody sees another person's.
"""

import math
import mimetypes
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, url_for
from flask import Response as WebResponse
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from forms.problems import N_
from services.errors import NotFound
from services.job_records import Job, JobState

from .options import number_text
from .session import me, staff_blueprint, staff_page
from .site import site

blueprint: Blueprint = staff_blueprint("jobs", None)

_STATES = {
    JobState.WAITING: (N_("Waiting for its turn"), "new"),
    JobState.RUNNING: (N_("Under way"), "new"),
    JobState.DONE: (N_("Done"), "open"),
    JobState.CANCELLED: (N_("Ended by you"), "closed"),
    JobState.FAILED: (N_("Failed"), "refused"),
}
# Where each kind of work is begun anew; its `about` fills the address.
_AGAIN = {"posters": "posters.choose"}
_PIECE = 65_536  # bytes


@blueprint.get("/jobs")
def list_jobs() -> Response:
    rows = job_rows(site().jobs.of(me().name))
    return staff_page("staff/jobs.html", title=gettext("My long work"), jobs=rows)


def job_rows(jobs: list[Job]) -> list[dict[str, object]]:
    """Jobs as a list shows them."""
    return [
        {
            "title": job.title,
            "time": f"{job.begun_at:%H:%M %d/%m/%Y}",
            "state_word": gettext(_STATES[job.state][0]),
            "state_kind": _STATES[job.state][1],
            "href": url_for("jobs.show_job", job_id=job.id),
        }
        for job in jobs
    ]


@blueprint.get("/jobs/<job_id>")
def show_job(job_id: str) -> Response:
    job = _mine(job_id)
    word, kind = _STATES[job.state]
    view = {
        "title": job.title,
        "state_word": gettext(word),
        "state_kind": kind,
        "done": job.done,
        "total": job.total,
        "count_line": _count_line(job),
        "remaining": _remaining(job.remaining(site().now())) if not job.is_finished else "",
        "failure": gettext(job.failure, **job.values) if job.failure else "",
        "again_href": _again_href(job),
        "file_name": job.file_name,
        "file_href": url_for("jobs.download", job_id=job.id) if job.state is JobState.DONE else "",
        "cancel_action": "" if job.is_finished else url_for("jobs.cancel", job_id=job.id),
        "here_href": url_for("jobs.show_job", job_id=job.id),
        "list_href": url_for("jobs.list_jobs"),
        "script": site().assets.addresses(["job.js"])[0],
    }
    return staff_page("staff/job.html", title=job.title, job=view)


def _mine(job_id: str) -> Job:
    try:
        return site().jobs.find(job_id, me().name)
    except NotFound:
        abort(404)


def _again_href(job: Job) -> str:
    about: dict[str, Any] = dict(job.about)
    return url_for(_AGAIN[job.kind], **about) if job.kind in _AGAIN else ""


def _count_line(job: Job) -> str:
    numbers = {"done": number_text(job.done), "total": number_text(job.total)}
    return gettext("%(done)s of %(total)s", **numbers)


def _remaining(left: timedelta | None) -> str:
    if left is None:
        return ""
    seconds = math.ceil(left.total_seconds())
    if seconds < 60:
        return ngettext("about %(n)s second left", "about %(n)s seconds left", seconds, n=seconds)
    minutes = math.ceil(seconds / 60)
    return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes, n=minutes)


@blueprint.post("/jobs/<job_id>/cancel")
def cancel(job_id: str) -> Response:
    _mine(job_id)
    site().jobs.cancel(job_id, me().name)
    return redirect(url_for("jobs.show_job", job_id=job_id), 303)


@blueprint.get("/jobs/<job_id>/file")
def download(job_id: str) -> Response:
    job = _mine(job_id)
    try:
        path = site().jobs.result(job_id, me().name)
        size = path.stat().st_size
    except (NotFound, FileNotFoundError):
        abort(404)
    kind = mimetypes.guess_type(job.file_name)[0] or "application/octet-stream"
    answer = WebResponse(_pieces(path), mimetype=kind)
    answer.content_length = size
    answer.headers["Content-Disposition"] = f'attachment; filename="{job.file_name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
