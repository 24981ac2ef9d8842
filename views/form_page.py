"""The form as a page: fresh from the cache, or again with what was typed and what is wrong."""

import uuid
from textwrap import shorten
from types import MappingProxyType
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext

from federation.units import ROOT, UnitTree
from forms.definition import UNIT_INPUT, Definition
from forms.entry import Entry, EntryForm
from forms.page_logic import page_logic
from forms.problems import REQUIRED, Problem
from forms.publication import PublishedVersion, ScanPoint
from forms.types import Question
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from forms.types.ticks import Consent
from services.identity import tidy_instance_id
from services.receive import INSTANCE_INPUT

from .json_answer import json_answer
from .language import LANGUAGE_NAMES, chosen_language, problem_text, screen_language, translate
from .link_card import picture_address
from .pages import SEAM, FormPage, LanguageChoice, Link, draw, notice_view, section_views
from .security import csrf_token
from .site import site
from .walking import Shown, at_first, kept_inputs

_CONSENT_LINE = 48  # signs of a long consent that tell it from the others
_SENDING = ("errors.js", "send.js", "draft.js")
_LOCALES = {"vi": "vi_VN", "en": "en_US"}


def fresh_page(point: ScanPoint, version: PublishedVersion) -> Response:
    """An empty form: two cached halves and the poster's block."""
    language, tree, pages = g.page_language, site().tree, site().pages
    key = (version.key, language, tree.hotline(ROOT), site().is_demo)
    halves = pages.get(key)
    if halves is None:
        form, shown = (
            _form(version.definition, language),
            at_first(version.definition, site().now().date()),
        )
        halves = pages.keep(key, draw(_page(version, language, form, shown, tree), SEAM, language))
    block = _block(point, version, {}, at_first(version.definition, site().now().date()), tree)
    return _html(halves[0] + block.encode() + halves[1], 200)


def answer_page(
    point: ScanPoint,
    version: PublishedVersion,
    inputs: Inputs,
    shown: Shown,
    *,
    uploads: Uploads = NO_UPLOADS,
) -> Response:
    """The form, or its section, with what was typed, and the problems there are."""
    language, tree = g.page_language, site().tree
    form = _filled(version.definition, language, inputs, shown, uploads)
    page = _page(version, language, form, shown, tree, inputs)
    block = _block(point, version, inputs, shown, tree)
    return _html(draw(page, block, language).encode(), 422 if shown.checked.problems else 200)


def preview_page(
    definition: Definition,
    inputs: Inputs,
    shown: Shown,
    *,
    uploads: Uploads = NO_UPLOADS,
) -> Response:
    """The worker's page of a form that nobody can scan yet; what is sent there is only checked."""
    g.worker_page = True
    g.page_language = language = chosen_language(definition.languages)
    version = PublishedVersion(definition, 0, "", site().now())
    form = _filled(definition, language, inputs, shown, uploads)
    page = _page(version, language, form, shown, site().tree, inputs)
    block = _draw_block(
        url_for("organizer.try_preview", definition=definition.id, lang=request.args.get("lang")),
        gettext("Preview: nothing is kept"),
        "",
        [("csrf_token", csrf_token())],
        definition,
        shown,
    )
    return _html(draw(page, block, language).encode(), 422 if shown.checked.problems else 200)


def _filled(
    definition: Definition, language: str, inputs: Inputs, shown: Shown, uploads: Uploads
) -> EntryForm:
    form = _form(definition, language)
    form.fill(inputs, uploads)
    form.refuse(shown.checked)
    if shown.grown:
        form[shown.grown].more_rows = 1
    return form


def _form(definition: Definition, language: str) -> EntryForm:
    return EntryForm(definition, Entry(language, translate, site().assets.picture))


def _error_list(definition: Definition, shown: Shown) -> tuple[Link, ...]:
    """One line per problem: the question, and what to write unless it was simply left out."""
    # What belongs to no question (the instance id) leads to where the page begins to ask.
    known, first = definition.by_name, definition.asking[0].name
    if shown.step:
        first = definition.sections[shown.step.section - 1].questions[0].name
    return tuple(
        Link(f"#{name if name in known else first}{place}", _error_line(known.get(name), said))
        for name, problem in shown.checked.problems.items()
        for place, said in _said(problem)
    )


def _said(problem: Problem) -> list[tuple[str, Problem]]:
    return [(f".{place}", said) for place, said in problem.inner.items()] or [("", problem)]


def _error_line(question: Question | None, problem: Problem) -> str:
    said = problem_text(problem)
    if question is None or problem.inner:
        return said
    label = question.label.into(g.page_language).rstrip("?: ")
    if isinstance(question, Consent):  # a form has several, so the line says which
        return f"“{shorten(label, _CONSENT_LINE, placeholder='…')}” {said}"
    return label if problem is REQUIRED else f"{label}: {said}"


def _page(
    version: PublishedVersion,
    language: str,
    form: EntryForm,
    shown: Shown,
    tree: UnitTree,
    inputs: Inputs = MappingProxyType({}),
) -> FormPage:
    definition, config = version.definition, site().config
    names = {
        "organization": config.organization,
        "contact": config.contact or tree.hotline(ROOT) or config.organization,
    }
    phone = tree.hotline(ROOT)
    return FormPage(
        title=definition.title.into(language),
        promise=definition.promise.into(language),
        notice=notice_view(definition.notice, language, names),
        sections=section_views(definition, form, language, shown.step),
        error_list=_error_list(definition, shown),
        languages=tuple(
            LanguageChoice(code, LANGUAGE_NAMES.get(code, code), f"?lang={code}", code == language)
            for code in definition.languages
        ),
        help_line=gettext("Need help? Call the union:") if phone else "",
        help_phone=phone,
        demo=site().is_demo,
        logic=page_logic(definition, Entry(language, translate)),
        scripts=site().assets.addresses((*_SENDING, *definition.scripts)),
        picture=picture_address(version, language) if version.number else "",
        locale=_LOCALES.get(language, language),
        step=shown.step,
        kept=kept_inputs(definition, inputs, shown.step) if shown.step else (),
    )


def _block(
    point: ScanPoint, version: PublishedVersion, inputs: Inputs, shown: Shown, tree: UnitTree
) -> str:
    """Everything that differs from poster to poster and from request to request."""
    hidden = [
        (INSTANCE_INPUT, _instance_id(inputs)),
        ("_version", str(version.number)),
        ("_lang", g.page_language),
    ]
    action = url_for("worker.take_answers", code=point.code, lang=request.args.get("lang"))
    choices = _unit_choices(version.definition, point, inputs, tree)
    home, definition = tree.home(point.unit), version.definition
    unit = home.name if home else tree.name(point.unit)
    return _draw_block(action, unit, point.place, hidden, definition, shown, choices, queue=True)


def _draw_block(
    action: str,
    unit_name: str,
    place: str,
    hidden: list[tuple[str, str]],
    definition: Definition,
    shown: Shown,
    unit_choices: list[dict[str, Any]] | None = None,
    *,
    queue: bool = False,
) -> str:
    block = {
        "has_files": definition.most_file_bytes > 0,
        "onward": shown.step.onward if shown.step else 0,
        "action": action,
        "unit_name": unit_name,
        "place": place,
        "hidden": hidden,
        "unit_choices": unit_choices,
        "queue": queue,
    }
    return render_template("worker/_poster.html", lang=g.page_language, block=block)


def _instance_id(inputs: Inputs) -> str:
    """The one that was posted, so that a second try is the same response; else a new one."""
    posted = inputs.get(INSTANCE_INPUT, ())
    kept = tidy_instance_id(posted[0]) if len(posted) == 1 else None
    return kept or str(uuid.uuid4())


def _unit_choices(
    definition: Definition, point: ScanPoint, inputs: Inputs, tree: UnitTree
) -> list[dict[str, Any]] | None:
    if not definition.open:
        return None
    named, home = next(iter(inputs.get(UNIT_INPUT, ())), ""), tree.home(point.unit)
    others = [
        {"id": unit.id, "name": unit.name, "selected": unit.id == named}
        for _, unit in tree.outline()
        if unit.is_open and unit.id not in (home.id if home else point.unit, ROOT)
    ]
    return others or None


def _html(body: bytes, status: int) -> Response:
    answer = Response(body, status, mimetype="text/html")
    answer.headers["Content-Language"] = screen_language()
    return answer


def definition_json(point: ScanPoint, version: PublishedVersion) -> Response:
    """The published definition for programs, with choice names and companion questions."""
    definition, home = version.definition, site().tree.home(point.unit)
    told = definition.model_dump(mode="json", exclude={"flags"}, exclude_defaults=True)
    for section, shown in zip(definition.sections, told["sections"], strict=True):
        shown["questions"] = [
            question.model_dump(mode="json", exclude_defaults=True)
            for written in section.questions
            for question in (written, *written.companions())
        ]
    told |= {
        "version": version.number,
        "unit": home.id if home else point.unit,
        "unit_name": home.name if home else site().tree.name(point.unit),
        "place": point.place,
        "state": point.availability(site().now()),
    }
    return json_answer(told)
