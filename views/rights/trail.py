"""The audit trail as its readers see it: who saw, changed or exported what; and as a file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from flask import Blueprint, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.trail import Entry
from federation.units import ROOT
from services.reading.trail_reading import (
    COLUMNS,
    Wanted,
    confidential_forms,
    entry_row,
    is_hidden,
    open_entries,
)
from services.trail.keeping import KEPT_MONTHS

from ..options import Option, number_text
from ..session import i_may, staff_blueprint, staff_page
from ..site import site
from ..table_posts import csv_file
from .trail_words import UNSPOKEN, about_words, break_words, deed_words, who_word

blueprint: Blueprint = staff_blueprint("trail", Act.SEE_TRAIL)

PAGE = 50
LONGEST_SEARCH = 20_000  # entries looked through, or proven, for one page; `storage check` all
_LONG_ID, _ID_SHOWN = re.compile(r"[0-9a-f-]{36}"), 8


@blueprint.before_request
def open_to_the_province() -> Response | None:
    """Entries are about all units, so that the rights of one part are not enough."""
    if not i_may(Act.SEE_TRAIL, ROOT):
        return staff_page("staff/trail.html", title=gettext("Audit trail"), status=403, closed=True)
    return None


@blueprint.get("/trail")
def show_trail() -> Response:
    """The newest entries, or those of one person or act."""
    number = max(request.args.get("page", 1, type=int), 1)
    who, act = request.args.get("who", "").strip(), request.args.get("act", "")
    start, hidden = (number - 1) * PAGE, confidential_forms(site().store)
    if who or act:
        total, fitting = _sought(who, act, hidden)
        entries = tuple(islice(fitting, start, start + PAGE))
    else:
        total, entries = site().store.trail.page(offset=start, limit=PAGE)
    has_more = len(entries) == PAGE
    broken = site().audit.first_break() if total <= LONGEST_SEARCH else None
    return staff_page(
        "staff/trail.html",
        title=gettext("Audit trail"),
        count=number_text(total),
        search={
            "action": url_for("trail.show_trail"),
            "who": who,
            "acts": [
                Option("", gettext("Everything"), not act),
                *(Option(name, word, name == act) for name, word in deed_words().items()),
            ],
        },
        entries=_lines(entries, hidden),
        broken=break_words(broken),
        kept_months=number_text(KEPT_MONTHS),
        download_href=url_for("trail.download"),
        breaches_href=url_for("breaches.list_breaches"),
        flow_href=url_for("data_flow.show_flow"),
        newer_href=_page_href(number - 1) if number > 1 else "",
        older_href=_page_href(number + 1) if has_more else "",
    )


def _sought(who: str, act: str, hidden: frozenset[str]) -> tuple[int, Iterator[Entry]]:
    """How many entries there are, and those that fit; a name must not find confidential acts."""
    total, newest = site().store.trail.page(offset=0, limit=LONGEST_SEARCH)
    open_ones = (entry for entry in newest if not is_hidden(entry, hidden))
    return total, filter(Wanted(who, act).accepts, open_ones)


def _page_href(number: int) -> str:
    who, act = (request.args.get(name) or None for name in ("who", "act"))  # None leaves it out
    return url_for("trail.show_trail", page=number, who=who, act=act)


def _lines(entries: Iterable[Entry], hidden: frozenset[str]) -> list[dict[str, str]]:
    """Entries in words; of complaints nobody here may learn more than that one was handled."""
    deeds, words = deed_words(), about_words()
    secret = {"who": "", "act": gettext("Handled a confidential form"), "about": ""}

    def told(entry: Entry) -> dict[str, str]:
        if is_hidden(entry, hidden):
            return secret
        act = deeds.get(entry.act, entry.act)
        return {"who": who_word(entry.who), "act": act, "about": _about(entry, words)}

    return [
        {"number": number_text(entry.number), "time": f"{entry.at:%H:%M:%S %d/%m/%Y}"} | told(entry)
        for entry in entries
    ]


def _about(entry: Entry, words: Mapping[str, str]) -> str:
    known = [(word, entry.about[name]) for name, word in words.items() if name in entry.about]
    spoken = words.keys() | UNSPOKEN
    others = [(name, value) for name, value in entry.about.items() if name not in spoken]
    return " · ".join(f"{word} {_short(value)}" for word, value in known + others)


def _short(value: str) -> str:
    """The beginning of a long id; the file of the trail has it whole."""
    return f"{value[:_ID_SHOWN]}…" if _LONG_ID.fullmatch(value) else value


@blueprint.get("/trail.csv")
def download() -> WebResponse:
    """Everything as it is kept, to be proven elsewhere; but for confidential forms."""
    return csv_file("nhat-ky", COLUMNS, map(entry_row, open_entries(site().store, Wanted())))
