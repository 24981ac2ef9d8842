"""The survey sheet row by row: groups become sections, repeats stay, the rest are questions."""

from dataclasses import dataclass, field
from typing import Any

from ..problems import N_, Problem
from ..types.choices import OTHER_LABEL
from .columns import tell_of_changes, tell_of_columns
from .filters import rename_filter
from .findings import Report
from .kinds import METADATA, word_of
from .lines import Line, Sheet
from .logic import Asked, renamed
from .names import allowed_question, free
from .needs import Needs
from .questions import question_settings
from .repeats import child_settings
from .sections import section_settings

DEEPEST = 30
_LEFT = Problem(N_("It is left out."))
_METADATA = N_("“%(type)s” is filled by the phone; here every response has its own time and unit.")
_NO_BEGIN = Problem(N_("Nothing is open here that could end."))
_NO_END = Problem(N_("The group or repeat has no end."))
_DEEP = N_("More than %(most)s groups lie in each other.")
_NESTED = Problem(N_("A group in a group."))
_IN_ORDER = Problem(N_("Its questions become a section of their own, after the one around it."))
_GROUP_INSIDE = Problem(N_("A group in a repeat."))
_FLAT = Problem(N_("Its questions stand in the repeat without it."))
_EMPTY = Problem(N_("The group has no questions."))
_REPEATS = Problem(N_("A repeat in a repeat."))
_NAME = N_("“%(name)s” cannot be the name of a question.")
_TAKEN = N_("The name “%(name)s” stands twice, or is the server's own.")
_RENAMED = N_("It is called %(name)s instead, also where an expression names it.")
_SECOND = N_("It is called %(name)s instead; expressions that name it mean the first one.")
_NO_TYPE = Problem(N_("The row has no type."))
_NO_NAME = Problem(N_("The question has no name."))
_OTHER = Problem(N_("The question beside “other” has words of its own."))
_OUR_WORDS = Problem(N_("Our own words are shown: “Other: please say”."))


@dataclass
class _Open:
    """A group or repeat that has begun; `skips` leaves out all that is in it."""

    line: Line
    repeat: Asked | None = None
    skips: bool = False
    is_empty: bool = True


@dataclass
class Survey:
    """What has been read so far."""

    needs: Needs
    asked: list[Asked] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _companions: set[str] = field(default_factory=set)
    _is_new: bool = True

    def read(self, sheet: Sheet) -> list[Asked]:
        """All questions and sections in order; expressions use the names that they have here."""
        tell_of_columns(sheet, self.report)
        for line in sheet.lines:
            word, _, _ = word_of(line.get("type"))
            if word.startswith("begin_"):
                self._begin(line, word)
            elif word.startswith("end_"):
                self._end(line)
            elif line.get("type"):
                self._take(line, word)
            elif line.get("name") or line.texts("label"):
                self.report.add(line.place("type"), _NO_TYPE, _LEFT)
        for left in self._open:
            self.report.block(left.line.place("type"), _NO_END)
        tell_of_changes(self.asked, self.report)
        for one in self.asked:
            for plain in (one.plain, *one.plain.get("questions", ())):
                self._rename(plain)
        return self.asked

    def _rename(self, plain: dict[str, Any]) -> None:
        for setting in ("relevant", "required", "constraint", "calculation"):
            if isinstance(plain.get(setting), str):
                plain[setting] = renamed(plain[setting], self.names, self.needs.choices.renamed)
        rename_filter(plain, self.names, self.needs.choices.renamed)

    @property
    def report(self) -> Report:
        return self.needs.report

    @property
    def _skips(self) -> bool:
        return any(one.skips for one in self._open)

    @property
    def _repeat(self) -> Asked | None:
        return next((one.repeat for one in self._open if one.repeat), None)

    def _begin(self, line: Line, word: str) -> None:
        if len(self._open) == DEEPEST:
            self.report.block(line.place("type"), Problem(_DEEP, {"most": DEEPEST}))
        opened = _Open(line)
        if word == "begin_repeat":
            self._begin_repeat(opened)
        elif self._repeat and not self._skips:
            self.report.add(line.place("type"), _GROUP_INSIDE, _FLAT)
        elif self._open and not self._skips:
            self.report.add(line.place("type"), _NESTED, _IN_ORDER)
        self._is_new = self._is_new or (word == "begin_group" and not self._repeat)
        self._open.append(opened)

    def _begin_repeat(self, opened: _Open) -> None:
        if self._repeat:
            self.report.add(opened.line.place("type"), _REPEATS, _LEFT)
            opened.skips = True
        elif not self._skips:
            opened.repeat = self._question(opened.line)
            opened.skips = opened.repeat is None

    def _end(self, line: Line) -> None:
        if not self._open:
            self.report.block(line.place("type"), _NO_BEGIN)
            return
        closed = self._open.pop()
        if closed.is_empty and not closed.skips:
            self.report.add(closed.line.place("type"), _EMPTY, _LEFT)
            if closed.repeat in self.asked:
                self.asked.remove(closed.repeat)
        self._is_new = self._is_new or (closed.repeat is None and not self._repeat)

    def _take(self, line: Line, word: str) -> None:
        if self._skips:
            self.report.add(line.place("type"), _REPEATS, _LEFT)
        elif word in METADATA:
            what = Problem(_METADATA, {"type": line.get("type")[:40]})
            self.report.add(line.place("type"), what, _LEFT)
        elif self._question(line):
            for opened in self._open:
                opened.is_empty = False

    def _question(self, line: Line) -> Asked | None:
        plain = question_settings(line, self.report)
        if plain is None or self._is_companion(plain, line):
            return None
        repeat = self._repeat
        taken = {c["name"] for c in repeat.plain["questions"]} if repeat else self._taken
        self._name(plain, line, taken)
        if not self.needs.fill(plain, line):
            return None
        if repeat:
            child = child_settings(plain, line, self.report)
            if child is None:
                return None
            repeat.plain["questions"].append(child)
            return Asked(child, line)
        self._open_section()
        self.asked.append(one := Asked(plain, line))
        self._taken |= {one.name, one.companion}
        self._companions |= {one.companion}
        return one

    def _is_companion(self, plain: dict[str, Any], line: Line) -> bool:
        """Whether this is the text that goes with the choice “other”; we make it ourselves."""
        if plain["type"] != "text" or plain["name"] not in self._companions:
            return False
        if any(OTHER_LABEL.root.get(language) != t for language, t in plain["label"].items()):
            self.report.add(line.place("label"), _OTHER, _OUR_WORDS)
        return True

    def _name(self, plain: dict[str, Any], line: Line, taken: set[str]) -> None:
        said = str(plain["name"])
        allowed = allowed_question(said, fallback=f"cau_{line.number}")
        name = free(allowed, taken)
        plain["name"] = name
        if name == said:
            return
        place = line.place("name")
        if not said:
            self.report.add(place, _NO_NAME, Problem(_RENAMED, {"name": name}))
        elif name == allowed or said not in taken:
            self.names[said] = name
            what = Problem(_NAME, {"name": said})
            self.report.add(place, what, Problem(_RENAMED, {"name": name}))
        else:
            what = Problem(_TAKEN, {"name": said})
            self.report.add(place, what, Problem(_SECOND, {"name": name}))

    def _open_section(self) -> None:
        """Begin a section where a group began or ended since the last question."""
        if not self._is_new and self.asked:
            return
        self._is_new = False
        groups = [one.line for one in self._open if one.repeat is None]
        plain: dict[str, Any] = {}
        conditions = []
        for line in groups:
            settings = section_settings(line, self.report)
            if relevant := settings.pop("relevant", None):
                conditions.append(relevant)
            plain |= settings
        if conditions:
            joined = " and ".join(f"({condition})" for condition in conditions)
            plain["relevant"] = joined if len(conditions) > 1 else conditions[0]
        line = groups[-1] if groups else Line("survey", 0, {})
        self.asked.append(Asked(plain, line, is_section=True))
