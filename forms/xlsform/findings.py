"""What an import found: where it stands, what it is, and what will happen instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..definition import Definition
from ..localized import Localized
from ..problems import N_, Problem

MOST_FINDINGS = 500
_MORE = N_("There is more of this kind: only the first %(count)s findings are listed.")
_CORRECT = N_("Please correct this first, then import again.")


@dataclass(frozen=True)
class Finding:
    """One place of a workbook; `blocks` says that nothing is imported before it is corrected.

    `row` is the number that a spreadsheet shows (0: the whole sheet), `column` its heading.
    """

    sheet: str
    row: int
    column: str
    what: Problem
    instead: Problem
    blocks: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON, for another process."""
        said = {
            name: {"message": problem.message, "values": {k: _as_json(v) for k, v in values}}
            for name, problem in (("what", self.what), ("instead", self.instead))
            for values in [problem.values.items()]
        }
        place = {"sheet": self.sheet, "row": self.row, "column": self.column}
        return {**place, **said, "blocks": self.blocks}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Finding":
        what, instead = (
            Problem(plain[name]["message"], {k: _from_json(v) for k, v in values})
            for name in ("what", "instead")
            for values in [plain[name]["values"].items()]
        )
        return cls(plain["sheet"], plain["row"], plain["column"], what, instead, plain["blocks"])


@dataclass(frozen=True)
class Imported:
    """The definition that a workbook makes, None where something must be corrected first."""

    definition: Definition | None
    findings: tuple[Finding, ...]


@dataclass
class Report:
    """The findings while a workbook is read."""

    _found: list[Finding] = field(default_factory=list)
    _left: int = 0

    def add(self, place: tuple[str, int, str], what: Problem, instead: Problem) -> None:
        """Something that will be otherwise."""
        self._add(Finding(*place, what, instead))

    def block(self, place: tuple[str, int, str], what: Problem) -> None:
        """Something that must be corrected."""
        self._add(Finding(*place, what, Problem(_CORRECT), blocks=True))

    def _add(self, finding: Finding) -> None:
        if len(self._found) < MOST_FINDINGS or (finding.blocks and not self.blocks):
            if finding not in self._found[-20:]:
                self._found.append(finding)
        else:
            self._left += 1

    @property
    def blocks(self) -> bool:
        return any(finding.blocks for finding in self._found)

    @property
    def found(self) -> tuple[Finding, ...]:
        """In the order of the workbook, what must be corrected first."""
        order = {"survey": 0, "choices": 1, "settings": 2, "phieu": 3}
        listed = sorted(
            self._found, key=lambda f: (not f.blocks, order.get(f.sheet.lower(), 4), f.row)
        )
        if self._left:
            more = Problem(_MORE, {"count": MOST_FINDINGS})
            listed.append(Finding("", 0, "", more, Problem(_CORRECT) if self.blocks else more))
        return tuple(listed)


def _as_json(value: object) -> str | int | dict[str, str]:
    """A value of a message; a text in several languages in those that our screens speak."""
    if isinstance(value, int):
        return value
    if not hasattr(value, "into"):
        return str(value)[:200]
    return {language: str(value.into(language))[:200] or "…" for language in ("vi", "en")}


def _from_json(value: object) -> object:
    return Localized(value) if isinstance(value, dict) else value
