"""The words of data requests: what is asked, what was done, how soon it is due."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext, ngettext

from federation.requests import DataRequest, Due, Kind, Step, Way, What

_SOON = 2  # days


def kind_words() -> Mapping[Kind, str]:
    return {
        Kind.SEE: gettext("See the data"),
        Kind.COPY: gettext("Get a copy"),
        Kind.CORRECT: gettext("Correct"),
        Kind.RESTRICT: gettext("Restrict the use"),
        Kind.OBJECT: gettext("Object to the use"),
        Kind.WITHDRAW: gettext("Withdraw consent"),
        Kind.DELETE: gettext("Delete"),
        Kind.PROTECT: gettext("Protect the data"),
    }


def kinds_text(request: DataRequest) -> str:
    words = kind_words()
    return " · ".join(words[kind] for kind in request.kinds)


def way_word(request: DataRequest, channel: str = "") -> str:
    """How it came; `channel` is how a helper was told, if one filled the form in."""
    told = {
        "spoken": gettext("told to an officer"),
        "phone": gettext("by telephone"),
        "paper": gettext("by letter"),
    }
    words = {
        Way.FORM: told.get(channel) or gettext("form FA3"),
        Way.RECEIPT: gettext("with the receipt code"),
        Way.OFFICER: gettext("told to a reviewer"),
        Way.COMMAND: gettext("on the command line"),
        Way.PASSED_ON: gettext("passed on to the inspectors"),
    }
    return str(words[request.way])


def due_text(due: Due) -> str:
    day = f"{due.on:%d/%m/%Y}"
    if due.kind is None:
        return gettext("First answer by %(day)s", day=day)
    return gettext("%(kind)s by %(day)s", kind=kind_words()[due.kind], day=day)


def due_chip(due: Due, today: date) -> tuple[str, str]:
    """The word of its chip, and how the chip looks (templates/staff/fields.html)."""
    left = due.days_left(today)
    if left < 0:
        late = ngettext("Overdue by %(n)s day", "Overdue by %(n)s days", -left, n=-left)
        return late, "refused"
    if left == 0:
        return gettext("Due today"), "paused"
    text = ngettext("%(n)s day left", "%(n)s days left", left, n=left)
    return text, "paused" if left <= _SOON else "open"


def step_text(step: Step) -> str:
    """What a step says, in one sentence."""
    count, days = step.number, step.number
    words = {
        What.ANSWERED: gettext("First answer given"),
        What.IDENTIFIED: gettext("Made sure that it is this person"),
        What.SEARCHED: ngettext(
            "Looked for the data: %(count)s form", "Looked for the data: %(count)s forms", count,
            count=count,
        ),
        What.COPIED: ngettext(
            "Copy of %(count)s form handed out", "Copy of %(count)s forms handed out", count,
            count=count,
        ),
        What.CORRECTED: gettext("A form was corrected"),
        What.RESTRICTED: ngettext(
            "Use of %(count)s form restricted", "Use of %(count)s forms restricted", count,
            count=count,
        ),
        What.LIFTED: ngettext(
            "%(count)s form may be used again", "%(count)s forms may be used again", count,
            count=count,
        ),
        What.DELETED: ngettext(
            "%(count)s form deleted", "%(count)s forms deleted", count, count=count
        ),
        What.WITHDRAWN: gettext("Consent withdrawn, answers erased"),
        What.EXTENDED: ngettext(
            "Time extended by %(days)s day", "Time extended by %(days)s days", days, days=days
        ),
        What.OTHERS: gettext("Others must act, too"),
        What.PASSED_ON: gettext("Passed on to the inspectors"),
        What.NOTED: gettext("Note"),
        What.DONE: gettext("Carried out"),
        What.REFUSED: gettext("Cannot be carried out"),
    }  # fmt: skip
    said = words[step.what]
    return f"{kind_words()[step.kind]}: {said}" if step.kind else said


def who_word(name: str) -> str:
    words = {
        "worker": gettext("the sender"),
        "command": gettext("on the command line"),
        "": gettext("the server itself"),
    }
    return str(words.get(name, name))


def identity_ways() -> Mapping[str, str]:
    return {
        "called": gettext("Called the number written in the form"),
        "met": gettext("Met in person, papers looked at and not kept"),
        "letter": gettext("Letter with a signature"),
    }
