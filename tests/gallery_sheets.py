"""What the ready-made forms must be, read from tests/gallery/<form>.txt; holds no test itself.

A sheet opens with code and title, then has parts under headings in brackets:
[asks]     key|type|marks|label|labels of the choices, as in the tables of the gallery; marks are
           * required, ? required by other answers, S sensitive, which may always be left. A text
           that asks for a person is a `name`, a consent is called by its purpose
[full]     made-up answers to every question; [minimal] to the required ones; @jpg, @pdf are files
[refused]  changes of the full answers, parted by &, of which the first is refused; a*501 is a text
[flagged]  changes > the flags they bring; without a change: the flags of the full answers
[hidden]   changes > the questions that are then not asked
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pictures import PDF, jpeg, upload

from forms.types.base import Upload

FOLDER = Path(__file__).parent / "gallery"
PICTURE = jpeg()
CONTENT = {"@jpg": (PICTURE, "anh.jpg"), "@pdf": (PDF, "giay-to.pdf")}
Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Asked:
    name: str
    kind: str
    marks: str
    label: str
    choices: str = ""


@dataclass(frozen=True)
class Sheet:
    form: str
    code: str
    title: str
    asks: tuple[Asked, ...]
    full: Answers
    minimal: Answers
    refused: tuple[str, ...]
    flagged: tuple[str, ...]
    hidden: tuple[str, ...]

    def named(self, *marks: str) -> list[str]:
        return [asked.name for asked in self.asks if asked.marks in marks]

    def changed(self, change: str) -> dict[str, list[str]]:
        """The full answers with this change; a whole value replaces the boxes of its parts."""
        new = answers([pair for pair in change.split("&") if pair])
        return {**without(self.full, *map(re.escape, new)), **new}

    def told(self, part: str) -> list[tuple[str, list[str]]]:
        """The lines `change > name, name` of a part."""
        lines = [line.partition(">") for line in getattr(self, part)]
        return [
            (c.strip(), [n.strip() for n in said.split(",") if n.strip()]) for c, _, said in lines
        ]


@cache
def sheets() -> Mapping[str, Sheet]:
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.txt"))}


def _read(path: Path) -> Sheet:
    first, *rest = path.read_text("utf-8").splitlines()
    code, _, title = first.partition(" ")
    parts: dict[str, list[str]] = {}
    for line in filter(None, rest):
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            parts[heading[1]] = []
        else:
            list(parts.values())[-1].append(line)
    asks = tuple(Asked(*line.split("|")) for line in parts.pop("asks"))
    full, minimal = answers(parts.pop("full")), answers(parts.pop("minimal"))
    rest_of_it = {name: tuple(parts.pop(name, ())) for name in ("refused", "flagged", "hidden")}
    assert not parts, f"{path.name}: unknown parts {list(parts)}"
    return Sheet(path.stem, code, title, asks, full, minimal, **rest_of_it)


def answers(lines: Sequence[str]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        long = re.fullmatch(r"a\*(\d+)", value)
        given.setdefault(name, []).append("a" * int(long[1]) if long else value)
    return given


def without(given: Answers, *names: str) -> dict[str, list[str]]:
    """These questions left out, with their boxes, rows and companions."""
    left_out = re.compile(rf"({'|'.join(names)})(_other|\..+)?")
    return {key: list(values) for key, values in given.items() if not left_out.fullmatch(key)}


def texts_of(given: Answers) -> dict[str, list[str]]:
    """The answers that are no files."""
    return {name: list(values) for name, values in given.items() if values[0] not in CONTENT}


def files_of(given: Answers) -> dict[str, list[Upload]]:
    return {
        name: [upload(*CONTENT[value]) for value in values]
        for name, values in given.items()
        if values[0] in CONTENT
    }
