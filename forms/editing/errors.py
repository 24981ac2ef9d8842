"""Why an act on a draft was not done; the one error that acts raise."""

from collections.abc import Mapping


class EditError(Exception):
    """Nothing has changed. `message` is a message id with named values; `field` is the input."""

    def __init__(
        self, message: str, values: Mapping[str, object] | None = None, *, field: str = ""
    ) -> None:
        self.message, self.values, self.field = message, dict(values or {}), field
        super().__init__(message % self.values)
