"""What is to be told in the audit trail, on its way there as a small file (storage/spool.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from .deeds import Deed

NOTE = "note"
"""The word under which a line names the note that it was made of."""


@dataclass(frozen=True)
class Note:
    """One act at the time at which it happened; `about` holds no answers."""

    at: datetime
    who: str
    deed: Deed
    about: Mapping[str, str]


_ADAPTER = TypeAdapter(Note)


def note_bytes(note: Note) -> bytes:
    return _ADAPTER.dump_json(note) + b"\n"


def read_note(content: bytes) -> Note:
    """The note in a file; raises ValueError for anything else."""
    return _ADAPTER.validate_json(content)
