"""What a worker reads by receipt: whether the union restricted, corrected or deleted the form; and,
of a data request, how far it is. What officers wrote is shown after the digits only.
"""

from flask import g
from flask_babel import gettext

from federation.requests import CLOSING, DataRequest, Due, Kind, What, due_on
from forms.publication import version_key
from forms.response import REASON, SAME_PHONE, Change, Response
from qr.codes import spaced
from services.erasure.erasing import DUPLICATE, MERGED, TEST, WITHDRAWN
from services.erasure.requests import FORM
from services.errors import NotFound
from services.receiving.claims import has_limited_place
from services.review.cases import Case
from services.review.history import CORRECTED
from storage.places import SEATED

from ..language import state_word
from ..site import site
from .request_words import due_text, kind_words


def told_state(case: Case) -> str:
    """The state in the words of the form, else in ours; what the union erased is not called taken
    back.
    """
    response = case.response
    if response.is_withdrawn and response.history[-1].who != "worker":
        words = {
            MERGED: gettext("Merged with another response"),
            WITHDRAWN: gettext("Withdrawn by the union"),
            DUPLICATE: gettext("Withdrawn by the union"),
            TEST: gettext("Withdrawn by the union"),
        }
        return words.get(response.history[-1].what, gettext("Deleted by the union"))
    return state_word(response.state, case.version.definition.workflow)


def became_of(case: Case, *, is_proven: bool = False) -> list[str]:
    """Sentences about what was done, none where nothing was; `is_proven`: the digits were right."""
    response = case.response
    if response.is_withdrawn:
        return _erased(response)
    told: list[str] = []
    if response.restricted:
        told.append(
            gettext(
                "As you asked, the union does not use this form for the time being. It is kept."
            )
        )
    seated = [change.at for change in response.history if change.what == SEATED]
    if seated and has_limited_place(response):
        told.append(gettext("You have a place since %(day)s.", day=f"{seated[-1]:%d/%m/%Y}"))
    told += _corrected(case, is_proven=is_proven)
    return told + (_request(response, is_proven) if response.definition == FORM else [])


def _corrected(case: Case, *, is_proven: bool) -> list[str]:
    """Which answers the union changed, when and why; why and which after the digits only.

    No name of an officer: it was the union that did it.
    """
    changes = [c for c in case.response.history if c.who != "worker"]
    asked = [c.at for c in changes if c.what == CORRECTED and REASON not in c.before]
    told = []
    if asked:
        day = f"{asked[-1]:%d/%m/%Y}"
        told.append(gettext("As you asked, the union corrected this form on %(day)s.", day=day))
    known, language = case.version.definition.by_name, g.page_language
    for change in changes:
        if (change.what == CORRECTED and REASON in change.before) or change.what == MERGED:
            names = "; ".join(
                known[name].label.into(language).rstrip("?: ")
                for name in change.before
                if name in known
            )
            told.append(_change_line(change, names if is_proven else ""))
    return told


def _change_line(change: Change, names: str) -> str:
    day, reason = f"{change.at:%d/%m/%Y}", str(change.before.get(REASON) or "")
    if change.what == MERGED:
        told = gettext("The union merged another form of yours into this one, %(day)s.", day=day)
        if not names:
            return told
        more = gettext("Taken over from it: %(questions)s.", questions=names)
        return f"{told} {more}"
    if not names:
        return gettext("The union corrected this form on %(day)s.", day=day)
    return gettext(
        "The union corrected, %(day)s: %(questions)s. Why: %(reason)s",
        day=day,
        questions=names,
        reason=reason,
    )


def _erased(response: Response) -> list[str]:
    act = response.history[-1]
    if act.who == "worker":
        return []
    day = f"{act.at:%d/%m/%Y}"
    if act.what == MERGED:
        return _merged(response, day)
    withdrawn = {
        WITHDRAWN: gettext("The union withdrew this form on %(day)s, as you asked.", day=day),
        DUPLICATE: gettext("The union withdrew this form on %(day)s: it was sent twice.", day=day),
        TEST: gettext("The union withdrew this form on %(day)s: it was a trial.", day=day),
    }
    if act.what in withdrawn:
        return [withdrawn[act.what]]
    if act.what == "purged":
        return [gettext("Its time was over: the union erased it on %(day)s.", day=day)]
    return [gettext("As you asked, the union erased it on %(day)s.", day=day)]


def _merged(response: Response, day: str) -> list[str]:
    """Into which one it went and how far that is. Its whole code only where the last digits of both
    phone numbers were the same: whoever has a code may act with it.
    """
    kept = site().store.response(response.definition, response.merged_into)
    if kept is None:
        return [gettext("The union merged this form with another one on %(day)s.", day=day)]
    is_same = SAME_PHONE in response.flags
    code = spaced(kept.receipt) if is_same else f"{kept.receipt[:3]} …"
    told = [
        gettext(
            "The union merged this form with form %(receipt)s on %(day)s.", receipt=code, day=day
        )
    ]
    version = site().store.versions.get(version_key(kept.definition, kept.version))
    if version is not None:
        told.append(gettext("State of that form: %(state)s", state=told_state(Case(version, kept))))
    if is_same:
        told.append(gettext("Open it with its code and the last 4 digits of your phone number."))
    return told


def _request(response: Response, is_proven: bool) -> list[str]:
    try:
        one = site().requests.find(response.id)
    except NotFound:
        return []
    told = [_kind_line(one, kind, is_proven) for kind in one.kinds]
    due = site().requests.due(one)
    if due is not None and due.kind is None:
        told.insert(0, due_text(due))
    return told


def _kind_line(one: DataRequest, kind: Kind, is_proven: bool) -> str:
    """One kind: by when, or what came of it and what the person is told."""
    word = kind_words()[kind]
    closing = next((s for s in one.steps if s.kind is kind and s.what in CLOSING), None)
    if closing is None:
        line = due_text(Due(due_on(one, kind), kind))
        more = next((s.text for s in one.steps if (s.what, s.kind) == (What.EXTENDED, kind)), "")
        return f"{line}. {more}" if more and is_proven else line
    day = f"{closing.at:%d/%m/%Y}"
    if closing.what is What.DONE:
        said = gettext("%(kind)s: carried out on %(day)s", kind=word, day=day)
    else:
        said = gettext("%(kind)s: cannot be carried out (%(day)s)", kind=word, day=day)
    return f"{said}. {closing.text}" if closing.text and is_proven else said
