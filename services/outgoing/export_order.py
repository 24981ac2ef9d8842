"""How a file of responses is wanted, by whom, and of which responses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from export.table import Style
from federation.units import UnitTree
from storage.store import Store

from ..reading.responses import View

Kind = Literal["csv", "xlsx", "jsonl"]
KINDS: tuple[Kind, ...] = ("csv", "xlsx", "jsonl")
MIMETYPES = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Wish:
    """How the file is wanted. `labels`: headings and choices as people read them, in `language`.

    `files` puts photos and signatures beside it, `paper` the manifest; either makes it a ZIP.
    """

    kind: Kind = "csv"
    labels: bool = False
    split: bool = False
    separator: str = ","
    sensitive: bool = False
    reason: str = ""
    profile: str = ""
    files: bool = False
    paper: bool = False
    language: str = "vi"

    @property
    def ending(self) -> str:
        return "zip" if self.files or self.paper else self.kind

    @property
    def style(self) -> Style:
        language = self.language if self.labels or self.profile else ""
        return Style(language, self.split, self.sensitive, typed=self.kind == "xlsx")

    def options(self) -> dict[str, Any]:
        told = {"format": self.kind, "header": "label" if self.labels else "name"}
        return told | {
            "split_choices": self.split,
            "separator": self.separator if self.kind == "csv" else "",
            "profile": self.profile,
            "files": self.files,
        }


@dataclass(frozen=True)
class Order:
    """Who takes what, when; `words` say which responses, `about` the same as data.

    `translate` brings our texts into the wish's language.
    """

    store: Store
    view: View
    wish: Wish
    tree: UnitTree
    by: str
    at: datetime
    translate: Callable[[str], str]
    words: str = ""
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        """f21_2026-11-24.xlsx, with the profile where there is one."""
        return f"{self._stem}.{self.wish.ending}"

    @property
    def table_name(self) -> str:
        return f"{self._stem}.{self.wish.kind}"

    @property
    def _stem(self) -> str:
        parts = (self.view.definition.id, self.wish.profile, f"{self.at:%Y-%m-%d}")
        return "_".join(filter(None, parts))
