"""How the keeping of one form is said: its period, what goes next, what happened to it."""

from dataclasses import dataclass, replace
from datetime import date

from flask import url_for
from flask_babel import gettext, ngettext

from federation.retentions import FormRetention, PeriodChange
from forms.definition import Definition
from forms.retention import Retention, days_in_words, in_words
from qr.codes import grouped
from services.reading.responses import UNTOLD, is_confidential
from services.reading.retentions import period_of, retention_of
from services.rights.deadlines import Deadlines, Kept, Plan, UnderWay

from ..language import screen_language
from ..options import number_text
from ..site import site

_LAST = date.max


@dataclass(frozen=True)
class Standing:
    """How things stand with one form today."""

    definition: Definition
    record: FormRetention
    plan: Plan

    @classmethod
    def of(cls, definition: Definition, plan: Plan) -> "Standing":
        return cls(definition, retention_of(site().store, definition.id), plan)

    def changed(self, days: int) -> "Standing":
        """How they would stand with another period."""
        deadlines = Deadlines(site().store, self.definition.id, site().tree)
        change = PeriodChange(site().now(), "", days, "")
        deadlines.record = replace(self.record, changes=(*self.record.changes, change))
        plan = deadlines.plan(site().today, UnderWay.of(site().store))
        return Standing(self.definition, deadlines.record, plan)

    @property
    def period(self) -> Retention:
        return period_of(self.definition, self.record)

    @property
    def is_confidential(self) -> bool:
        return is_confidential(self.definition)

    @property
    def order(self) -> tuple[date, str]:
        """What goes next first; confidential forms must not tell by their place when that is."""
        first = None if self.is_confidential else self.plan.first
        return first or _LAST, self.definition.code

    def row(self) -> dict[str, object]:
        """What the list and the form's own page both say."""
        hold, told = self.record.hold, not self.is_confidential
        return {
            "title": self.definition.title.into(screen_language()),
            "code": self.definition.code,
            "href": url_for("retention.show_form", definition=self.definition.id),
            "period": period_text(self.period),
            "is_shortened": self.period != self.definition.kept,
            "soon": number_text(self.plan.soon) if told else UNTOLD,
            "first": f"{self.plan.first:%d/%m/%Y}" if self.plan.first and told else "",
            "waiting": self.waiting_text(),
            "skipped_count": number_text(len(self.plan.skipped)) if told else "",
            "has_skipped": bool(self.plan.skipped) and told,
            "purged": number_text(sum(p.count for p in self.record.purged)) if told else "",
            "has_purged": bool(self.record.purged) and told,
            "held": hold is not None,
            "hold_text": gettext(
                "since %(day)s by %(who)s: %(reason)s",
                day=f"{hold.at:%d/%m/%Y}",
                who=hold.who,
                reason=hold.reason,
            )
            if hold
            else "",
            "confidential": self.is_confidential,
        }

    def waiting_text(self) -> str:
        """Why some have no day yet."""
        if self.is_confidential or not self.plan.undated or not self.period.is_limited:
            return ""
        words = {
            "closing": gettext("No day yet: the form is not closed."),
            "settled": ngettext(
                "No day yet for %(count)s response: its case is not closed.",
                "No day yet for %(count)s responses: their cases are not closed.",
                self.plan.undated,
                count=number_text(self.plan.undated),
            ),
            "exported": ngettext(
                "No day yet for %(count)s response: not decided, or not passed on.",
                "No day yet for %(count)s responses: not decided, or not passed on.",
                self.plan.undated,
                count=number_text(self.plan.undated),
            ),
        }
        return words.get(self.period.after, "")

    def due_text(self) -> str:
        """How many go in the next 30 days."""
        if self.is_confidential:
            return gettext("How many responses that concerns is not told of a confidential form.")
        if not self.plan.soon:
            return gettext("Nothing goes within 30 days.")
        return ngettext(
            "%(count)s response goes within 30 days, from %(day)s on.",
            "%(count)s responses go within 30 days, from %(day)s on.",
            self.plan.soon,
            count=number_text(self.plan.soon),
            day=f"{self.plan.first:%d/%m/%Y}",
        )


def period_text(period: Retention) -> str:
    """As the notice says it, as a sentence of its own."""
    said = in_words(period, screen_language())
    return said[:1].upper() + said[1:]


def origin_text(period: Retention) -> str:
    """From what the days are counted."""
    return {
        "never": gettext("Nothing: there is no end."),
        "closing": gettext("The day on which the last scan point of the form is closed."),
        "settled": gettext("The day on which the case of each response is closed."),
        "submitted": gettext("The day on which each response arrived."),
        "exported": gettext(
            "The day on which a decided application is passed on: a full file with the sensitive"
            " answers is taken, or it is said here."
        ),
    }[period.after]


def skipped_rows(plan: Plan) -> list[dict[str, object]]:
    reasons = {
        Kept.RESTRICTED: gettext("Its sender asked that it is kept and not used."),
        Kept.REQUEST: gettext("A data request about this person is open."),
    }
    return [
        {
            "receipt_groups": grouped(one.receipt) if one.receipt else [UNTOLD],
            "unit": site().tree.name(one.unit),
            "reason": reasons[one.reason],
        }
        for one in plan.skipped
    ]


def purge_rows(record: FormRetention) -> list[dict[str, str]]:
    """The runs that erased something, newest first."""
    return [
        {
            "time": f"{run.at:%H:%M %d/%m/%Y}",
            "who": who_text(run.who),
            "count": ngettext(
                "%(count)s response deleted",
                "%(count)s responses deleted",
                run.rows,
                count=number_text(run.rows),
            ),
        }
        for run in reversed(record.purges)
    ]


def history_rows(record: FormRetention) -> list[dict[str, str]]:
    """What administrators decided, newest first."""
    acts = [(c.at, c.who, _change_text(c), c.reason) for c in record.changes]
    for hold in record.holds:
        acts.append((hold.at, hold.who, gettext("Put on hold"), hold.reason))
        if hold.lifted_at:
            acts.append((hold.lifted_at, hold.lifted_by, gettext("Hold ended"), hold.lifted_why))
    passed = gettext("Passed on: a full file was taken, or it was said")
    acts += [(export.at, "", passed, "") for export in record.exports]
    acts.sort(key=lambda act: act[0], reverse=True)
    return [
        {"time": f"{at:%H:%M %d/%m/%Y}", "who": who, "what": what, "text": why}
        for at, who, what, why in acts
    ]


def _change_text(change: PeriodChange) -> str:
    days = days_in_words(change.days, screen_language())
    return gettext("Period changed: %(days)s", days=days)


def who_text(name: str) -> str:
    words = {"command": gettext("on the command line"), "server": gettext("the server itself")}
    return str(words.get(name, name))
