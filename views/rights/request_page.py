"""One data request: who asks what, by when, what was done, and the forms for what comes next."""

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.requests import LIMITS, DataRequest, Kind, What, due_on
from forms.response import Response as Answered
from qr.codes import grouped
from services.erasure.requests import DETAILS, NAME, PHONE, REPLY
from services.errors import Refusal
from services.publishing.publish import all_versions
from services.rights.handling import Handler
from services.rights.person_acts import certified
from services.rights.persons import By

from ..language import refusal_text, screen_language
from ..options import Option
from ..session import staff_page
from ..site import site
from ..worker.request_words import (
    due_chip,
    due_text,
    identity_ways,
    kind_words,
    kinds_text,
    step_text,
    way_word,
    who_word,
)

RECEIPT = "ma"
_REFUSED = 422


def request_page(
    one: DataRequest, handler: Handler, refusal: Refusal | None = None, where: str = ""
) -> Response:
    """Draw it; a `refusal` stands beside the form it is about, `where` names that form."""
    source, due = site().requests.source(one), site().requests.due(one)
    word, look = due_chip(due, site().today) if due else (gettext("Done"), "closed")
    shown = {
        "kinds": kinds_text(one),
        "due": due_text(due) if due else "",
        "chip_word": word,
        "chip_kind": look,
        "facts": _facts(one, source),
        "answers": _answers(source),
        "clocks": [_clock(one, kind) for kind in one.kinds],
        "steps": [
            {
                "time": f"{step.at:%H:%M %d/%m/%Y}",
                "who": who_word(step.who),
                "what": step_text(step),
                "text": identity_ways().get(step.text, step.text),
            }
            for step in reversed(one.steps)
        ],
        "back_href": url_for("requests.list_requests"),
        "certificate_href": url_for("requests.download_certificate", request_id=one.id)
        if certified(site().store, one)
        else "",
        **_forms(one, source, refusal, where),
    }
    return staff_page(
        "staff/request.html",
        title=gettext("Data request"),
        status=_REFUSED if refusal else 200,
        one=shown,
    )


def _facts(one: DataRequest, source: Answered | None) -> list[tuple[str, str]]:
    facts = [
        (gettext("Received"), f"{one.received_at:%H:%M %d/%m/%Y}"),
        (gettext("How it came"), way_word(one, source.channel if source else "")),
        (gettext("Unit"), site().tree.name(one.unit)),
    ]
    if one.receipt:
        facts.insert(0, (gettext("Receipt code"), " ".join(grouped(one.receipt))))
    return facts


def _answers(source: Answered | None) -> list[tuple[str, str]]:
    """What the person wrote, in the words of the form."""
    if source is None:
        return []
    asked = all_versions(site().store, source.definition)[source.version - 1]
    return [
        (question.label.into(screen_language()), question.show(value, screen_language()))
        for question in asked.asking
        if (value := source.answers.get(question.name)) is not None
        and question.name in (NAME, PHONE, RECEIPT, DETAILS, REPLY, "bieu_mau")
    ]


def _clock(one: DataRequest, kind: Kind) -> dict[str, object]:
    """One kind with its last day, or what became of it."""
    closing = next(
        (s for s in one.steps if s.kind is kind and s.what in (What.DONE, What.REFUSED)), None
    )
    state = step_text(closing).partition(": ")[2] if closing else ""
    return {
        "kind": kind_words()[kind],
        "due": f"{due_on(one, kind):%d/%m/%Y}",
        "state": state,
        "state_kind": "open" if closing and closing.what is What.DONE else "refused",
        "extended": one.extended_by(kind),
    }


def _forms(
    one: DataRequest, source: Answered | None, refusal: Refusal | None, where: str
) -> dict[str, object]:
    def action(what: str) -> str:
        return url_for("requests.change", request_id=one.id, what=what)

    kinds = [Option(kind, kind_words()[kind]) for kind in one.open_kinds]
    more = [kind for kind in one.open_kinds if not one.extended_by(kind)]
    is_open = one.is_open
    return {
        "answer_action": action("answer") if is_open and not one.did(What.ANSWERED) else "",
        "identify_action": action("identify") if is_open and not one.did(What.IDENTIFIED) else "",
        "identity_ways": [Option(name, word) for name, word in identity_ways().items()],
        "close_action": action("close") if is_open else "",
        "close_kinds": kinds,
        "extend_action": action("extend") if more else "",
        "extend_kinds": [
            Option(kind, _with_longest(kind), kind == request.form.get("extend_kind"))
            for kind in more
        ],
        "others_action": action("others") if is_open and not one.did(What.OTHERS) else "",
        "pass_on_action": action("pass-on")
        if not (one.confidential or one.did(What.PASSED_ON) or not is_open)
        else "",
        "note_action": action("note"),
        "find": find_form(one, source),
        "error": refusal_text(refusal) if refusal and not refusal.field else "",
        "errors": {f"{where}_{refusal.field}": refusal_text(refusal)} if refusal else {},
        "typed": {name: text[:1_000] for name, text in request.form.items()},
        "where": where,
    }


def _with_longest(kind: Kind) -> str:
    return gettext(
        "%(kind)s (at most %(days)s days)", kind=kind_words()[kind], days=LIMITS[kind].extension
    )


def find_form(one: DataRequest, source: Answered | None) -> dict[str, object]:
    """The form that looks for the person, with what the person wrote."""
    answers = source.answers if source else {}
    receipt, phone = str(answers.get(RECEIPT, "")), str(answers.get(PHONE, ""))
    by = request.form.get("by", By.PHONE if phone or not receipt else By.RECEIPT)
    words = {
        By.PHONE: gettext("Phone number"),
        By.CITIZEN_ID: gettext("ID number"),
        By.RECEIPT: gettext("Receipt code"),
    }
    return {
        "action": url_for("person_data.find_data", request_id=one.id),
        "by": [Option(name, word, name == by) for name, word in words.items()],
        "value": request.form.get("value", phone or receipt)[:100],
        "confidential": one.confidential,
    }
