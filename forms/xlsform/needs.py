"""What a question needs beside its own row: words, choices, a number of rows."""

from dataclasses import dataclass
from typing import Any

from ..problems import N_, Problem
from ..types.repeat import MOST_ROWS
from .choices import MOST_CHOICES, Choices
from .filters import take_filter
from .findings import Report
from .kinds import word_of
from .lines import OURS, Line
from .names import free
from .questions import MODELS

_LEFT = Problem(N_("It is left out."))
_NO_LIST = N_("There is no list of choices called “%(list)s”.")
_MANY = N_("All questions together have more than %(most)s choices.")
_NO_LABEL = Problem(N_("The question has no words."))
_NAME_SHOWN = Problem(N_("Its name is shown."))
_ANSWERS = Problem(N_("Answers are not put into texts here."))
_AS_WRITTEN = Problem(N_("The text is shown as it is written, with ${…}."))
_NO_FORMULA = Problem(N_("There is no calculation in this row."))
_NOT_ASKED = Problem(N_("A calculation is not asked: it cannot be required or judged."))
_COUNT = N_("The number of rows “%(count)s” cannot be used here.")
_MOST = N_("People may fill in up to %(most)s rows.")
_OTHER = {"vi": "Khác", "en": "Other"}


@dataclass(frozen=True)
class Needs:
    """Where they are taken from."""

    choices: Choices
    default: str
    report: Report

    def fill(self, plain: dict[str, Any], line: Line) -> bool:
        """Add what a question of its type needs; False where it cannot be had."""
        kind, model = plain["type"], MODELS.get(plain["type"])
        self._words(plain, line)
        if model and "choices" in model.model_fields:
            return self._add_choices(plain, line)
        if kind == "calculate":
            return self._is_calculation(plain, line)
        if kind == "repeat":
            plain["questions"] = []
            self._count(plain, line)
        return True

    def _words(self, plain: dict[str, Any], line: Line) -> None:
        if not plain.get("label") and plain["type"] != "calculate":
            self.report.add(line.place("label"), _NO_LABEL, _NAME_SHOWN)
            plain["label"] = {self.default: line.get("name") or plain["name"]}
        for key in ("label", "hint"):
            texts = plain.get(key)
            if isinstance(texts, dict) and any("${" in str(text) for text in texts.values()):
                self.report.add(line.place(key), _ANSWERS, _AS_WRITTEN)

    def _is_calculation(self, plain: dict[str, Any], line: Line) -> bool:
        for key in ("required", "constraint"):
            if plain.pop(key, None):
                self.report.add(line.place(key), _NOT_ASKED, _LEFT)
        if not plain.get("calculation"):
            self.report.add(line.place("calculation"), _NO_FORMULA, _LEFT)
            return False
        return True

    def _count(self, plain: dict[str, Any], line: Line) -> None:
        """Our own workbooks name `most`; a foreign repeat takes as many as we can."""
        if any(key.startswith(OURS) for key, _ in line.cells):
            return
        count = line.get("repeat_count")
        plain["most"] = MOST_ROWS
        if count.isdecimal() and 1 <= int(count) <= MOST_ROWS:
            plain["most"] = int(count)
        elif count:
            what = Problem(_COUNT, {"count": count[:60]})
            most = Problem(_MOST, {"most": MOST_ROWS})
            self.report.add(line.place("repeat_count"), what, most)

    def _add_choices(self, plain: dict[str, Any], line: Line) -> bool:
        word, name, other = word_of(line.get("type"))
        if word == "acknowledge":
            plain["choices"] = [{"name": "OK", "label": {self.default: "OK"}}]
            return True
        if name not in self.choices.lists:
            self.report.add(line.place("type"), Problem(_NO_LIST, {"list": name[:60]}), _LEFT)
            return False
        plain["choices"] = choices = list(self.choices.lists[name])
        if not self.choices.may_use(len(choices)):
            self.report.block(line.place("type"), Problem(_MANY, {"most": MOST_CHOICES}))
            return False
        if other:
            free_name = free("other", {choice["name"] for choice in choices})
            choices.append({"name": free_name, "label": _OTHER, "other": True})
        if line.get("choice_filter"):
            take_filter(plain, line, name, self.choices, self.report)
        return True
