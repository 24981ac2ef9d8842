"""The page from which responses leave as a file: which, as what, with what beside them."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from services import responses
from services.clock import VIETNAM
from services.days import day_text, read_day
from services.errors import Refusal
from services.export_jobs import begin_export
from services.export_order import KINDS, MIMETYPES, Order, Wish
from services.exporting import DIRECT, check_order, count, note_taken, write_export
from services.profiles import known_sources, profiles_of
from services.responses import View

from .chair import view_of
from .language import refusal_text, screen_language, translated_to
from .options import Option, number_text, unit_options
from .session import me, my_units, staff_blueprint, staff_page
from .site import site
from .trailing import tell

blueprint: Blueprint = staff_blueprint("exporting", Act.EXPORT_RESPONSES)

_FIELDS = ("reason", "since", "until")  # the inputs beside which a problem is said


@dataclass(frozen=True)
class Picked:
    """Which responses somebody picked on the page: a unit with those below it, and days."""

    unit: str = ""
    since: date | None = None
    until: date | None = None

    def view(self, definition: str) -> tuple[View, tuple[Definition, ...]]:
        view, versions = view_of(definition, Act.EXPORT_RESPONSES)
        readers = responses.readers_of(view.definition)
        if self.unit and self.unit not in my_units(Act.EXPORT_RESPONSES, readers):
            abort(404)
        if not self.inputs():
            return view, versions
        return view_of(
            definition,
            Act.EXPORT_RESPONSES,
            unit=self.unit or None,
            since=_midnight(self.since),
            until=_midnight(self.until + timedelta(days=1) if self.until else None),
        )

    def inputs(self) -> dict[str, str]:
        """As the page carries it on; what was not picked is left out."""
        found = {
            "unit": self.unit,
            "since": day_text(self.since) if self.since else "",
            "until": day_text(self.until) if self.until else "",
        }
        return {name: text for name, text in found.items() if text}

    @property
    def words(self) -> str:
        said = [site().tree.name(self.unit) if self.unit else gettext("all units you may see")]
        if self.since:
            said.append(gettext("from %(since)s", since=day_text(self.since)))
        if self.until:
            said.append(gettext("until %(until)s", until=day_text(self.until)))
        return " · ".join(said)


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM) if day else None


def _picked() -> Picked:
    """What the address or the post picks; raises Refusal for a day that is none."""
    unit = request.values.get("unit", "")[:40]
    return Picked(unit, _picked_day("since"), _picked_day("until"))


def _picked_day(name: str) -> date | None:
    text = request.values.get(name, "")[:20].strip()
    day = read_day(text)
    if text and day is None:
        raise Refusal(N_("Please write the day like this: 05/09/2026."), field=name)
    return day


@blueprint.get("/responses/<definition>/export")
def show_export(definition: str) -> Response:
    wish = Wish(labels=True, language=screen_language())
    try:
        return _page(definition, _picked(), wish)
    except Refusal as refusal:
        return _page(definition, Picked(), wish, refusal)


@blueprint.post("/responses/<definition>/export")
def take_export(definition: str) -> Response:
    """The file at once, or the page again saying what is missing."""
    wish, picked = _wish(), Picked()
    try:
        picked = _picked()
        view, _ = picked.view(definition)
        order = _order(view, picked, wish)
        check_order(order)
        rows = count(order)
        if rows <= DIRECT and not wish.files:
            return _sent(order)
        job = begin_export(site().jobs, order, me().name, rows, _in_this_app())
    except Refusal as refusal:
        return _page(definition, picked, wish, refusal)
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


def _order(view: View, picked: Picked, wish: Wish) -> Order:
    return Order(
        site().store,
        view,
        wish,
        site().tree,
        by=f"{me().full_name} ({me().name})" if me().full_name else me().name,
        at=site().now(),
        translate=lambda text: translated_to(wish.language, text),
        words=picked.words,
        about=picked.inputs(),
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
        since=order.about.get("since"),
        until=order.about.get("until"),
    )


def _page(definition: str, picked: Picked, wish: Wish, refusal: Refusal | None = None) -> Response:
    view, versions = picked.view(definition)
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
        words=picked.words,
        picked=picked.inputs(),
        action=url_for("exporting.take_export", definition=definition),
        pick_action=url_for("exporting.show_export", definition=definition),
        units=_units(newest, picked.unit),
        wish=wish,
        typed={name: request.values.get(name, "")[:20] for name in ("since", "until")},
        errors={field: said} if field in _FIELDS else {},
        error="" if field in _FIELDS else said,
        profiles=_profiles(definition, versions, wish.profile),
        profiles_href=url_for("export_profiles.list_profiles", definition=definition),
        has_files=any(question.keeps_files for question in asked),
        has_sensitive=any(question.sensitive for question in asked),
        withheld=view.withheld,
        back_href=url_for("chair.list_responses", definition=definition),
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
    view, _ = view_of(definition, Act.EXPORT_RESPONSES)
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
