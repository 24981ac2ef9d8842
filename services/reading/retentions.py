"""Change how long a form's responses are kept, hold them, say that they were passed on.

What people agreed to is the most that is allowed: a period is shortened freely, never made longer.
Each act needs a reason; whoever calls writes it into the trail.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from federation.retentions import FormRetention, FullExport, Hold, PeriodChange
from forms.cleaning import clean_line, is_readable
from forms.definition import Definition
from forms.problems import N_
from forms.retention import LONGEST, Retention
from storage.store import ResponseFilter, Store

from ..errors import Refusal
from ..publishing.publish import all_versions
from .responses import View

LONGEST_REASON = 500
_CHOSEN = "submitted"  # from what a period counts where people were promised no end


def retention_of(store: Store, form: str) -> FormRetention:
    """What was decided about a form, and what became of it."""
    return store.retentions.get(form) or FormRetention(form)


def period_of(definition: Definition, record: FormRetention) -> Retention:
    """How long responses to this version are kept: as promised, or as shortened since."""
    promised, chosen = definition.kept, record.days
    if chosen is None:
        return promised
    if promised.days is None:
        return Retention(after=_CHOSEN, days=chosen)
    return Retention(after=promised.after, days=min(promised.days, chosen))


def longest_promised(versions: Iterable[Definition]) -> int | None:
    """The most days that a notice of the form promised; None where one promised no end."""
    days = [version.kept.days for version in versions]
    return None if None in days else max(filter(None, days))


@dataclass(frozen=True)
class RetentionDesk:
    """The acts of one person, at one moment. They raise Refusal, NotFound for an unknown form."""

    store: Store
    who: str
    now: datetime

    def change_period(self, form: str, days: str, reason: str) -> FormRetention:
        """Let responses go after so many days instead."""
        versions = all_versions(self.store, form)
        number = checked_days(versions, days)
        why = checked_reason(reason)
        change = PeriodChange(self.now, self.who, number, why)
        return self._put(form, lambda record: replace(record, changes=(*record.changes, change)))

    def hold(self, form: str, reason: str) -> FormRetention:
        """Let nothing of the form be purged until the hold is lifted."""
        all_versions(self.store, form)
        hold = Hold(self.now, self.who, checked_reason(reason))

        def held(record: FormRetention) -> FormRetention:
            if record.hold:
                raise Refusal(N_("This form is on hold already."))
            return replace(record, holds=(*record.holds, hold))

        return self._put(form, held)

    def lift(self, form: str, reason: str) -> FormRetention:
        """End the hold: what was due meanwhile goes with the next purge."""
        all_versions(self.store, form)
        why = checked_reason(reason)

        def lifted(record: FormRetention) -> FormRetention:
            if record.hold is None:
                raise Refusal(N_("This form is not on hold."))
            ended = replace(record.hold, lifted_at=self.now, lifted_by=self.who, lifted_why=why)
            return replace(record, holds=(*record.holds[:-1], ended))

        return self._put(form, lifted)

    def passed_on(self, form: str, reason: str) -> FormRetention:
        """Say that all whose case is closed by now are in the member software."""
        versions = all_versions(self.store, form)
        if all(version.kept.after != "exported" for version in versions):
            raise Refusal(N_("The period of this form does not count from passing records on."))
        checked_reason(reason)
        return self._put(form, lambda record: with_export(record, FullExport(self.now)))

    def _put(self, form: str, change: Callable[[FormRetention], FormRetention]) -> FormRetention:
        with self.store.exclusive():
            new = change(retention_of(self.store, form))
            self.store.retentions.put(new)
        return new


def checked_days(versions: Iterable[Definition], typed: str) -> int:
    """The number of days that was typed; raises Refusal for what it cannot be."""
    text = clean_line(typed)
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= days <= LONGEST:
        raise Refusal(
            N_("Please write a number of days from 1 to %(longest)s."),
            {"longest": LONGEST},
            field="days",
        )
    promised = longest_promised(versions)
    if promised is not None and days > promised:
        raise Refusal(
            N_(
                "The notice promises at most %(promised)s days, and people agreed to that: it can"
                " be shorter, not longer. What a court or an inspection needs is put on hold."
            ),
            {"promised": promised},
            field="days",
        )
    return days


def checked_reason(typed: str) -> str:
    """The reason in one line; raises Refusal where there is none."""
    reason = clean_line(typed)
    if not reason or not is_readable(typed):
        raise Refusal(N_("Please write the reason: it is kept in the trail."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(
            N_("Please write at most %(longest)s characters."),
            {"longest": LONGEST_REASON},
            field="reason",
        )
    return reason


def note_full_export(store: Store, view: View, at: datetime, *, sensitive: bool) -> None:
    """Remember that everything in a view leaves as a file: from then on `exported` counts.

    Not of a file without the sensitive answers that the form asks for, or of a part that was
    filtered out.
    """
    form = view.definition.id
    versions = all_versions(store, form)
    is_masked = not sensitive and any(q.sensitive for v in versions for q in v.asking)
    is_counted = any(version.kept.after == "exported" for version in versions)
    everything = replace(view.where, units=None) == ResponseFilter(withdrawn=False)
    if is_masked or not is_counted or not everything or view.withheld:
        return
    units = () if view.where.units is None else tuple(sorted(view.where.units))
    with store.exclusive():
        record = with_export(retention_of(store, form), FullExport(at, units))
        store.retentions.put(record)


def with_export(record: FormRetention, export: FullExport) -> FormRetention:
    """One more full export; of several of a day and the same units the last one counts."""
    earlier = [
        one
        for one in record.exports
        if (one.at.date(), one.units) != (export.at.date(), export.units)
    ]
    return replace(record, exports=(*earlier, export))
