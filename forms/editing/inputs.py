"""What somebody posted, read strictly: clean texts, whole numbers, ticks; anything else is refused.

Direction marks and other invisible signs are dropped as everywhere (forms/cleaning.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..cleaning import clean_line, clean_text, is_readable
from ..problems import N_
from .errors import EditError

LONGEST_TEXT = 10_000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}", re.ASCII)
_UNREADABLE = N_(
    "Part of this answer could not be read. Please delete the strange signs and type it again."
)


@dataclass(frozen=True)
class Inputs:
    """The posted values by the names of their inputs."""

    posted: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, **values: str) -> "Inputs":
        """One value each; `label__vi` stands for `label.vi`."""
        return cls({name.replace("__", "."): (value,) for name, value in values.items()})

    def has(self, name: str) -> bool:
        return name in self.posted

    def raw(self, name: str) -> str:
        value = next(iter(self.posted.get(name, ())), "")
        if not is_readable(value):
            raise EditError(_UNREADABLE, field=name)
        return value

    def line(self, name: str) -> str:
        """One line; raises EditError for what is too long or cannot be read."""
        return self._bounded(name, clean_line(self.raw(name)))

    def text(self, name: str) -> str:
        """Several lines, as `line`."""
        return self._bounded(name, clean_text(self.raw(name)))

    def _bounded(self, name: str, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise EditError(
                N_("Please shorten this to %(longest)s characters; it has %(length)s now."),
                {"longest": LONGEST_TEXT, "length": len(text)},
                field=name,
            )
        return text

    def tick(self, name: str) -> bool:
        return self.raw(name).strip() in ("1", "on")

    def number(self, name: str) -> int | None:
        """A whole number, None where nothing stands."""
        text = clean_line(self.raw(name)).replace(".", "").replace("−", "-")
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise EditError(N_("Please write a whole number, for example 3."), field=name)
        return int(text)

    def every(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self.posted.get(name, ()) if is_readable(value))

    def texts(self, name: str) -> dict[str, str]:
        """The texts of `<name>.<language>` by language, empty ones, too."""
        start = f"{name}."
        found = [
            key
            for key in self.posted
            if key.startswith(start) and LANGUAGE.fullmatch(key.removeprefix(start))
        ]
        return {key.removeprefix(start): self.text(key) for key in found}
