"""The files of a response: named for it alone, kept before it, found again through it.

The one place through which the content of a file passes on its way to the store and back.
"""

from collections.abc import Mapping
from dataclasses import replace

from forms.answers import CheckedAnswers
from forms.definition import Definition
from forms.types.base import names_in
from storage.store import Store

from .identity import Hasher


def named_for(
    hasher: Hasher, definition: Definition, instance: str, content: str, checked: CheckedAnswers
) -> CheckedAnswers:
    """Answers and files under names that no other response has.

    Two people may send the same photo, and each must be able to have theirs deleted. The names
    follow from the response (its instance id and content), so that a resend finds its files there.
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


def keep_files(store: Store, definition: str, files: Mapping[str, bytes]) -> None:
    """Put them on the disk; what is there already stays. Raises StoreFailed."""
    for name, content in files.items():
        store.put_file(definition, name, content)


def read_file(store: Store, definition: str, name: str) -> bytes | None:
    """A file that a response names; None when it is gone."""
    return store.file(definition, name)
