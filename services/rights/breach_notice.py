"""The draft of the notice to the agency, by the parts of Mẫu 08 of Nghị định 356/2025/NĐ-CP."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from export.notice_paper import NoticePaper, notice_pdf
from export.sheet import Unprintable
from federation.breaches import Breach
from forms.problems import N_

from ..errors import Refusal
from .data_kinds import DataKind
from .touched import FormTouched

# What each part is called and what it begins with; the law says which parts there are (Điều 28).
HEADINGS: Mapping[str, str] = {
    "nature": N_("1. Nature of the breach"),
    "time": N_("2. Time"),
    "place": N_("3. Place"),
    "data": N_("4. Kinds and amount of data"),
    "contact": N_("5. Contact for data protection"),
    "consequences": N_("6. Possible consequences"),
    "measures": N_("7. Measures taken and planned"),
}
TITLE = N_("Notice of a breach of personal data protection")
_TO = N_("To: the agency of the Ministry of Public Security in charge of personal data protection")
_LAW = N_(
    "Under Article 23 of Law 91/2025/QH15, Articles 28 and 29 of Decree 356/2025/NĐ-CP and Form 08"
)
_NATURE = N_("Data of people was seen, copied or lost without right. What happened: …")
_NATURE_ACCOUNT = N_(
    "The account %(account)s was used without right and saw or exported data. What happened: …"
)
_TIME = N_("Detected: %(detected)s. Happened: %(since)s – %(until)s.")
_PLACE = N_("The form server of %(organization)s. Units concerned: %(units)s.")
_ALL_UNITS = N_("all units")
_DATA = N_("%(title)s: about %(people)s people (%(responses)s forms); %(kinds)s.")
_NOBODY = N_("No data of people was found in what was chosen.")
_CONTACT = N_("%(organization)s; data-protection contact: %(contact)s.")
_CONSEQUENCES = N_(
    "Unwanted calls, impersonation with a name, phone or ID number; distress where sensitive data"
    " is concerned. Not known yet: …"
)
_MEASURES = N_(
    "Done so far: … (for example: account deactivated and signed out, passwords changed, audit"
    " trail saved). Planned: … (for example: the people are told)"
)
KINDS: Mapping[DataKind, str] = {
    DataKind.NAME: N_("full name"),
    DataKind.PHONE: N_("phone number"),
    DataKind.CITIZEN_ID: N_("number of the ID card"),
    DataKind.DATE: N_("dates, such as of birth"),
    DataKind.MONEY: N_("amounts of money"),
    DataKind.PHOTO: N_("photos and papers"),
    DataKind.SIGNATURE: N_("signature"),
    DataKind.SENSITIVE: N_("sensitive data"),
    DataKind.OTHER: N_("other answers"),
}


@dataclass(frozen=True)
class Sender:
    """Who notifies, and in whose words; `translate` brings our texts into the paper's language."""

    organization: str
    contact: str
    unit_name: Callable[[str], str]
    translate: Callable[[str], str]

    def say(self, message: str, **values: object) -> str:
        said = self.translate(message)
        return said % values if values else said


def draft(breach: Breach, forms: Sequence[FormTouched], sender: Sender) -> dict[str, str]:
    """The text of each part: what was written for it, else what is known."""
    extent, say = breach.extent, sender.say
    units = ", ".join(map(sender.unit_name, extent.units)) or say(_ALL_UNITS)
    nature = say(_NATURE_ACCOUNT, account=extent.account) if extent.account else say(_NATURE)
    known = {
        "nature": nature,
        "time": say(
            _TIME,
            detected=moment_text(breach.detected_at),
            since=moment_text(extent.since),
            until=moment_text(extent.until),
        ),
        "place": say(_PLACE, organization=sender.organization, units=units),
        "data": "\n".join(_data_line(form, sender) for form in forms) or say(_NOBODY),
        "contact": say(_CONTACT, organization=sender.organization, contact=sender.contact),
        "consequences": say(_CONSEQUENCES),
        "measures": say(_MEASURES),
    }
    return {part: breach.notice.get(part, known[part]) for part in HEADINGS}


def _data_line(form: FormTouched, sender: Sender) -> str:
    title = f"{form.definition.code} {form.definition.title.into('vi')}".strip()
    return sender.say(
        _DATA,
        title=title,
        people=form.told(form.people),
        responses=form.told(form.responses),
        kinds=", ".join(sender.translate(KINDS[kind]) for kind in form.kinds),
    )


def moment_text(moment: datetime | None) -> str:
    return f"{moment:%H:%M %d/%m/%Y}" if moment else "…"


def _parts(notice: Mapping[str, str], sender: Sender) -> list[tuple[str, str]]:
    return [(sender.translate(heading), notice[part]) for part, heading in HEADINGS.items()]


def notice_text(notice: Mapping[str, str], sender: Sender) -> str:
    """The notice as plain text, to be pasted into a letter or the agency's portal."""
    head = [sender.organization, "", sender.translate(TITLE), sender.translate(_LAW)]
    head += ["", sender.translate(_TO), ""]
    body = (f"{heading}\n{text}\n" for heading, text in _parts(notice, sender))
    return "\n".join([*head, *body])


def notice_paper(notice: Mapping[str, str], sender: Sender, made: datetime) -> bytes:
    """The same as a PDF to sign; raises Refusal for signs that cannot be printed."""
    paper = NoticePaper(
        organization=sender.organization,
        title=sender.translate(TITLE),
        law=sender.translate(_LAW),
        to=sender.translate(_TO),
        parts=_parts(notice, sender),
        made_on=made.date(),
        translate=sender.translate,
    )
    try:
        return notice_pdf(paper)
    except Unprintable as error:
        raise Refusal(
            N_("These signs cannot be printed: %(signs)s."), {"signs": str(error)}
        ) from error
