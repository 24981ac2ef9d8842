"""A form that an officer corrects: the worker's own page, filled in, behind the staff's door."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import g
from werkzeug.wrappers import Response

from forms.answers import CheckedAnswers, as_inputs, sent_files, unveiled
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from services.review.cases import Case
from storage.errors import StoreError

from ..security import csrf_token
from ..site import site
from ..uploads import posted_uploads
from ..worker.form_page import correction_page
from ..worker.unkept import page_again
from ..worker.walking import Shown, after_step, at_first, refused

ACT = "_act"


@dataclass(frozen=True)
class CorrectionPage:
    """What is corrected, where it is posted to, what the page says, and what travels with it."""

    case: Case
    action: str
    note: str
    hidden: tuple[tuple[str, str], ...]

    def begin(self) -> Response:
        """The form with what was answered."""
        definition, answers = self.case.version.definition, self.case.response.answers
        return self._form(as_inputs(definition, answers), at_first(definition, _today(), answers))

    def onward(self, inputs: Inputs) -> Response:
        """The stop of the form that `_step` asks for; nothing is kept."""
        definition, answers = self.case.version.definition, self.case.response.answers
        sent = sent_files(definition, inputs, answers)
        shown = after_step(definition, unveiled(definition, inputs, answers), _today(), sent)
        return self._form(inputs, shown, posted_uploads())

    def put(self, inputs: Inputs, correct: Callable[[Uploads], CheckedAnswers]) -> Response | None:
        """Let `correct` do it: the page again where that cannot be, with all that was typed."""
        uploads, definition = posted_uploads(), self.case.version.definition
        try:
            checked = correct(uploads)
        except StoreError as error:
            return page_again(
                error, definition, inputs, lambda shown: self._form(inputs, shown, uploads)
            )
        if not checked.problems:
            return None
        return self._form(inputs, refused(definition, checked, _today()), uploads)

    def _form(self, inputs: Inputs, shown: Shown, uploads: Uploads = NO_UPLOADS) -> Response:
        hidden = [
            ("csrf_token", csrf_token()),
            (ACT, "correct"),
            ("_lang", g.page_language),
            *self.hidden,
        ]
        return correction_page(self.case, self.action, hidden, self.note, inputs, shown, uploads)


def _today() -> date:
    return site().today
