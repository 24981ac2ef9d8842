"""Drafts: begin one, change it under the revision that was seen, take back, throw away, publish."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from federation.access import Act, scope
from federation.people import Person
from federation.units import ROOT, UnitTree
from forms.definition import Definition
from forms.draft import Draft
from forms.editing import EditError, Inputs, Kept, act
from forms.editing.fresh import empty_form
from forms.editing.plain import as_plain
from forms.gallery import gallery
from forms.preflight import preflight
from forms.problems import N_
from forms.publication import PublishedVersion
from forms.reading import DefinitionError, build_definition
from storage.store import Store

from ..errors import NotFound, Refusal
from .publish import points_of
from .versions import freeze, versions_of

_LONGEST_ID = 31
_GONE = N_("This draft is no longer there: it was published or thrown away.")


class Conflict(Refusal):
    """Somebody else changed the draft since the revision that was seen; nothing was done."""

    def __init__(self, draft: Draft, seen: int) -> None:
        super().__init__(N_("Somebody else changed this draft meanwhile."))
        self.draft, self.seen = draft, seen


@dataclass(frozen=True)
class Editor:
    """Who edits, and where this person may publish: the whole federation, or some of its units."""

    person: Person
    tree: UnitTree
    today: date

    @property
    def units(self) -> frozenset[str]:
        return self._reach(self.person)

    def _reach(self, person: Person) -> frozenset[str]:
        return scope(person, Act.PUBLISH_FORMS, self.tree, self.today)

    def may_edit(self, store: Store, definition_id: str) -> bool:
        """Whether the form is this person's to change.

        A published form belongs to those whose units are all that it is offered in; one that is
        offered nowhere, and the shared name of a ready-made form, to the whole federation alone. A
        form that was never published belongs to its owner, and to whoever stands above the owner.
        """
        mine = self.units
        if versions_of(store, definition_id):
            offered = {point.unit for point in points_of(store, definition_id)}
            if definition_id in gallery() or not offered:
                offered |= {ROOT}
            return offered <= mine
        draft = store.drafts.get(definition_id)
        if draft is None:
            return False
        if draft.owner == self.person.name:
            return bool(mine)
        owner = store.people.get(draft.owner)
        return ((self._reach(owner) if owner else None) or {ROOT}) <= mine


def drafts_for(store: Store, editor: Editor) -> tuple[Draft, ...]:
    """The drafts that this person may edit, the latest change first."""
    mine = [draft for draft in store.drafts.all() if editor.may_edit(store, draft.definition)]
    return tuple(sorted(mine, key=lambda draft: draft.changed_at, reverse=True))


def find_draft(store: Store, editor: Editor, definition_id: str) -> Draft:
    """A draft of this person's; raises NotFound, also where it is another's."""
    draft = store.drafts.get(definition_id)
    if draft is None or not editor.may_edit(store, definition_id):
        raise NotFound(_GONE)
    return draft


def start_copy(store: Store, source: Definition, editor: Editor, now: datetime) -> Draft:
    """Begin a form of one's own from a ready-made or published one, under an id of its own."""
    plain = as_plain(source)
    with store.exclusive():
        new_id = free_id(store, source.id)
        plain |= {"id": new_id, "code": new_id.upper() if source.code else ""}
        plain["notice"].pop("version", None)
        return _begun(store, _draft(plain, editor, now, gallery=source.id))


def start_next(store: Store, definition_id: str, editor: Editor, now: datetime) -> Draft:
    """Begin the next version of a published form, or go on with the one that was begun."""
    if not editor.may_edit(store, definition_id):
        raise NotFound(N_("No form has the code %(code)s."), {"code": definition_id[:40]})
    with store.exclusive():
        if known := store.drafts.get(definition_id):
            return known
        newest = versions_of(store, definition_id)[-1]
        plain = as_plain(newest.definition)
        return _begun(store, _draft(plain, editor, now, version=newest.number))


def start_empty(store: Store, title: str, editor: Editor, now: datetime) -> Draft:
    """Begin a form with a title and nothing asked; raises Refusal."""
    try:
        plain = empty_form(title)
    except EditError as error:
        raise Refusal(error.message, error.values, field="title") from error
    with store.exclusive():
        plain["id"] = free_id(store, plain["id"])
        return _begun(store, _draft(plain, editor, now))


def _draft(plain: dict[str, Any], editor: Editor, now: datetime, **more: Any) -> Draft:
    name = editor.person.name
    return Draft(plain["id"], name, plain, now.replace(microsecond=0), name, **more)


def _begun(store: Store, draft: Draft) -> Draft:
    store.drafts.add(draft)
    return draft


def free_id(store: Store, wanted: str) -> str:
    """`f22` → `f22-2`, the first that no form has or had."""
    taken = {*gallery(), *(v.definition.id for v in store.versions.all())}
    taken |= {draft.definition for draft in store.drafts.all()}
    stem, _, tail = wanted.rpartition("-")
    base = stem if stem and tail.isdigit() else wanted
    if wanted not in taken:
        return wanted
    number = 2
    while (found := f"{base[: _LONGEST_ID - 1 - len(str(number))]}-{number}") in taken:
        number += 1
    return found


def kept_of(store: Store, definition_id: str) -> Kept:
    """What the published versions of a form hold fast."""
    return Kept.of(version.definition for version in versions_of(store, definition_id))


def change(
    store: Store, seen: Draft, revision: int, what: str, inputs: Inputs, who: str, now: datetime
) -> Draft:
    """Do one act on the draft if it is still at the revision that was seen.

    Raises Refusal for an act that cannot be done, Conflict where somebody else was faster.
    """
    kept = kept_of(store, seen.definition)

    def acted(draft: Draft) -> Draft:
        try:
            return draft.changed(act(draft.plain, kept, what, inputs), what, who, now)
        except EditError as error:
            raise Refusal(error.message, error.values, field=error.field) from error

    return _changed(store, seen, revision, acted)


def undo(store: Store, seen: Draft, revision: int, who: str, now: datetime) -> Draft:
    return _changed(store, seen, revision, lambda draft: draft.undone(who, now))


def redo(store: Store, seen: Draft, revision: int, who: str, now: datetime) -> Draft:
    return _changed(store, seen, revision, lambda draft: draft.redone(who, now))


def discard(store: Store, seen: Draft, revision: int) -> None:
    with store.exclusive():
        _current(store, seen, revision)
        store.drafts.remove(seen.definition)


def publish_draft(store: Store, seen: Draft, revision: int, now: datetime) -> PublishedVersion:
    """Make the draft the next version, and end it.

    Raises Refusal for a draft that is no whole form, has an error (forms/preflight.py), or does not
    follow the newest one.
    """
    with store.exclusive():
        draft = _current(store, seen, revision)
        newest = versions_of(store, draft.definition)
        if draft.version != (newest[-1].number if newest else 0):
            raise Refusal(
                N_("Another version was published since this draft was begun. Begin it anew.")
            )
        try:
            definition = build_definition(draft.plain)
        except DefinitionError as error:
            raise Refusal(N_("The form still has mistakes. Please mend them first.")) from error
        earlier = [version.definition for version in newest]
        for found in preflight(draft.plain, earlier):
            if found.severity == "error":
                raise Refusal(found.message, found.values)
        version = freeze(store, definition, now)
        store.drafts.remove(draft.definition)
    return version


def _changed(store: Store, seen: Draft, revision: int, changed: Callable[[Draft], Draft]) -> Draft:
    with store.exclusive():
        draft = _current(store, seen, revision)
        new = changed(draft)
        if new is not draft:
            new = replace(new, changed_at=new.changed_at.replace(microsecond=0))
            store.drafts.put(new)
    return new


def _current(store: Store, seen: Draft, revision: int) -> Draft:
    """The draft as it is now, at this revision; call it under `store.exclusive()`."""
    draft = store.drafts.get(seen.definition)
    if draft is None:
        raise NotFound(_GONE)
    if draft.revision != revision:
        raise Conflict(draft, revision)
    return draft
