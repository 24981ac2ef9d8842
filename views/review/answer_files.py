"""Files of a response for those who may see the response: small pictures, downloads.

Sensitive ones open only a while after their response was unmasked, in the same browser.
"""

from dataclasses import dataclass

from flask import Blueprint, abort, session, url_for
from flask import Response as WebResponse
from flask_babel import gettext

from federation.access import Act
from forms.definition import Definition
from forms.response import Response as Answered
from forms.types import Question
from forms.types.base import names_in
from services.errors import NotFound
from services.files import read_file
from services.publishing.publish import all_versions
from services.reading import responses

from ..session import me, staff_blueprint
from ..site import site

blueprint: Blueprint = staff_blueprint("answer_files", Act.SEE_RESPONSES)

_UNMASKED = "unmasked"  # in the session: until when (seconds since 1970), by the response's id
_WHILE = 15 * 60  # seconds
_MOST = 8  # responses at once: a cookie is small
_TYPES = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}


@dataclass(frozen=True)
class FileLink:
    """One file as the page of a response shows it."""

    href: str
    label: str
    is_picture: bool


def unmask_files(*shown: Answered) -> None:
    """Let this browser see the sensitive files of the responses for a while."""
    now = site().now().timestamp()
    fresh = [(key, until) for key, until in session.get(_UNMASKED, {}).items() if until > now]
    fresh += [(response.id, int(now) + _WHILE) for response in shown]
    session[_UNMASKED] = dict(fresh[-_MOST:])


def _is_unmasked(response: Answered) -> bool:
    return bool(session.get(_UNMASKED, {}).get(response.id, 0) > site().now().timestamp())


def file_links(
    question: Question, response: Answered, *, is_unmasked: bool = False
) -> list[FileLink]:
    """The files that this answer names; sensitive ones only where that is unmasked."""
    return [
        FileLink(
            url_for(
                "answer_files.show_file",
                definition=response.definition,
                response_id=response.id,
                name=name,
            ),
            gettext("File %(number)s", number=number),
            not name.endswith(".pdf"),
        )
        for number, name in enumerate(
            _file_names(question, response, is_unmasked=is_unmasked), start=1
        )
    ]


@blueprint.get("/responses/<definition>/<response_id>/files/<name>")
def show_file(definition: str, response_id: str, name: str) -> WebResponse:
    """A file that a response of this person's view names; everything else is not there."""
    response, asked = _seen(definition, response_id)
    is_open = _is_unmasked(response)
    if not any(name in _file_names(q, response, is_unmasked=is_open) for q in asked.asking):
        abort(404)
    content = read_file(site().store, definition, name)
    if content is None:
        abort(404)
    kind = name.rpartition(".")[2]
    answer = WebResponse(content, mimetype=_TYPES[kind])
    # A PDF is a stranger's program for all we know: never opened on our address.
    way = "attachment" if kind == "pdf" else "inline"
    answer.headers["Content-Disposition"] = f'{way}; filename="{name}"'
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    return answer


def _seen(definition: str, response_id: str) -> tuple[Answered, Definition]:
    try:
        versions = all_versions(site().store, definition)
    except NotFound:
        abort(404)
    view = responses.view_for(site().store, versions[-1], me(), site().tree, today=site().today)
    response = responses.find(site().store, view, response_id)
    if response is None:
        abort(404)
    return response, versions[min(response.version, len(versions)) - 1]


def _file_names(question: Question, response: Answered, *, is_unmasked: bool) -> list[str]:
    if not question.keeps_files or (question.sensitive and not is_unmasked):
        return []
    return names_in(response.answers.get(question.name))
