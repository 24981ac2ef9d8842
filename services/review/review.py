"""The review of one response: its state, words to the worker, notes, who is to see to it, undoing.

Every act is compared with what its reviewer saw: who comes second is told what the first one did,
and nothing is overwritten. Every act is a line of the response's history.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forms.cleaning import clean_text, is_readable
from forms.definition import Definition
from forms.problems import N_
from forms.response import ASSIGNED, MESSAGE, NEW, NOTE, STATE, Change, Response
from forms.types import Value
from forms.workflow import OPEN_KINDS, State, kept_as, moves, state_of
from storage.store import Store

from ..clock import full_hour
from ..erasure.requests import FORM as DATA_REQUESTS
from ..errors import NotAllowed, Refusal
from ..identity import Hasher
from ..receiving.claims import claims_of, offer_of, seat_waiting, without_places
from .history import GIVEN, MOVED, NOTED, TOLD, UNDONE

LONGEST_WORDS = 1_000
UNDO_WITHIN = timedelta(minutes=10)
_UNDOABLE = frozenset({MOVED, TOLD, GIVEN})


class ChangedMeanwhile(NotAllowed):
    """Somebody else was quicker; `response` is what is there now."""

    def __init__(self, response: Response) -> None:
        super().__init__(N_("It was changed meanwhile. Please look at it once more."))
        self.response = response


def seen(response: Response) -> str:
    """What an act names to say which state of the response its reviewer saw."""
    return str(len(response.history))


def allowed_moves(definition: Definition, response: Response) -> tuple[State, ...]:
    """Where a reviewer may put it. A data request's state follows from what is done for it."""
    if definition.id == DATA_REQUESTS:
        return ()
    return moves(definition.workflow, response.state)


@dataclass(frozen=True)
class ReviewDesk:
    """The acts of one reviewer on one form's responses, at one moment.

    Whether this person may review a response is decided by who finds it
    (services/reading/responses.py).
    """

    store: Store
    definition: Definition
    hasher: Hasher
    who: str
    now: datetime

    def move(self, response: Response, to: str, message: str | None = None) -> Response:
        """Put it into another state; `message` replaces the word to the worker, None leaves it.

        Who is refused gives up their places to those who wait. Raises Refusal, ChangedMeanwhile.
        """
        return self._put(response, self.moved(response, to, message))

    def moved(self, response: Response, to: str, message: str | None = None) -> Response:
        """The response as `move` means to put it."""
        state = self.state_named(response, to)
        before: dict[str, Value | None] = {STATE: response.state}
        new = replace(response, state=kept_as(self.definition.workflow, state))
        if message is not None and (words := self._words(message)) != response.message:
            before[MESSAGE] = response.message
            new = replace(new, message=words)
        return self._written_down(new, MOVED, before)

    def state_named(self, response: Response, to: str) -> State:
        """Where it is to go; raises Refusal for where it cannot."""
        for state in allowed_moves(self.definition, response):
            if to in (state.name, kept_as(self.definition.workflow, state)):
                return state
        raise Refusal(N_("Please choose a state that it can have from here."), field="state")

    def tell(self, response: Response, message: str) -> Response:
        """Change the word to the worker alone."""
        words = self._words(message)
        if words == response.message:
            return response
        new = replace(response, message=words)
        return self._put(response, self._written_down(new, TOLD, {MESSAGE: response.message}))

    def note(self, response: Response, text: str) -> Response:
        """Add a note that officers read, and never the worker."""
        words = self._words(text)
        if not words:
            raise Refusal(N_("Please write the note first."), field="note")
        return self._put(response, self._written_down(response, NOTED, {NOTE: words}))

    def assign(self, response: Response, person: str) -> Response:
        """Give it to a person, or to nobody; who may have it is the caller's affair."""
        if person == response.assigned:
            return response
        new = replace(response, assigned=person)
        return self._put(response, self._written_down(new, GIVEN, {ASSIGNED: response.assigned}))

    def undoable(self, response: Response) -> Change | None:
        """The last change, if this person made it just now and it can be undone."""
        last = response.history[-1] if response.history else None
        if last is None or last.what not in _UNDOABLE or last.who != self.who:
            return None
        return last if self._at() - last.at <= UNDO_WITHIN else None

    def undo(self, response: Response) -> Response:
        """Put back what this person's last change changed; raises NotAllowed."""
        last = self.undoable(response)
        if last is None:
            raise NotAllowed(N_("Only your own last change can be undone, for ten minutes."))
        now = {STATE: response.state, MESSAGE: response.message, ASSIGNED: response.assigned}
        put_back = {name: str(value or "") for name, value in last.before.items()}
        new = replace(
            response,
            state=put_back.get(STATE, response.state) or NEW,
            message=put_back.get(MESSAGE, response.message),
            assigned=put_back.get(ASSIGNED, response.assigned),
        )
        return self._put(
            response, self._written_down(new, UNDONE, {name: now[name] for name in put_back})
        )

    def _at(self) -> datetime:
        """Of anonymous forms the hour, as of all that is kept of them."""
        return full_hour(self.now) if self.definition.anonymous else self.now

    def _words(self, text: str) -> str:
        if not is_readable(text):
            raise Refusal(N_("The text has strange signs. Please type it again."), field="message")
        words = clean_text(text)
        if len(words) > LONGEST_WORDS:
            raise Refusal(
                N_("Please shorten this to %(longest)s characters; it has %(length)s now."),
                {"longest": LONGEST_WORDS, "length": len(words)},
                field="message",
            )
        return words

    def _written_down(self, new: Response, what: str, before: dict[str, Value | None]) -> Response:
        change = Change(self._at(), self.who, what, before)
        return replace(new, history=(*new.history, change))

    def _put(self, response: Response, new: Response) -> Response:
        put = self._put_with_places if self.concerns_places(response, new) else self._put_alone
        if not put(response, new):
            kept = self.store.response(response.definition, response.id)
            raise ChangedMeanwhile(kept or response)
        return self.store.response(new.definition, new.id) or new

    def concerns_places(self, response: Response, new: Response) -> bool:
        """Whether places are given up or asked for anew by this change."""
        changes = self._is_refused(response) != self._is_refused(new)
        return changes and "variant" not in response.flags

    def _put_alone(self, response: Response, new: Response) -> bool:
        return self.store.change_response(response, new)

    def _put_with_places(self, response: Response, new: Response) -> bool:
        """Who is refused gives up the places; who is not any more asks for them again."""
        if not self._is_refused(new):
            offer = offer_of(self.store, self.definition.id)
            claims = claims_of(self.definition, new, self.hasher, offer)
            return self.store.change_response(response, new, claims or None)
        if not response.claims:
            return self.store.change_response(response, new)
        if not self.store.change_response(response, without_places(new)):
            return False
        seat_waiting(self.store, self.hasher, self.definition, self.now)
        return True

    def _is_refused(self, response: Response) -> bool:
        return state_of(self.definition.workflow, response.state).kind == "refused"


def closes(state: State) -> bool:
    """Whether this state ends the case."""
    return state.kind not in OPEN_KINDS
