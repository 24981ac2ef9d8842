"""Photos, papers and signatures beside a table in one ZIP, under names that people can read."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from forms.response import Response
from forms.types import Question
from forms.types.base import Value, names_in

FOLDER = "tep"


class Bundle:
    """The ZIP under `path`, written as the responses pass; whole once the block is left.

    A file is called `receipt_question_n.jpg`, after the row where the form is anonymous; answers
    get the same names. Files of `hidden` questions stay out.
    """

    def __init__(
        self,
        path: Path,
        questions: Sequence[Question],
        *,
        hidden: frozenset[str],
        anonymous: bool,
        at: datetime,
        file: Callable[[str, str], bytes | None],
    ) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._questions = [q.name for q in questions if q.keeps_files and q.name not in hidden]
        self._anonymous, self._at, self._file = anonymous, at, file
        self.taken = self.lost = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._archive.close()

    def passing(self, responses: Iterable[Response]) -> Iterator[Response]:
        """The responses with their files' new names; each file is copied on the way."""
        for number, response in enumerate(responses, start=1):
            names = file_names(response, self._questions, number if self._anonymous else 0)
            for stored, name in names.items():
                self._copy(response.definition, stored, name)
            yield renamed(response, self._questions, names)

    def _copy(self, form: str, stored: str, name: str) -> None:
        content = self._file(form, stored)
        if content is None:
            self.lost += 1
            return
        self.taken += 1
        entry = zipfile.ZipInfo(f"{FOLDER}/{name}", self._at.timetuple()[:6])
        # Pictures are packed already.
        packed = name.endswith((".jpg", ".png"))
        entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        self._archive.writestr(entry, content)

    def add(self, path: Path, name: str) -> None:
        """Put the table beside the files."""
        self._archive.write(path, name)

    def add_content(self, content: bytes, name: str) -> None:
        self._archive.writestr(zipfile.ZipInfo(name, self._at.timetuple()[:6]), content)


def file_names(response: Response, questions: Iterable[str], number: int = 0) -> Mapping[str, str]:
    """What the files of a response are called outside, by their stored names."""
    start = f"{number:06}" if number else response.receipt
    return {
        stored: f"{start}_{question}_{at}.{stored.rpartition('.')[2]}"
        for question in questions
        for at, stored in enumerate(names_in(response.answers.get(question)), start=1)
    }


def renamed(response: Response, questions: Iterable[str], names: Mapping[str, str]) -> Response:
    """The response whose answers give its files these names."""
    changed: dict[str, Value] = {}
    for question in questions:
        if (value := response.answers.get(question)) is not None:
            new = [names.get(name, name) for name in names_in(value)]
            changed[question] = new if isinstance(value, list) else new[0]
    return replace(response, answers={**response.answers, **changed}) if changed else response


def nameless(responses: Iterable[Response], questions: Iterable[Question]) -> Iterator[Response]:
    """Responses of an anonymous form with files called after their row.

    The stored names follow from the response, so two exports' rows could be told apart by them.
    """
    keeping = [question.name for question in questions if question.keeps_files]
    for number, response in enumerate(responses, start=1):
        yield renamed(response, keeping, file_names(response, keeping, number))
