"""Who saw, changed or exported what: the one way into the trail, and the proof that it is whole."""

import hmac
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

import orjson

from federation.trail import Entry
from storage.store import Store

from .identity import Hasher

COMMAND = "command"
WORKER = "worker"
SERVER = "server"


class Deed(StrEnum):
    """What can be done that a trail must tell."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the word is all there is
    PERSON_CREATED = "person_created"
    PERSON_CHANGED = "person_changed"
    UNIT_CHANGED = "unit_changed"
    FORM_PUBLISHED = "form_published"
    FORM_CHANGED = "form_changed"
    OFFER_CHANGED = "offer_changed"
    CAMPAIGN_CHANGED = "campaign_changed"
    RESPONSES_LISTED = "responses_listed"
    RESPONSE_OPENED = "response_opened"
    FILE_OPENED = "file_opened"
    SENSITIVE_SHOWN = "sensitive_shown"
    EXPORTED = "exported"
    RESPONSE_CHANGED = "response_changed"
    RESPONSE_SEATED = "response_seated"
    RESPONSE_CORRECTED = "response_corrected"
    RESPONSE_TAKEN_BACK = "response_taken_back"
    RESPONSES_DELETED = "responses_deleted"
    REQUEST_OPENED = "request_opened"
    REQUEST_CHANGED = "request_changed"
    PERSON_SOUGHT = "person_sought"
    BACKUP_MADE = "backup_made"
    STORE_COPIED = "store_copied"
    STORE_IMPORTED = "store_imported"
    KEYS_SHOWN = "keys_shown"
    KEYS_ROTATED = "keys_rotated"
    TRAIL_READ = "trail_read"
    TRAIL_EXPORTED = "trail_exported"


class Audit:
    """The trail of one store; its chain is sealed with the hashing key."""

    def __init__(self, store: Store, hasher: Hasher) -> None:
        self._store, self._hasher = store, hasher

    def note(self, who: str, deed: Deed, now: datetime, **about: object) -> Entry:
        """Write down one act; raises StoreFailed, and then the act must not be shown as done.

        `about` holds ids, numbers and reasons, no answers.
        """
        told = {name: str(value) for name, value in about.items() if value not in ("", None)}

        def make(last: Entry | None) -> Entry:
            entry = Entry(last.number + 1 if last else 1, now, who, deed, told)
            return replace(entry, seal=self._seal(entry, last.seal if last else ""))

        return self._store.trail.append(make)

    def first_broken(self, entries: Iterable[Entry] | None = None) -> Entry | None:
        """The first entry that was changed, or before which one is missing; None when all fit."""
        number, seal = 0, ""
        for entry in self._store.trail.all() if entries is None else entries:
            right = self._seal(entry, seal)
            if entry.number != number + 1 or not hmac.compare_digest(entry.seal, right):
                return entry
            number, seal = entry.number, entry.seal
        return None

    def _seal(self, entry: Entry, before: str) -> str:
        said = [
            entry.number,
            entry.at.isoformat(),
            entry.who,
            entry.act,
            dict(sorted(entry.about.items())),
        ]
        return self._hasher.digest("trail", before, orjson.dumps(said).decode()).hex()
