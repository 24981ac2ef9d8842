"""The page from which responses leave as a file: which, as what, with what beside them."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from export.bundle import nameless
from export.csv import csv_chunks
from export.table import Style, Table, merged_questions
from federation.access import Act
from forms.definition import Definition
from forms.export_profile import ExportProfile
from forms.problems import N_
from services.errors import Refusal
from services.outgoing.export_jobs import begin_export
from services.outgoing.export_order import KINDS, MIMETYPES, Order, Wish
from services.outgoing.exporting import DIRECT, check_order, count, note_taken, write_export
from services.outgoing.profiles import known_sources, profiles_of
from services.reading import responses

from ..language import refusal_text, screen_language, translated_to
from ..options import Option, number_text, unit_options
from ..review.list_filter import Listed, filter_words, list_href, listed
from ..session import me, my_units, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell

blueprint: Blueprint = staff_blueprint("exporting", Act.EXPORT_RESPONSES)

_DAYS = ("from", "to")
_FIELDS = ("reason", *_DAYS)  # the inputs beside which a problem is said


def _words(shown: Listed) -> str:
    """Which responses, for the record sheet and for people."""
    said = filter_words(shown)
    return " · ".join(said if shown.asked.unit else [gettext("all units you may see"), *said])


def _picked(shown: Listed) -> list[tuple[str, str]]:
    """What the page carries on of what the list was asked for."""
    return [pair for pair in shown.asked.query() if pair[0] != "sort"]


def _about(shown: Listed) -> dict[str, str]:
    """The same for the record and for the way back; of several of one name all in one."""
    about: dict[str, str] = {}
    for name, value in _picked(shown):
        about[name] = f"{about[name]} {value}" if name in about else value
    return about


def _checked(shown: Listed) -> None:
    """Refuse what means nothing: a file must not hold more than somebody meant."""
    if not shown.unknown:
        return
    typed = {name: request.values.get(name, "").strip() for name in _DAYS}
    for name, text in typed.items():
        if text in shown.unknown:
            raise Refusal(N_("Please write the day like this: 05/09/2026."), field=name)
    raise Refusal(
        N_("“%(value)s” means nothing on this form."), {"value": ", ".join(shown.unknown)[:60]}
    )


@blueprint.get("/responses/<definition>/export")
def show_export(definition: str) -> Response:
    shown = listed(definition, Act.EXPORT_RESPONSES)
    wish = Wish(labels=True, language=screen_language())
    try:
        _checked(shown)
    except Refusal as refusal:
        return _page(shown, wish, refusal)
    return _page(shown, wish)


@blueprint.post("/responses/<definition>/export")
def take_export(definition: str) -> Response:
    """The file at once, or the page again saying what is missing."""
    shown, wish = listed(definition, Act.EXPORT_RESPONSES), _wish()
    try:
        _checked(shown)
        order = _order(shown, wish)
        check_order(order)
        rows = count(order)
        if rows <= DIRECT and not wish.files:
            return _sent(order)
        job = begin_export(site().jobs, order, me().name, rows, _in_this_app())
    except Refusal as refusal:
        return _page(shown, wish, refusal)
    _note(order, rows)
    return redirect(url_for("jobs.show_job", job_id=job.id), 303)


def _in_this_app() -> Callable[[], AbstractContextManager[object]]:
    """What a thread needs around work that speaks our languages."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app.app_context


def _wish() -> Wish:
    posted = request.form
    kind = posted.get("kind", "xlsx")
    if kind not in KINDS:
        abort(400)
    return Wish(
        kind=kind,
        labels=posted.get("header") != "name",
        split=posted.get("split_choices") == "1",
        separator=";" if posted.get("separator") == ";" else ",",
        sensitive=posted.get("sensitive") == "1",
        reason=posted.get("reason", "")[:300],
        profile=posted.get("profile", "")[:60],
        files=posted.get("files") == "1",
        paper=posted.get("paper") == "1",
        language=screen_language(),
    )


def _order(shown: Listed, wish: Wish) -> Order:
    return Order(
        site().store,
        shown.view,
        wish,
        site().tree,
        by=f"{me().full_name} ({me().name})" if me().full_name else me().name,
        at=site().now(),
        translate=lambda text: translated_to(wish.language, text),
        words=_words(shown),
        about=_about(shown),
    )


def _sent(order: Order) -> Response:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        manifest = write_export(order, path)
        content = path.read_bytes()
    note_taken(order)
    _note(order, manifest.rows)
    answer = WebResponse(content, mimetype=MIMETYPES[order.wish.ending])
    answer.headers["Content-Disposition"] = f'attachment; filename="{order.file_name}"'
    return answer


def _note(order: Order, rows: int) -> None:
    """Let the trail say what left, and why sensitive answers were among it."""
    wish = order.wish
    tell(
        kind=wish.kind,
        rows=rows,
        profile=wish.profile,
        files="1" if wish.files else "",
        sensitive="1" if wish.sensitive else "",
        reason=wish.reason if wish.sensitive else "",
        unit=order.about.get("unit"),
        since=order.about.get("from"),
        until=order.about.get("to"),
    )


def _page(shown: Listed, wish: Wish, refusal: Refusal | None = None) -> Response:
    view, versions, definition = shown.view, shown.versions, shown.definition.id
    total, _ = responses.page(site().store, view, offset=0, limit=0)
    language, newest = screen_language(), versions[-1]
    asked = merged_questions(versions)
    field, said = (refusal.field, refusal_text(refusal)) if refusal else ("", "")
    return staff_page(
        "staff/export.html",
        title=gettext("Download responses"),
        status=422 if refusal else 200,
        form_title=newest.title.into(language),
        count=number_text(total),
        total=total,
        words=_words(shown),
        picked=_picked(shown),
        action=url_for("exporting.take_export", definition=definition),
        pick_action=url_for("exporting.show_export", definition=definition),
        units=_units(newest, shown.asked.unit),
        wish=wish,
        typed={name: request.values.get(name, "")[:20] for name in _DAYS},
        errors={field: said} if field in _FIELDS else {},
        error="" if field in _FIELDS else said,
        profiles=_profiles(definition, versions, wish.profile),
        profiles_href=url_for("export_profiles.list_profiles", definition=definition),
        has_files=any(question.keeps_files for question in asked),
        has_sensitive=any(question.sensitive for question in asked),
        withheld=view.withheld,
        back_href=list_href(definition, shown.asked),
    )


def _units(definition: Definition, chosen: str) -> list[Option]:
    mine = my_units(Act.EXPORT_RESPONSES, responses.readers_of(definition))
    return [
        Option("", gettext("All units you may see"), not chosen),
        *unit_options(site().tree, mine, chosen),
    ]


def _profiles(definition: str, versions: Sequence[Definition], chosen: str) -> list[Option]:
    """The templates; of one that names what the form never asked, the option says so."""
    found, known = profiles_of(site().store, definition), known_sources(versions)
    return [
        Option("", gettext("All columns"), not chosen),
        *(Option(p.id, _profile_title(p, known), p.id == chosen) for p in found),
    ]


def _profile_title(profile: ExportProfile, known: frozenset[str]) -> str:
    missing = sum(bool(c.source) and c.source not in known for c in profile.columns)
    if not missing:
        return profile.title
    return f"{profile.title} · {gettext('Without a question: %(count)s', count=missing)}"


@blueprint.get("/responses/<definition>.csv")
def download_csv(definition: str) -> Response:
    """The CSV, streamed; `header=label`, `split_choices=1` and `separator=;` as the page offers.

    Nothing sensitive: that leaves by a post, with a reason.
    """
    view = listed(definition, Act.EXPORT_RESPONSES).view
    versions, found = responses.exported(site().store, view)
    language = screen_language()
    style = Style(
        labels=language if request.args.get("header") == "label" else "",
        split=request.args.get("split_choices") == "1",
    )
    table = Table(
        versions,
        style,
        unit_name=site().tree.name,
        translate=lambda text: translated_to(language, text),
    )
    if view.definition.anonymous:
        found = nameless(found, merged_questions(versions))
    separator = ";" if request.args.get("separator") == ";" else ","
    answer = WebResponse(
        _encoded(csv_chunks(table.header(), table.rows(found), separator=separator)),
        mimetype="text/csv",
    )
    name = f"{definition}_{site().now():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _encoded(chunks: Iterator[str]) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk.encode()
