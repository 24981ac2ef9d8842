"""The builder's words: kinds of questions, acts, findings, differences as organizers read them."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from forms.draft import Draft, Step
from forms.editing.conditions import Comparison
from forms.editing.plain import Plain
from forms.findings import Difference, Finding, Place
from forms.problems import N_

from ..language import LANGUAGE_NAMES, translate

# The kinds that can be added, in groups: what they are called, and when to take which.
KIND_GROUPS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        N_("Choosing"),
        (
            ("select_one", N_("Choose one"), N_("A few answers, one is chosen")),
            ("select_multiple", N_("Choose several"), N_("Any number of answers")),
            ("yes_no", N_("Yes or no"), N_("Two answers")),
            ("list", N_("Choose from a long list"), N_("Villages, teams, jobs")),
            ("rating", N_("Five faces"), N_("How satisfied people are")),
        ),
    ),
    (
        N_("Writing"),
        (
            ("text", N_("Short answer"), N_("One line")),
            ("multiline", N_("Long answer"), N_("Opinions, descriptions")),
            ("integer", N_("Whole number"), N_("People, days, times")),
            ("decimal", N_("Number with decimals"), N_("Hours, hectares")),
            ("money", N_("Amount of money"), N_("Also “1,5 triệu” is understood")),
            ("date", N_("Date"), N_("Day, month, year")),
            ("month", N_("Month"), N_("The month of a report")),
        ),
    ),
    (
        N_("About the person"),
        (
            ("name", N_("Full name"), N_("At least family name and given name")),
            ("phone", N_("Phone number"), N_("Checked, encrypted")),
            ("citizen_id", N_("Citizen ID"), N_("12 digits, checked, encrypted")),
            ("image", N_("Photo or paper"), N_("Taken with the phone")),
            ("signature", N_("Signature"), N_("Drawn with a finger")),
            ("repeat", N_("Several people"), N_("Family members, one after another")),
        ),
    ),
    (
        N_("Telling and agreeing"),
        (
            ("note", N_("Words only"), N_("Nothing is asked")),
            ("consent", N_("Consent"), N_("A tick that must be set")),
            (
                "consent_sensitive",
                N_("Consent to sensitive data"),
                N_("Needed where a question is marked sensitive"),
            ),
            ("calculate", N_("Worked out"), N_("From other answers, for those who know XLSForm")),
        ),
    ),
)
_WORDS = {kind: word for _, kinds in KIND_GROUPS for kind, word, _ in kinds}
COMPARISON_WORDS: Mapping[Comparison, str] = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "has": N_("includes"),
    "has_not": N_("does not include"),
    "more": N_("is more than"),
    "less": N_("is less than"),
    "least": N_("is at least"),
    "most": N_("is at most"),
    "any": N_("is answered"),
    "none": N_("is not answered"),
}
_ACTS = {
    "add": N_("added a question"),
    "edit": N_("changed a question"),
    "condition": N_("changed a condition"),
    "move": N_("moved a question"),
    "duplicate": N_("copied a question"),
    "hide": N_("hid a question"),
    "show": N_("showed a question again"),
    "remove": N_("removed a question"),
    "paste_choices": N_("changed choices"),
    "filter": N_("changed which choices go with which answer"),
    "choices": N_("changed choices"),
    "move_choice": N_("moved a choice"),
    "add_child": N_("added an inner question"),
    "move_child": N_("moved an inner question"),
    "hide_child": N_("hid an inner question"),
    "show_child": N_("showed an inner question again"),
    "remove_child": N_("removed an inner question"),
    "kept": N_("changed how long responses are kept"),
    "handling": N_("changed who may send and what counts once"),
    "add_section": N_("added a section"),
    "section": N_("renamed a section"),
    "move_section": N_("moved a section"),
    "duplicate_section": N_("copied a section"),
    "remove_section": N_("removed a section"),
    "texts": N_("changed the texts"),
    "mark": N_("changed a mark"),
    "remove_mark": N_("removed a mark"),
    "alarm": N_("changed the alarm"),
    "remove_alarm": N_("removed the alarm"),
    "notice": N_("changed the notice"),
    "add_language": N_("added a language"),
    "remove_language": N_("removed a language"),
}


def kind_word(question: Plain) -> str:
    """What a question's type is called."""
    kind = str(question["type"])
    if kind == "text" and question.get("appearance") == "name":
        kind = "name"
    return gettext(_WORDS.get(kind, kind))


def act_word(step: Step | None) -> str:
    return gettext(_ACTS[step.what]) if step and step.what in _ACTS else ""


def language_word(code: str) -> str:
    return LANGUAGE_NAMES.get(code, code)


def said_of(found: Finding | Difference) -> str:
    """A finding or difference as a sentence; languages by their names."""
    values = dict(found.values)
    if isinstance(code := values.get("language"), str):
        values["language"] = language_word(code)
    return translate(found.message, values)


def place_href(definition: str, place: Place) -> str:
    """Where in the builder something is mended."""
    if place.question:
        anchor = {"choices": "choices", "condition": "condition"}.get(place.room)
        return url_for(
            "builder.show_question", definition=definition, name=place.question, _anchor=anchor
        )
    if place.section is not None:
        return url_for("builder.show_section", definition=definition, number=place.section)
    if place.room in ("texts", "notice", "kept", "marks", "languages"):
        anchor = None if place.room == "texts" else place.room
        return url_for("builder.show_texts", definition=definition, _anchor=anchor)
    return url_for("builder.show_draft", definition=definition)


def finding_rows(definition: str, findings: list[Finding]) -> list[dict[str, object]]:
    return [
        {
            "text": said_of(finding),
            "is_error": finding.severity == "error",
            "href": place_href(definition, finding.place),
        }
        for finding in findings
    ]


def difference_rows(found: list[Difference]) -> list[str]:
    return [said_of(difference) for difference in found]


def saved_line(draft: Draft, full_name: str) -> str:
    return gettext(
        "Saved at %(time)s by %(person)s", time=_time(draft.changed_at), person=full_name
    )


def _time(when: datetime) -> str:
    return when.strftime("%H:%M, %d/%m/%Y")


def version_word(draft: Draft) -> str:
    if draft.version:
        return gettext("next version after version %(number)s", number=draft.version)
    return gettext("not published yet")
