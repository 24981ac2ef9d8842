"""The pages of breaches: the list with the form that opens one, and one record."""

from collections.abc import Mapping, Sequence

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.breaches import Breach, Happened
from services.errors import Refusal
from services.publishing.publish import published_versions
from services.rights.breach_notice import HEADINGS, KINDS, moment_text
from services.rights.touched import FormTouched

from ..language import refusal_text, screen_language
from ..options import Option, number_text, unit_options
from ..session import staff_page
from ..site import site
from ..worker.request_words import who_word
from .breach_words import clock_chip, happened_words

_REFUSED = 422


def breaches_page(found: Sequence[Breach], *, keeps: bool, refusal: Refusal | None) -> Response:
    """The list; who keeps the records opens one here, too."""
    return staff_page(
        "staff/breaches.html",
        title=gettext("Breaches of personal data"),
        status=_REFUSED if refusal else 200,
        rows=[_row(one) for one in found if one.is_open],
        done=[_row(one) for one in found if not one.is_open],
        begin=_begin(refusal) if keeps else None,
        back_href=url_for("trail.show_trail") if keeps else url_for("desk.show_desk"),
    )


def _row(one: Breach) -> dict[str, str]:
    word, kind = clock_chip(one, site().now())
    return {
        "href": url_for("breaches.show_breach", breach_id=one.id),
        "detected": moment_text(one.detected_at),
        "what": extent_text(one),
        "chip_word": word,
        "chip_kind": kind,
        "due": moment_text(one.due_at),
    }


def extent_text(one: Breach) -> str:
    """Which data, in one line."""
    extent, name = one.extent, site().tree.name
    if extent.account:
        return gettext("What the account %(account)s saw or exported", account=extent.account)
    forms = ", ".join(form.upper() for form in extent.forms) or gettext("all forms")
    return f"{forms} · {', '.join(map(name, extent.units)) or gettext('all units')}"


def _begin(refusal: Refusal | None) -> dict[str, object]:
    chosen, units = set(request.form.getlist("form")), request.form.getlist("unit")
    now = site().now()
    typed = {name: text[:200] for name, text in request.form.items()}
    typed.setdefault("detected_on", f"{now:%d/%m/%Y}")
    typed.setdefault("detected_at", f"{now:%H:%M}")
    return {
        "action": url_for("breaches.begin"),
        "forms": [
            Option(d.id, f"{d.code} · {d.title.into(screen_language())}", d.id in chosen)
            for d in (version.definition for version in published_versions(site().store))
            if not d.anonymous
        ],
        "units": [
            Option(option.value, option.label, option.value in units)
            for option in unit_options(site().tree, site().tree.units)
        ],
        "typed": typed,
        "error": refusal_text(refusal) if refusal and not refusal.field else "",
        "errors": {refusal.field: refusal_text(refusal)} if refusal else {},
        "is_open": bool(refusal),
    }


def breach_page(
    one: Breach,
    forms: Sequence[FormTouched],
    notice: Mapping[str, str],
    *,
    unclear: int,
    refusal: Refusal | None,
    where: str,
) -> Response:
    """One record; without a notice it is the page of those who read confidential forms alone."""
    word, kind = clock_chip(one, site().now())
    return staff_page(
        "staff/breach.html",
        title=gettext("Breach of personal data"),
        status=_REFUSED if refusal else 200,
        chip_word=word,
        chip_kind=kind,
        facts=[
            (gettext("Detected"), moment_text(one.detected_at)),
            (gettext("Which data"), extent_text(one)),
            *_window(one),
        ],
        due=gettext("The agency must be notified by %(when)s", when=moment_text(one.due_at)),
        forms=[_form(form) for form in forms],
        people=number_text(sum(form.people for form in forms if not form.is_confidential)),
        unclear=number_text(unclear) if unclear else "",
        by_trail=bool(one.extent.account),
        notice=[(part, gettext(HEADINGS[part]), text) for part, text in notice.items()],
        steps=_steps(one),
        back_href=url_for("breaches.list_breaches"),
        error=refusal_text(refusal) if refusal and not refusal.field else "",
        errors={f"{where}_{refusal.field}": refusal_text(refusal)} if refusal else {},
        typed={name: text[:2_000] for name, text in request.form.items()},
        **_doors(one, notice),
    )


def _window(one: Breach) -> list[tuple[str, str]]:
    pairs = ((gettext("From"), one.extent.since), (gettext("To"), one.extent.until))
    return [(name, moment_text(moment)) for name, moment in pairs if moment]


def _form(form: FormTouched) -> dict[str, object]:
    units = form.units.items() if form.units is not None else ()
    return {
        "title": f"{form.definition.code} · {form.definition.title.into(screen_language())}",
        "responses": form.told(form.responses),
        "people": form.told(form.people),
        "kinds": ", ".join(gettext(KINDS[kind]) for kind in form.kinds),
        "is_hidden": form.is_confidential,
        "units": [
            (site().tree.name(unit), number_text(count))
            for unit, count in sorted(units, key=lambda pair: -pair[1])
        ],
    }


def _steps(one: Breach) -> list[dict[str, str]]:
    words = happened_words()
    return [
        {
            "what": words[step.what] + (f": {number_text(step.number)}" if step.number else ""),
            "text": step.text,
            "time": moment_text(step.at),
            "who": who_word(step.who),
        }
        for step in reversed(one.steps)
    ]


def _doors(one: Breach, notice: Mapping[str, str]) -> dict[str, str]:
    def action(what: str) -> str:
        return url_for("breaches.change", breach_id=one.id, what=what)

    keeps, is_open = bool(notice), one.is_open
    return {
        "list_action": action("list") if is_open else "",
        "notice_action": action("notice") if keeps and is_open else "",
        "notify_action": action("notify")
        if keeps and is_open and not one.did(Happened.NOTIFIED)
        else "",
        "told_action": action("told")
        if keeps and is_open and not one.did(Happened.PEOPLE_TOLD)
        else "",
        "note_action": action("note") if keeps and is_open else "",
        "close_action": action("close") if keeps and is_open else "",
        "pdf_href": url_for("breaches.download_pdf", breach_id=one.id) if keeps else "",
        "text_href": url_for("breaches.download_text", breach_id=one.id) if keeps else "",
    }
