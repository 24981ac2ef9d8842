"""The bar of the staff pages: the words this person needs, and which of them one is at."""

from flask import request, url_for
from flask_babel import gettext

from federation.access import Act, may_somewhere
from federation.people import Person

from .site import site

MOST_WORDS = 5  # in the bar; who may do more finds the rest on the pages of forms and people
# Under which word a page stands. Where the first is not in the bar, the next one is.
_FORMS = ("organizer",)
_POINTS = ("point_list", "organizer")
_CAMPAIGNS = ("campaigns", "organizer")
_ROOMS = {
    **dict.fromkeys(("unit_acts", "unit_files", "headcounts"), ("units",)),
    **dict.fromkeys(("reviewing", "bulk", "complaints", "answer_files"), ("chair",)),
    **dict.fromkeys(("exporting", "export_profiles", "entry"), ("chair",)),
    **dict.fromkeys(("correcting", "merging", "withdrawing"), ("chair",)),
    **dict.fromkeys(("posters", "builder", "draft_publishing", "form_files"), _FORMS),
    **dict.fromkeys(("publishing", "offers"), _FORMS),
    **dict.fromkeys(("point_list", "points", "point_acts"), _POINTS),
    "campaigns": _CAMPAIGNS,
    "results": ("totals", "chair"),
    **dict.fromkeys(("retention", "trail", "breaches", "data_flow"), ("people",)),
    **dict.fromkeys(("requests", "person_data", "person_correction"), ("people",)),
}


def navigation(person: Person) -> list[dict[str, object]]:
    """The words of the bar, at most five; none for who must change the password first."""
    if person.temporary:
        return []
    words = _words(person)
    here = request.blueprint or ""
    current = next((room for room in _ROOMS.get(here, (here,)) if room in words), "")
    return [
        {"label": label, "href": url_for(endpoint), "current": room == current}
        for room, (endpoint, label) in words.items()
    ]


def _words(person: Person) -> dict[str, tuple[str, str]]:
    pages = [
        ("desk.show_desk", gettext("Today"), None),
        ("chair.choose_form", gettext("Responses"), Act.SEE_RESPONSES),
        ("organizer.list_forms", gettext("Forms"), Act.PUBLISH_FORMS),
        ("units.list_units", gettext("Units"), Act.KEEP_UNITS),
        ("people.list_people", gettext("People"), Act.KEEP_PEOPLE),
        ("assist.list_points", gettext("Fill in for workers"), Act.ASSIST),
        ("totals.list_forms", gettext("Totals"), Act.SEE_TOTALS),
        ("point_list.list_points", gettext("Scan points"), Act.PUBLISH_FORMS),
        ("campaigns.list_campaigns", gettext("Campaigns"), Act.PUBLISH_FORMS),
    ]
    shown = [
        (endpoint, label)
        for endpoint, label, act in pages
        if act is None or may_somewhere(person, act, site().tree, site().today)
    ]
    return {endpoint.split(".")[0]: (endpoint, label) for endpoint, label in shown[:MOST_WORDS]}
