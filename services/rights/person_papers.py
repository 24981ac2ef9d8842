"""What a person is handed: the copy of the own data, and the certificate of a deletion."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from export.deletion_certificate import Certificate, Gone, deletion_certificate
from export.person_copy import OneForm, PersonCopy, person_zip
from export.sheet import Unprintable
from federation.requests import DataRequest
from federation.units import ROOT, UnitTree
from forms.problems import N_
from forms.response import Response
from qr.codes import spaced
from storage.store import Store

from ..errors import NotFound, Refusal
from ..files import read_file
from ..publishing.publish import all_versions
from ..trail.audit import COMMAND
from .person_acts import certified


@dataclass(frozen=True)
class Letterhead:
    """In whose name papers are made, when, and in which language."""

    store: Store
    tree: UnitTree
    organization: str
    contact: str
    at: datetime
    language: str
    translate: Callable[[str], str]

    @property
    def telephone(self) -> str:
        return self.contact or self.tree.hotline(ROOT) or self.organization


def copy_of(head: Letterhead, responses: Iterable[Response]) -> bytes:
    """The ZIP with these responses and their files."""
    by_form = dict[str, list[Response]]()
    for response in responses:
        by_form.setdefault(response.definition, []).append(response)
    forms = [OneForm(all_versions(head.store, form), found) for form, found in by_form.items()]
    return person_zip(
        PersonCopy(
            forms=forms,
            at=head.at,
            organization=head.organization,
            contact=head.telephone,
            language=head.language,
            unit_name=head.tree.name,
            file=lambda form, name: read_file(head.store, form, name),
            translate=head.translate,
        )
    )


def certificate_of(head: Letterhead, request: DataRequest) -> bytes:
    """The PDF about everything erased for a request; raises NotFound, Refusal."""
    pairs = certified(head.store, request)
    if not pairs:
        raise NotFound(N_("Nothing was deleted for this request."))
    gone = [
        Gone(
            _title(head, erased.form),
            spaced(erased.receipt),
            erased.received_on,
            deletion.at,
            erased.files,
        )
        for deletion, erased in pairs
    ]
    paper = Certificate(
        organization=head.organization,
        unit_name=head.tree.name(request.unit),
        code=spaced(request.receipt) if request.receipt else "",
        asked_on=request.received_at.date(),
        made_on=head.at.date(),
        gone=gone,
        names=_names(head, [deletion.who for deletion, _ in pairs]),
        language=head.language,
        translate=head.translate,
    )
    try:
        return deletion_certificate(paper)
    except Unprintable as error:
        raise Refusal(
            N_("These signs cannot be printed: %(signs)s."), {"signs": str(error)}
        ) from error


def _title(head: Letterhead, form: str) -> str:
    definition = all_versions(head.store, form)[-1]
    return f"{definition.code} {definition.title.into(head.language)}"


def _names(head: Letterhead, who: Sequence[str]) -> list[str]:
    """Who did it: full names, with the sign-in name in brackets."""
    told = dict.fromkeys(who)
    names = []
    for name in told:
        person = head.store.people.get(name)
        if name == COMMAND:
            names.append(head.translate(N_("the server's operator")))
        else:
            names.append(f"{person.full_name} ({name})" if person and person.full_name else name)
    return names
