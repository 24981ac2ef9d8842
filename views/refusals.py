"""Every refusal in one place: which status, which words, and what to do now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flask import g, make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.units import ROOT
from storage.errors import StoreError

from .json_answer import json_answer
from .language import chosen_language, screen_language
from .site import site


class _Words(NamedTuple):
    heading: str
    text: str
    what_now: str


@dataclass(frozen=True)
class _RefusalView:
    heading: str
    text: str
    what_now: str
    icon: str
    hotline: str


def wants_json() -> bool:
    """Whether the sender asked for JSON and would rather have it than a page."""
    wish = request.accept_mimetypes.best_match(("text/html", "application/json"))
    return wish == "application/json"


def refuse(reason: str, status: int, *, unit: str = ROOT, when: str = "") -> Response:
    """A plain page (or JSON) that says why not, since or from when, and what to do now."""
    words = _WORDS.get(reason, _WORDS["broken"])()
    words = words._replace(text=f"{words.text} {when}".strip())
    if wants_json():
        told = " ".join(filter(None, (words.heading, when, words.what_now)))
        return json_answer({"error": told}, status)
    g.worker_page = True
    view = _RefusalView(*words, icon=_ICONS.get(reason, "broken"), hotline=_hotline(unit))
    drawn = render_template(
        "worker/refusal.html",
        refusal=view,
        lang=g.setdefault("page_language", chosen_language()),
        title=words.heading,
    )
    answer = make_response(drawn, status)
    answer.headers["Content-Language"] = screen_language()
    return answer


def _hotline(unit: str) -> str:
    try:
        return site().tree.hotline(unit)
    except StoreError:  # a database that is gone has no numbers either; the refusal says why
        return ""


_ICONS = {
    "unknown": "unknown",
    "unknown_receipt": "unknown",
    "lost": "unknown",
    "paused": "paused",
    "early": "early",
    "closed": "closed",
    "full": "closed",
    "withdrawn": "closed",
    "unit_closed": "closed",
    "busy": "busy",
    "crowded": "busy",
}

_WORDS: Mapping[str, Callable[[], _Words]] = {
    "unknown": lambda: _Words(
        gettext("This code is not right."),
        gettext("No form has this code."),
        gettext("Please look again at the code under the square on the poster, or scan it again."),
    ),
    "unknown_receipt": lambda: _Words(
        gettext("This receipt code is not right."),
        gettext("We have no response under this code."),
        gettext("Please compare it with your screenshot: 13 signs, no letter O and no digit 0."),
    ),
    "lost": lambda: _Words(
        gettext("There is no such page."),
        gettext("The address is not complete, or the page has moved."),
        gettext("Please scan the poster again, or type its code."),
    ),
    "paused": lambda: _Words(
        gettext("This form is paused."),
        gettext("The union has stopped it for a while. Nothing you sent before is lost."),
        gettext("Please try again later, or ask your union officer."),
    ),
    "early": lambda: _Words(
        gettext("This form is not open yet."),
        gettext("The union has not begun to take answers."),
        gettext("Please come back on the day written on the poster."),
    ),
    "withdrawn": lambda: _Words(
        gettext("You took this form back."),
        gettext("Your answers were erased then, so they are not taken again."),
        gettext("If you want to answer after all, please scan the poster and fill in a new form."),
    ),
    "closed": lambda: _Words(
        gettext("This form is closed."),
        gettext("The time to answer is over. What you sent before is kept."),
        gettext("If you still need help, please speak to your union officer."),
    ),
    "full": lambda: _Words(
        gettext("All places are taken."),
        gettext("This form takes no more answers unless a place becomes free."),
        gettext("Please try again later, or ask your union officer."),
    ),
    "unit_closed": lambda: _Words(
        gettext("This unit is closed."),
        gettext("The poster belongs to a unit that is no longer there. Nothing was kept."),
        gettext("Please ask the union at your workplace for the poster of your unit now."),
    ),
    "type": lambda: _Words(
        gettext("We could not read what was sent."),
        gettext("It did not come from the form's own page. Nothing was kept."),
        gettext("Please scan the poster again and answer on the page that opens."),
    ),
    "large": lambda: _Words(
        gettext("This is too much text."),
        gettext("What was sent is larger than a form can be. Nothing was kept."),
        gettext("Please go back, shorten the long answers and send again."),
    ),
    "heavy": lambda: _Words(
        gettext("These files are too large."),
        gettext("What was sent is larger than this form can take. Nothing was kept."),
        gettext("Please go back, choose fewer or smaller photos and send again."),
    ),
    "busy": lambda: _Words(
        gettext("We cannot keep your answers just now."),
        gettext("The server has a problem with its disk. Nothing was kept yet."),
        gettext("Please go back and send again in a few minutes; your answers stay on the page."),
    ),
    "crowded": lambda: _Words(
        gettext("Very many people are sending just now."),
        gettext("Nothing was kept yet."),
        gettext("Please go back and send again in a minute; your answers stay on the page."),
    ),
    "signed_out": lambda: _Words(
        gettext("You are not signed in any more."),
        gettext("Nothing was kept yet."),
        gettext("Please sign in again; then it can be sent."),
    ),
    "out_of_reach": lambda: _Words(
        gettext("There is nothing here."),
        gettext("The address is wrong, or it belongs to another unit."),
        gettext("This form is not among those that you may fill in for workers any more."),
    ),
    "unprintable": lambda: _Words(
        gettext("This form cannot be printed."),
        gettext("Its texts have signs that our fonts do not have."),
        gettext("Please ask whoever wrote the form to type these words again."),
    ),
    "broken": lambda: _Words(
        gettext("We could not read what was sent."),
        gettext("Something on the way broke it. Nothing was kept."),
        gettext("Please go back and send again."),
    ),
    "foreign": lambda: _Words(
        gettext("This did not come from our own page."),
        gettext("Another site tried to send answers in your name. Nothing was kept."),
        gettext("Please scan the poster again and answer on the page that opens."),
    ),
}
