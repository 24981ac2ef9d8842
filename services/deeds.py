"""What can be done that the audit trail tells, and who does it without a name of their own."""

from enum import StrEnum

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
    RESPONSES_LISTED = "responses_listed"
    RESPONSE_OPENED = "response_opened"
    FILE_OPENED = "file_opened"
    SENSITIVE_SHOWN = "sensitive_shown"
    EXPORTED = "exported"
    RESPONSE_CHANGED = "response_changed"
    RESPONSE_CORRECTED = "response_corrected"
    RESPONSE_TAKEN_BACK = "response_taken_back"
    RESPONSES_DELETED = "responses_deleted"
    REQUEST_OPENED = "request_opened"
    REQUEST_CHANGED = "request_changed"
    PERSON_SOUGHT = "person_sought"
    BACKUP_MADE = "backup_made"
    STORE_COPIED = "store_copied"
    STORE_IMPORTED = "store_imported"
    STORE_RESTORED = "store_restored"
    KEYS_SHOWN = "keys_shown"
    KEYS_ROTATED = "keys_rotated"
    TRAIL_READ = "trail_read"
    TRAIL_EXPORTED = "trail_exported"
    TRAIL_SHORTENED = "trail_shortened"
    BREACH_OPENED = "breach_opened"
    BREACH_CHANGED = "breach_changed"
