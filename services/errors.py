"""Why an act was refused; the views and the commands turn it into words.

Refusal               message id plus named values, to be translated
├── NotFound          there is no such thing, or not for this person
├── NotAllowed        the person may not do this
└── TooOften          too many failed tries: it is blocked for a while
"""

from collections.abc import Mapping


class Refusal(Exception):
    """An act that was not done; nothing has changed. `field` is the input to correct, if any."""

    def __init__(
        self, message: str, values: Mapping[str, object] | None = None, *, field: str = ""
    ) -> None:
        self.message, self.values, self.field = message, dict(values or {}), field
        super().__init__(message % self.values)


class NotFound(Refusal):
    pass


class NotAllowed(Refusal):
    pass


class TooOften(Refusal):
    pass


def place_of(error: BaseException) -> str:
    """Kind and place of an error for the log; its text stays out, for it may hold an answer."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    return f"{type(error).__name__} at {where}"
