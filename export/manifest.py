"""The paper that goes with a file: who took which rows and columns, when and why."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from forms.problems import N_

from .table import Heading

SUFFIX = ".manifest.json"
_PIECE = 2**20


@dataclass(frozen=True)
class Manifest:
    """What is said of one file.

    `at` is the moment at which its rows were fixed. `filter` holds what was asked for in words
    under `words`, and as data. `cut` cells were longer than Excel allows, in `replaced` signs were
    that no workbook can hold; `missing` are questions that a profile names and the form never had.
    `taken` and `lost` are the files that were put beside, and those that are gone.
    """

    form: str
    title: str
    by: str
    at: datetime
    filter: Mapping[str, Any]
    options: Mapping[str, Any]
    versions: Sequence[int]
    columns: Sequence[Heading]
    rows: int
    anonymous: bool
    withheld: bool
    sensitive: bool
    reason: str
    cut: int = 0
    replaced: int = 0
    missing: Sequence[str] = ()
    taken: int = 0
    lost: int = 0
    file: str = ""
    size: int = 0
    sha256: str = ""

    def document(self) -> dict[str, Any]:
        """As JSON has it: the file first."""
        told = dict(vars(self))
        last = {name: told.pop(name) for name in ("file", "size", "sha256")}
        told["at"] = self.at.isoformat(timespec="seconds")
        told["columns"] = [vars(heading) for heading in self.columns]
        return {**last, **told}

    def content(self) -> bytes:
        return orjson.dumps(self.document(), option=orjson.OPT_INDENT_2) + b"\n"


def read_manifest(content: bytes) -> Manifest:
    """The manifest that `content` holds, as `Manifest.content` writes it."""
    told = orjson.loads(content)
    columns = [Heading(**column) for column in told["columns"]]
    return Manifest(**{**told, "at": datetime.fromisoformat(told["at"]), "columns": columns})


def sha256_of(path: Path) -> str:
    """The check sum of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def told_lines(manifest: Manifest, translate: Callable[[str], str]) -> list[tuple[str, str]]:
    """What the manifest says, for people: in the workbook, on the page."""
    yes, no = translate(N_("yes")), translate(N_("no"))
    lines = [
        (N_("Form"), f"{manifest.title} ({manifest.form})"),
        (N_("Taken by"), manifest.by),
        (N_("Rows as they were at"), f"{manifest.at:%H:%M:%S %d/%m/%Y}"),
        (N_("Which responses"), str(manifest.filter.get("words", ""))),
        (N_("Rows"), str(manifest.rows)),
        (N_("Versions"), ", ".join(map(str, manifest.versions))),
        (N_("Sensitive answers shown"), yes if manifest.sensitive else no),
    ]
    if manifest.reason:
        lines.append((N_("Reason"), manifest.reason))
    if manifest.withheld:
        lines.append((N_("Small groups of an anonymous form are withheld"), yes))
    if manifest.cut:
        lines.append((N_("Cells cut at 32,767 characters"), str(manifest.cut)))
    if manifest.replaced:
        lines.append((N_("Cells with signs that Excel cannot hold"), str(manifest.replaced)))
    if manifest.missing:
        lines.append((N_("Columns left empty: no such question"), ", ".join(manifest.missing)))
    if manifest.taken or manifest.lost:
        lines.append((N_("Files"), str(manifest.taken)))
    if manifest.lost:
        lines.append((N_("Files that are gone"), str(manifest.lost)))
    return [(translate(label), text) for label, text in lines]
