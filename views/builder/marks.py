"""A mark for reviewers, or the alarm, to be edited: its words, and when it is set."""

from typing import Any

from flask_babel import gettext

from forms.draft import Draft
from forms.editing.marks import mark_of, tellable
from forms.editing.plain import Plain
from forms.editing.words import said
from forms.problems import N_
from services.errors import Refusal

from ..language import flag_text, screen_language
from .condition import condition_view, is_picking
from .fields import Typed

_ALARM_TEXTS = (
    ("heading", N_("What the worker reads first"), N_("For example: Please see a doctor today.")),
    ("text", N_("What to do, and whom to call"), ""),
    ("staff_heading", N_("What the union reads on its first page"), ""),
)


def mark_view(draft: Draft, code: str, refusal: Refusal | None) -> dict[str, Any]:
    """What staff/builder/mark.html shows of a mark, or of a new one; raises EditError for none."""
    mark = mark_of(draft.plain, code) if code else {}
    typed = Typed(draft, refusal, again=is_picking())
    texts = typed.texts("label", mark.get("label"))
    return {
        "title": _words(mark) if mark else gettext("A new mark"),
        "lead": gettext("Reviewers see it beside the response; the worker does not."),
        "act": "mark",
        "code": code,
        "texts": [
            (gettext("What reviewers read"), texts, gettext("For example: Call back today."))
        ],
        "tells": [],
        "remove": "remove_mark" if code else "",
        "remove_word": gettext("Remove the mark"),
    } | _condition(draft, mark, typed)


def alarm_view(draft: Draft, refusal: Refusal | None) -> dict[str, Any]:
    """The same of the alarm."""
    alarm: Plain = draft.plain.get("alarm") or {}
    typed = Typed(draft, refusal, again=is_picking())
    tells = typed.value("tells", alarm.get("tells", ""))
    return {
        "title": gettext("Alarm"),
        "lead": gettext("For answers that cannot wait: the worker is told at once what to do, and"
                        " the union sees it first."),
        "act": "alarm",
        "code": "",
        "texts": [
            (
                gettext(word),
                typed.texts(name, alarm.get(name), long=name == "text"),
                gettext(hint) if hint else "",
            )
            for name, word, hint in _ALARM_TEXTS
        ],
        "tells": [
            {"value": value, "label": label, "selected": value == tells}
            for value, label in [
                ("", gettext("none")),
                *((q["name"], said(q).into(screen_language())) for q in tellable(draft.plain)),
            ]
        ],
        "remove": "remove_alarm" if alarm else "",
        "remove_word": gettext("Remove the alarm"),
    } | _condition(draft, alarm, typed)  # fmt: skip


def _condition(draft: Draft, holder: Plain, typed: Typed) -> dict[str, Any]:
    return {
        "error": typed.other_error,
        "tells_error": typed.error("tells"),
        "condition": condition_view(draft.plain, holder, typed, setting="when"),
        "expression_error": typed.error("expression"),
    }


def _words(mark: Plain) -> str:
    return said(mark).into(screen_language()) if mark.get("label") else flag_text(mark["code"])
