"""The draft as a board: sections with their questions as cards, findings, undo and redo."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext

from forms.draft import Draft
from forms.editing.plain import Plain, questions
from forms.editing.words import condition_said, said
from services.publishing.drafts import kept_of

from ..language import problem_text, screen_language
from ..site import site
from .preflight import examined
from .words import act_word, finding_rows, kind_word, saved_line, version_word

CARDS = 60  # on one page; more would be slow to draw and to scroll on a phone
MOST_FINDINGS = 30


def board(draft: Draft, page: str, at: str) -> dict[str, Any]:
    """Everything the page of a draft shows; `at` names a question whose page is wanted."""
    plain, definition, language = draft.plain, draft.definition, screen_language()
    pages = _pages(plain)
    number = _page_number(plain, pages, page, at)
    kept = kept_of(site().store, definition)
    by_name = {question["name"]: question for question in questions(plain)}
    person = site().store.people.get(draft.by)
    findings = examined(draft)
    rows = finding_rows(definition, findings)
    return {
        "title": said(plain, "title").into(language),
        "code": plain.get("code", ""),
        "version": version_word(draft),
        "revision": draft.revision,
        "saved": saved_line(draft, person.full_name if person else draft.by),
        "action": url_for("builder.change", definition=definition),
        "errors": [row for row in rows if row["is_error"]][:MOST_FINDINGS],
        "warnings": [row for row in rows if not row["is_error"]][:MOST_FINDINGS],
        "hidden_findings": max(len(rows) - MOST_FINDINGS, 0),
        "undo": act_word(draft.undoable),
        "redo": act_word(draft.redoable),
        "count": len(by_name),
        "sections": [
            _section(draft, section, part, by_name, kept.names) for section, part in pages[number]
        ],
        "last_section": len(plain["sections"]) - 1,
        "pages": [
            {
                "number": turn + 1,
                "href": url_for("builder.show_draft", definition=definition, page=turn + 1),
                "current": turn == number,
            }
            for turn in range(len(pages))
        ]
        if len(pages) > 1
        else [],
        "preview_href": url_for("draft_publishing.preview", definition=definition),
        "scripts": site().assets.joined(["builder.js", "autosave.js"]),
        "hrefs": {
            "forms": url_for("organizer.list_forms"),
            "texts": url_for("builder.show_texts", definition=definition),
            "changes": url_for("draft_publishing.show_changes", definition=definition),
            "publish": url_for("draft_publishing.ask_to_publish", definition=definition),
            "xlsx": url_for("form_files.download_draft", definition=definition),
            "discard": url_for("draft_publishing.ask_to_discard", definition=definition),
        },
    }


_Part = tuple[int, list[Plain]]  # a section's number, and those of its questions on this page


def _pages(plain: Plain) -> list[list[_Part]]:
    pages: list[list[_Part]] = [[]]
    room = CARDS
    for number, section in enumerate(plain["sections"]):
        for part in _parts(section["questions"]):
            if pages[-1] and len(part) > room:
                pages.append([])
                room = CARDS
            pages[-1].append((number, part))
            room -= len(part)
    return pages


def _parts(asked: list[Plain]) -> Iterator[list[Plain]]:
    yield asked[:CARDS]
    for start in range(CARDS, len(asked), CARDS):
        yield asked[start : start + CARDS]


def _page_number(plain: Plain, pages: list[list[_Part]], page: str, at: str) -> int:
    for number, parts in enumerate(pages) if at else ():
        if any(question["name"] == at for _, part in parts for question in part):
            return number
    wanted = int(page) - 1 if page.isascii() and page.isdigit() and len(page) < 5 else 0
    return min(max(wanted, 0), len(pages) - 1)


def _section(
    draft: Draft,
    number: int,
    part: list[Plain],
    by_name: dict[str, Plain],
    published: frozenset[str],
) -> dict[str, Any]:
    section, definition = draft.plain["sections"][number], draft.definition
    language = screen_language()
    title = said(section, "title").into(language) if section.get("title") else ""
    return {
        "number": number,
        "title": title or gettext("Section %(number)s", number=number + 1),
        "condition": _condition(section, by_name),
        "href": url_for("builder.show_section", definition=definition, number=number),
        "add_href": url_for("builder.show_kinds", definition=definition, section=number),
        "is_first_part": not part or part[0] is section["questions"][0],
        "cards": [_card(definition, question, by_name, published) for question in part],
    }


def _condition(holder: Plain, by_name: dict[str, Plain]) -> str:
    source = holder.get("relevant")
    return problem_text(condition_said(source, by_name)) if isinstance(source, str) else ""


def _card(
    definition: str, question: Plain, by_name: dict[str, Plain], published: frozenset[str]
) -> dict[str, Any]:
    name, language = question["name"], screen_language()
    asked = by_name.get(question.get("filter", ""))
    offered = [c for c in question.get("choices", ()) if not c.get("hidden")]
    return {
        "name": name,
        "label": said(question).into(language),
        "kind": kind_word(question),
        "choices": ", ".join(said(choice).into(language) for choice in offered[:4]),
        "more_choices": max(len(offered) - 4, 0),
        "condition": _condition(question, by_name),
        "filter": said(asked).into(language) if asked else "",
        "required": bool(question.get("required")),
        "sensitive": bool(question.get("sensitive")),
        "hidden": bool(question.get("hidden")),
        "published": name in published,
        "href": url_for("builder.show_question", definition=definition, name=name),
        "add_href": url_for("builder.show_kinds", definition=definition, after=name),
    }
