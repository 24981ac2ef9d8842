"""Places in a form's texts that somebody still has to complete: [say what it is used for]."""

import re
from collections.abc import Iterator
from typing import Any

from .editing.plain import Plain
from .editing.texts import TEXTS
from .findings import Finding, Place, Room, error
from .problems import N_

# At least two words or an ellipsis: [S] is a mark that people read.
GAP = re.compile(r"\[(?:[^\[\]]*\s[^\[\]]*|…|\.{3})\]")
_TO_COMPLETE = N_(
    "%(gap)s is still to be completed. Write what is meant, without the square brackets."
)


def unfinished(plain: Plain) -> Iterator[Finding]:
    """An error for each text with a gap, leading to where the text is written."""
    for place, texts in _texts(plain):
        gaps = [gap for text in _strings(texts) for gap in GAP.findall(text)]
        if gaps:
            yield error(_TO_COMPLETE, place, gap=gaps[0])


def _texts(plain: Plain) -> Iterator[tuple[Place, object]]:
    for name in TEXTS:
        yield Place("texts"), plain.get(name)
    notice = plain.get("notice", {})
    yield Place("notice"), notice.get("summary")
    for part in notice.get("parts", ()):
        yield Place("notice"), [part.get("heading"), part.get("text")]
    for at, section in enumerate(plain["sections"]):
        yield Place("section", section=at), section.get("title")
        for question in section["questions"]:
            if not question.get("hidden"):
                yield from _of_question(question)
    alarm = plain.get("alarm") or {}
    yield Place("form"), [alarm.get(name) for name in ("heading", "text", "staff_heading")]
    yield Place("form"), [flag.get("label") for flag in plain.get("flags", ())]


def _of_question(question: Plain) -> Iterator[tuple[Place, object]]:
    own = [question.get(name) for name in ("label", "hint", "constraint_message", "item")]
    inner = [child.get("label") for child in question.get("questions", ())]
    rooms: tuple[tuple[Room, list[Any]], ...] = (
        ("question", [*own, *inner]),
        ("choices", [choice.get("label") for choice in question.get("choices", ())]),
    )
    for room, texts in rooms:
        yield Place(room, question["name"]), texts


def _strings(texts: object) -> Iterator[str]:
    if isinstance(texts, str):
        yield texts
    elif isinstance(texts, dict):
        for text in texts.values():
            yield from _strings(text)
    elif isinstance(texts, list):
        for text in texts:
            yield from _strings(text)
