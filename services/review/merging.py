"""Merge two responses of one person into one: which stays, which answers count; it is final.

The one that stays takes the chosen answers of the other, with their files. The other is erased and
says only into which it went.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from forms.answers import CheckedAnswers, as_inputs, check_answers, sent_files, unveiled
from forms.problems import N_
from forms.response import SAME_PHONE, Change
from forms.types import Question, Value
from forms.types.base import names_in
from forms.types.calculate import Calculate
from forms.types.ticks import Consent
from storage.store import Store

from ..erasure.erasing import MERGED, Eraser, Erasure
from ..errors import Refusal
from ..files import keep_files, named_for, read_file
from ..identity import Hasher
from ..receiving.claims import claims_of, offer_of
from .cases import Case, flags_after
from .correcting import check_open_to_reviewers
from .history import MERGED_WITH
from .review import ChangedMeanwhile, seen


@dataclass(frozen=True)
class Difference:
    """A question that the two answer differently; `may_choose`: the other's answer may be taken."""

    question: Question
    kept: Value | None
    other: Value | None
    may_choose: bool


def check_pair(kept: Case, other: Case) -> None:
    """Raises Refusal for two that cannot be merged."""
    check_open_to_reviewers(kept.version.definition)
    if kept.response.id == other.response.id:
        raise Refusal(N_("Please choose two different responses."))
    if kept.response.definition != other.response.definition:
        raise Refusal(N_("Only responses of the same form can be merged."))


def differences(kept: Case, other: Case, limited: Collection[str] = ()) -> Iterator[Difference]:
    """What differs, in the order of the form of the one that stays.

    Consents are their sender's own, what is calculated follows, and sensitive answers are taken
    only where the one that stays has its sender's tick for them. Of the `limited` questions (slots
    of an offer) nothing is taken: it would mean to queue for a place anew.
    """
    definition = kept.version.definition
    ticked = all(
        question.name in kept.response.answers
        for question in definition.questions
        if isinstance(question, Consent) and question.purpose == "sensitive"
    )
    for question in definition.asking:
        ours, theirs = (case.response.answers.get(question.name) for case in (kept, other))
        if isinstance(question, Consent | Calculate) or (ours == theirs):
            continue
        may_choose = (
            question.name in other.version.definition.by_name
            and question.name not in limited
            and (ticked or not question.sensitive)
        )
        yield Difference(question, ours, theirs, may_choose)


@dataclass(frozen=True)
class Merger:
    """The act of one reviewer at one moment."""

    store: Store
    hasher: Hasher
    eraser: Eraser
    who: str
    now: datetime

    def merge(
        self, kept: Case, other: Case, saw: tuple[str, str], taken: Collection[str]
    ) -> CheckedAnswers:
        """Put the `taken` answers of `other` into `kept` and erase `other`; problems: not done.

        `saw` is which state of either was confirmed. A crash between leaves both, and it can be
        done again. Raises Refusal, ChangedMeanwhile, StoreFailed.
        """
        check_pair(kept, other)
        for case, state in zip((kept, other), saw, strict=True):
            if seen(case.response) != state:
                raise ChangedMeanwhile(case.response)
        checked = self.checked(kept, other, taken)
        if not checked.problems:
            self._put(kept, other, checked)
            erasure = Erasure(
                self.now,
                MERGED,
                self.who,
                into=kept.response.id,
                flags=(SAME_PHONE,) if _same_phone(kept, other) else (),
            )
            self.eraser.erase(other.response, erasure)
        return checked

    def checked(self, kept: Case, other: Case, taken: Collection[str]) -> CheckedAnswers:
        """The answers as they will stand, with the files that are copied."""
        definition, response = kept.version.definition, kept.response
        slots = offer_of(self.store, definition.id).slots
        open_ = {d.question.name: d for d in differences(kept, other, slots) if d.may_choose}
        if not frozenset(taken) <= open_.keys():
            raise Refusal(N_("Please choose only answers that can be taken over."))
        meant: dict[str, Value] = dict(response.answers)
        for name in taken:
            meant.pop(name, None)
            if (value := open_[name].other) is not None:
                meant[name] = value
        inputs = unveiled(definition, as_inputs(definition, meant), meant)
        sent = sent_files(definition, inputs, meant)
        checked = check_answers(definition, inputs, self.now.date(), sent=sent)
        if checked.problems:
            return checked
        return self._with_files(kept, other, checked)

    def _with_files(self, kept: Case, other: Case, checked: CheckedAnswers) -> CheckedAnswers:
        """The other's files under names of the one that stays: the other's are erased with it."""
        definition, response = kept.version.definition, kept.response
        files = {
            name: file
            for question in definition.asking
            if question.keeps_files
            for name in names_in(checked.answers.get(question.name))
            if name not in names_in(response.answers.get(question.name))
            if (file := read_file(self.store, definition.id, name)) is not None
        }
        content = f"{response.content} {len(response.history)} {other.response.id}"
        copied = replace(checked, files=files)
        return named_for(self.hasher, definition, response.instance, content, copied)

    def _put(self, kept: Case, other: Case, checked: CheckedAnswers) -> None:
        definition, response = kept.version.definition, kept.response
        before: dict[str, Value | None] = {
            name: response.answers.get(name)
            for name in (*checked.answers, *response.answers)
            if checked.answers.get(name) != response.answers.get(name)
        }
        before[MERGED_WITH] = other.response.receipt
        merged = replace(
            response,
            answers=checked.answers,
            flags=flags_after(kept, checked),
            history=(*response.history, Change(self.now, self.who, MERGED, before)),
        )
        keep_files(self.store, definition.id, checked.files, self.now)
        offer = offer_of(self.store, definition.id)
        claims = claims_of(definition, merged, self.hasher, offer) if kept.claims_places else None
        if not self.store.change_response(response, merged, claims):
            found = self.store.response(response.definition, response.id)
            raise ChangedMeanwhile(found or response)


def _same_phone(kept: Case, other: Case) -> bool:
    """Whether whoever knows the last digits of the one knows those of the other."""
    return bool(kept.last_digits) and kept.last_digits == other.last_digits
