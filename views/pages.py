"""The form page: drawn once per version and language, kept as two halves around what varies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import render_template
from markupsafe import Markup

from forms.definition import Definition, Notice
from forms.entry import EntryForm
from forms.entry_fields import AnswerField
from forms.localized import Localized
from forms.steps import Step

SEAM = "\ue000seam\ue000"  # private-use signs: no text of a form may hold them
_MOST_PAGES = 500


@dataclass(frozen=True)
class NoticePartView:
    heading: str
    text: str


@dataclass(frozen=True)
class NoticeView:
    summary: str
    parts: tuple[NoticePartView, ...]
    version: int


@dataclass(frozen=True)
class SectionView:
    """A section; one that is not `shown` waits in the page for a phone that runs scripts.

    `id` is what static/logic.js finds the heading by, where it may have to hide it. `voice` reads
    the one question aloud that is asked there, above it.
    """

    id: str
    title: str
    fields: tuple[AnswerField, ...]
    number: int = 1
    shown: bool = True
    voice: str = ""


@dataclass(frozen=True)
class Link:
    """A line of the error list: where it leads and what it says."""

    href: str
    text: str


@dataclass(frozen=True)
class LanguageChoice:
    code: str
    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class FormPage:
    """Everything the template of a form reads, but for the poster's block."""

    title: str
    promise: str
    notice: NoticeView | None
    sections: tuple[SectionView, ...]
    error_list: tuple[Link, ...]
    languages: tuple[LanguageChoice, ...]
    help_line: str
    help_phone: str
    demo: bool
    script: str = ""
    logic: Mapping[str, Any] | None = None
    # For messengers that show a link as a card: the picture's whole address, the language's name.
    picture: str = ""
    locale: str = ""
    step: Step | None = None
    one_by_one: bool = False
    kept: Sequence[tuple[str, str]] = ()
    send: str = ""
    sign_in_href: str = ""
    unkept: bool = False
    lost_files: tuple[Link, ...] = ()


def notice_view(notice: Notice, language: str, names: Mapping[str, str]) -> NoticeView:
    """The notice with the federation's names put in."""
    return NoticeView(
        filled(notice.summary, language, names),
        tuple(
            NoticePartView(part.heading.into(language), filled(part.text, language, names))
            for part in notice.parts
        ),
        notice.version,
    )


def filled(text: Localized, language: str, names: Mapping[str, str]) -> str:
    """A text with {organization}, {contact}, {code} put in; other braces stay."""
    return text.filled(language, names)


def section_views(
    definition: Definition, form: EntryForm, language: str, step: Step | None = None
) -> tuple[SectionView, ...]:
    """The stops with their fields; companions are drawn by the question they belong to."""
    return tuple(
        _section_view(definition, form, language, number, step)
        for number in range(1, len(definition.stops) + 1)
    )


def _section_view(
    definition: Definition, form: EntryForm, language: str, number: int, step: Step | None
) -> SectionView:
    stop = definition.stops[number - 1]
    section = definition.sections[stop.section]
    fields = tuple(form[question.name] for question in stop.questions)
    titled = stop.opens_section and section.title
    voice = fields[0].audio if definition.steps == "question" and len(fields) == 1 else ""
    if voice:
        fields[0].is_voiced_above = True
    return SectionView(
        f"_s{stop.section}" if section.relevant and stop.opens_section else "",
        section.title.into(language) if titled and section.title else "",
        fields,
        number,
        shown=step is None or step.stop == number,
        voice=voice,
    )


def draw(page: FormPage, block: str, language: str) -> str:
    """The whole page with the poster's block in its place."""
    return render_template(
        "worker/form.html",
        page=page,
        poster_block=Markup(block),  # noqa: S704 - drawn by our own template
        lang=language,
        title=page.title,
        script=page.script,
        sign_in_href=page.sign_in_href,
    )


class PageCache:
    """Finished pages as bytes before and after the poster's block."""

    def __init__(self) -> None:
        self._halves: dict[tuple[object, ...], tuple[bytes, bytes]] = {}
        self._lock = Lock()

    def get(self, key: tuple[object, ...]) -> tuple[bytes, bytes] | None:
        return self._halves.get(key)

    def keep(self, key: tuple[object, ...], drawn: str) -> tuple[bytes, bytes]:
        """Split a page that was drawn with the seam as its block, and keep the halves."""
        before, _, after = drawn.partition(SEAM)
        halves = before.encode(), after.encode()
        with self._lock:
            if len(self._halves) >= _MOST_PAGES:
                self._halves.pop(next(iter(self._halves)))
            self._halves[key] = halves
        return halves
