"""The form as a page: fresh from the cache, or again with what was typed and what is wrong."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext

from federation.units import ROOT, UnitTree
from forms.answers import CheckedAnswers
from forms.definition import UNIT_INPUT, Definition
from forms.entry import Entry, EntryForm
from forms.problems import REQUIRED, Problem
from forms.publication import PublishedVersion, ScanPoint
from forms.types import Question
from forms.types.base import Inputs
from forms.types.ticks import Consent
from services.identity import tidy_instance_id
from services.receive import INSTANCE_INPUT

from .json_answer import json_answer
from .language import LANGUAGE_NAMES, chosen_language, problem_text, screen_language, translate
from .pages import SEAM, FormPage, LanguageChoice, Link, draw, notice_view, section_views
from .security import csrf_token
from .site import site

_NOTHING = CheckedAnswers()


@dataclass(frozen=True)
class Mode:
    """A way to the same form: where it is posted, what scripts run. The scan has no name."""

    name: str
    endpoint: str
    scripts: tuple[str, ...] = ()


SCAN = Mode("", "worker.take_answers")
KIOSK = Mode("kiosk", "kiosk.take_answers", ("kiosk.js",))
ASSISTED = Mode("assisted", "assist.take_answers")
CORRECTION = Mode("case", "case.act")


def fresh_page(point: ScanPoint, version: PublishedVersion, mode: Mode = SCAN) -> Response:
    """An empty form: two cached halves and the poster's block."""
    language, tree, pages = g.page_language, site().tree, site().pages
    key = (version.key, language, tree.hotline(ROOT), site().is_demo, mode.name)
    halves = pages.get(key)
    if halves is None:
        form = _form(version.definition, language, mode)
        page = _page(version, language, form, (), tree, mode)
        halves = pages.keep(key, draw(page, SEAM, language))
    block = _block(point, version, {}, tree, mode)
    return _html(halves[0] + block.encode() + halves[1], 200)


def answer_page(
    point: ScanPoint,
    version: PublishedVersion,
    inputs: Inputs,
    checked: CheckedAnswers,
    *,
    status: int,
    mode: Mode = SCAN,
    **more: object,
) -> Response:
    """The form with what was typed, and the problems there are; `more` goes to the block."""
    block = _block(point, version, inputs, site().tree, mode, **more)
    return page_around(block, version, inputs, checked, status=status, mode=mode)


def page_around(
    block: str,
    version: PublishedVersion,
    inputs: Inputs,
    checked: CheckedAnswers,
    *,
    status: int,
    mode: Mode,
) -> Response:
    """The form around any block that opens it, with what was typed and the problems there are."""
    language, tree = g.page_language, site().tree
    form = _form(version.definition, language, mode)
    form.fill(inputs)
    form.refuse(checked)
    errors = _error_list(version.definition, checked.problems)
    page = _page(version, language, form, errors, tree, mode)
    return _html(draw(page, block, language).encode(), status)


def preview_page(
    definition: Definition, inputs: Inputs | None, checked: CheckedAnswers = _NOTHING
) -> Response:
    """The worker's page of a form that nobody can scan yet; what is sent there is only checked."""
    g.worker_page = True
    g.page_language = language = chosen_language(definition.languages)
    version = PublishedVersion(definition, 0, "", site().now())
    form, tree = _form(definition, language, SCAN), site().tree
    form.fill(inputs or {})
    form.refuse(checked)
    page = _page(version, language, form, _error_list(version.definition, checked.problems), tree)
    action = url_for(
        "organizer.try_preview", definition=definition.id, lang=request.args.get("lang")
    )
    block = draw_block(
        action, gettext("Preview: nothing is kept"), "", [("csrf_token", csrf_token())]
    )
    return _html(draw(page, block, language).encode(), 422 if checked.problems else 200)


def _form(definition: Definition, language: str, mode: Mode) -> EntryForm:
    voice = site().assets.voice
    return EntryForm(definition, Entry(language, translate, not mode.name, voice))


def _error_list(definition: Definition, problems: Mapping[str, Problem]) -> tuple[Link, ...]:
    """One line per problem: the question, and what to write unless it was simply left out."""
    # Names with _ are our own inputs. What belongs to none (the instance id) leads to where the
    # page begins to ask.
    known, first = definition.by_name, definition.asking[0].name
    return tuple(
        Link(f"#{name if name in known or name.startswith('_') else first}", line)
        for name, problem in problems.items()
        for line in [_error_line(known.get(name), problem)]
    )


def _error_line(question: Question | None, problem: Problem) -> str:
    said = problem_text(problem)
    if question is None or isinstance(question, Consent):
        return said
    label = question.label.into(g.page_language).rstrip("?: ")
    return label if problem is REQUIRED else f"{label}: {said}"


def _page(
    version: PublishedVersion,
    language: str,
    form: EntryForm,
    errors: tuple[Link, ...],
    tree: UnitTree,
    mode: Mode = SCAN,
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
        sections=section_views(definition, form, language),
        error_list=errors,
        languages=tuple(
            LanguageChoice(code, LANGUAGE_NAMES.get(code, code), f"?lang={code}", code == language)
            for code in definition.languages
        ),
        help_line=gettext("Need help? Call the union:") if phone else "",
        help_phone=phone,
        demo=site().is_demo,
        scripts=site().assets.addresses(
            (*definition.scripts, *mode.scripts, *_spoken(definition, form))
        ),
        send=gettext("Send the corrections") if mode is CORRECTION else "",
    )


def _spoken(definition: Definition, form: EntryForm) -> tuple[str, ...]:
    """The script that makes a button of a recorded voice, where there is one to hear."""
    return ("audio.js",) if any(form[q.name].audio for q in definition.questions) else ()


def _block(
    point: ScanPoint,
    version: PublishedVersion,
    inputs: Inputs,
    tree: UnitTree,
    mode: Mode,
    **more: object,
) -> str:
    """Everything that differs from poster to poster and from request to request."""
    hidden = [
        (INSTANCE_INPUT, _instance_id(inputs)),
        ("_version", str(version.number)),
        ("_lang", g.page_language),
    ]
    action = url_for(mode.endpoint, code=point.code, lang=request.args.get("lang"))
    choices = _unit_choices(version.definition, point, inputs, tree)
    return draw_block(
        action, tree.name(point.unit), point.place, hidden, choices, mode=mode.name, **more
    )


def draw_block(
    action: str,
    unit_name: str,
    place: str,
    hidden: list[tuple[str, str]],
    unit_choices: list[dict[str, Any]] | None = None,
    **more: object,
) -> str:
    """What opens the form; `more` is what only some ways of answering show in it."""
    block = more | {
        "action": action,
        "unit_name": unit_name,
        "place": place,
        "hidden": hidden,
        "unit_choices": unit_choices,
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
    named = next(iter(inputs.get(UNIT_INPUT, ())), "")
    others = [
        {"id": unit.id, "name": unit.name, "selected": unit.id == named}
        for _, unit in tree.outline()
        if not unit.closed and unit.id not in (point.unit, ROOT)
    ]
    return others or None


def _html(body: bytes, status: int) -> Response:
    answer = Response(body, status, mimetype="text/html")
    answer.headers["Content-Language"] = screen_language()
    return answer


def definition_json(point: ScanPoint, version: PublishedVersion, **more: object) -> Response:
    """The published definition for programs, with choice names and companion questions."""
    definition = version.definition
    told = definition.model_dump(mode="json", exclude={"flags"}, exclude_defaults=True)
    for section, shown in zip(definition.sections, told["sections"], strict=True):
        shown["questions"] = [
            question.model_dump(mode="json", exclude_defaults=True)
            for written in section.questions
            for question in (written, *written.companions())
        ]
    told |= more | {
        "version": version.number,
        "unit": point.unit,
        "unit_name": site().tree.name(point.unit),
        "place": point.place,
        "state": point.availability(site().now()),
    }
    return json_answer(told)
