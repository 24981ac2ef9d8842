"""Campaigns: some forms for some units for a time; how far they are, and next year's."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.campaign import Campaign
from services.errors import NotFound, Refusal
from services.publishing.campaigns import (
    Done,
    find_campaign,
    foresee,
    next_year,
    publish_campaign,
    read_campaign,
)

from ..language import refusal_text
from ..options import number_text
from ..session import my_units, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from .campaign_page import campaign_form, campaign_page, campaign_rows
from .publish import chosen_units

blueprint: Blueprint = staff_blueprint("campaigns", Act.PUBLISH_FORMS)


def _mine(campaign_id: str) -> Campaign:
    """A campaign of which some unit is the person's; 404 without."""
    try:
        campaign = find_campaign(site().store, campaign_id)
    except NotFound:
        abort(404)
    if my_units(Act.PUBLISH_FORMS).isdisjoint(campaign.units):
        abort(404)
    return campaign


def _own(campaign_id: str) -> Campaign:
    """A campaign of which all units are the person's: only such a one may be changed."""
    campaign = _mine(campaign_id)
    if not my_units(Act.PUBLISH_FORMS).issuperset(campaign.units):
        abort(404)
    return campaign


@blueprint.get("/campaigns")
def list_campaigns() -> Response:
    return staff_page(
        "staff/campaigns.html",
        title=gettext("Campaigns"),
        rows=campaign_rows(my_units(Act.PUBLISH_FORMS)),
        new_href=url_for("campaigns.show_new"),
    )


@blueprint.get("/campaigns/new")
def show_new() -> Response:
    return campaign_form(None, None)


@blueprint.post("/campaigns/new")
def add() -> Response:
    return _keep(None)


@blueprint.get("/campaigns/<campaign_id>")
def show(campaign_id: str) -> Response:
    return campaign_page(_mine(campaign_id))


@blueprint.get("/campaigns/<campaign_id>/edit")
def edit(campaign_id: str) -> Response:
    return campaign_form(_own(campaign_id), None)


@blueprint.post("/campaigns/<campaign_id>/edit")
def change(campaign_id: str) -> Response:
    return _keep(_own(campaign_id))


def _keep(before: Campaign | None) -> Response:
    chosen = chosen_units()
    try:
        campaign = read_campaign(
            site().store,
            request.form,
            request.form.getlist("forms"),
            chosen.units,
            now=site().now(),
            before=before,
        )
    except Refusal as refusal:
        return campaign_form(before, refusal, chosen)
    if chosen.doubts and "anyway" not in request.form:
        return campaign_form(before, None, chosen)
    site().store.campaigns.put(campaign)
    tell(what="change") if before else tell(what="create", campaign=campaign.id)
    flash(gettext("The campaign is kept. Publish it when it is right."), "done")
    return redirect(url_for("campaigns.show", campaign_id=campaign.id), 303)


@blueprint.post("/campaigns/<campaign_id>/publish")
def publish(campaign_id: str) -> Response:
    """First say what it means, then do it."""
    campaign, shared = _own(campaign_id), site()
    back = url_for("campaigns.show", campaign_id=campaign.id)
    try:
        if "confirmed" not in request.form:
            done = foresee(shared.store, campaign, shared.tree, shared.now())
            return _ask(campaign, done, back)
        done = publish_campaign(shared.store, campaign, shared.tree, shared.now())
    except Refusal as refusal:
        flash(refusal_text(refusal), "problem")
        return redirect(back, 303)
    tell(what="publish", rows=done.points, found=done.new)
    flash(" ".join(_done_lines(done)), "done")
    return redirect(back, 303)


def _done_lines(done: Done) -> list[str]:
    lines = [
        gettext(
            "%(new)s new scan points, %(known)s are there already.",
            new=number_text(done.new),
            known=number_text(done.known),
        )
    ]
    if done.reopened:
        again = number_text(done.reopened)
        lines.append(gettext("%(count)s of them had ended and open again.", count=again))
    if done.gone:
        names = "; ".join(map(site().tree.name, done.gone[:20]))
        lines.append(gettext("Closed units, left out: %(names)s.", names=names))
    return lines


def _ask(campaign: Campaign, done: Done, back: str) -> Response:
    heading = gettext("Publish “%(name)s”?", name=campaign.name)
    question = {
        "heading": heading,
        "lines": _done_lines(done),
        "action": request.path,
        "hidden": [("confirmed", "1")],
        "button": gettext("Publish %(count)s scan points", count=number_text(done.points)),
        "is_mild": True,
        "cancel_href": back,
    }
    return staff_page("staff/confirm.html", title=heading, question=question)


@blueprint.post("/campaigns/<campaign_id>/next-year")
def repeat(campaign_id: str) -> Response:
    """The same for next year, at once: nothing is published by that."""
    campaign = _own(campaign_id)
    try:
        made = next_year(site().store, campaign, site().tree, site().now())
    except Refusal as refusal:
        flash(refusal_text(refusal), "problem")
        return redirect(url_for("campaigns.show", campaign_id=campaign.id), 303)
    tell(what="repeat", found=made.id)
    said = gettext("The campaign of the next year is made. Check its days, then publish it.")
    flash(said, "done")
    return redirect(url_for("campaigns.show", campaign_id=made.id), 303)


@blueprint.post("/campaigns/<campaign_id>/remove")
def remove(campaign_id: str) -> Response:
    """Forget the campaign; its scan points and what was sent stay."""
    campaign = _own(campaign_id)
    if "confirmed" not in request.form:
        heading = gettext("Remove “%(name)s”?", name=campaign.name)
        question = {
            "heading": heading,
            "text": gettext("Its scan points stay open and all responses are kept."),
            "action": request.path,
            "hidden": [("confirmed", "1")],
            "button": gettext("Remove 1 campaign"),
            "cancel_href": url_for("campaigns.show", campaign_id=campaign.id),
        }
        return staff_page("staff/confirm.html", title=heading, question=question)
    site().store.campaigns.remove(campaign.id)
    tell(what="remove")
    flash(gettext("The campaign is removed."), "done")
    return redirect(url_for("campaigns.list_campaigns"), 303)
