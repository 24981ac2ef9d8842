"""One question of a draft, to be edited: words, choices, limits and marks."""

from typing import Any

from flask import url_for
from flask_babel import gettext

from forms.draft import Draft
from forms.editing import Kept
from forms.editing.filters import filter_lines, filter_sources
from forms.editing.kinds import KINDS
from forms.editing.plain import Plain, question_of, questions
from forms.editing.settings import NEVER_REQUIRED, NEVER_SENSITIVE, SETTINGS, Setting
from forms.editing.words import said
from forms.problems import N_
from forms.types.repeat import CHILD_TYPES
from services.errors import Refusal

from ..language import screen_language
from .condition import condition_view
from .fields import Typed
from .words import KIND_GROUPS, kind_word

MOST_ROWS = 100  # choices with inputs of their own; longer lists are pasted
_SETTING_WORDS = {
    "appearance": N_("It is a person's full name (at least two words)"),
    "shortest": N_("At least so many characters"),
    "longest": N_("At most so many characters"),
    "least": N_("Smallest value"),
    "most": N_("Largest value"),
    "future": N_("Days to come are allowed"),
    "year_only": N_("The year alone is enough"),
    "youngest": N_("Youngest age in years"),
    "oldest": N_("Oldest age in years"),
    "passport": N_("A passport number is allowed, too"),
    "pdf": N_("PDF files are allowed, too"),
}
_COUNTS = {
    ("image", "most"): N_("At most so many photos (1 to 4)"),
    ("repeat", "least"): N_("So many are shown at first (1 to 3)"),
    ("repeat", "most"): N_("At most so many (up to 20)"),
}


def question_view(draft: Draft, name: str, refusal: Refusal | None, kept: Kept) -> dict[str, Any]:
    """What the editor of a question shows."""
    question, typed = question_of(draft.plain, name), Typed(draft, refusal)
    language, required = screen_language(), question.get("required", False)
    return {
        "name": name,
        "title": said(question).into(language),
        "kind": kind_word(question),
        "hidden": bool(question.get("hidden")),
        "published": name in kept.names,
        "error": typed.other_error,
        "label": typed.texts("label", question.get("label"), long=question["type"] == "note"),
        "hint": typed.texts("hint", question.get("hint")),
        "item": typed.texts("item", question.get("item")) if question["type"] == "repeat" else [],
        "children": [
            _child(child, typed, kept.children.get(name, frozenset()))
            for child in question.get("questions", ())
        ],
        "child_kinds": _child_kinds() if "questions" in question else [],
        "asks_required": question["type"] not in NEVER_REQUIRED,
        "required": "expression" if isinstance(required, str) else "1" if required else "",
        "required_expression": typed.value(
            "required_expression", required if isinstance(required, str) else ""
        ),
        "asks_sensitive": question["type"] not in NEVER_SENSITIVE,
        "sensitive": typed.tick("sensitive", question.get("sensitive")),
        "settings": [_setting(question, setting, typed) for setting in _settings(question)],
        "constraint": typed.value("constraint", question.get("constraint", "")),
        "constraint_message": typed.texts("constraint_message", question.get("constraint_message")),
        "calculation": typed.value("calculation", question.get("calculation", "")),
        "is_calculated": question["type"] == "calculate",
        "asks": question["type"] not in ("note", "calculate"),
        "choices": choices_view(question, typed, kept) if "choices" in question else None,
        "filter": _filter(draft.plain, question, typed) if "choices" in question else None,
        "condition": condition_view(draft.plain, question, typed, name),
        "next": _next(draft, name),
        "sections": [
            {"value": number, "label": _section_word(section, number)}
            for number, section in enumerate(draft.plain["sections"])
        ],
        "section_now": next(
            number
            for number, section in enumerate(draft.plain["sections"])
            if question in section["questions"]
        ),
    }


def _next(draft: Draft, name: str) -> dict[str, str] | None:
    """The question that is asked behind this one."""
    asked = [q for q in questions(draft.plain) if not q.get("hidden") or q["name"] == name]
    at = next(number for number, question in enumerate(asked) if question["name"] == name)
    if at + 1 == len(asked):
        return None
    following = asked[at + 1]
    return {
        "label": said(following).into(screen_language()),
        "href": url_for(
            "builder.show_question", definition=draft.definition, name=following["name"]
        ),
    }


def _section_word(section: Plain, number: int) -> str:
    if section.get("title"):
        return said(section, "title").into(screen_language())
    return gettext("Section %(number)s", number=number + 1)


def _settings(question: Plain) -> tuple[Setting, ...]:
    return SETTINGS.get(question["type"], ())


def _setting(question: Plain, setting: Setting, typed: Typed) -> dict[str, Any]:
    known = question.get(setting.name, setting.default)
    word = _COUNTS.get((question["type"], setting.name), _SETTING_WORDS[setting.name])
    is_tick = setting.kind != "number"
    return {
        "name": setting.name,
        "word": gettext(word),
        "is_tick": is_tick,
        "ticked": is_tick and typed.tick(setting.name, known),
        "value": "" if is_tick else typed.value(setting.name, known),
        "error": typed.error(setting.name),
    }


def _child_kinds() -> list[dict[str, str]]:
    """The kinds of questions that can stand inside a repeat."""
    kinds = [(kind, word) for _, group in KIND_GROUPS for kind, word, _ in group]
    fitting = [(kind, word) for kind, word in kinds if KINDS[kind]["type"] in CHILD_TYPES]
    return [{"value": kind, "label": gettext(word)} for kind, word in fitting]


def _child(child: Plain, typed: Typed, published: frozenset[str]) -> dict[str, Any]:
    name = child["name"]
    return {
        "name": name,
        "title": said(child).into(screen_language()),
        "hidden": bool(child.get("hidden")),
        "published": name in published,
        "kind": kind_word(child),
        "label": typed.texts(f"child.{name}", child.get("label")),
        "required": typed.tick(f"child_required.{name}", child.get("required")),
    }


def choices_view(question: Plain, typed: Typed, kept: Kept) -> dict[str, Any]:
    """The choices: as a list to paste over, and one by one where they are not too many."""
    choices = question["choices"]
    published = kept.choices.get(question["name"], frozenset())
    offered = [choice for choice in choices if not choice.get("hidden")]
    return {
        "count": len(offered),
        "list": typed.value("list", "\n".join(said(choice).into("vi") for choice in offered)),
        "error": typed.error("list"),
        "rows": [_choice(choice, typed, published) for choice in choices]
        if len(choices) <= MOST_ROWS
        else [],
        "is_several": question["type"] == "select_multiple",
    }


def _filter(plain: Plain, question: Plain, typed: Typed) -> dict[str, Any] | None:
    """The questions that may filter the choices, and what goes with what; None without any."""
    chosen = typed.value("filter", question.get("filter", ""))
    sources = [
        {"value": source["name"], "label": said(source).into(screen_language())}
        for source in filter_sources(plain, question["name"])
    ]
    if not sources and not chosen:
        return None
    return {
        "chosen": chosen,
        "sources": sources,
        "lines": typed.value("fits", filter_lines(plain, question)),
        "errors": {name: typed.error(name) for name in ("filter", "fits")},
    }


def _choice(choice: Plain, typed: Typed, published: frozenset[str]) -> dict[str, Any]:
    name = choice["name"]
    return {
        "name": name,
        "label": said(choice).into(screen_language()),
        "texts": typed.texts(f"choice.{name}", choice.get("label")),
        "published": name in published,
    } | {
        mark: typed.tick(f"{mark}.{name}", choice.get(mark))
        for mark in ("hidden", "other", "alone", "declines")
    }
