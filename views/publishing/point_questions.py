"""What is asked before many scan points are changed; the button names their number."""

from collections.abc import Callable

from flask_babel import gettext

from ..options import number_text
from ..organization.unit_questions import Question
from .point_rows import count_text


def bulk_question(act: str, count: int) -> Question:
    """The question for `pause`, `resume`, `close` or `schedule`."""
    asked: dict[str, Callable[[str, str], Question]] = {
        "pause": _pause,
        "resume": _resume,
        "close": _close,
        "schedule": _schedule,
    }
    return asked[act](number_text(count), count_text(count))


def _pause(count: str, points: str) -> Question:
    return Question(
        gettext("Pause these scan points?"),
        [gettext("%(points)s: who scans is told to come back later.", points=points)],
        gettext("Pause %(count)s scan points", count=count),
    )


def _resume(count: str, points: str) -> Question:
    return Question(
        gettext("Open these scan points?"),
        [gettext("%(points)s: they take answers again.", points=points)],
        gettext("Open %(count)s scan points", count=count),
    )


def _close(count: str, points: str) -> Question:
    kept = gettext("What was sent is kept.")
    return Question(
        gettext("Close these scan points?"),
        [gettext("%(points)s: nobody can answer there any more.", points=points), kept],
        gettext("Close %(count)s scan points", count=count),
    )


def _schedule(count: str, points: str) -> Question:
    return Question(
        gettext("Change the times of these scan points?"),
        [gettext("%(points)s: they open and close at the new times.", points=points)],
        gettext("Change %(count)s scan points", count=count),
    )
