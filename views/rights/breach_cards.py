"""Open breaches on the first page of those who keep them, with the clock of 72 hours."""

from flask import url_for
from flask_babel import gettext, ngettext

from services.rights.breach_notice import moment_text

from ..options import number_text
from ..site import site
from .breach_page import extent_text
from .breach_words import clock_chip
from .breaches import keeps_breaches, my_breaches
from .requests import my_handler


def breach_cards() -> list[dict[str, object]]:
    """One card until all are closed, red while the agency waits for its notice."""
    if not (keeps_breaches() or my_handler().confided):
        return []
    found = [one for one in my_breaches() if one.is_open]
    if not found:
        return []
    now = site().now()
    return [
        {
            "heading": gettext("Breaches of personal data"),
            "kind": "alarm" if any(one.notified_at is None for one in found) else "",
            "number": number_text(len(found)),
            "text": ngettext("record is open", "records are open", len(found)),
            "lines": [
                f"{clock_chip(one, now)[0]}: {extent_text(one)}. "
                + gettext("Notice due %(when)s", when=moment_text(one.due_at))
                for one in found[:3]
            ],
            "href": url_for("breaches.list_breaches"),
            "action": gettext("See the records"),
        }
    ]
