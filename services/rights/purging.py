"""Erase what has been kept as long as people were told: by command, by hand, and once a day.

A run that was cut off is taken up by the next: what is gone has its tombstone, the rest is still
due, and the counts are those of the tombstones.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from federation.retentions import Purge
from federation.units import UnitTree
from forms.definition import Definition
from forms.problems import N_
from forms.response import Response
from storage.errors import StoreError
from storage.store import Setting, Store

from ..clock import full_hour
from ..erased import ErasedList
from ..erasure.erasing import PURGED, Eraser, Erasure, finish_form
from ..errors import NotAllowed
from ..identity import Hasher
from ..organization.units import tree_of
from ..publishing.publish import all_versions, published_versions
from ..reading.retentions import retention_of
from ..routine import EVERY, Daily
from ..trail.audit import SERVER, Audit, Deed
from .deadlines import Deadlines, Plan, Skipped, UnderWay, with_counts

PURGING = "purging:"
"""How the names of settings begin that say of which form a purge is under way, and since when."""
ABANDONED = timedelta(minutes=10)
BATCH = 1_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a run did to one form: `rows` erased, `left` others changed all the time."""

    form: str
    rows: int = 0
    left: int = 0
    skipped: tuple[Skipped, ...] = ()
    held: bool = False


class Purger:
    """The act of purging, with what it needs at hand."""

    def __init__(
        self,
        store: Store,
        hasher: Hasher,
        now: Callable[[], datetime],
        erased: ErasedList | None = None,
    ) -> None:
        """`erased` is the list beside the backups, by which a restore knows what not to restore."""
        self._store, self._hasher, self._now = store, hasher, now
        self._audit, self._eraser = Audit(store, hasher), Eraser(store, hasher, erased)

    def plan(self, form: str, tree: UnitTree | None = None) -> Plan:
        """What a purge would do now; raises NotFound for a form that is not published."""
        all_versions(self._store, form)
        deadlines = Deadlines(self._store, form, tree or tree_of(self._store, self._now().date()))
        return deadlines.plan(self._now().date(), UnderWay.of(self._store))

    def purge_all(self, who: str) -> tuple[Outcome, ...]:
        """Purge every published form; one that somebody else purges now is left to them."""
        outcomes = []
        for version in published_versions(self._store):
            try:
                outcomes.append(self.purge(version.definition.id, who))
            except NotAllowed as error:
                _log.info("%s: %s", version.definition.id, error)
        return tuple(outcomes)

    def purge(self, form: str, who: str) -> Outcome:
        """Erase what is due of one form.

        Raises NotFound for an unknown form, NotAllowed while another run is at it, StoreFailed;
        the next run goes on where this one ended.
        """
        definition = all_versions(self._store, form)[-1]
        if retention_of(self._store, form).hold:
            return Outcome(form, held=True)
        with self._alone(form):
            finish_form(self._store, self._hasher, form, self._now())
            deadlines = Deadlines(self._store, form, tree_of(self._store, self._now().date()))
            if not deadlines.may_go:
                return Outcome(form)
            under_way = UnderWay.of(self._store)
            plan = deadlines.plan(self._now().date(), under_way)
            if not plan.due:
                self._keep_counts(plan)
                return Outcome(form, skipped=plan.skipped)
            self._note(definition, plan, who)
            gone, left = self._erase(plan, deadlines, under_way, who)
            self._keep_run(plan, gone, who)
        return Outcome(form, gone.total(), left, plan.skipped)

    def _erase(
        self, plan: Plan, deadlines: Deadlines, under_way: UnderWay, who: str
    ) -> tuple[Counter[tuple[str, str, str]], int]:
        """Erase in parts, each of which is forgotten by the journal before the next one."""
        gone, left = Counter[tuple[str, str, str]](), 0
        for start in range(0, len(plan.due), BATCH):
            if retention_of(self._store, plan.form).hold:
                break  # somebody has just put it on hold
            found = [
                response
                for response_id in plan.due[start : start + BATCH]
                if (response := self._store.response(plan.form, response_id))
                and self._still_due(response, deadlines, under_way)
            ]
            erasure = Erasure(self._now(), PURGED, who, is_noted=True)
            erased = self._eraser.erase_many(found, erasure)
            gone.update((r.unit, r.place, r.point) for r in erased.tombstones)
            left += erased.left
            self._store.settings.put(self._mark(plan.form))
        return gone, left

    def _still_due(self, response: Response, deadlines: Deadlines, under_way: UnderWay) -> bool:
        """Whether nothing happened to it since the plan was made."""
        day = None if response.is_withdrawn else deadlines.day_of(response)
        if day is None or day > self._now().date():
            return False
        return deadlines.kept_by(response, under_way) is None

    def _note(self, definition: Definition, plan: Plan, who: str) -> None:
        at = full_hour(self._now()) if definition.anonymous else self._now()
        self._audit.note(
            who,
            Deed.RESPONSES_DELETED,
            at,
            form=plan.form,
            rows=len(plan.due),
            what=PURGED,
            skipped=len(plan.skipped) or "",
        )

    def _keep_counts(self, plan: Plan) -> None:
        """Put right what a run that was cut off could not write down."""
        with self._store.exclusive():
            record = retention_of(self._store, plan.form)
            if record.purged != plan.purged:
                self._store.retentions.put(replace(record, purged=plan.purged))

    def _keep_run(self, plan: Plan, gone: Counter[tuple[str, str, str]], who: str) -> None:
        before = Counter({(p.unit, p.place, p.point): p.count for p in plan.purged})
        with self._store.exclusive():
            record = retention_of(self._store, plan.form)
            run = Purge(self._now(), who, gone.total())
            self._store.retentions.put(
                replace(
                    record,
                    purges=(*record.purges, run),
                    purged=with_counts(record.purged, before + gone),
                )
            )

    @contextmanager
    def _alone(self, form: str) -> Iterator[None]:
        """Keep other runs on this form away, in whatever process; one that died is passed over."""
        with self._store.exclusive():
            known = self._store.settings.get(PURGING + form)
            if known and self._now() - datetime.fromisoformat(known.value) < ABANDONED:
                raise NotAllowed(
                    N_(
                        "A purge of the form %(form)s is under way. Nothing was done here; please"
                        " try again in ten minutes."
                    ),
                    {"form": form},
                )
            self._store.settings.put(self._mark(form))
        try:
            yield
        finally:
            with suppress(StoreError):  # what ended this run is what is told
                self._store.settings.remove(PURGING + form)

    def _mark(self, form: str) -> Setting:
        return Setting(PURGING + form, self._now().isoformat())


class DailyPurge(Daily):
    """Purge all forms once a day while the server runs."""

    def __init__(
        self, purger: Purger, now: Callable[[], datetime], *, every: float = EVERY
    ) -> None:
        super().__init__("daily-purge", lambda _at: purger.purge_all(SERVER), now, every=every)
