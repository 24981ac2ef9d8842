"""Paper forms typed in one after another: by keyboard, the next one at once, with a counter.

The page is the worker's own with a block of ours before it. Nothing waits on this device, so it
works without scripts, and static/enter.js only spares the mouse.
"""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, abort, flash, g, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.answers import CheckedAnswers, check_answers
from forms.definition import Definition
from forms.problems import Problem
from forms.publication import Availability, PublishedVersion, ScanPoint
from forms.shortened import on_one_page
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from services.days import day_text
from services.errors import NotFound
from services.publishing.publish import all_versions, points_of
from services.reading.responses import is_confidential, readers_of
from services.receiving.arriving import Assisted
from services.receiving.paper_batch import (
    FILLED_ON,
    SHEET,
    SIGNED,
    Batch,
    Paper,
    read_batch,
    read_paper,
)
from services.receiving.receive import TURN_INPUT, as_it_stands, newest_version
from services.receiving.received import Invalid, Outcome, Received, Refused, Withdrawn
from storage.errors import StoreError

from ..language import chosen_language, screen_language
from ..options import Option
from ..refusals import refuse
from ..session import i_may_somewhere, me, my_units, staff_blueprint, staff_page
from ..site import site
from ..uploads import posted_uploads
from ..worker.answering import FORM_TYPES, as_inputs, refuse_closed
from ..worker.form_block import PAPER
from ..worker.form_page import answer_page
from ..worker.unkept import page_again
from ..worker.walking import STEP_INPUT, Shown, after_step, refused
from .entry_block import alike_to, batch_block

blueprint: Blueprint = staff_blueprint("entry", None)

BATCH = "batch"  # the session's entry


@blueprint.before_request
def open_to_typists() -> None:
    """Whoever may fill in for workers, and whoever reviews what comes in."""
    if not any(map(i_may_somewhere, (Act.ASSIST, Act.REVIEW_RESPONSES))):
        abort(403)


def _units(definition: Definition) -> frozenset[str]:
    """Where this person may type papers of the form in; complaints are for their readers alone."""
    reviewed = my_units(Act.REVIEW_RESPONSES, readers_of(definition))
    return reviewed if is_confidential(definition) else reviewed | my_units(Act.ASSIST)


def _definition(form: str) -> Definition:
    """The newest version; 404 for a form of which this person types nothing in."""
    try:
        definition = all_versions(site().store, form)[-1]
    except NotFound:
        abort(404)
    if not _units(definition):
        abort(404)
    return definition


@blueprint.get("/responses/<definition>/enter")
def show_start(definition: str) -> Response:
    """Where the pile comes from."""
    return _start_page(_definition(definition))


def _start_page(definition: Definition, error: str = "") -> Response:
    units, now = _units(definition), site().now()
    chosen = request.form.get("code", "")
    points = [
        Option(point.code, _where(point), point.code == chosen)
        for point in points_of(site().store, definition.id)
        if point.unit in units and _takes_papers(as_it_stands(point, site().tree), now)
    ]
    return staff_page(
        "staff/entry.html",
        title=gettext("Type in paper forms"),
        status=422 if error else 200,
        form_title=definition.title.into(screen_language()),
        action=url_for("entry.begin", definition=definition.id),
        points=points,
        filled_on=request.form.get(FILLED_ON, "")[:40],
        error=error,
        back_href=url_for("assist.list_points"),
    )


def _takes_papers(point: ScanPoint, now: datetime) -> bool:
    """Whether it is open, or was when papers may have been filled in that come late."""
    availability = point.availability(now)
    was_open = availability in (Availability.PAUSED, Availability.CLOSED)
    return availability is Availability.OPEN or (was_open and point.within_grace(now))


def _where(point: ScanPoint) -> str:
    return " · ".join(filter(None, (site().tree.home_name(point.unit), point.place)))


@blueprint.post("/responses/<definition>/enter")
def begin(definition: str) -> Response:
    """A new pile: its counter begins anew."""
    form = _definition(definition)
    point = _point(form, request.form.get("code", ""))
    paper = read_paper(request.form.get(FILLED_ON, ""), "", is_signed=True, today=site().today)
    if problem := paper.problems.get(FILLED_ON):
        return _start_page(form, gettext(problem.message))
    session[BATCH] = Batch(point.code, day_text(paper.filled_on) if paper.filled_on else "").plain
    return redirect(_href(point), 303)


def _href(point: ScanPoint) -> str:
    return url_for("entry.show_form", definition=point.definition, code=point.code)


def _point(definition: Definition, code: str) -> ScanPoint:
    """The scan point of this form, 404 beyond the person's units."""
    point = site().store.points.get(code)
    if point is None or point.unit not in _units(definition):
        abort(404)
    point = as_it_stands(point.at_turn(request.form.get(TURN_INPUT, "")), site().tree)
    if point.definition != definition.id:
        abort(404)
    return point


def _opened(form: str, code: str) -> tuple[ScanPoint, PublishedVersion, Batch]:
    """What a page needs; from here it is a worker page."""
    point = _point(_definition(form), code)
    version = newest_version(site().store, form)
    g.worker_page = True
    g.page_language = chosen_language(version.definition.languages)
    return point, version, read_batch(session.get(BATCH), code)


@blueprint.get("/responses/<definition>/enter/<code>")
def show_form(definition: str, code: str) -> Response:
    """The next empty form."""
    point, version, batch = _opened(definition, code)
    known = {FILLED_ON: [batch.filled_on], SHEET: [batch.next_sheet]}
    return _page(point, version, batch, known, Shown())


@blueprint.post("/responses/<definition>/enter/<code>")
def take(definition: str, code: str) -> Response:
    """Keep the paper and go on to the next; what is wrong comes back with all that was typed."""
    if request.mimetype not in FORM_TYPES:
        return refuse("type", 415)
    g.posted_language = request.form.get("_lang")
    point, version, batch = _opened(definition, code)
    inputs, uploads = as_inputs(request.form), posted_uploads()
    if STEP_INPUT in inputs:
        shown = after_step(on_one_page(version.definition), inputs, site().today)
        return _page(point, version, batch, inputs, shown, uploads)
    paper = _paper(version.definition, inputs)
    if paper.problems:
        checked = _with(paper.problems, version.definition, inputs, uploads)
        return _page(point, version, batch, inputs, _refused(version, checked), uploads)
    try:
        outcome = _receive(point, inputs, uploads, paper)
    except StoreError as error:
        return page_again(
            error,
            on_one_page(version.definition),
            inputs,
            lambda shown: _page(point, version, batch, inputs, shown, uploads),
        )
    if isinstance(outcome, Refused):
        return refuse_closed(outcome.availability, point)
    if isinstance(outcome, Withdrawn):
        return refuse("withdrawn", 410, unit=point.unit)
    if isinstance(outcome, Invalid):
        shown = _refused(outcome.version, outcome.checked)
        return _page(point, outcome.version, batch, inputs, shown, uploads)
    session[BATCH] = _counted(batch, outcome, paper).plain
    return redirect(_href(point), 303)


def _paper(definition: Definition, inputs: Inputs) -> Paper:
    """What is said of the paper itself; an anonymous one carries no signature."""
    return read_paper(
        next(iter(inputs.get(FILLED_ON, ())), ""),
        "" if definition.anonymous else next(iter(inputs.get(SHEET, ())), ""),
        is_signed=definition.anonymous or list(inputs.get(SIGNED, ())) == ["1"],
        today=site().today,
    )


def _with(
    problems: Mapping[str, Problem], definition: Definition, inputs: Inputs, uploads: Uploads
) -> CheckedAnswers:
    """What is wrong with the paper, and everything else that must be corrected, in one go."""
    checked = check_answers(definition, inputs, site().today, uploads=uploads)
    return CheckedAnswers(problems={**problems, **checked.problems})


def _refused(version: PublishedVersion, checked: CheckedAnswers) -> Shown:
    return refused(on_one_page(version.definition), checked, site().today)


def _receive(point: ScanPoint, inputs: Inputs, uploads: Uploads, paper: Paper) -> Outcome:
    return site().receiver.receive(
        point,
        {name: texts for name, texts in inputs.items() if name != "_queued_at"},
        uploads,
        tree=site().tree,
        language=g.page_language,
        now=site().now(),
        assisted=Assisted(me().name, "paper", paper.filled_on, paper.sheet),
    )


def _counted(batch: Batch, received: Received, paper: Paper) -> Batch:
    """The pile with this paper; the very same post again counts once."""
    response = received.response
    if not received.stored:
        flash(gettext("This paper was kept already; nothing was kept twice."), "done")
        return batch
    anonymous = response.receipt != received.receipt  # then nothing leads back to it
    return batch.with_one(
        "" if anonymous else response.id,
        day_text(paper.filled_on) if paper.filled_on else "",
        paper.sheet,
        is_alike=received.is_variant or bool(alike_to(response)),
    )


def _page(
    point: ScanPoint,
    version: PublishedVersion,
    batch: Batch,
    inputs: Inputs,
    shown: Shown,
    uploads: Uploads = NO_UPLOADS,
) -> Response:
    page = PublishedVersion(
        on_one_page(version.definition), version.number, version.prefix, version.published_at
    )
    return answer_page(
        point,
        page,
        inputs,
        shown,
        uploads=uploads,
        mode=PAPER,
        action=url_for("entry.take", definition=point.definition, code=point.code),
        entry=batch_block(page.definition, batch, inputs, shown),
    )
