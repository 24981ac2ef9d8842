"""Signed-in browsers as rows of a page: which, since when, seen last."""

from datetime import datetime

from flask_babel import gettext

from ..site import site


def sign_in_rows(name: str, here: str = "") -> list[dict[str, object]]:
    """The browsers in which this person is signed in, the one seen last first."""
    return [
        {
            "key": sign_in.key,
            "device": sign_in.device or gettext("Unknown browser"),
            "since": _moment(sign_in.since),
            "seen": _moment(sign_in.seen or sign_in.since),
            "here": sign_in.key == here,
        }
        for sign_in in site().desk.sign_ins(name, site().now())
    ]


def _moment(when: datetime) -> str:
    return f"{when:%H:%M %d/%m/%Y}"
