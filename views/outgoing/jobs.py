"""Long work of the signed-in person: how far it is, end it, fetch what came of it.

What begins work leads here; nobody sees another person's.
"""

import math
import mimetypes
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from export.manifest import SUFFIX, read_manifest, told_lines
from federation.access import Act
from forms.problems import N_
from services.errors import NotFound
from services.outgoing.export_jobs import is_outdated
from services.outgoing.exporting import JOB_KIND as EXPORT
from services.outgoing.job_records import Job, JobState
from services.publishing.publish import all_versions
from services.reading import responses
from services.trail.audit import Deed
from storage.errors import SealBroken

from ..language import translate
from ..options import number_text
from ..session import i_may, i_may_somewhere, me, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell

blueprint: Blueprint = staff_blueprint("jobs", None)

_STATES = {
    JobState.WAITING: (N_("Waiting for its turn"), "new"),
    JobState.RUNNING: (N_("Under way"), "new"),
    JobState.DONE: (N_("Done"), "open"),
    JobState.CANCELLED: (N_("Ended by you"), "closed"),
    JobState.FAILED: (N_("Failed"), "refused"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of work: where it is begun (a job's `about` fills the address), and who may."""

    endpoint: str
    act: Act


KINDS = {
    "posters": Kind("posters.choose", Act.PUBLISH_FORMS),
    EXPORT: Kind("exporting.show_export", Act.EXPORT_RESPONSES),
}


@blueprint.before_request
def open_for_those_who_begin_work() -> None:
    if not any(i_may_somewhere(kind.act) for kind in KINDS.values()):
        abort(403)


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
        "links_href": _links_href(job),
        "file_name": job.file_name,
        "file_href": url_for("jobs.download", job_id=job.id) if job.state is JobState.DONE else "",
        "record": _record(job),
        "cancel_action": "" if job.is_finished else url_for("jobs.cancel", job_id=job.id),
        "here_href": url_for("jobs.show_job", job_id=job.id),
        "list_href": url_for("jobs.list_jobs"),
        "script": site().assets.addresses(["job.js"])[0],
    }
    return staff_page("staff/job.html", title=job.title, job=view)


def _mine(job_id: str) -> Job:
    """One's own, as long as one may still do such work with that form."""
    try:
        job = site().jobs.find(job_id, me().name)
    except NotFound:
        abort(404)
    if job.kind not in KINDS or not i_may_somewhere(KINDS[job.kind].act):
        abort(404)
    if job.kind == EXPORT:
        if not _may_export(job.about["definition"]):
            abort(404)
        if job.is_finished and is_outdated(site().store, job):
            site().jobs.drop(job_id, me().name)
            abort(404)
    return job


def _may_export(definition: str) -> bool:
    try:
        newest = all_versions(site().store, definition)[-1]
    except NotFound:
        return False
    return i_may(Act.EXPORT_RESPONSES, readers=responses.readers_of(newest))


def _record(job: Job) -> dict[str, object] | None:
    """What the record sheet of an export says, for people."""
    beside = site().jobs.beside(job.id, me().name) if job.state is JobState.DONE else None
    if beside is None or job.kind != EXPORT:
        return None
    manifest = read_manifest(beside)
    lines = told_lines(manifest, lambda text: translate(text, {}))
    return {
        "href": url_for("jobs.download_record", job_id=job.id),
        "lines": [{"label": label, "text": text} for label, text in lines],
    }


def _again_href(job: Job) -> str:
    about: dict[str, Any] = {k: v for k, v in job.about.items() if not k.startswith("_")}
    return url_for(KINDS[job.kind].endpoint, **about)


def _links_href(job: Job) -> str:
    """After posters: the links of the same scan points, to be copied and sent."""
    if job.kind != "posters" or job.state is not JobState.DONE:
        return ""
    return url_for("point_list.list_points", form=job.about["definition"])


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
    """The result; a download that broke off goes on where it was (Range, ETag)."""
    job = _mine(job_id)
    try:
        result = site().jobs.result(job_id, me().name)
        size, pieces = result.size, result.pieces()
        first = next(pieces)  # before we promise a file
    except (NotFound, FileNotFoundError, SealBroken):
        abort(404)
    kind = mimetypes.guess_type(job.file_name)[0] or "application/octet-stream"
    answer = WebResponse(chain([first], pieces), mimetype=kind)
    answer.content_length = size
    answer.set_etag(job.id)  # a result never changes
    answer.headers["Content-Disposition"] = f'attachment; filename="{job.file_name}"'
    answer.headers["Cache-Control"] = "no-store"
    _note(job)
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    return answer


@blueprint.get("/jobs/<job_id>/record")
def download_record(job_id: str) -> Response:
    """The record sheet of an export, as it lies beside the file."""
    job = _mine(job_id)
    try:
        content = site().jobs.beside(job_id, me().name)
    except NotFound:
        content = None
    if content is None:
        abort(404)
    answer = WebResponse(content, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{job.file_name}{SUFFIX}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _note(job: Job) -> None:
    """Let the trail say that a file with answers was fetched; a part of it counts as well."""
    if job.kind == EXPORT:
        tell(Deed.EXPORTED, form=job.about.get("definition"), what="file", file=job.file_name)
