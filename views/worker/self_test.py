"""What a phone's browser can do, as a page that ticks it off and as a short code to report.

static/selftest.js makes the code, from the ticks in the order of CHECKS: so CHECKS only grows at
its end, and only up to 14; codes reported earlier must stay readable.
"""

from dataclasses import dataclass

from flask import Response, make_response, render_template
from flask_babel import gettext

from forms.problems import N_
from qr.codes import ALPHABET, is_sound, tidy

from ..language import screen_language
from ..site import site

CHECKS = {
    "worker": N_("Opens a form without network (service worker)"),
    "queue": N_("Keeps answers until they are sent (IndexedDB)"),
    "draft": N_("Keeps a draft while you type (localStorage)"),
    "files": N_("Can choose a photo (file input)"),
    "chosen": N_("A photo was chosen here, for real"),
    "camera": N_("Opens the camera at once (capture)"),
    "audio": N_("Plays recorded questions (MP3)"),
    "sync": N_("Sends after the page was closed (Background Sync)"),
    "persist": N_("Can be asked to keep answers longer (storage.persist)"),
    "locks": N_("Keeps several open pages apart (Web Locks)"),
    "uuid": N_("Makes its own numbers (crypto.randomUUID)"),
    "secure": N_("The connection is secure (https)"),
    "wide": N_("The screen is at least 360 wide"),
    "zalo": N_("Opened inside Zalo"),
}
_LENGTH = 6
_OLDEST = 40  # the version 1 of the code; 0 is a browser that is not Chromium


@dataclass(frozen=True)
class Reported:
    """What a code says: the ticks by name, and Chromium's version (0: another browser)."""

    ticks: dict[str, bool]
    version: int


def read_code(typed: str) -> Reported | None:
    """What a phone reported, or None when the code was copied wrongly."""
    code = tidy(typed)
    if len(code) != _LENGTH or not is_sound(code):
        return None
    number = 0
    for sign in code[:-1]:
        number = number * len(ALPHABET) + ALPHABET.index(sign)
    age, bits = divmod(number, 2**14)
    ticks = {name: bool(bits >> at & 1) for at, name in enumerate(CHECKS)}
    return Reported(ticks, age and age + _OLDEST - 1)


def self_test_page(typed: str) -> Response:
    """The page with empty ticks for the script, or with those of a reported code."""
    reported = read_code(typed) if typed else None
    drawn = render_template(
        "worker/self_test.html",
        checks=[(name, gettext(text), _tick(reported, name)) for name, text in CHECKS.items()],
        typed=typed[:40],
        reported=reported,
        lang=screen_language(),
        title=gettext("What can this phone do?"),
        scripts=() if reported else site().assets.addresses(["selftest.js"]),
    )
    return make_response(drawn, 422 if typed and reported is None else 200)


def _tick(reported: Reported | None, name: str) -> str:
    if reported is None:
        return ""
    return "yes" if reported.ticks[name] else "no"
