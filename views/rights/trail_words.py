"""The audit trail in words: what each act is called, and what it was done to."""

from collections.abc import Mapping

from flask_babel import gettext

from services.trail.audit import Deed
from services.trail.chain import Break, Wrong

UNSPOKEN = frozenset({"seal", "note"})
"""What lines say for programs only."""


def deed_words() -> Mapping[str, str]:
    """What each act is called."""
    return {
        Deed.SIGNED_IN: gettext("Signed in"),
        Deed.SIGN_IN_FAILED: gettext("Sign-in failed"),
        Deed.SIGNED_OUT: gettext("Signed out"),
        Deed.PASSWORD_CHANGED: gettext("Changed a password"),
        Deed.PERSON_CREATED: gettext("Added a person"),
        Deed.PERSON_CHANGED: gettext("Changed a person's rights"),
        Deed.UNIT_CHANGED: gettext("Changed units or headcounts"),
        Deed.FORM_PUBLISHED: gettext("Published a form"),
        Deed.FORM_CHANGED: gettext("Changed a scan point"),
        Deed.OFFER_CHANGED: gettext("Changed places and times of a form"),
        Deed.CAMPAIGN_CHANGED: gettext("Changed a campaign"),
        Deed.RESPONSES_LISTED: gettext("Looked at a list of responses"),
        Deed.RESPONSE_OPENED: gettext("Opened a response"),
        Deed.FILE_OPENED: gettext("Opened a file"),
        Deed.SENSITIVE_SHOWN: gettext("Looked at sensitive answers"),
        Deed.EXPORTED: gettext("Exported responses"),
        Deed.RESPONSE_CHANGED: gettext("Changed a response"),
        Deed.RESPONSE_SEATED: gettext("Gave a response the place it waited for"),
        Deed.RESPONSE_CORRECTED: gettext("Corrected an own response"),
        Deed.RESPONSE_TAKEN_BACK: gettext("Took an own response back"),
        Deed.RESPONSES_DELETED: gettext("Deleted responses"),
        Deed.RETENTION_CHANGED: gettext("Changed how long responses are kept"),
        Deed.REQUEST_OPENED: gettext("Opened a data request"),
        Deed.PERSON_SOUGHT: gettext("Looked for a person's data"),
        Deed.REQUEST_CHANGED: gettext("Worked on a data request"),
        Deed.BACKUP_MADE: gettext("Made a backup"),
        Deed.STORE_COPIED: gettext("Copied the store"),
        Deed.STORE_IMPORTED: gettext("Imported responses"),
        Deed.STORE_RESTORED: gettext("Put a backup back"),
        Deed.KEYS_SHOWN: gettext("Printed the keys"),
        Deed.KEYS_ROTATED: gettext("Renewed the encryption key"),
        Deed.TRAIL_READ: gettext("Read this trail"),
        Deed.TRAIL_EXPORTED: gettext("Exported this trail"),
        Deed.TRAIL_SHORTENED: gettext("Dropped entries that were too old"),
        Deed.BREACH_OPENED: gettext("Looked at a record of a breach"),
        Deed.BREACH_CHANGED: gettext("Worked on a record of a breach"),
    }


def who_word(name: str) -> str:
    words = {
        "": gettext("unknown"),
        "worker": gettext("a worker"),
        "command": gettext("on the command line"),
        "server": gettext("the server itself"),
    }
    return str(words.get(name, name))


def about_words() -> Mapping[str, str]:
    return {
        "form": gettext("form"),
        "response": gettext("response"),
        "unit": gettext("unit"),
        "point": gettext("scan point"),
        "person": gettext("person"),
        "file": gettext("file"),
        "rows": gettext("rows"),
        "page": gettext("page"),
        "reason": gettext("reason"),
        "request": gettext("request"),
        "by": gettext("by"),
        "found": gettext("found"),
        "campaign": gettext("campaign"),
        "question": gettext("question"),
        "version": gettext("version"),
        "what": gettext("what"),
        "sensitive": gettext("with sensitive answers"),
        "until": gettext("until"),
        "since": gettext("from"),
        "files": gettext("files"),
        "profile": gettext("template"),
        "kind": gettext("kind"),
        "skipped": gettext("kept for now"),
        "days": gettext("days"),
        "breach": gettext("breach"),
        "through": gettext("up to number"),
        "backup": gettext("backup of"),
    }


def break_words(found: Break | None) -> str:
    """What a reader must know of a break; empty where everything fits."""
    if found is None:
        return ""
    values = {"number": found.number, "at": f"{found.at:%H:%M %d/%m/%Y}" if found.at else "–"}
    if found.wrong is Wrong.END:
        return gettext("Entries after number %(number)s (%(at)s) are missing.", **values)
    if found.wrong is Wrong.BEGINNING:
        return gettext("Entries before number %(number)s (%(at)s) are missing.", **values)
    return gettext(
        "Entry %(number)s (%(at)s) does not fit the one before: the trail was changed from"
        " outside.",
        **values,
    )
