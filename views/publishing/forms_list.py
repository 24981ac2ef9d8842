"""The ready-made forms as the page of forms shows them: by topic, found by words without tones."""

from collections.abc import Iterable, Sequence

from flask import url_for
from flask_babel import gettext

from forms.cleaning import fold
from forms.definition import Definition
from forms.gallery import gallery

from .pictograms import pictogram


def topic_words() -> dict[str, str]:
    """The topics by what the ids of their forms begin with."""
    return {
        "f1": gettext("Law, dialogue, labour relations"),
        "f2": gettext("Care for workers"),
        "f3": gettext("Outreach and learning"),
        "f4": gettext("Emulation and initiatives"),
        "f5": gettext("Members and organisation"),
        "f6": gettext("Women workers"),
        "f7": gettext("External relations"),
        "f8": gettext("Finance and funds"),
        "f9": gettext("Inspection and complaints"),
        "fa": gettext("Reports and personal data"),
    }


def words_of(typed: str) -> tuple[str, ...]:
    """What is looked for."""
    return tuple(fold(typed[:100]).split())


def fits(definition: Definition, words: Sequence[str]) -> bool:
    """Whether title, summary or code have all the words, in any language and without tones."""
    texts = (*definition.title.root.values(), *definition.summary.root.values())
    text = fold(" ".join((definition.code, definition.id, *texts)))
    return all(word in text for word in words)


def gallery_groups(words: Sequence[str], language: str) -> list[dict[str, object]]:
    """The ready-made forms that fit, by topic; topics without any are left out."""
    found = [definition for definition in gallery().values() if fits(definition, words)]
    topics = topic_words()
    groups = [(topics[start], _of_topic(found, start)) for start in topics]
    groups.append((gettext("More"), [d for d in found if d.id[:2] not in topics]))
    return [
        {"topic": topic, "forms": [gallery_row(definition, language) for definition in forms]}
        for topic, forms in groups
        if forms
    ]


def _of_topic(found: Iterable[Definition], start: str) -> list[Definition]:
    return [definition for definition in found if definition.id.startswith(start)]


def gallery_row(definition: Definition, language: str) -> dict[str, object]:
    """A form that can be published."""
    written = [question for section in definition.sections for question in section.questions]
    return {
        "id": definition.id,
        "code": definition.code,
        "title": definition.title.into(language),
        "summary": definition.summary.into(language),
        "picture": pictogram(definition.id),
        "questions": sum(question.control not in ("consent", "note") for question in written),
        "minutes": definition.minutes,
        "anonymous": definition.anonymous,
        "href": url_for("organizer.show_form", definition=definition.id),
    }
