"""One question of a draft, to be edited: words, choices, limits, marks, and when it is asked."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext

from forms.draft import Draft
from forms.editing import Kept
from forms.editing.conditions import COMPARISONS, MOST_PICKS, Pick, Picked, read_picked
from forms.editing.plain import Plain, question_of, questions
from forms.editing.settings import NEVER_REQUIRED, NEVER_SENSITIVE, SETTINGS, Setting
from forms.editing.words import said
from forms.problems import N_
from services.errors import Refusal

from .builder_fields import Typed
from .builder_words import COMPARISON_WORDS, kind_word
from .language import screen_language

MOST_ROWS = 100  # choices with inputs of their own; longer lists are pasted
_LONGEST_LABEL = 40
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
        "children": [_child(child, typed) for child in question.get("questions", ())],
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
        "condition": condition_view(draft.plain, question, typed, name),
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


def _child(child: Plain, typed: Typed) -> dict[str, Any]:
    name = child["name"]
    return {
        "name": name,
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


def condition_view(
    plain: Plain, holder: Plain, typed: Typed, name: str = "", section: int | None = None
) -> dict[str, Any]:
    """Pickers for what the condition says, and the expression for those who write it."""
    source = str(holder.get("relevant", ""))
    picked = read_picked(source) if source else Picked()
    earlier = list(_earlier(plain, name, section))
    picks = picked.picks if picked else ()
    rows = [*picks, *[Pick("", "is")] * max(min(2, MOST_PICKS - len(picks)), 0)]
    return {
        "expression": typed.value("expression", source),
        "is_pickable": picked is not None,
        "is_set": bool(source),
        "join": picked.join if picked else "and",
        "rows": [_pick(at, pick, earlier) for at, pick in enumerate(rows[:MOST_PICKS])],
        "questions": earlier,
        "error": typed.error("question") or typed.error("comparison") or typed.error("value"),
    }


def _earlier(plain: Plain, name: str, section: int | None) -> Iterator[Plain]:
    """The questions on which it may depend: those asked before, and not hidden."""
    if section is not None:
        for number in range(section):
            yield from (q for q in plain["sections"][number]["questions"] if _counts(q))
        return
    for question in questions(plain):
        if question["name"] == name:
            return
        if _counts(question):
            yield question


def _counts(question: Plain) -> bool:
    uncounted = ("note", "image", "signature", "repeat")
    return not question.get("hidden") and question["type"] not in uncounted


def _pick(at: int, pick: Pick, earlier: list[Plain]) -> dict[str, Any]:
    language = screen_language()
    chosen = next((q for q in earlier if q["name"] == pick.question), None)
    return {
        "number": at,
        "questions": [
            {
                "value": question["name"],
                "label": said(question).into(language)[:_LONGEST_LABEL],
                "selected": question["name"] == pick.question,
            }
            for question in earlier
        ],
        "comparisons": [
            {
                "value": comparison,
                "label": gettext(COMPARISON_WORDS[comparison]),
                "selected": comparison == pick.comparison,
            }
            for comparison in COMPARISONS
        ],
        "value": pick.value,
        "values": _values(chosen, pick.value),
    }


def _values(question: Plain | None, value: str) -> list[dict[str, Any]]:
    """What can be answered, for a question that was picked already; its value stays among them."""
    if question is None or "choices" not in question:
        return []
    language = screen_language()
    offered = [c for c in question["choices"] if not c.get("hidden")][:MOST_ROWS]
    found = [{"value": c["name"], "label": said(c).into(language)} for c in offered]
    if value and value not in {one["value"] for one in found}:
        found.append({"value": value, "label": value})
    return [one | {"selected": one["value"] == value} for one in found]
