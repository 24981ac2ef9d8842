"""What a reviewer may correct in a response, and what stays as its sender gave it.

Consent is nobody's to give for somebody else, and sensitive answers are corrected by who looked at
them. What is fixed stands in no page, and what is posted for it changes nothing.
"""

from dataclasses import dataclass, replace

from forms.answers import DROP_INPUT, as_inputs
from forms.definition import Definition
from forms.problems import N_
from forms.shortened import without
from forms.types import Question
from forms.types.base import Inputs, Uploads
from forms.types.ticks import Consent

from ..erasure.requests import FORM as DATA_REQUESTS
from ..errors import NotAllowed, Refusal
from .cases import Case


def check_open_to_reviewers(definition: Definition) -> None:
    """Raises NotAllowed where no reviewer may correct, merge or withdraw a response.

    Nobody can say whose an anonymous one is, and a data request has a register of its own.
    """
    if definition.anonymous:
        raise NotAllowed(N_("This form is anonymous: nobody can say whose answers these are."))
    if definition.id == DATA_REQUESTS:
        raise NotAllowed(N_("This is a data request. Please work on it under “Data requests”."))


def is_open_to_reviewers(definition: Definition) -> bool:
    """Whether `check_open_to_reviewers` lets it pass."""
    try:
        check_open_to_reviewers(definition)
    except NotAllowed:
        return False
    return True


@dataclass(frozen=True)
class Correction:
    """A response under correction.

    `fixed` are the questions whose answers stay, `shown` is the case without them, for the page.
    """

    case: Case
    fixed: frozenset[str]
    shown: Case

    def inputs(self, posted: Inputs) -> Inputs:
        """What counts of what was posted: of fixed questions what is kept."""
        kept = {n: a for n, a in self.case.response.answers.items() if n in self.fixed}
        own = {name: texts for name, texts in posted.items() if not self._is_fixed(name)}
        if DROP_INPUT in own:
            own[DROP_INPUT] = [name for name in own[DROP_INPUT] if name not in self.fixed]
        return {**own, **as_inputs(self.case.version.definition, kept)}

    def uploads(self, posted: Uploads) -> Uploads:
        return {name: files for name, files in posted.items() if not self._is_fixed(name)}

    def _is_fixed(self, name: str) -> bool:
        return name.partition(".")[0] in self.fixed


def correction_of(case: Case, *, is_unmasked: bool) -> Correction:
    """What of this case a reviewer may correct; `is_unmasked`: they asked for sensitive answers.

    Raises Refusal where the rest of the form cannot be asked without what stays hidden.
    """
    definition, answers = case.version.definition, case.response.answers
    fixed = _fixed(case, is_unmasked=is_unmasked)
    try:
        page = without(definition, fixed)
    except ValueError as error:
        raise Refusal(
            N_("Other questions depend on sensitive answers here. Please show those, too."),
            field="sensitive",
        ) from error
    left = {name: answer for name, answer in answers.items() if name not in fixed}
    shown = Case(
        replace(case.version, definition=page), replace(case.response, answers=left, history=())
    )
    return Correction(case, fixed, shown)


def has_sensitive(case: Case) -> bool:
    """Whether it has sensitive answers that a reviewer could look at and correct."""
    return _may_be_sensitive(case) and any(
        q.sensitive and q.name in case.response.answers for q in case.version.definition.asking
    )


def _may_be_sensitive(case: Case) -> bool:
    """Without the sender's own tick nothing sensitive is added for them (Luật 91/2025/QH15)."""
    ticks = [q for q in case.version.definition.asking if _is_consent_to_sensitive(q)]
    return all(tick.name in case.response.answers for tick in ticks)


def _is_consent_to_sensitive(question: Question) -> bool:
    return isinstance(question, Consent) and question.purpose == "sensitive"


def _fixed(case: Case, *, is_unmasked: bool) -> frozenset[str]:
    shows = is_unmasked and _may_be_sensitive(case)
    return frozenset(
        question.name
        for question in case.version.definition.questions
        if isinstance(question, Consent) or (question.sensitive and not shows)
    )
