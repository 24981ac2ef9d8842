"""What all responses come to, question by question: one pass, and nothing of it is kept.

Columns come from all versions of the form, like those of the table. It draws nothing and knows
nobody's rights: who asks says of which questions it may tell, and what may pass.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from forms.definition import Definition
from forms.problems import N_
from forms.response import Response
from forms.types import Question, Value
from forms.types.base import Cell, rows_in
from forms.types.repeat import Repeat
from forms.types.summaries import Bar, Summary

from .table import merged_questions

Values = tuple[Value, ...]
Through = Callable[[Response, str, Values], Iterable[Values]]

HEADER = (
    N_("Question"),
    N_("Short name"),
    N_("Answered"),
    N_("Answer or figure"),
    N_("Responses"),
    N_("Share in %"),
)


@dataclass
class Topic:
    """One question, or one question of a repeat's rows, and what its answers come to.

    `key` is its name, `gone` says that the newest version asks it no more, `told` whether this
    reader may know anything of it.
    """

    question: Question
    key: str
    row_of: Repeat | None
    gone: bool
    told: bool
    choices: frozenset[str]
    summary: Summary

    def values(self, response: Response) -> Values:
        """This topic's values in one response."""
        if self.row_of is None:
            value = response.answers.get(self.key)
            return () if value is None else (value,)
        rows = rows_in(response.answers.get(self.row_of.name))
        name = self.question.name
        return tuple(row[name] for row in rows if name in row)

    def is_gone(self, bar: Bar) -> bool:
        """Whether only older versions offer this choice."""
        return bool(bar.name) and not self.gone and bar.name not in self.choices


def topics(versions: Sequence[Definition], tells: Callable[[Question], bool]) -> list[Topic]:
    """The topics of all versions in order; what is asked no more stands at the end."""
    found: list[Topic] = []
    for question in merged_questions(versions):
        now = versions[-1].by_name.get(question.name)
        told = tells(question)
        found.append(_topic(question, now, question.name, None, told))
        if isinstance(question, Repeat):
            asked = {c.name: c for c in now.questions} if isinstance(now, Repeat) else {}
            found += [
                _topic(
                    child, asked.get(child.name), f"{question.name}/{child.name}", question, told
                )
                for child in question.questions
            ]
    return found


def _topic(
    question: Question, now: Question | None, key: str, row_of: Repeat | None, told: bool
) -> Topic:
    choices = frozenset(choice.name for choice in getattr(now, "choices", ()))
    is_offered = choices or frozenset(bar.name for bar in question.summary().bars("vi"))
    return Topic(question, key, row_of, now is None, told, is_offered, question.summary())


class Reckoning:
    """Takes responses one after the other. `compared` is the key of a topic to sum by unit, too."""

    def __init__(
        self, topics: Sequence[Topic], through: Through | None = None, compared: str = ""
    ) -> None:
        self.topics, self._through = topics, through
        self._told = [topic for topic in topics if topic.told]
        self._compared = compared
        self.total = 0
        self.by_unit, self.by_day = Counter[str](), Counter[date]()
        self.compared: dict[str, Summary] = {}

    def add(self, response: Response) -> None:
        self.total += 1
        self.by_unit[response.unit] += 1
        self.by_day[response.submitted_at.date()] += 1
        through = self._through
        for topic in self._told:
            values = topic.values(response)
            if not values:
                continue
            if through is None:
                self._count(topic, response.unit, values)
                continue
            for passed in through(response, topic.key, values):
                self._count(topic, response.unit, passed)

    def _count(self, topic: Topic, unit: str, values: Values) -> None:
        for value in values:
            topic.summary.add(value)
            if topic.key == self._compared:
                self.compared.setdefault(unit, topic.question.summary()).add(value)


def summary_rows(
    topics: Sequence[Topic], language: str, say: Callable[[str], str]
) -> Iterator[list[Cell]]:
    """The summary as a table of HEADER's columns, one line per bar and figure."""
    for topic in topics:
        summary = topic.summary
        label = topic.question.label.into(language)
        if topic.row_of:
            label = f"{topic.row_of.label.into(language)} / {label}"
        start: list[Cell] = [label, topic.key, summary.answered if topic.told else None]
        yield [*start, say(N_("no longer asked")) if topic.gone else None, None, None]
        if not topic.told:
            continue
        for bar in summary.bars(language):
            share = round(100 * bar.count / summary.answered, 1) if summary.answered else None
            gone = f" ({say(N_('no longer asked'))})" if topic.is_gone(bar) else ""
            yield [*start, bar.label + gone, bar.count, share]
        for fact in summary.facts():
            yield [*start, f"{say(fact.message)}: {fact.text}", None, None]
