"""flask person …: what there is about a person: found, handed out, erased."""

import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from federation.requests import DataRequest, Kind, Step, Way, What
from federation.units import ROOT
from forms.problems import N_
from services.clock import now
from services.erased import LIST_NAME, ErasedList
from services.erasure.erasing import DELETED, Eraser
from services.erasure.requests import RequestBook
from services.errors import NotFound, Refusal
from services.identity import Hasher
from services.organization.units import tree_of
from services.review.cases import CaseDesk
from services.rights.handling import Handler
from services.rights.person_acts import PersonDesk
from services.rights.person_papers import Letterhead, certificate_of, copy_of
from services.rights.persons import By, Found, find_person
from services.trail.audit import COMMAND, Audit, Deed
from storage.soundness import open_keys
from storage.store import Store
from storage.whole_file import write_whole

from .acts import act, columns, json_option, key_files, settings, store_for, tell
from .noting import leave_note
from .texts import translated_to

group = click.Group("person", help="The data of one person, in all forms.")

_NOTHING = N_("Nothing was found.")
_ONE_NUMBER = "name the person by exactly one of --id, --phone, --receipt"


def _who(command: Callable[..., Any]) -> Callable[..., Any]:
    """--id, --phone, --receipt, --confidential: whose data, and in which forms."""
    for option in (
        click.option(
            "--confidential",
            is_flag=True,
            help="Look in confidential forms instead; only with their inspectors.",
        ),
        click.option("--receipt", default="", help="A receipt code."),
        click.option("--phone", default="", help="A phone number, in any spelling."),
        click.option("--id", "citizen_id", default="", help="An ID number."),
    ):
        command = option(command)
    return command


def _sought(citizen_id: str, phone: str, receipt: str) -> tuple[By, str]:
    given = [
        (by, text)
        for by, text in ((By.CITIZEN_ID, citizen_id), (By.PHONE, phone), (By.RECEIPT, receipt))
        if text
    ]
    if len(given) != 1:
        raise click.UsageError(_ONE_NUMBER)
    return given[0]


def _handler(confidential: bool) -> Handler:
    """Whoever has the command line has the whole federation; confidential forms only on demand."""
    nowhere = frozenset[str]()
    return Handler(COMMAND, nowhere, None) if confidential else Handler(COMMAND, None, nowhere)


def _find(store: Store, hasher: Hasher, sought: tuple[By, str], confidential: bool) -> list[Found]:
    handler = _handler(confidential)
    found = find_person(
        store,
        hasher,
        *sought,
        lambda form: handler.may_look_in(form, confidential=confidential),
        now().date(),
    )
    return list(found)


def _hasher(store: Store) -> Hasher:
    return Hasher(open_keys(store, key_files(), settings().secret_key).hashing)


def _told(found: list[Found]) -> list[dict[str, object]]:
    return [
        {
            "form": each.response.definition,
            "receipt": each.response.receipt,
            "unit": each.response.unit,
            "submitted_at": each.response.submitted_at.isoformat(timespec="seconds"),
            "state": each.response.state,
            "restricted": each.response.restricted,
            "mentioned": each.mentioned,
        }
        for each in found
    ]


@group.command("find")
@_who
@json_option
@act
def find(citizen_id: str, phone: str, receipt: str, confidential: bool, as_json: bool) -> None:
    """List the responses about a person, without any answer; `mentioned`: somebody else's form."""
    sought = _sought(citizen_id, phone, receipt)
    with store_for(writing=False) as store:
        keys = key_files()
        hasher = Hasher(keys.hashing() if keys.fingerprint() else b"")  # reading makes no key
        found = _told(_find(store, hasher, sought, confidential))
    secret = "1" if confidential else ""
    leave_note(Deed.PERSON_SOUGHT, by=sought[0], found=len(found), confidential=secret)
    tell(found, columns(found) if found else [translated_to("", _NOTHING)], as_json=as_json)


@group.command("export")
@_who
@click.option(
    "-o",
    "output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The new ZIP.",
)
@click.option("--reason", required=True, help="Why it is handed out; goes into the trail.")
@json_option
@act
def export(
    citizen_id: str,
    phone: str,
    receipt: str,
    confidential: bool,
    output: Path,
    reason: str,
    as_json: bool,
) -> None:
    """Write a copy of everything of a person into one ZIP: JSON, CSV, files. Needs the store."""
    sought = _sought(citizen_id, phone, receipt)
    if output.exists():
        raise Refusal(N_("%(path)s exists already."), {"path": output})
    with store_for(writing=True) as store:
        hasher, at = _hasher(store), now()
        own = _own(_find(store, hasher, sought, confidential))
        about = {"rows": len(own), "reason": reason, "what": "copy"}
        about |= {"confidential": 1} if confidential else {}
        Audit(store, hasher).note(COMMAND, Deed.EXPORTED, at, **about)
        content = copy_of(_letterhead(store, at), [each.response for each in own])
        write_whole(output, [content])
    told = {"file": str(output), "responses": len(own)}
    tell(told, [f"{output}: {len(own)}"], as_json=as_json)


def _own(found: list[Found]) -> list[Found]:
    """Those the person sent, but not where others name the person; raises NotFound for none."""
    own = [each for each in found if not each.mentioned]
    if not own:
        raise NotFound(_NOTHING)
    return own


@group.command("delete")
@_who
@click.option("--reason", required=True, help="Why; goes into the trail.")
@click.option(
    "--certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the certificate of deletion into this PDF.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@act
def delete(
    citizen_id: str,
    phone: str,
    receipt: str,
    confidential: bool,
    reason: str,
    certificate: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Erase everything that a person sent, for good, and enter it in the register."""
    sought = _sought(citizen_id, phone, receipt)
    with store_for(writing=True) as store:
        hasher, at = _hasher(store), now()
        own = _own(_find(store, hasher, sought, confidential))
        if not yes:
            question = translated_to("", N_("Erase %(count)s forms for good?"))
            click.confirm(question % {"count": len(own)}, abort=True, err=True)
        one = _erase(store, hasher, own, at, reason, confidential)
        if certificate:
            write_whole(certificate, [certificate_of(_letterhead(store, at), one)])
    told = {"request": one.id, "erased": _told(own), "certificate": str(certificate or "")}
    tell(told, columns(_told(own)), as_json=as_json)


def _erase(
    store: Store, hasher: Hasher, own: list[Found], at: datetime, reason: str, confidential: bool
) -> DataRequest:
    book, backups = RequestBook(store, settings().holidays), settings().backup_dir
    erased = ErasedList(backups / LIST_NAME, hasher) if backups else None
    one = DataRequest(
        str(uuid.uuid4()), Way.COMMAND, ROOT, at, (Kind.DELETE,), confidential=confidential
    )
    desk = PersonDesk(
        store,
        book,
        Eraser(store, hasher, erased),
        CaseDesk(store, hasher, erased),
        _handler(confidential),
        at,
    )
    one = desk.erase(one, [each.case for each in own], DELETED, reason)
    return book.add(one, Step(at, COMMAND, What.DONE, Kind.DELETE, text=reason))


def _letterhead(store: Store, at: datetime) -> Letterhead:
    config = settings()
    return Letterhead(
        store,
        tree_of(store),
        config.organization,
        config.contact,
        at,
        "vi",
        lambda text: translated_to("vi", text),
    )
