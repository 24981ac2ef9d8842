"""The files of a response: named for it alone, kept before it, found again through it.

The one place through which the content of a file passes on its way to the store and back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from forms.answers import CheckedAnswers
from forms.definition import Definition
from forms.response import Response
from forms.types import Value
from forms.types.base import names_in
from storage.checked import is_file_name
from storage.store import Store

from .identity import Hasher


def named_for(
    hasher: Hasher, definition: Definition, instance: str, content: str, checked: CheckedAnswers
) -> CheckedAnswers:
    """Answers and files under names that no other response has.

    Two people may send the same photo, and each must be able to have theirs deleted. The names
    follow from the response (its instance id and content), so that a resend finds its files there;
    those of a correction are of another `content`, so that no resend brings back what it replaced.
    """
    names = {name: hasher.of_file(instance, content, name) + name[32:] for name in checked.files}
    answers = dict(checked.answers)
    for question in definition.asking:
        if question.keeps_files and question.name in answers:
            value = answers[question.name]
            renamed = [names.get(name, name) for name in names_in(value)]
            answers[question.name] = renamed if isinstance(value, list) else renamed[0]
    files = {names[name]: kept for name, kept in checked.files.items()}
    return replace(checked, answers=answers, files=files)


def keep_files(store: Store, definition: str, files: Mapping[str, bytes], now: datetime) -> None:
    """Put them on the disk; what is there already stays. Raises StoreFailed."""
    for name, content in files.items():
        store.put_file(definition, name, content, now)


def remove_files(store: Store, definition: str, names: Iterable[str]) -> None:
    """Erase them; those that are gone already are no error. Raises StoreFailed."""
    for name in names:
        store.remove_file(definition, name)


def files_named(definition: Definition, answers: Mapping[str, Value | None]) -> set[str]:
    """The names of files in answers to questions that keep files: a text may look like one."""
    kept = (answers.get(q.name) for q in definition.asking if q.keeps_files)
    return {name for value in kept for name in names_in(value) if is_file_name(name)}


def files_ever_named(definition: Definition, response: Response) -> set[str]:
    """Also those that corrections replaced: a crash may have left them behind."""
    told = [response.answers, *(change.before for change in response.history)]
    return set().union(*(files_named(definition, answers) for answers in told))


def as_it_was(
    store: Store, definition: Definition, answers: Mapping[str, Value], checked: CheckedAnswers
) -> CheckedAnswers:
    """With the kept answer where the very same files came once more: that changes nothing."""
    same = {
        question.name: answers[question.name]
        for question in definition.asking
        if question.keeps_files and question.name in answers and question.name in checked.answers
        if (came := names_in(checked.answers[question.name])) and came[0] in checked.files
        if [checked.files[name] for name in came]
        == [read_file(store, definition.id, n) for n in names_in(answers[question.name])]
    }
    left = {
        name: content
        for name, content in checked.files.items()
        if not any(name in names_in(checked.answers[question]) for question in same)
    }
    return replace(checked, answers={**checked.answers, **same}, files=left)


def texts_in(answers: Mapping[str, Value]) -> set[str]:
    """Whatever answers could name, by any version of the form."""
    return {text for value in answers.values() for text in names_in(value)}


def read_file(store: Store, definition: str, name: str) -> bytes | None:
    """A file that a response names; None when it is gone."""
    return store.file(definition, name) if is_file_name(name) else None
