"""What a draft says as a whole, to be edited: its texts, its notice, its languages, a section."""

from typing import Any

from flask_babel import gettext

from forms.draft import Draft
from forms.editing import Kept
from forms.editing.texts import NEEDED_TEXTS, TEXTS
from forms.editing.words import said
from forms.preflight import missing_texts
from forms.problems import N_
from services.errors import Refusal

from ..language import screen_language
from .condition import condition_view
from .fields import Typed
from .rules import rules_view
from .words import language_word

_WORDS = {
    "title": (N_("Title"), ""),
    "summary": (N_("Summary"), N_("One or two sentences, shown where the form is shared.")),
    "promise": (
        N_("Promise"),
        N_("The line above the form, for example: 2 minutes · no login · no name"),
    ),
    "poster": (N_("Sentence on the poster"), N_("The largest text on the printed poster.")),
    "next_steps": (
        N_("What happens next"),
        N_("Shown on the receipt: who reads it, and until when."),
    ),
    "closing": (N_("Closing words"), N_("{code} stands for the receipt.")),
}
_LONG = frozenset({"summary", "promise", "poster", "next_steps", "closing"})


def texts_view(draft: Draft, refusal: Refusal | None, kept: Kept) -> dict[str, Any]:
    plain, typed = draft.plain, Typed(draft, refusal)
    notice = plain.get("notice", {})
    return {
        "error": typed.other_error,
        "texts": [
            {
                "name": name,
                "word": gettext(_WORDS[name][0]),
                "hint": gettext(_WORDS[name][1]) if _WORDS[name][1] else "",
                "needed": name in NEEDED_TEXTS,
                "inputs": typed.texts(name, plain.get(name), long=name in _LONG),
            }
            for name in TEXTS
        ],
        "minutes": typed.value("minutes", plain.get("minutes", 2)),
        "minutes_error": typed.error("minutes"),
        "steps": _steps(plain.get("steps", False)),
        "summary": typed.texts("summary", notice.get("summary"), long=True),
        "parts": [
            {
                "number": at,
                "heading": typed.texts(f"heading.{at}", part.get("heading")),
                "text": typed.texts(f"text.{at}", part.get("text"), long=True),
            }
            for at, part in enumerate([*notice.get("parts", ()), {}])
        ],
        "languages": [_language(draft, code) for code in typed.languages],
        "language_error": typed.error("language"),
        "rules": rules_view(draft, typed, kept),
    }


def _steps(now: object) -> list[dict[str, Any]]:
    words = (
        ("", N_("The whole form on one page")),
        ("1", N_("One section at a time")),
        ("question", N_("One question at a time, for those who read with effort")),
    )
    known = "question" if now == "question" else "1" if now else ""
    return [
        {"value": value, "label": gettext(word), "selected": value == known}
        for value, word in words
    ]


def _language(draft: Draft, code: str) -> dict[str, Any]:
    return {
        "code": code,
        "word": language_word(code),
        "missing": sum(1 for _ in missing_texts(draft.plain, code)),
        "may_go": code != "vi",
    }


def section_view(draft: Draft, number: int, refusal: Refusal | None) -> dict[str, Any]:
    """A section: its heading, when it is asked, copying and removing it."""
    section, typed = draft.plain["sections"][number], Typed(draft, refusal)
    title = said(section, "title").into(screen_language()) if section.get("title") else ""
    return {
        "number": number,
        "title": title or gettext("Section %(number)s", number=number + 1),
        "error": typed.other_error,
        "texts": typed.texts("title", section.get("title")),
        "questions": len(section["questions"]),
        "is_first": number == 0,
        "is_last": number == len(draft.plain["sections"]) - 1,
        "condition": condition_view(draft.plain, section, typed, section=number),
    }
