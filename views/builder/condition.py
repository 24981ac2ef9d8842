"""When a question or section is asked, to be picked: earlier questions with their answers."""

from collections.abc import Iterator
from typing import Any, cast

from flask import request
from flask_babel import gettext

from forms.editing.conditions import COMPARISONS, MOST_PICKS, Comparison, Pick, Picked, read_picked
from forms.editing.plain import Plain, questions
from forms.editing.words import said
from forms.types.rating import FACES

from ..language import screen_language
from .fields import Typed
from .words import COMPARISON_WORDS

PICK = "pick"
"""What is posted to see the answers of a question that was chosen; it changes nothing."""
_LONGEST_LABEL = 40
_MOST_ANSWERS = 100


def condition_view(
    plain: Plain,
    holder: Plain,
    typed: Typed,
    name: str = "",
    section: int | None = None,
    setting: str = "relevant",
) -> dict[str, Any]:
    """Pickers for what the condition says, and the expression for those who write it."""
    source = str(holder.get(setting, ""))
    said_now = read_picked(source) if source else Picked()
    picked = _posted() or said_now
    earlier = list(_earlier(plain, name, section))
    picks = picked.picks if picked else ()
    rows = [*picks, *[Pick("", "is")] * max(min(2, MOST_PICKS - len(picks)), 0)]
    return {
        "expression": typed.value("expression", source),
        "is_pickable": said_now is not None,
        "is_set": bool(source),
        "join": picked.join if picked else "and",
        "rows": [_pick(at, pick, earlier) for at, pick in enumerate(rows[:MOST_PICKS])],
        "questions": earlier,
        "error": typed.error("question") or typed.error("comparison") or typed.error("value"),
    }


def is_picking() -> bool:
    """Whether the page is only asked for anew, to see the answers of a question."""
    return request.form.get("act") == PICK


def _posted() -> Picked | None:
    """The lines as they were posted: while a question is being chosen, and after a refusal."""
    posted = request.form
    if posted.get("act") not in ("condition", "mark", "alarm", PICK) or "question.0" not in posted:
        return None
    picks = [
        Pick(
            asked[:64],
            cast(Comparison, posted.get(f"comparison.{at}", "")),
            posted.get(f"value.{at}", "")[:200],
        )
        for at in range(MOST_PICKS)
        if (asked := posted.get(f"question.{at}", ""))
    ]
    return Picked(tuple(picks), "or" if posted.get("join") == "or" else "and")


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
    if question is None:
        return []
    found = [{"value": value, "label": label} for value, label in _answers(question)]
    if found and value and value not in {one["value"] for one in found}:
        found.append({"value": value, "label": value})
    return [one | {"selected": one["value"] == value} for one in found]


def _answers(question: Plain) -> list[tuple[str, str]]:
    """The answers that can be listed, each with its words."""
    if question["type"] == "rating":
        return [(str(face), word.into(screen_language())) for face, word in enumerate(FACES, 1)]
    if question["type"] == "consent":
        return [("1", gettext("ticked"))]
    offered = [c for c in question.get("choices", ()) if not c.get("hidden")][:_MOST_ANSWERS]
    return [(c["name"], said(c).into(screen_language())) for c in offered]
