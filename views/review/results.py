"""Results: what all answers to a form come to, question by question, with nobody's name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from export.summary import HEADER, summary_rows
from federation.access import Act
from forms.definition import Definition
from forms.types.base import Cell
from services.clock import VIETNAM
from services.errors import NotFound
from services.reading.responses import may_read
from services.reading.results import Period, Sight, results_of, sight_of, texts_of

from ..language import screen_language, translate
from ..options import Option, number_text, unit_options
from ..session import me, staff_blueprint, staff_page
from ..site import site
from ..table_posts import csv_file, xlsx_file
from ..trailing import tell
from .results_page import compare_options, page_values

blueprint: Blueprint = staff_blueprint("results", Act.SEE_TOTALS)

PAGE = 25
LONGEST_WORDS = 100
_WRITTEN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def results_href(definition: Definition) -> str:
    """Where the results of a form are; empty for who may not see any."""
    tree, today = site().tree, site().today
    acts = (Act.SEE_TOTALS, Act.SEE_RESPONSES)
    if not any(may_read(me(), definition, tree, today, act) for act in acts):
        return ""
    return url_for("results.show_results", definition=definition.id)


@dataclass(frozen=True)
class Wish:
    """What the address asks for, and what it says that means nothing, by input."""

    unit: str | None
    since: date | None
    to: date | None
    errors: dict[str, str]

    @property
    def query(self) -> dict[str, Any]:
        """The same for another address."""
        days = {
            "from": self.since and f"{self.since:%d/%m/%Y}",
            "to": self.to and f"{self.to:%d/%m/%Y}",
        }
        return {name: text for name, text in {"unit": self.unit, **days}.items() if text}


def _wish() -> Wish:
    errors: dict[str, str] = {}
    unit = request.args.get("unit", "")
    if unit and unit not in site().tree:
        errors["unit"] = gettext("No unit has this code; these are all units.")
    days = {}
    for name in ("from", "to"):
        text = request.args.get(name, "").strip()
        days[name] = _day(text)
        if text and days[name] is None:
            errors[name] = gettext("Please write the day like this: 05/09/2026.")
    known = unit if unit and not errors.get("unit") else None
    return Wish(known, days["from"], days["to"], errors)


def _day(text: str) -> date | None:
    match = _WRITTEN.fullmatch(text)
    iso = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else text
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, VIETNAM) if day else None


def _sight(definition: str, wish: Wish) -> Sight:
    """What this person sees of the form; 404 where that is nothing."""
    end = wish.to + timedelta(days=1) if wish.to else None
    period = Period(_midnight(wish.since), _midnight(end))
    store, tree, today = site().store, site().tree, site().today
    try:
        found = sight_of(store, definition, me(), tree, today, unit=wish.unit, period=period)
    except NotFound:
        abort(404)
    if found is None:
        abort(404)
    return found


@blueprint.get("/results/<definition>")
def show_results(definition: str) -> Response:
    wish = _wish()
    sight = _sight(definition, wish)
    options = compare_options(sight, request.args.get("compare"))
    compared = next((option.value for option in options if option.selected), "")
    results = results_of(site().store, sight, compared=compared.partition(":")[0])
    title = sight.view.definition.title.into(screen_language())
    return staff_page(
        "staff/results/page.html",
        title=gettext("Results"),
        form_title=title,
        chosen=_chosen(sight, wish),
        back_href=_back_href(sight),
        filters=_filters(sight, wish, "results.show_results") | {"compare": options},
        downloads={
            kind: url_for(f"results.download_{kind}", definition=definition, **wish.query)
            for kind in ("xlsx", "csv")
        },
        results=page_values(sight, results, compared, wish.query),
    )


def _chosen(sight: Sight, wish: Wish) -> str:
    """Unit and days that count, as they were really taken: anonymous forms go by months."""
    where, unit = sight.view.where, wish.unit
    said = [site().tree.name(unit)] if unit and unit in sight.reach else []
    if where.since:
        said.append(gettext("from %(day)s", day=f"{where.since:%d/%m/%Y}"))
    if where.until:
        last = where.until - timedelta(days=1)
        said.append(gettext("until %(day)s", day=f"{last:%d/%m/%Y}"))
    return " · ".join(said)


def _back_href(sight: Sight) -> str:
    form = sight.view.definition.id
    if may_read(me(), sight.view.definition, site().tree, site().today):
        return url_for("chair.list_responses", definition=form)
    return url_for("totals.show_form", definition=form)


def _filters(sight: Sight, wish: Wish, endpoint: str, **named: Any) -> dict[str, object]:
    typed = {name: request.args.get(name, "")[:20] for name in ("from", "to")}
    return {
        "action": url_for(endpoint, definition=sight.view.definition.id, **named),
        "units": [
            Option("", gettext("All units")),
            *unit_options(site().tree, sight.reach, wish.unit or ""),
        ],
        "unit": wish.unit or "",
        "errors": wish.errors,
        "months": sight.cells is not None,
        "is_open": bool(wish.query or wish.errors),
        **typed,
    }


@blueprint.get("/results/<definition>.csv")
def download_csv(definition: str) -> WebResponse:
    return csv_file(f"{definition}_ket-qua", *_table(definition))


@blueprint.get("/results/<definition>.xlsx")
def download_xlsx(definition: str) -> WebResponse:
    return xlsx_file(f"{definition}_ket-qua", *_table(definition))


def _table(definition: str) -> tuple[Sequence[str], list[list[Cell]]]:
    sight = _sight(definition, _wish())
    results = results_of(site().store, sight)

    def say(message: str) -> str:
        return translate(message, {})

    rows = summary_rows(results.topics, screen_language(), say)
    return [say(name) for name in HEADER], list(rows)


@blueprint.get("/results/<definition>/<question>")
def list_texts(definition: str, question: str) -> Response:
    """What people wrote, one after the other, for who may read their responses."""
    wish = _wish()
    sight = _sight(definition, wish)
    asked = next(
        (v.by_name[question] for v in reversed(sight.versions) if question in v.by_name), None
    )
    is_secret = any(v.by_name[question].sensitive for v in sight.versions if question in v.by_name)
    if asked is None or is_secret or not sight.lists(asked):
        abort(404)
    words = request.args.get("q", "")[:LONGEST_WORDS]
    number = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    start = (number - 1) * PAGE
    count, page = texts_of(site().store, sight, question, words=words, offset=start, limit=PAGE)
    tell(page=number, rows=f"{len(page)}/{count}")

    def href(page: int) -> str:
        asked_for: dict[str, Any] = wish.query | ({"q": words} if words else {})
        asked_for |= {"definition": definition, "question": question, "page": page}
        return url_for("results.list_texts", **asked_for)

    return staff_page(
        "staff/results/texts.html",
        title=asked.label.into(screen_language()),
        form_title=sight.view.definition.title.into(screen_language()),
        back_href=url_for("results.show_results", definition=definition, **wish.query),
        filters=_filters(sight, wish, "results.list_texts", question=question),
        words=words,
        count=number_text(count),
        texts=[
            {
                "text": one.text,
                "href": ""
                if sight.cells
                else url_for(
                    "chair.show_response", definition=definition, response_id=one.response
                ),
            }
            for one in page
        ],
        pager={
            "newer_href": href(number - 1) if number > 1 else "",
            "older_href": href(number + 1) if start + PAGE < count else "",
        },
        withheld=sight.view.withheld,
    )
