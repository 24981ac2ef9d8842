"""The book of breaches: opened with an extent, worked on step by step, kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from federation.breaches import Breach, BreachStep, Extent, Happened
from forms.problems import N_
from storage.store import Store

from ..errors import NotAllowed, NotFound, Refusal

LONGEST_TEXT = 2_000


@dataclass(frozen=True)
class BreachBook:
    """All breaches of a store."""

    store: Store

    def all(self) -> tuple[Breach, ...]:
        """Open ones first, by what is due; then the closed ones, the newest first."""
        found = self.store.breaches.all()
        is_open = sorted((b for b in found if b.is_open), key=lambda b: b.due_at)
        is_done = sorted((b for b in found if not b.is_open), key=lambda b: b.due_at, reverse=True)
        return (*is_open, *is_done)

    def find(self, breach_id: str) -> Breach:
        """One breach; raises NotFound."""
        found = self.store.breaches.get(breach_id)
        if found is None:
            raise NotFound(N_("There is no such record of a breach."))
        return found

    def open(
        self, new_id: str, detected_at: datetime, extent: Extent, *, at: datetime, who: str
    ) -> Breach:
        """Begin a record; the clock runs from the detection."""
        if detected_at > at:
            raise Refusal(N_("The time of detection lies in the future."), field="detected_on")
        if extent.since and extent.until and extent.until < extent.since:
            raise Refusal(N_("The end lies before the beginning."), field="until")
        if extent.account and not (extent.since and extent.until):
            raise Refusal(
                N_("Please say from when to when, for what an account saw."), field="since"
            )
        breach = Breach(new_id, detected_at, extent, steps=(BreachStep(at, who, Happened.OPENED),))
        self.store.breaches.add(breach)
        return breach

    def add(self, breach: Breach, step: BreachStep) -> Breach:
        """Write a step down; raises Refusal."""
        if len(step.text) > LONGEST_TEXT:
            raise _too_long()
        if step.what in (Happened.NOTED, Happened.LISTED) and not step.text:
            raise Refusal(N_("Please write a few words."), field="text")
        return self._change(breach, lambda known: replace(known, steps=(*known.steps, step)))

    def draft(self, breach: Breach, notice: Mapping[str, str], at: datetime, who: str) -> Breach:
        """Keep the text for the agency as it was edited; raises Refusal."""
        if any(len(text) > LONGEST_TEXT for text in notice.values()):
            raise _too_long()
        step = BreachStep(at, who, Happened.DRAFTED)
        return self._change(
            breach,
            lambda known: replace(known, notice=dict(notice), steps=(*known.steps, step)),
        )

    def _change(self, breach: Breach, make: Callable[[Breach], Breach]) -> Breach:
        with self.store.exclusive():
            known = self.store.breaches.get(breach.id) or breach
            if not known.is_open:
                raise NotAllowed(N_("This record is closed."))
            new = make(known)
            self.store.breaches.put(new)
        return new


def _too_long() -> Refusal:
    message = N_("Please write at most %(longest)s characters.")
    return Refusal(message, {"longest": LONGEST_TEXT}, field="text")
