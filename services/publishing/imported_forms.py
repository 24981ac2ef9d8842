"""Forms that came as files wait as drafts; a form by its name, wherever it is."""

from collections.abc import Callable, Sequence
from datetime import datetime

from federation.units import UnitTree
from forms.definition import Definition
from forms.draft import Draft
from forms.editing.plain import as_plain
from forms.problems import N_
from forms.reading import DefinitionError, build_definition
from storage.store import Store

from ..errors import NotFound, Refusal
from ..moments import Span
from .drafts import free_id, publish_draft
from .publish import Published, checked_places, find_definition, publish_many
from .versions import versions_of

NOBODY = ""  # who acts on the command line; such drafts belong to the whole federation
_UNFINISHED = N_("The form still has mistakes. Please mend them first.")


def keep_form(
    store: Store,
    definition: Definition,
    owner: str,
    now: datetime,
    *,
    may_edit: Callable[[str], bool] = lambda _: True,
) -> Draft:
    """Keep an imported form as a draft of this owner, to be looked through and published.

    Under the id of a published form it becomes that form's next version where the owner may edit
    it and no draft of it is begun; otherwise it is a form of its own, if need be with another id.
    """
    plain, number = as_plain(definition), 0
    with store.exclusive():
        versions = versions_of(store, definition.id)
        if versions and may_edit(definition.id) and not store.drafts.get(definition.id):
            number = versions[-1].number
        else:
            plain["id"] = free_id(store, definition.id)
            if plain["id"] != definition.id and definition.code:
                plain["code"] = plain["id"].upper()
        when = now.replace(microsecond=0)
        draft = Draft(plain["id"], owner, plain, when, owner, version=number)
        store.drafts.add(draft)
    return draft


def find_form(store: Store, code_or_id: str, *, draft: bool = False) -> Definition:
    """A form by code or id: published, a draft that never was, or ready-made.

    With `draft` its draft, also where versions are published. Raises NotFound, and Refusal for a
    draft that is no whole form yet.
    """
    found = _draft(store, code_or_id, only=draft)
    return _whole(found) if found else find_definition(store, code_or_id)


def publish_form(
    store: Store,
    code_or_id: str,
    units: Sequence[str],
    places: Sequence[str],
    *,
    tree: UnitTree,
    now: datetime,
    draft: bool = False,
    span: Span | None = None,
) -> Published:
    """Publish as publish.py does, a draft first where that is meant: all or nothing."""
    found = _draft(store, code_or_id, only=draft)
    if found is None:
        return publish_many(store, code_or_id, units, places, tree=tree, now=now, span=span)
    checked_places(places, units, tree)
    publish_draft(store, found, found.revision, now)
    return publish_many(store, found.definition, units, places, tree=tree, now=now, span=span)


def new_drafts(store: Store) -> tuple[Draft, ...]:
    """The drafts of forms that were never published, by id."""
    drafts = [draft for draft in store.drafts.all() if not draft.version]
    return tuple(sorted(drafts, key=lambda draft: draft.definition))


def _draft(store: Store, code_or_id: str, *, only: bool) -> Draft | None:
    """The draft that is meant: by its name alone one of a form that is nowhere else."""
    wanted = code_or_id.strip().lower()
    if not only:
        try:
            find_definition(store, wanted)
        except NotFound:
            pass
        else:
            return None
    for draft in store.drafts.all():
        if wanted in (draft.definition, str(draft.plain.get("code", "")).lower()):
            return draft
    if only:
        raise NotFound(N_("The form %(code)s has no draft."), {"code": code_or_id[:40]})
    return None


def _whole(draft: Draft) -> Definition:
    try:
        return build_definition(draft.plain)
    except DefinitionError as error:
        raise Refusal(_UNFINISHED) from error
