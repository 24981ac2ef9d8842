"""Which acts on staff pages go into the audit trail: one table, read after every answer.

A page that shows or changes what is personal, and stands neither here nor among those that tell
nothing, fails a test.
"""

from collections.abc import Callable

from flask import g, request
from werkzeug.wrappers import Response

from services.trail.audit import Deed
from storage.errors import StoreFailed

from .site import site

GET, POST = "GET", "POST"
NOTED: dict[tuple[str, str], Deed] = {
    (POST, "session.sign_in"): Deed.SIGNED_IN,
    (POST, "session.sign_out"): Deed.SIGNED_OUT,
    (POST, "account.change_password"): Deed.PASSWORD_CHANGED,
    (POST, "account.end"): Deed.SIGNED_OUT,
    (POST, "invitation.set_own_password"): Deed.PASSWORD_CHANGED,
    (POST, "people.add"): Deed.PERSON_CREATED,
    (POST, "people.change"): Deed.PERSON_CHANGED,
    (POST, "units.add"): Deed.UNIT_CHANGED,
    (POST, "units.change"): Deed.UNIT_CHANGED,
    (POST, "unit_acts.move"): Deed.UNIT_CHANGED,
    (POST, "unit_acts.merge"): Deed.UNIT_CHANGED,
    (POST, "unit_acts.close"): Deed.UNIT_CHANGED,
    (POST, "unit_acts.withdraw"): Deed.UNIT_CHANGED,
    (POST, "unit_files.take_import"): Deed.UNIT_CHANGED,
    (POST, "headcounts.keep"): Deed.UNIT_CHANGED,
    (POST, "headcounts.take_import"): Deed.UNIT_CHANGED,
    (POST, "organizer.publish_form"): Deed.FORM_PUBLISHED,
    (POST, "draft_publishing.publish"): Deed.FORM_PUBLISHED,
    (POST, "points.change"): Deed.FORM_CHANGED,
    (POST, "point_acts.change_times"): Deed.FORM_CHANGED,
    (POST, "point_acts.change_place"): Deed.FORM_CHANGED,
    (POST, "point_acts.lead_elsewhere"): Deed.FORM_CHANGED,
    (POST, "point_list.change"): Deed.FORM_CHANGED,
    (POST, "publishing.publish"): Deed.FORM_PUBLISHED,
    (POST, "offers.change"): Deed.OFFER_CHANGED,
    (POST, "campaigns.add"): Deed.CAMPAIGN_CHANGED,
    (POST, "campaigns.change"): Deed.CAMPAIGN_CHANGED,
    (POST, "campaigns.publish"): Deed.CAMPAIGN_CHANGED,
    (POST, "campaigns.repeat"): Deed.CAMPAIGN_CHANGED,
    (POST, "campaigns.remove"): Deed.CAMPAIGN_CHANGED,
    (GET, "chair.list_responses"): Deed.RESPONSES_LISTED,
    (GET, "chair.show_response"): Deed.RESPONSE_OPENED,
    (POST, "chair.show_sensitive"): Deed.SENSITIVE_SHOWN,
    (GET, "exporting.download_csv"): Deed.EXPORTED,
    (POST, "exporting.take_export"): Deed.EXPORTED,
    (POST, "export_profiles.add"): Deed.FORM_CHANGED,
    (POST, "export_profiles.change"): Deed.FORM_CHANGED,
    (POST, "reviewing.act"): Deed.RESPONSE_CHANGED,
    (POST, "bulk.change"): Deed.RESPONSE_CHANGED,
    (GET, "results.list_texts"): Deed.RESPONSES_LISTED,
    (GET, "correcting.ask"): Deed.RESPONSE_OPENED,
    (POST, "correcting.correct"): Deed.RESPONSE_CHANGED,
    (GET, "merging.compare"): Deed.RESPONSE_OPENED,
    (POST, "merging.merge"): Deed.RESPONSE_CHANGED,
    (GET, "withdrawing.ask"): Deed.RESPONSE_OPENED,
    (GET, "answer_files.show_file"): Deed.FILE_OPENED,
    (POST, "complaints.open_first"): Deed.RESPONSE_OPENED,
    (POST, "complaints.name"): Deed.RESPONSE_CHANGED,
    (POST, "requests.begin"): Deed.REQUEST_CHANGED,
    (GET, "requests.show_request"): Deed.REQUEST_OPENED,
    (POST, "requests.change"): Deed.REQUEST_CHANGED,
    (GET, "requests.download_certificate"): Deed.EXPORTED,
    (POST, "person_data.find_data"): Deed.PERSON_SOUGHT,
    (POST, "person_data.act"): Deed.REQUEST_CHANGED,
    (GET, "person_correction.ask"): Deed.REQUEST_OPENED,
    (POST, "person_correction.correct"): Deed.RESPONSE_CHANGED,
    (POST, "retention.change"): Deed.RETENTION_CHANGED,
    (GET, "breaches.show_breach"): Deed.BREACH_OPENED,
    (POST, "breaches.begin"): Deed.BREACH_CHANGED,
    (POST, "breaches.change"): Deed.BREACH_CHANGED,
    (GET, "breaches.download_text"): Deed.BREACH_OPENED,
    (GET, "breaches.download_pdf"): Deed.BREACH_OPENED,
    (GET, "trail.show_trail"): Deed.TRAIL_READ,
    (GET, "trail.download"): Deed.TRAIL_EXPORTED,
}
# What addresses say, by the word that the trail uses for it.
_WORDS = {
    "definition": "form",
    "response_id": "response",
    "unit_id": "unit",
    "code": "point",
    "what": "what",
    "request_id": "request",
    "kind": "kind",
    "campaign_id": "campaign",
    "question": "question",
}
_REFUSED = 400  # answers from this status on have done nothing


def tell(deed: Deed | None = None, **about: object) -> None:
    """Add to what the trail will say of this request: numbers, reasons, whom it was done to.

    `deed` is noted instead of what the table says, also where the answer is a refusal.
    """
    g.told = g.get("told", {}) | about
    if deed is not None:
        g.deed = deed


def noting(unable: Callable[[], Response]) -> Callable[[Response], Response]:
    """What writes the act of each request into the trail.

    Where it cannot be written, the page is not shown: `unable` makes what is said instead.
    """

    def note_act(answer: Response) -> Response:
        deed = g.get("deed") or _settled(answer)
        if deed is None:
            return answer
        told = dict(g.get("told", {}))
        person = g.get("person")
        who = told.pop("who", person.name if person else "")
        try:
            site().audit.note(who, deed, site().now(), **_named(deed), **told)
        except StoreFailed:
            return unable()
        return answer

    return note_act


def _settled(answer: Response) -> Deed | None:
    if answer.status_code >= _REFUSED:
        return None
    return NOTED.get((request.method, request.endpoint or ""))


def _named(deed: Deed) -> dict[str, object]:
    """What the address says."""
    named = request.view_args or {}
    about = {_WORDS[name]: value for name, value in named.items() if name in _WORDS}
    if "name" in named:
        about["file" if deed is Deed.FILE_OPENED else "person"] = named["name"]
    return about
