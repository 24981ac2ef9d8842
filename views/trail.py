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
from forms.types.base import Cell
from services.audit import Deed
from services.publish import published_versions
from services.responses import is_confidential

from .options import Option, number_text
from .session import i_may, staff_blueprint, staff_page
from .site import site
from .table_posts import csv_file

blueprint: Blueprint = staff_blueprint("trail", Act.SEE_TRAIL)

PAGE = 50
LONGEST_SEARCH = 20_000  # entries looked through, or proven, for one page; `storage check` all
_LONG_ID, _ID_SHOWN = re.compile(r"[0-9a-f-]{36}"), 8
COLUMNS = ("number", "at", "who", "act", "about", "seal")


@blueprint.before_request
def open_to_the_province() -> Response | None:
    """Entries are about all units, so that the rights of one part are not enough."""
    if not i_may(Act.SEE_TRAIL, ROOT):
        return staff_page("staff/trail.html", title=gettext("Audit trail"), status=403, closed=True)
    return None


def deed_words() -> Mapping[str, str]:
    """What each act is called."""
    return {
        Deed.SIGNED_IN: gettext("Signed in"),
        Deed.SIGN_IN_FAILED: gettext("Sign-in failed"),
        Deed.SIGNED_OUT: gettext("Signed out"),
        Deed.PASSWORD_CHANGED: gettext("Changed a password"),
        Deed.PERSON_CREATED: gettext("Added a person"),
        Deed.PERSON_CHANGED: gettext("Changed a person's rights"),
        Deed.UNIT_CHANGED: gettext("Changed units or headcounts"),
        Deed.FORM_PUBLISHED: gettext("Published a form"),
        Deed.FORM_CHANGED: gettext("Changed a scan point"),
        Deed.RESPONSES_LISTED: gettext("Looked at a list of responses"),
        Deed.RESPONSE_OPENED: gettext("Opened a response"),
        Deed.FILE_OPENED: gettext("Opened a file"),
        Deed.SENSITIVE_SHOWN: gettext("Looked at sensitive answers"),
        Deed.EXPORTED: gettext("Exported responses"),
        Deed.RESPONSE_CHANGED: gettext("Changed a response"),
        Deed.RESPONSE_CORRECTED: gettext("Corrected an own response"),
        Deed.RESPONSE_TAKEN_BACK: gettext("Took an own response back"),
        Deed.RESPONSES_DELETED: gettext("Deleted responses"),
        Deed.RETENTION_CHANGED: gettext("Changed how long responses are kept"),
        Deed.REQUEST_OPENED: gettext("Opened a data request"),
        Deed.PERSON_SOUGHT: gettext("Looked for a person's data"),
        Deed.REQUEST_CHANGED: gettext("Worked on a data request"),
        Deed.BACKUP_MADE: gettext("Made a backup"),
        Deed.STORE_COPIED: gettext("Copied the store"),
        Deed.STORE_IMPORTED: gettext("Imported responses"),
        Deed.KEYS_SHOWN: gettext("Printed the keys"),
        Deed.KEYS_ROTATED: gettext("Renewed the encryption key"),
        Deed.TRAIL_READ: gettext("Read this trail"),
        Deed.TRAIL_EXPORTED: gettext("Exported this trail"),
    }


def _who(name: str) -> str:
    words = {
        "": gettext("unknown"),
        "worker": gettext("a worker"),
        "command": gettext("on the command line"),
        "server": gettext("the server itself"),
    }
    return str(words.get(name, name))


def _about_words() -> Mapping[str, str]:
    return {
        "form": gettext("form"),
        "response": gettext("response"),
        "question": gettext("question"),
        "unit": gettext("unit"),
        "point": gettext("scan point"),
        "person": gettext("person"),
        "file": gettext("file"),
        "rows": gettext("rows"),
        "page": gettext("page"),
        "reason": gettext("reason"),
        "request": gettext("request"),
        "by": gettext("by"),
        "found": gettext("found"),
        "what": gettext("what"),
        "days": gettext("days"),
        "skipped": gettext("kept for now"),
    }


@blueprint.get("/trail")
def show_trail() -> Response:
    """The newest entries, or those of one person or act."""
    number = max(request.args.get("page", 1, type=int), 1)
    who, act = request.args.get("who", "").strip(), request.args.get("act", "")
    start, hidden = (number - 1) * PAGE, _confidential()
    if who or act:
        total, fitting = _sought(who, act, hidden)
        entries = tuple(islice(fitting, start, start + PAGE))
    else:
        total, entries = site().store.trail.page(offset=start, limit=PAGE)
    has_more = len(entries) == PAGE
    broken = site().audit.first_broken() if total <= LONGEST_SEARCH else None
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
        broken=number_text(broken.number) if broken else "",
        download_href=url_for("trail.download"),
        newer_href=_page_href(number - 1) if number > 1 else "",
        older_href=_page_href(number + 1) if has_more else "",
    )


def _sought(who: str, act: str, hidden: frozenset[str]) -> tuple[int, Iterator[Entry]]:
    """How many entries there are, and those that fit; a name must not find confidential acts."""
    total, newest = site().store.trail.page(offset=0, limit=LONGEST_SEARCH)
    open_ones = (entry for entry in newest if not _is_hidden(entry, hidden))
    return total, (e for e in open_ones if who in ("", e.who) and act in ("", e.act))


def _page_href(number: int) -> str:
    who, act = (request.args.get(name) or None for name in ("who", "act"))  # None leaves it out
    return url_for("trail.show_trail", page=number, who=who, act=act)


def _lines(entries: Iterable[Entry], hidden: frozenset[str]) -> list[dict[str, str]]:
    """Entries in words; of complaints nobody here may learn more than that one was handled."""
    deeds, words = deed_words(), _about_words()
    secret = {"who": "", "act": gettext("Handled a confidential form"), "about": ""}

    def told(entry: Entry) -> dict[str, str]:
        if _is_hidden(entry, hidden):
            return secret
        act = deeds.get(entry.act, entry.act)
        return {"who": _who(entry.who), "act": act, "about": _about(entry, words)}

    return [
        {"number": number_text(entry.number), "time": f"{entry.at:%H:%M:%S %d/%m/%Y}"} | told(entry)
        for entry in entries
    ]


def _about(entry: Entry, words: Mapping[str, str]) -> str:
    known = [(word, entry.about[name]) for name, word in words.items() if name in entry.about]
    others = [(name, value) for name, value in entry.about.items() if name not in words]
    return " · ".join(f"{word} {_short(value)}" for word, value in known + others)


def _is_hidden(entry: Entry, confidential: frozenset[str]) -> bool:
    """Whether it is about a confidential form, or a request that was passed on to inspectors."""
    return "confidential" in entry.about or entry.about.get("form", "") in confidential


def _short(value: str) -> str:
    """The beginning of a long id; the file of the trail has it whole."""
    return f"{value[:_ID_SHOWN]}…" if _LONG_ID.fullmatch(value) else value


def _confidential() -> frozenset[str]:
    published = (version.definition for version in published_versions(site().store))
    return frozenset(d.id for d in published if is_confidential(d))


@blueprint.get("/trail.csv")
def download() -> WebResponse:
    """Everything as it is kept, to be proven elsewhere; but for confidential forms."""
    hidden = _confidential()
    rows: list[list[Cell]] = [
        [
            entry.number,
            entry.at.isoformat(),
            entry.who,
            entry.act,
            " ".join(f"{name}={value}" for name, value in entry.about.items()),
            entry.seal,
        ]
        for entry in site().store.trail.all()
        if not _is_hidden(entry, hidden)
    ]
    return csv_file("nhat-ky", COLUMNS, rows)
