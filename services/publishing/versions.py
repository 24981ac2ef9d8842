"""Freeze the next version of a form: numbered, under the rules of all earlier ones, for ever."""

import secrets
from datetime import datetime

from forms.definition import Definition, Notice
from forms.next_version import check_next
from forms.problems import N_
from forms.publication import PublishedVersion
from qr.codes import draw_prefix
from storage.store import Store

from ..errors import Refusal


def versions_of(store: Store, definition_id: str) -> tuple[PublishedVersion, ...]:
    """Every version of a definition, oldest first; none when it was never published."""
    found = [v for v in store.versions.all() if v.definition.id == definition_id]
    return tuple(sorted(found, key=lambda version: version.number))


def freeze(store: Store, definition: Definition, now: datetime) -> PublishedVersion:
    """Keep the next version; call it under `store.exclusive()`.

    It takes the notice's version along: one more whenever the notice says something else than
    before. Raises Refusal for a version that breaks what earlier ones promise.
    """
    earlier = versions_of(store, definition.id)
    if broken := check_next([version.definition for version in earlier], definition):
        raise Refusal(broken[0].message, broken[0].values)
    if earlier:
        definition = with_notice_version(definition, earlier[-1].definition)
        number, prefix = earlier[-1].number + 1, earlier[-1].prefix
    else:
        number, prefix = 1, _unused_prefix(store)
    version = PublishedVersion(definition, number, prefix, now)
    if not store.versions.add(version):
        raise Refusal(N_("This version was published by somebody else just now."))
    return version


def with_notice_version(new: Definition, before: Definition) -> Definition:
    """The definition with its notice numbered after the one before it."""
    same = (new.notice.summary, new.notice.parts) == (before.notice.summary, before.notice.parts)
    number = before.notice.version + (not same)
    # Made anew, for a copy would remember the digest of what it was.
    notice = Notice(version=number, summary=new.notice.summary, parts=new.notice.parts)
    return new.model_copy(update={"notice": notice})


def _unused_prefix(store: Store) -> str:
    taken = {version.prefix for version in store.versions.all()}
    while (prefix := draw_prefix(secrets.randbelow)) in taken:
        pass
    return prefix
