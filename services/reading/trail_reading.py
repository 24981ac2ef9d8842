"""The audit trail for its readers: what is about confidential forms is kept from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson

from federation.trail import Entry
from forms.types.base import Cell
from storage.store import Store

from ..publishing.publish import published_versions
from .responses import is_confidential

COLUMNS = ("number", "at", "who", "act", "about", "seal")


@dataclass(frozen=True)
class Wanted:
    """Which lines; what is empty does not matter."""

    who: str = ""
    act: str = ""
    since: datetime | None = None

    def accepts(self, entry: Entry) -> bool:
        return (
            self.who in ("", entry.who)
            and self.act in ("", entry.act)
            and (self.since is None or entry.at >= self.since)
        )


def confidential_forms(store: Store) -> frozenset[str]:
    """The forms of which nobody who reads the trail may learn more than that one was handled."""
    published = (version.definition for version in published_versions(store))
    return frozenset(d.id for d in published if is_confidential(d))


def is_hidden(entry: Entry, confidential: frozenset[str]) -> bool:
    """Whether it is about a confidential form, or a request that was passed on to inspectors."""
    return "confidential" in entry.about or entry.about.get("form", "") in confidential


def open_entries(store: Store, wanted: Wanted) -> Iterator[Entry]:
    """The lines that may leave, oldest first."""
    hidden = confidential_forms(store)
    return (e for e in store.trail.all() if not is_hidden(e, hidden) and wanted.accepts(e))


def entry_row(entry: Entry) -> list[Cell]:
    """A line as cells under COLUMNS."""
    about = " ".join(f"{name}={value}" for name, value in entry.about.items())
    return [entry.number, entry.at.isoformat(), entry.who, entry.act, about, entry.seal]


def entry_document(entry: Entry) -> dict[str, object]:
    """A line for programs."""
    return {**vars(entry), "at": entry.at.isoformat(), "about": dict(entry.about)}


def entry_line(entry: Entry) -> str:
    return orjson.dumps(entry_document(entry)).decode() + "\n"
