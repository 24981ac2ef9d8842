"""The worker's page as a WTForms form: a BaseForm over a dictionary of fields.

So a question may be called `data` or `errors` without breaking it. Checks are the question types'.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from wtforms.form import BaseForm

from .answers import DROP_INPUT, CheckedAnswers, check_answers
from .definition import Definition
from .entry_fields import AnswerField, Entry
from .types import Question, Value
from .types.base import NO_UPLOADS, Inputs, Uploads, names_in
from .types.calculate import Calculate


class EntryForm(BaseForm):  # type: ignore[misc] # WTForms has no types
    """A page's fields by question name."""

    def __init__(self, definition: Definition, entry: Entry) -> None:
        self.definition = definition
        super().__init__({q.name: AnswerField(q, entry) for q in definition.questions})
        for question in definition.questions:
            self._tie(question)

    def _tie(self, question: Question) -> None:
        field = self._fields[question.name]
        for companion in question.companions():
            field.other = self._fields[companion.name]
        asked = question.relevant.choice if question.relevant else None
        if asked and asked[0] in self._fields:
            field.condition = (self.definition.by_name[asked[0]], asked[1])

    def __getitem__(self, name: str) -> AnswerField:
        found: AnswerField = self._fields[name]
        return found

    def fill(
        self,
        inputs: Inputs,
        uploads: Uploads = NO_UPLOADS,
        sent: Mapping[str, Value] = MappingProxyType({}),
    ) -> None:
        """Keep what was typed, and remember which files came, now and before (`sent`)."""
        for name, field in self._fields.items():
            field.process(inputs)
            if field.question.keeps_files:
                field.files_before = len(names_in(sent.get(name)))
                field.drops_files = name in inputs.get(DROP_INPUT, ())
            if name in uploads:
                field.raw = replace(field.raw, files=tuple(uploads[name]))

    def check(self, inputs: Inputs, today: date) -> CheckedAnswers:
        """Fill, check through the question types, and show the problems."""
        self.fill(inputs)
        checked = check_answers(self.definition, inputs, today)
        self.refuse(checked)
        return checked

    def refuse(self, checked: CheckedAnswers) -> None:
        """Show the problems of an earlier check."""
        for name, problem in checked.problems.items():
            if name in self._fields:
                self[name].refuse(problem)
        for question in self.definition.asking:
            if isinstance(question, Calculate) and question.name in checked.answers:
                self[question.name].calculated = checked.answers[question.name]
