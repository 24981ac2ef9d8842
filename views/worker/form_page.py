"""The form as a page: fresh from the cache, or again with what was typed and what is wrong."""

from collections.abc import Mapping
from textwrap import shorten
from types import MappingProxyType

from flask import Response, g, request, url_for
from flask_babel import gettext

from federation.units import ROOT, UnitTree
from forms.definition import Definition
from forms.entry import EntryForm
from forms.entry_fields import Entry
from forms.offer import Offer
from forms.page_logic import page_logic
from forms.problems import REQUIRED, Problem
from forms.publication import PublishedVersion, ScanPoint
from forms.types import Question, Value
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from forms.types.ticks import Consent
from services.offering.seats import NO_LIMITS, Seats
from services.receiving.claims import offer_of
from services.review.cases import Case

from ..language import LANGUAGE_NAMES, chosen_language, problem_text, screen_language, translate
from ..pages import SEAM, FormPage, LanguageChoice, Link, draw, notice_view, section_views
from ..security import csrf_token
from ..session import sign_in_href
from ..site import site
from .form_block import ASSISTED, CORRECTION, PAPER, SCAN, Mode, draw_block, point_block
from .link_card import picture_address
from .seats import filled_in, marking, seats_at, shape_of, whole_text
from .walking import NO_ANSWERS, Shown, at_first, kept_inputs

_CONSENT_LINE = 48  # signs of a long consent that tell it from the others
_LOCALES = {"vi": "vi_VN", "en": "en_US"}


def fresh_page(point: ScanPoint, version: PublishedVersion, mode: Mode = SCAN) -> Response:
    """An empty form: two cached halves and the poster's block."""
    language, tree, pages = g.page_language, site().tree, site().pages
    offer = offer_of(site().store, point.definition)
    key = (version.key, language, tree.hotline(ROOT), site().is_demo, mode.name, *shape_of(offer))
    halves, shown = pages.get(key), at_first(version.definition, site().now().date())
    if halves is None:
        form = _form(version.definition, language, mode, offer)
        page = _page(version, language, form, shown, tree, mode=mode)
        halves = pages.keep(key, draw(page, SEAM, language))
    seats = seats_at(point, version.definition, offer)
    block = point_block(point, version, {}, shown, mode, seats=whole_text(seats))
    before, after = halves
    if offer.slots:
        before, after = (filled_in(half.decode(), seats).encode() for half in halves)
    return _html(before + block.encode() + after, 200)


def answer_page(
    point: ScanPoint,
    version: PublishedVersion,
    inputs: Inputs,
    shown: Shown,
    *,
    uploads: Uploads = NO_UPLOADS,
    mode: Mode = SCAN,
    action: str = "",
    **more: object,
) -> Response:
    """The form, or its section, with what was typed and the problems; `more` goes to the block."""
    seats = seats_at(point, version.definition)
    block = point_block(
        point, version, inputs, shown, mode, action=action, seats=whole_text(seats), **more
    )
    return page_around(block, version, inputs, shown, uploads=uploads, mode=mode, seats=seats)


def page_around(
    block: str,
    version: PublishedVersion,
    inputs: Inputs,
    shown: Shown,
    *,
    uploads: Uploads = NO_UPLOADS,
    sent: Mapping[str, Value] = NO_ANSWERS,
    mode: Mode = SCAN,
    seats: Seats = NO_LIMITS,
) -> Response:
    """The form around any block that opens it, with what was typed and the problems there are.

    `sent` are the answers before a correction: their files stand where no new ones come.
    """
    language = g.page_language
    offer = offer_of(site().store, version.definition.id) if seats.left else None
    form = _form(version.definition, language, mode, offer)
    form.fill(inputs, uploads, sent)
    form.refuse(shown.checked)
    if shown.grown:
        form[shown.grown].more_rows = 1
    page = _page(version, language, form, shown, site().tree, inputs, mode)
    status = 503 if shown.unkept else 422 if shown.checked.problems else 200
    return _html(filled_in(draw(page, block, language), seats).encode(), status)


def correction_page(
    case: Case,
    action: str,
    hidden: list[tuple[str, str]],
    note: str,
    inputs: Inputs,
    shown: Shown,
    uploads: Uploads,
) -> Response:
    """The form with what was sent before, to be put right; `note` says on whose wish."""
    response, version = case.response, case.version
    place = site().tree.name(response.unit), response.place
    block = draw_block(
        action, *place, hidden, version.definition, shown, mode=CORRECTION.name, note=note
    )
    return page_around(
        block,
        version,
        inputs,
        shown,
        uploads=uploads,
        sent=response.answers,
        mode=CORRECTION,
    )


def preview_page(
    definition: Definition,
    inputs: Inputs,
    shown: Shown,
    *,
    uploads: Uploads = NO_UPLOADS,
    action: str = "",
    back: str = "",
) -> Response:
    """The worker's page of a form that nobody can scan yet; what is sent there is only checked.

    It is posted to `action`, else to where a ready-made or published form is tried. A link leads
    `back` from a page of its own; in the builder's frame there is none.
    """
    g.worker_page = True
    g.page_language = chosen_language(definition.languages)
    version = PublishedVersion(definition, 0, "", site().now())
    block = draw_block(
        action
        or url_for(
            "organizer.try_preview", definition=definition.id, lang=request.args.get("lang")
        ),
        gettext("Preview: nothing is kept"),
        "",
        [("csrf_token", csrf_token())],
        definition,
        shown,
        back="" if request.headers.get("Sec-Fetch-Dest") == "iframe" else back,
    )
    return page_around(block, version, inputs, shown, uploads=uploads)


def page_bytes(version: PublishedVersion, language: str) -> bytes:
    """The empty form as a phone gets it, but for the poster's block."""
    g.page_language = language
    form, shown = (
        _form(version.definition, language, SCAN),
        at_first(version.definition, site().now().date()),
    )
    page = _page(version, language, form, shown, site().tree)
    return draw(page, SEAM, language).encode()


def _form(
    definition: Definition, language: str, mode: Mode, offer: Offer | None = None
) -> EntryForm:
    assets = site().assets
    entry = Entry(
        language,
        translate,
        picture=assets.picture,
        completes=not mode.is_shared,
        voice=assets.voice,
    )
    return EntryForm(definition, marking(offer, entry) if offer else entry)


def _error_list(definition: Definition, shown: Shown) -> tuple[Link, ...]:
    """One line per problem: the question, and what to write unless it was simply left out."""
    # Names with _ are our own inputs. What belongs to none (the instance id) leads to where the
    # page begins to ask.
    known = definition.by_name
    first = next(q.name for q in definition.asking if not q.hidden)
    if shown.step:
        first = definition.stops[shown.step.stop - 1].questions[0].name
    return tuple(
        Link(
            f"#{name if name in known or name.startswith('_') else first}{place}",
            _error_line(known.get(name), said),
        )
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
    mode: Mode = SCAN,
) -> FormPage:
    definition, config = version.definition, site().config
    names = {
        "organization": config.organization,
        "contact": config.contact or tree.hotline(ROOT) or config.organization,
    }
    phone = "" if mode is PAPER else tree.hotline(ROOT)
    return FormPage(
        title=definition.title.into(language),
        promise="" if mode is PAPER else definition.promise.into(language),
        notice=None if mode is PAPER else notice_view(definition.notice, language, names),
        sections=section_views(definition, form, language, shown.step),
        error_list=_error_list(definition, shown),
        languages=tuple(
            LanguageChoice(code, LANGUAGE_NAMES.get(code, code), f"?lang={code}", code == language)
            for code in (() if mode is PAPER else definition.languages)
        ),
        help_line=gettext("Need help? Call the union:") if phone else "",
        help_phone=phone,
        demo=site().is_demo,
        logic=page_logic(definition, Entry(language, translate)),
        script=site().assets.joined(
            (
                *mode.first_scripts,
                "phieu.js",
                *mode.scripts,
                *definition.scripts,
                *_spoken(definition, form),
            )
        ),
        picture=picture_address(version, language) if version.number else "",
        locale=_LOCALES.get(language, language),
        step=shown.step,
        one_by_one=definition.steps == "question",
        kept=kept_inputs(definition, inputs, shown.step) if shown.step else (),
        sign_in_href=sign_in_href() if mode is ASSISTED else "",
        send=_send_words(mode),
        unkept=shown.unkept,
        lost_files=_lost_files(definition, form) if shown.unkept else (),
    )


def _send_words(mode: Mode) -> str:
    """What the button says where it does not say that something is sent."""
    if mode is PAPER:
        return gettext("Keep it, next form")
    return gettext("Send the corrections") if mode is CORRECTION else ""


def _lost_files(definition: Definition, form: EntryForm) -> tuple[Link, ...]:
    """The questions whose files came and cannot be put back into a page."""
    return tuple(
        Link(f"#{question.name}", question.label.into(g.page_language))
        for question in definition.asking
        if form[question.name].has_lost_files
    )


def _spoken(definition: Definition, form: EntryForm) -> tuple[str, ...]:
    """The script that makes a button of a recorded voice, where there is one to hear."""
    return ("audio.js",) if any(form[q.name].audio for q in definition.questions) else ()


def _html(body: bytes, status: int) -> Response:
    answer = Response(body, status, mimetype="text/html")
    answer.headers["Content-Language"] = screen_language()
    return answer
