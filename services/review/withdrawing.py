"""Withdraw a response: its sender asked an officer, or it should not be there. It is final."""

from dataclasses import dataclass
from datetime import datetime

from federation.requests import Kind, Way
from forms.cleaning import clean_line, is_readable
from forms.definition import Definition
from forms.problems import N_
from forms.response import Response

from ..erasure.erasing import DUPLICATE, TEST, WITHDRAWN, Eraser, Erasure
from ..erasure.requests import RequestBook
from ..errors import Refusal
from ..reading.responses import is_confidential
from .correcting import check_open_to_reviewers
from .review import ChangedMeanwhile, seen

GROUNDS = (WITHDRAWN, DUPLICATE, TEST)
"""Its sender asked for it; the same was sent twice; somebody tried the form out."""
LONGEST_REASON = 300


@dataclass(frozen=True)
class Withdrawer:
    """The act of one reviewer at one moment."""

    eraser: Eraser
    book: RequestBook
    who: str
    now: datetime

    def checked_reason(self, definition: Definition, ground: str, reason: str) -> str:
        """The reason as the trail will say it; raises Refusal, NotAllowed."""
        check_open_to_reviewers(definition)
        if ground not in GROUNDS:
            raise Refusal(N_("Please choose why it is withdrawn."), field="ground")
        words = clean_line(reason) if is_readable(reason) else ""
        if not words:
            raise Refusal(N_("Please write the reason."), field="reason")
        if len(words) > LONGEST_REASON:
            raise Refusal(
                N_("Please shorten this to %(longest)s characters; it has %(length)s now."),
                {"longest": LONGEST_REASON, "length": len(words)},
                field="reason",
            )
        return words

    def withdraw(
        self, definition: Definition, response: Response, saw: str, ground: str, reason: str
    ) -> Response:
        """Erase its answers for good; `saw` is the state that was confirmed. Gives the tombstone.

        What its sender asked for stands in the register of requests, as if they had done it
        themselves. Raises Refusal, ChangedMeanwhile, StoreFailed.
        """
        words = self.checked_reason(definition, ground, reason)
        if saw != seen(response):
            raise ChangedMeanwhile(response)
        tombstone = self.eraser.erase(response, Erasure(self.now, ground, self.who, words))
        if ground == WITHDRAWN:
            self.book.taken_back(
                tombstone,
                Kind.WITHDRAW,
                confidential=is_confidential(definition),
                who=self.who,
                way=Way.OFFICER,
            )
        return tombstone
