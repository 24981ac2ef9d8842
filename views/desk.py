"""The first staff page: what must I do now?"""

from datetime import timedelta

from flask import url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.publication import Availability
from services.organization.people import is_administrator
from services.publishing.publish import points_of, published_versions
from services.reading import responses
from services.receiving.receive import as_it_stands
from services.upkeep.examining import recent_notices
from storage.store import Notice

from .language import screen_language
from .options import number_text
from .publishing.campaign_page import campaign_rows
from .review.response_cards import response_cards
from .rights.breach_cards import breach_cards
from .rights.request_cards import request_cards
from .session import i_may, i_may_somewhere, me, my_units, staff_blueprint, staff_page
from .site import site

blueprint = staff_blueprint("desk", None)
_MOST_NOTICES = 5


@blueprint.get("/desk")
def show_desk() -> Response:
    cards = [
        *_failure_cards(),
        *_alarm_cards(),
        *breach_cards(),
        *request_cards(),
        *_notice_cards(),
        *response_cards(),
        *_campaign_cards(),
        *_form_cards(),
        *_assist_cards(),
        *_total_cards(),
    ]
    return staff_page(
        "staff/desk.html",
        title=gettext("Today"),
        cards=cards,
        forms_href=url_for(_door_to_forms()),
    )


def _door_to_forms() -> str:
    """The page of forms that is not closed to this person."""
    if i_may(Act.PUBLISH_FORMS):
        return "organizer.list_forms"
    if i_may_somewhere(Act.SEE_RESPONSES):
        return "chair.choose_form"
    if i_may(Act.ASSIST):
        return "assist.list_points"
    if i_may_somewhere(Act.SEE_TOTALS):
        return "totals.list_forms"
    return "account.show_account"


def _failure_cards() -> list[dict[str, object]]:
    """Why nothing can be stored now: whoever sees it must be able to tell an administrator."""
    reason = site().store.refusal()
    if not reason:
        return []
    return [
        {
            "heading": gettext("The server cannot write to its disk."),
            "kind": "alarm",
            "text": gettext(
                "Responses that were acknowledged are safe; nothing new can be kept now."
            ),
            "lines": [reason],
        }
    ]


def _notice_cards() -> list[dict[str, object]]:
    """What happened to the store's files and harmed nothing: for the administrator alone."""
    notices = (
        recent_notices(site().store, site().now()) if is_administrator(me(), site().today) else []
    )
    if not notices:
        return []
    return [
        {
            "heading": gettext("The data store has something to tell"),
            "text": gettext(
                "No acknowledged response is missing. Please see whether power or disk is at"
                " fault; the command “storage check” tells more."
            ),
            "lines": [_notice_line(notice) for notice in notices[:_MOST_NOTICES]],
        }
    ]


def _notice_line(notice: Notice) -> str:
    if notice.kind == "put_off":
        return gettext(
            "%(file)s could not be put in order yet; it is tried again. %(why)s",
            file=notice.file,
            why=notice.why,
        )
    day = notice.at.astimezone(site().now().tzinfo).strftime("%d/%m/%Y") if notice.at else ""
    return gettext(
        "%(day)s: the server stopped in the middle of a line; its %(size)s bytes, never"
        " acknowledged, lie in %(file)s.",
        day=day,
        size=number_text(notice.size),
        file=notice.file,
    )


def _alarm_cards() -> list[dict[str, object]]:
    """Illness after a meal in the last day: before everything else."""
    store, tree, now = site().store, site().tree, site().now()
    cards = []
    for version in published_versions(store):
        definition = version.definition
        found = responses.alarms(
            store, definition, me(), tree, today=now.date(), since=now - timedelta(days=1)
        )
        if not found or definition.alarm is None:
            continue
        asked = definition.by_name.get(definition.alarm.tells or "")
        lines = []
        for alarmed in found[:5]:
            told = asked.show(alarmed.told, screen_language()) if asked and alarmed.told else ""
            hour = alarmed.at.strftime("%H h %d/%m")
            lines.append(" · ".join(filter(None, (tree.name(alarmed.unit), told, hour))))
        cards.append(
            {
                "heading": definition.alarm.staff_heading.into(screen_language()),
                "kind": "alarm",
                "number": number_text(len(found)),
                "text": ngettext(
                    "alarming response in 24 hours", "alarming responses in 24 hours", len(found)
                ),
                "lines": lines,
                "href": url_for("chair.list_responses", definition=definition.id),
                "action": gettext("Read responses"),
            }
        )
    return cards


def _assist_cards() -> list[dict[str, object]]:
    """The way to assisted entry for those who do nothing else."""
    others = (Act.PUBLISH_FORMS, Act.SEE_RESPONSES)
    if not i_may(Act.ASSIST) or any(map(i_may_somewhere, others)):
        return []
    return [
        {
            "heading": gettext("Fill in for workers"),
            "number": "",
            "text": gettext("Read the questions aloud, fill in, write the receipt code down."),
            "href": url_for("assist.list_points"),
            "action": gettext("Choose a form"),
        }
    ]


def _total_cards() -> list[dict[str, object]]:
    """The way to the numbers for those who read no response."""
    if not i_may_somewhere(Act.SEE_TOTALS) or i_may_somewhere(Act.SEE_RESPONSES):
        return []
    return [
        {
            "heading": gettext("Totals"),
            "number": "",
            "text": gettext("How many responses arrived, per form. No names stand here."),
            "href": url_for("totals.list_forms"),
            "action": gettext("See the totals"),
        }
    ]


def _campaign_cards() -> list[dict[str, object]]:
    """The campaigns that run today."""
    if not i_may(Act.PUBLISH_FORMS):
        return []
    rows = campaign_rows(my_units(Act.PUBLISH_FORMS), running=True)
    if not rows:
        return []
    return [
        {
            "heading": gettext("Campaigns"),
            "number": number_text(len(rows)),
            "text": ngettext("campaign is running", "campaigns are running", len(rows)),
            "lines": [f"{row['name']} · {row['days']}" for row in rows[:_MOST_NOTICES]],
            "href": url_for("campaigns.list_campaigns"),
            "action": gettext("See how far they are"),
        }
    ]


def _form_cards() -> list[dict[str, object]]:
    store, now = site().store, site().now()
    if not i_may(Act.PUBLISH_FORMS):
        return []
    mine = my_units(Act.PUBLISH_FORMS)
    points = [
        point
        for version in published_versions(store)
        for point in points_of(store, version.definition.id)
        if point.unit in mine
    ]
    if not points:
        return [
            {
                "heading": gettext("Publish your first form"),
                "number": "",
                "text": gettext("Choose a ready-made form, a unit and a place; you get a QR code."),
                "href": url_for("organizer.list_forms"),
                "action": gettext("Choose a form"),
            }
        ]
    open_points = [
        p for p in points if as_it_stands(p, site().tree).availability(now) is Availability.OPEN
    ]
    return [
        {
            "heading": gettext("Scan points"),
            "number": number_text(len(open_points)),
            "text": gettext("open, of %(total)s in all", total=number_text(len(points))),
            "href": url_for("point_list.list_points"),
            "action": gettext("See the scan points"),
        }
    ]
