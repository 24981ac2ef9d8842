"""Campaigns: kept, published to all their units in one act, and made anew for the next year."""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from federation.units import UnitTree
from forms.campaign import Campaign
from forms.cleaning import as_digits, clean_line, is_readable
from forms.problems import N_
from forms.publication import Availability, ScanPoint
from storage.store import Store

from ..clock import VIETNAM
from ..days import read_day
from ..errors import NotFound, Refusal
from ..moments import Span
from ..receiving.receive import as_it_stands
from .publish import checked_place, checked_places, find_definition, points_by_place, publish_many

LONGEST_NAME, LONGEST_NOTE, LONGEST_DAYS = 120, 2_000, 1_100
MOST_FORMS = 60
MOST_WANTED = 10_000_000


@dataclass(frozen=True)
class Done:
    """What publishing a campaign made, found, and opened again for it."""

    new: int = 0
    known: int = 0
    reopened: int = 0
    gone: tuple[str, ...] = ()
    """Units that are closed now: nothing can be published to them."""

    @property
    def points(self) -> int:
        return self.new + self.known


def find_campaign(store: Store, campaign_id: str) -> Campaign:
    """A campaign; raises NotFound."""
    found = store.campaigns.get(campaign_id)
    if found is None:
        raise NotFound(N_("There is no such campaign."))
    return found


def target_input(form: str) -> str:
    """The name of the input for what is wanted of a form."""
    return f"target.{form}"


def read_campaign(
    store: Store,
    inputs: Mapping[str, str],
    forms: Sequence[str],
    units: Sequence[str],
    *,
    now: datetime,
    before: Campaign | None = None,
) -> Campaign:
    """The campaign that was typed, new or in the place of the one `before`; raises Refusal."""
    starts, ends = _day(inputs, "starts"), _day(inputs, "ends")
    if ends < starts:
        raise Refusal(N_("The last day must not be before the first."), field="ends")
    if (ends - starts).days > LONGEST_DAYS:
        raise Refusal(N_("A campaign may last three years at most."), field="ends")
    ids = tuple(dict.fromkeys(find_definition(store, form).id for form in forms))
    if not ids or len(ids) > MOST_FORMS:
        raise Refusal(N_("Please choose at least one form for the campaign."), field="forms")
    if not units:
        nobody = N_("No unit is chosen. Please choose a part, a kind or paste a list.")
        raise Refusal(nobody, field="below")
    note = inputs.get("note", "").strip()
    if not is_readable(note) or len(note) > LONGEST_NOTE:
        raise Refusal(N_("Please shorten the note."), field="note")
    return Campaign(
        before.id if before else secrets.token_hex(6),
        _name(inputs.get("name", "")),
        starts,
        ends,
        ids,
        tuple(units),
        before.created_at if before else now.replace(microsecond=0),
        note,
        checked_place(inputs.get("place", "")),
        dict(filter(None, (_target(inputs, form) for form in ids))),
        before.based_on if before else "",
    )


def _name(text: str) -> str:
    name = clean_line(text) if is_readable(text) else ""
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refusal(
            N_("Please give the campaign a name of at most %(longest)s characters."),
            {"longest": LONGEST_NAME},
            field="name",
        )
    return name


def _day(inputs: Mapping[str, str], field: str) -> date:
    day = read_day(inputs.get(field, ""))
    if day is None:
        raise Refusal(N_("Please write a day such as 01/07/2026."), field=field)
    return day


def _target(inputs: Mapping[str, str], form: str) -> tuple[str, int] | None:
    name = target_input(form)
    text = "".join(as_digits(inputs.get(name, "")).split()).replace(".", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_WANTED:
        raise Refusal(N_("Please write a whole number, for example 1.810."), field=name)
    return form, int(text)


def span_of(campaign: Campaign) -> Span:
    """From the beginning of the first day to the end of the last."""
    end = campaign.ends + timedelta(days=1)
    return (
        datetime.combine(campaign.starts, time.min, VIETNAM),
        datetime.combine(end, time.min, VIETNAM),
    )


def foresee(store: Store, campaign: Campaign, tree: UnitTree, now: datetime) -> Done:
    """What publishing it would do; raises Refusal, NotFound."""
    units, gone = _open_units(campaign, tree)
    where = checked_places([campaign.place], units, tree)
    done = Done(gone=gone)
    for form in campaign.forms:
        known = points_by_place(store, find_definition(store, form).id)
        there = [known[at] for at in where if at in known]
        again = _to_open_again(campaign, there, tree, now)
        done = replace(
            done,
            new=done.new + len(where) - len(there),
            known=done.known + len(there),
            reopened=done.reopened + len(again),
        )
    return done


def publish_campaign(store: Store, campaign: Campaign, tree: UnitTree, now: datetime) -> Done:
    """Publish all its forms to all its units; doing it again makes nothing twice.

    New points are open for its time. Those that are there and have ended are opened for it again,
    so that no poster is printed twice; the others stay as they are.
    """
    units, gone = _open_units(campaign, tree)
    opens_at, closes_at = span = span_of(campaign)
    done = Done(gone=gone)
    with store.exclusive():
        for form in campaign.forms:
            made = publish_many(store, form, units, [campaign.place], tree=tree, now=now, span=span)
            again = _to_open_again(campaign, made.points, tree, now)
            store.points.put_all(
                [replace(p, paused=False, opens_at=opens_at, closes_at=closes_at) for p in again]
            )
            done = replace(
                done,
                new=done.new + made.new,
                known=done.known + len(made.points) - made.new,
                reopened=done.reopened + len(again),
            )
    return done


def _to_open_again(
    campaign: Campaign, points: Iterable[ScanPoint], tree: UnitTree, now: datetime
) -> list[ScanPoint]:
    """The points that have ended; none for a campaign that is over itself."""
    if campaign.ends < now.date():
        return []
    return [p for p in points if as_it_stands(p, tree).availability(now) is Availability.CLOSED]


def _open_units(campaign: Campaign, tree: UnitTree) -> tuple[list[str], tuple[str, ...]]:
    known = [(unit, tree.get(unit)) for unit in campaign.units]
    is_open = [unit for unit, found in known if found and found.is_open]
    return is_open, tuple(unit for unit in campaign.units if unit not in is_open)


def next_year(store: Store, campaign: Campaign, tree: UnitTree, now: datetime) -> Campaign:
    """The campaign of the next year, kept: same forms and units as they are then.

    Merged units are replaced by those that go on for them; closed ones are left out. A second
    wish gives the one there is.
    """
    with store.exclusive():
        for other in store.campaigns.all():
            if other.based_on == campaign.id:
                return other
        homes = (tree.home(unit) for unit in campaign.units)
        made = replace(
            campaign,
            id=secrets.token_hex(6),
            name=_a_year_on(campaign.name),
            starts=later(campaign.starts),
            ends=later(campaign.ends),
            units=tuple(dict.fromkeys(home.id for home in homes if home)),
            created_at=now.replace(microsecond=0),
            based_on=campaign.id,
        )
        if not made.units:
            raise Refusal(N_("All its units are closed."))
        store.campaigns.put(made)
    return made


@dataclass(frozen=True)
class Succession:
    """What became of the units of the year before: replaced, with by whom, and closed for good."""

    replaced: tuple[tuple[str, str], ...] = ()
    closed: tuple[str, ...] = ()


def succession(before: Campaign, tree: UnitTree) -> Succession:
    """Which units of a campaign another one goes on for, and which nobody does."""
    homes = [(unit, tree.home(unit)) for unit in before.units]
    replaced = tuple((unit, home.id) for unit, home in homes if home and home.id != unit)
    return Succession(replaced, tuple(unit for unit, home in homes if home is None))


def later(day: date) -> date:
    """The same day a year later; 28 February for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _a_year_on(name: str) -> str:
    return re.sub(r"\b(20\d\d)\b", lambda year: str(int(year[1]) + 1), name)
