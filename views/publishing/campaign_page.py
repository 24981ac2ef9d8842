"""How campaigns are shown: the list, the inputs, and one campaign with how far it is."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.campaign import Campaign
from forms.gallery import gallery
from services.days import day_text
from services.errors import NotFound, Refusal
from services.offering.progress import Count, FormProgress, progress_of
from services.publishing.campaigns import find_campaign, succession, target_input
from services.publishing.publish import published_versions
from services.publishing.unit_choice import Chosen
from services.reading.responses import SMALLEST_GROUP, UNTOLD

from ..language import refusal_text, screen_language
from ..options import number_text
from ..session import my_units, staff_page
from ..site import site
from .publish import choice_view, choosing_view

_MOST_TOLD = 50
_A_MONTH = timedelta(days=30)


def campaign_rows(units: Collection[str], *, running: bool = False) -> list[dict[str, object]]:
    """The campaigns that have some of these units, the latest first; only those `running`."""
    today = site().today
    found = [c for c in site().store.campaigns.all() if not set(c.units).isdisjoint(units)]
    if running:
        found = [campaign for campaign in found if campaign.is_running(today)]
    return [
        {
            "name": campaign.name,
            "href": url_for("campaigns.show", campaign_id=campaign.id),
            "days": days_text(campaign),
            "forms": number_text(len(campaign.forms)),
            "units": number_text(len(campaign.units)),
            **_state_chip(running=campaign.is_running(today), over=campaign.ends < today),
        }
        for campaign in sorted(found, key=lambda c: (c.starts, c.created_at), reverse=True)
    ]


def _state_chip(*, running: bool, over: bool) -> dict[str, str]:
    if running:
        return {"state_word": gettext("Running"), "state_kind": "open"}
    word = gettext("Over") if over else gettext("Coming")
    return {"state_word": word, "state_kind": "closed" if over else "new"}


def days_text(campaign: Campaign) -> str:
    return f"{day_text(campaign.starts)} – {day_text(campaign.ends)}"


def campaign_form(
    campaign: Campaign | None, refusal: Refusal | None, chosen: Chosen | None = None
) -> Response:
    """The inputs of a campaign; after a post what was typed, with what must be looked at."""
    posted = request.form if request.method == "POST" else None
    field = refusal.field if refusal else ""
    today = site().today
    kept = {
        "name": campaign.name if campaign else "",
        "starts": (campaign.starts if campaign else today).isoformat(),
        "ends": (campaign.ends if campaign else today + _A_MONTH).isoformat(),
        "place": campaign.place if campaign else "",
        "note": campaign.note if campaign else "",
    }
    typed = kept if posted is None else {name: posted.get(name, "")[:2_000] for name in kept}
    title = gettext("Change the campaign") if campaign else gettext("A new campaign")
    back = (
        url_for("campaigns.show", campaign_id=campaign.id)
        if campaign
        else url_for("campaigns.list_campaigns")
    )
    choosing = choosing_view()
    if campaign and posted is None:
        choosing["pasted"] = "\n".join(campaign.units)
    return staff_page(
        "staff/campaign_form.html",
        title=title,
        status=422 if refusal else 200,
        campaign={
            **typed,
            "action": request.path,
            "forms": _form_options(campaign, posted is not None),
            "errors": {field or "name": refusal_text(refusal)} if refusal else {},
            "back_href": back,
        },
        choosing=choosing,
        preview=choice_view(chosen) if chosen and not refusal else None,
    )


def _form_options(campaign: Campaign | None, is_posted: bool) -> list[dict[str, object]]:
    language, posted = screen_language(), request.form
    known = {v.definition.id: v.definition for v in published_versions(site().store)}
    ticked = set(posted.getlist("forms")) if is_posted else set(campaign.forms if campaign else ())
    targets = campaign.targets if campaign else {}
    options = []
    for definition in ({**gallery(), **known}).values():
        name = target_input(definition.id)
        target = posted.get(name, "") if is_posted else str(targets.get(definition.id, ""))
        options.append(
            {
                "id": definition.id,
                "code": definition.code,
                "title": definition.title.into(language),
                "ticked": definition.id in ticked,
                "input": name,
                "target": target[:20],
            }
        )
    return sorted(options, key=lambda option: (not option["ticked"], str(option["code"])))


def campaign_page(campaign: Campaign) -> Response:
    """A campaign: what it is, how far it is, and what can be done."""
    shared, mine = site(), my_units(Act.PUBLISH_FORMS)
    progress = progress_of(shared.store, campaign, shared.tree, mine, shared.now())
    today = shared.today
    may_change = mine.issuperset(campaign.units)
    view = {
        "name": campaign.name,
        "days": days_text(campaign),
        "note": campaign.note,
        "place": campaign.place,
        **_state_chip(running=campaign.is_running(today), over=campaign.ends < today),
        "unit_count": number_text(len(campaign.units)),
        "forms": [_form_row(one) for one in progress],
        "columns": [{"code": p.definition.code, "title": _title(p)} for p in progress],
        "rows": _unit_rows(campaign, progress, mine),
        "withheld": any(p.total is not None and p.total.withheld for p in progress),
        "confidential": any(p.total is None for p in progress),
        "changes": _changes(campaign),
        "back_href": url_for("campaigns.list_campaigns"),
        **_acts(campaign, may_change=may_change),
    }
    return staff_page("staff/campaign.html", title=campaign.name, campaign=view)


def _acts(campaign: Campaign, *, may_change: bool) -> dict[str, str]:
    acts = ("edit", "publish", "repeat", "remove")
    return {
        f"{act}_action": url_for(f"campaigns.{act}", campaign_id=campaign.id) if may_change else ""
        for act in acts
    }


def _title(progress: FormProgress) -> str:
    return progress.definition.title.into(screen_language())


def _form_row(progress: FormProgress) -> dict[str, object]:
    total, target = progress.total, progress.target
    percent = 100 * total.told / target if total and target else None
    return {
        "title": _title(progress),
        "code": progress.definition.code,
        "href": url_for("organizer.show_form", definition=progress.definition.id),
        "points_href": url_for("point_list.list_points", form=progress.definition.id),
        "total": count_told(total),
        "target": number_text(target) if target else "",
        "percent": f"{percent:.0f}" if percent is not None else "",
        "width": f"{min(percent, 100):.1f}" if percent is not None else "",
        "points": number_text(progress.points),
        "open": number_text(progress.open),
    }


def count_told(count: Count | None) -> str:
    """A count as it may be told: – for complaints, <5 where all is withheld, + where some is."""
    if count is None:
        return UNTOLD
    if count.withheld:
        return f"{number_text(count.told)}+" if count.told else f"<{SMALLEST_GROUP}"
    return number_text(count.told)


def _unit_rows(
    campaign: Campaign, progress: Sequence[FormProgress], mine: Collection[str]
) -> list[dict[str, object]]:
    tree = site().tree
    order = {unit.id: number for number, (_, unit) in enumerate(tree.outline())}
    units = sorted((u for u in campaign.units if u in mine), key=lambda u: order.get(u, 0))
    return [
        {
            "name": tree.name(unit),
            "cells": [
                count_told(None if p.by_unit is None else p.by_unit.get(unit, Count()))
                for p in progress
            ],
        }
        for unit in units
    ]


def _changes(campaign: Campaign) -> list[str]:
    """What became of the units of the year before."""
    if not campaign.based_on:
        return []
    tree = site().tree
    try:
        before = find_campaign(site().store, campaign.based_on)
    except NotFound:
        return []
    found = succession(before, tree)
    lines = [
        gettext("%(name)s was merged: %(heir)s goes on.", name=tree.name(old), heir=tree.name(heir))
        for old, heir in found.replaced
    ]
    lines += [gettext("%(name)s is closed: left out.", name=tree.name(u)) for u in found.closed]
    return [gettext("From the campaign “%(name)s”.", name=before.name), *lines[:_MOST_TOLD]]
