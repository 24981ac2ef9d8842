"""Everything there is about one person, for that person: a ZIP that people and machines can read.

Luật 91/2025/QH15 Điều 4: a copy of one's own data, sensitive answers among them.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from forms.definition import Definition
from forms.problems import N_
from forms.response import NOTE, Response
from forms.types import Question
from forms.types.base import names_in

from .csv import csv_chunks
from .table import Style, Table

_README = N_(
    "COPY OF PERSONAL DATA\n"
    "%(organization)s, %(when)s\n"
    "\n"
    "This folder holds what you sent to the union in %(count)s forms, with the parts that others do"
    " not see. Keep it where only you can read it.\n"
    "\n"
    "%(tables)s.csv: one table for each form; opens in Excel.\n"
    "%(data)s: the same for computer programs (JSON, UTF-8).\n"
    "%(files)s/: the photos, papers and signatures, under the receipt code of their form.\n"
    "\n"
    "Something is wrong, or you want something deleted? Please tell the union: %(contact)s.\n"
)
_DATA, _FILES, _TABLES, _READ_ME = "du-lieu.json", "tep", "bieu-mau-…", "DOC-TRUOC.txt"
FORMAT = 1


@dataclass(frozen=True)
class OneForm:
    """The person's responses to one form, and all its versions in order."""

    versions: Sequence[Definition]
    responses: Sequence[Response]

    def version_of(self, response: Response) -> Definition:
        return self.versions[min(response.version, len(self.versions)) - 1]


@dataclass(frozen=True)
class PersonCopy:
    """What is handed out, when and by whom; `file` gives the content of a form's file by its name.

    `translate` brings our own texts into `language`.
    """

    forms: Sequence[OneForm]
    at: datetime
    organization: str
    contact: str
    language: str
    unit_name: Callable[[str], str]
    file: Callable[[str, str], bytes | None]
    translate: Callable[[str], str]

    @property
    def count(self) -> int:
        return sum(len(form.responses) for form in self.forms)


def person_zip(copy: PersonCopy) -> bytes:
    """The ZIP."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def write(name: str, content: bytes) -> None:
            entry = zipfile.ZipInfo(name, copy.at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)

        write(_READ_ME, b"\xef\xbb\xbf" + _read_me(copy).replace("\n", "\r\n").encode())
        write(_DATA, json.dumps(_document(copy), ensure_ascii=False, indent=2).encode())
        for form in copy.forms:
            write(f"bieu-mau-{form.versions[-1].id}.csv", _table(copy, form))
            for name, content in _files(copy, form):
                write(name, content)
    return out.getvalue()


def _read_me(copy: PersonCopy) -> str:
    return copy.translate(_README) % {
        "organization": copy.organization,
        "when": f"{copy.at:%H:%M %d/%m/%Y}",
        "count": copy.count,
        "tables": _TABLES,
        "data": _DATA,
        "files": _FILES,
        "contact": copy.contact,
    }


def _document(copy: PersonCopy) -> dict[str, object]:
    return {
        "format": FORMAT,
        "organization": copy.organization,
        "made_at": copy.at.isoformat(timespec="seconds"),
        "responses": [
            _response(copy, form, response) for form in copy.forms for response in form.responses
        ],
    }


def _response(copy: PersonCopy, form: OneForm, response: Response) -> dict[str, object]:
    asked = form.version_of(response)
    accepted = response.accepted
    return {
        "form": asked.id,
        "title": asked.title.into(copy.language),
        "version": response.version,
        "receipt": response.receipt,
        "unit": response.unit,
        "unit_name": copy.unit_name(response.unit),
        "place": response.place,
        "submitted_at": response.submitted_at.isoformat(timespec="seconds"),
        "state": response.state,
        "restricted": response.restricted,
        "message": response.message,
        "consent": None
        if accepted is None
        else {
            "notice": accepted.notice,
            "purposes": list(accepted.purposes),
            "at": accepted.at,
            "way": accepted.channel,
        },
        "answers": [
            {
                "name": question.name,
                "question": question.label.into(copy.language),
                "value": response.answers[question.name],
                "text": question.show(response.answers[question.name], copy.language),
                "files": list(_paths(question, response).values()),
            }
            for question in asked.asking
            if question.name in response.answers
        ],
        "changes": [
            {
                "at": change.at.isoformat(timespec="seconds"),
                "what": change.what,
                "before": {n: value for n, value in change.before.items() if n != NOTE},
            }
            for change in response.history
        ],
    }


def _paths(question: Question, response: Response) -> Mapping[str, str]:
    """Where in the ZIP the files of an answer are, by the names they have here."""
    if not question.keeps_files:
        return {}
    names = names_in(response.answers.get(question.name))
    return {
        name: f"{_FILES}/{response.receipt}/{question.name}-{at}.{name.rpartition('.')[2]}"
        for at, name in enumerate(names, start=1)
    }


def _files(copy: PersonCopy, form: OneForm) -> Iterator[tuple[str, bytes]]:
    for response in form.responses:
        for question in form.version_of(response).asking:
            for name, path in _paths(question, response).items():
                content = copy.file(response.definition, name)
                if content is not None:
                    yield path, content


def _table(copy: PersonCopy, form: OneForm) -> bytes:
    table = Table(
        form.versions,
        Style(labels=copy.language, sensitive=True),
        unit_name=copy.unit_name,
        translate=copy.translate,
    )
    return "".join(csv_chunks(table.header(), table.rows(form.responses))).encode()
