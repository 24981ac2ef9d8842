"""Data requests on the first page: how many wait, and whether one is due or overdue."""

from flask import url_for
from flask_babel import gettext, ngettext

from ..options import number_text
from ..site import site
from ..worker.request_words import due_chip, due_text, kinds_text
from .requests import my_handler

_SHOWN = 3
_DUE_SOON = 2  # days


def request_cards() -> list[dict[str, object]]:
    """One card, red when something is overdue; none when nothing waits."""
    handler = my_handler()
    if not handler.may_enter:
        return []
    waiting = [
        (one, due)
        for one in site().requests.all()
        if handler.may_open(one) and (due := site().requests.due(one))
    ]
    if not waiting:
        return []
    today, count = site().today, len(waiting)
    is_late = waiting[0][1].days_left(today) < 0
    lines = [
        f"{due_chip(due, today)[0]}: {kinds_text(one)}. {due_text(due)}"
        for one, due in waiting[:_SHOWN]
        if due.days_left(today) <= _DUE_SOON
    ]
    return [
        {
            "heading": gettext("Data requests"),
            "kind": "alarm" if is_late else "",
            "number": number_text(count),
            "text": ngettext("request waits", "requests wait", count),
            "lines": lines,
            "href": url_for("requests.list_requests"),
            "action": gettext("See the requests"),
        }
    ]
