"""The code book of a form: what each question asked, its choices, which versions had it."""

from collections.abc import Callable, Iterator, Sequence

from forms.definition import Definition
from forms.problems import N_
from forms.types import Question
from forms.types.base import Cell
from forms.types.repeat import Repeat

from .table import Heading, merged_questions

_HEADINGS = (
    ("name", N_("Name")),
    ("label_vi", N_("Question (Vietnamese)")),
    ("label_en", N_("Question (English)")),
    ("type", N_("Kind")),
    ("choices", N_("Choices")),
    ("versions", N_("Versions")),
    ("sensitive", N_("Sensitive")),
    ("hidden", N_("Hidden")),
)
_YES = N_("yes")


def codebook_headings(translate: Callable[[str], str]) -> list[Heading]:
    return [Heading(key, translate(title)) for key, title in _HEADINGS]


def codebook_rows(
    versions: Sequence[Definition], translate: Callable[[str], str]
) -> Iterator[list[Cell]]:
    """A row for each question of any version; those of a repeat follow it as `repeat/question`."""
    newest = {question.name for question in versions[-1].asking}
    for question in merged_questions(versions):
        name = question.name
        stood = [str(n) for n, version in enumerate(versions, 1) if name in version.by_name]
        hidden = question.name not in newest or bool(getattr(question, "hidden", False))
        yes = translate(_YES)
        marks: list[Cell] = [yes if question.sensitive else None, yes if hidden else None]
        yield [*_row(question, question.name), ", ".join(stood), *marks]
        for child in question.questions if isinstance(question, Repeat) else ():
            inner = [marks[0], yes if hidden or child.hidden else None]
            yield [*_row(child, f"{question.name}/{child.name}"), ", ".join(stood), *inner]


def _row(question: Question, name: str) -> list[Cell]:
    choices = [
        f"{choice.name}={choice.label.into('vi')}" for choice in getattr(question, "choices", ())
    ]
    english = question.label.root.get("en")
    return [name, question.label.into("vi"), english, question.type, "; ".join(choices) or None]
