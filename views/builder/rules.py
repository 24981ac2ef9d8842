"""The rules of a draft: how long it is kept, who may send it, what counts once, marks, alarm."""

from typing import Any

from flask import url_for
from flask_babel import gettext

from forms.draft import Draft
from forms.editing import Kept
from forms.editing.marks import MOST_MARKS
from forms.editing.plain import Plain, questions
from forms.editing.rules import ONCE_KINDS
from forms.editing.words import condition_words, said
from forms.kept_said import retention_in
from forms.problems import N_
from forms.retention import in_words

from ..language import flag_text, problem_text, screen_language
from .fields import Typed

_ORIGINS = {
    "closing": N_("after the last scan point was closed"),
    "settled": N_("after the case was closed"),
    "submitted": N_("after it was sent"),
    "exported": N_("after it was passed on to the member software"),
    "never": N_("without limit (only where nothing is personal)"),
}
_ONCE = {
    "": N_("nothing: every response counts"),
    "unit": N_("each unit"),
    "person": N_("each person, told by “%(question)s”"),
    "unit_period": N_("each unit in each month, told by “%(question)s”"),
}


def rules_view(draft: Draft, typed: Typed, kept: Kept) -> dict[str, Any]:
    """What staff/builder/rules.html shows."""
    plain, language = draft.plain, screen_language()
    retention = retention_in(plain)
    after = typed.value("after", retention.after)
    return {
        "kept_now": in_words(retention, language),
        "days": typed.value("days", retention.days),
        "days_error": typed.error("days"),
        "origins": [
            {"value": value, "label": gettext(word), "selected": value == after}
            for value, word in _ORIGINS.items()
        ],
        "after_error": typed.error("after"),
        "open": bool(plain.get("open")),
        "once": _once_options(plain),
        "once_error": typed.error("once"),
        "once_fixed": bool(kept.written),
        "marks": _marks(draft),
        "add_mark_href": url_for("builder.show_mark", definition=draft.definition)
        if len(plain.get("flags", ())) < MOST_MARKS
        else "",
        "alarm": _alarm(plain),
        "alarm_href": url_for("builder.show_alarm", definition=draft.definition),
    }


def _once_options(plain: Plain) -> list[dict[str, Any]]:
    now = plain.get("once") or {}
    chosen = ":".join(filter(None, (now.get("per"), now.get("question"))))
    values = [("", ""), ("unit", "")] + [
        (per, question["name"])
        for per, kinds in ONCE_KINDS.items()
        for question in questions(plain)
        if question["type"] in kinds and not question.get("hidden")
    ]
    labels = {question["name"]: said(question) for question in questions(plain)}
    language = screen_language()
    return [
        {
            "value": (value := ":".join(filter(None, (per, name)))),
            "label": gettext(_ONCE[per], question=labels[name].into(language))
            if name
            else gettext(_ONCE[per]),
            "selected": value == chosen,
        }
        for per, name in values
    ]


def _alarm(plain: Plain) -> str:
    """The alarm as a sentence, or nothing."""
    if not (alarm := plain.get("alarm")):
        return ""
    condition = problem_text(condition_words(alarm["when"], plain))
    heading = said(alarm, "heading").into(screen_language())
    return gettext("Alarm “%(what)s”: when %(condition)s", what=heading, condition=condition)


def _marks(draft: Draft) -> list[dict[str, str]]:
    """The marks for reviewers, each as a sentence with its page."""
    language, rows = screen_language(), []
    for flag in draft.plain.get("flags", ()):
        condition = problem_text(condition_words(flag["when"], draft.plain))
        what = said(flag).into(language) if flag.get("label") else flag_text(flag["code"])
        href = url_for("builder.show_mark", definition=draft.definition, code=flag["code"])
        rows.append({"what": what, "condition": condition, "href": href})
    return rows
