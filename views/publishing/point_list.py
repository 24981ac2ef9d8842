"""The organizer's list of scan points over all units, and what is done to many at once."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.problems import N_
from services.errors import Refusal
from services.moments import Span, read_span
from services.offering.point_list import PointFilter, PointLine
from services.publishing.points import change_points, reschedule
from services.publishing.publish import Change

from ..language import refusal_text
from ..options import number_text
from ..session import my_units, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from .point_questions import bulk_question
from .point_rows import address_of, asked_filter, count_text, filter_view, found_points, line_view
from .posters import page_for

blueprint: Blueprint = staff_blueprint("point_list", Act.PUBLISH_FORMS)

PAGE = 50
_FILTER = ("q", "form", "below", "state", "quiet", "days", "made")
_CHANGES: dict[str, Change] = {"pause": "pause", "resume": "resume", "close": "close"}


@blueprint.get("/points")
def list_points() -> Response:
    return _page("", 200)


def _page(error: str, status: int) -> Response:
    where = asked_filter()
    found = found_points(where)
    last = max(1, -(-len(found) // PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    shown = found[(number - 1) * PAGE : number * PAGE]
    pager = {
        "newer_href": address_of(where, page=number - 1) if number > 1 else "",
        "older_href": address_of(where, page=number + 1) if number < last else "",
        "range_text": gettext("page %(number)s of %(last)s", number=number, last=last),
    }
    return staff_page(
        "staff/points.html",
        title=gettext("Scan points"),
        status=status,
        filter=filter_view(where),
        count=number_text(len(found)),
        rows=[line_view(line) for line in shown],
        next=_next_step(where, found),
        script=site().assets.addresses(["copy.js"])[0],
        pager=pager if last > 1 else None,
        all_text=gettext("All %(count)s that were found", count=number_text(len(found))),
        error=error,
        action=url_for("point_list.change"),
        kept=_kept(_FILTER),
        forms_href=url_for("organizer.list_forms"),
    )


def _next_step(where: PointFilter, found: list[PointLine]) -> dict[str, str] | None:
    """Where to go after publishing: the posters of just these scan points."""
    forms = {line.definition.id for line in found}
    if where.made is None or len(forms) != 1:
        return None
    return {
        "text": gettext("%(points)s made.", points=count_text(len(found))),
        "href": url_for("posters.choose", definition=forms.pop(), made=where.made.isoformat()),
        "word": ngettext(
            "Print the poster of this scan point",
            "Print the posters of these %(count)s scan points",
            len(found),
            count=number_text(len(found)),
        ),
    }


def _kept(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """What was asked or posted under these names, to be posted again."""
    return [(name, text) for name in names for text in request.values.getlist(name) if text]


@blueprint.post("/points")
def change() -> Response:
    """Ask with the number, then do it to all that were chosen."""
    act, codes = request.form.get("act", ""), _chosen()
    try:
        if not codes:
            raise Refusal(N_("Please tick at least one scan point."))
        if act == "posters":
            return _posters(codes)
        if act != "schedule" and act not in _CHANGES:
            raise Refusal(N_("Please choose what to do."))
        span = _span() if act == "schedule" else (None, None)
        if "confirmed" not in request.form:
            return _ask(act, codes)
        _do(act, codes, span)
    except Refusal as refusal:
        return _page(refusal_text(refusal), 422)
    tell(what=act, rows=len(codes), point=" ".join(codes))
    flash(gettext("Done: %(points)s.", points=count_text(len(codes))), "done")
    return redirect(address_of(asked_filter()), 303)


def _posters(codes: list[str]) -> Response:
    """The page of posters with these scan points ticked; a file holds those of one form."""
    found = (site().store.points.get(code) for code in codes)
    forms = {point.definition for point in found if point}
    if len(forms) != 1:
        raise Refusal(N_("Please choose scan points of one form: each form has its own posters."))
    return page_for(forms.pop(), codes)


def _chosen() -> list[str]:
    """The codes that were ticked, or all that the filter finds; others' are left out."""
    if request.form.get("which") == "all":
        return [line.point.code for line in found_points(asked_filter())]
    mine, points = my_units(Act.PUBLISH_FORMS), site().store.points
    named = dict.fromkeys(request.form.getlist("code"))
    found = (points.get(code) for code in named)
    return [point.code for point in found if point and point.unit in mine]


def _span() -> Span:
    return read_span(request.form.get("opens", ""), request.form.get("closes", ""))


def _do(act: str, codes: list[str], span: Span) -> None:
    if act == "schedule":
        reschedule(site().store, codes, span)
    else:
        change_points(site().store, codes, _CHANGES[act], site().now())


def _ask(act: str, codes: list[str]) -> Response:
    asked = bulk_question(act, len(codes))
    kept = _kept((*_FILTER, "opens", "closes"))
    question = {
        **vars(asked),
        "action": url_for("point_list.change"),
        "hidden": [*kept, ("act", act), *(("code", code) for code in codes), ("confirmed", "1")],
        "is_mild": act != "close",
        "cancel_href": address_of(asked_filter()),
    }
    return staff_page("staff/confirm.html", title=asked.heading, question=question)
