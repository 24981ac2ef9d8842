"""Change the data key: seal everything anew under a new one, then give up the old.

It may be cut off anywhere. The new key is in its file, and recorded in the store, before anything
is sealed under it; the old one stays until a look at everything has found nothing under it. What is
still to be done is seen in the responses and files themselves, so the next run goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from forms.problems import N_
from forms.response import Response
from storage.data_keys import DataKeys
from storage.errors import SealBroken
from storage.key_files import DATA, KeyFiles
from storage.key_ring import DATA_KEY, recorded_ids
from storage.sealed import sealer_of
from storage.sealer import file_key_id
from storage.soundness import FOUND_BY, open_data_keys
from storage.store import Setting, Store

from ..errors import Refusal
from .contents import EVERYTHING, batches
from .copying import Told, count_responses

_AT_ONCE = 200
_PASSES = 10


@dataclass
class Rotated:
    """What a rotation did. `broken` tells what does not open: then the old keys stay."""

    key: str
    was_begun: bool
    retired: tuple[str, ...] = ()
    responses: int = 0
    files: int = 0
    broken: list[str] = field(default_factory=list)


def rotate(store: Store, files: KeyFiles, told: Told, *, wait: Callable[[], None]) -> Rotated:
    """Seal everything in a store (as it is kept) under a new key, or finish what was begun.

    `wait` returns when no other process seals under an older key any more. Raises StoreRefused for
    missing keys, Refusal, StoreFailed; then run it again.
    """
    with store.exclusive():
        was_begun = _begin(store, files)
    rotated = Rotated(recorded_ids(store)[0], was_begun)
    resealing = _Resealing(store, files, rotated)
    resealing.run(told)
    wait()
    for _ in range(_PASSES):
        if not resealing.run(_silent):
            break
    else:
        raise Refusal(N_("The data changed again and again meanwhile. Please run it again."))
    if not rotated.broken:
        with store.exclusive():
            rotated.retired = _retire(store, files, rotated.key)
            if key := files.fingerprint():  # all hashes were looked at with the seals
                store.settings.put(Setting(FOUND_BY, key))
    return rotated


def size(store: Store) -> int:
    """How much `rotate` will tell of: responses and files."""
    return count_responses(store) + sum(1 for form in _forms(store) for _ in store.iter_files(form))


def _silent(_count: int) -> None:
    return


def _begin(store: Store, files: KeyFiles) -> bool:
    """Make a new key, unless one is there already that waits for its turn; says whether it was."""
    open_data_keys(store, files)
    keys = files.data_keys()
    if len(keys.keys) > 1:
        return True
    if files.given.get(DATA):
        raise Refusal(
            N_(
                "The data key comes from the environment: put a new one in front of it"
                " (PHIEU_DATA_KEY=new,old) and run this again."
            )
        )
    files.put_data_keys(keys.with_new())
    open_data_keys(store, files)
    return False


def _retire(store: Store, files: KeyFiles, key_id: str) -> tuple[str, ...]:
    """Give up all keys but one: first in the store, so that none is missed at the next start."""
    keys = files.data_keys()
    key = keys.get(key_id)
    if key is None:
        raise Refusal(N_("The new data key is gone from its file. Put it back first."))
    store.settings.put(Setting(DATA_KEY, key_id))
    if len(keys.keys) > 1 and not files.given.get(DATA):
        files.put_data_keys(DataKeys((key,)))
    return tuple(old for old in keys.ids if old != key_id)


def _forms(store: Store) -> list[str]:
    published = {version.definition.id for version in store.versions.all()}
    return sorted({*store.forms_with_responses(), *published})


class _Resealing:
    """One pass after the other over everything."""

    def __init__(self, store: Store, files: KeyFiles, rotated: Rotated) -> None:
        self._store, self._rotated = store, rotated
        self._sealer = sealer_of(store, files)

    def run(self, told: Told) -> int:
        """Seal what is not sealed under the new key; gives how much that was."""
        self._rotated.broken.clear()
        return sum(
            self._seal_responses(form, told) + self._seal_files(form, told)
            for form in _forms(self._store)
        )

    def _seal_responses(self, form: str, told: Told) -> int:
        found = 0
        for batch in batches(self._store.iter_responses(form, EVERYTHING), _AT_ONCE):
            changes = [(kept, new) for kept in batch if (new := self._resealed(kept)) is not kept]
            if changes:
                # Where somebody changed a response meanwhile, the next pass finds it.
                self._rotated.responses += self._store.change_responses(form, changes)
                found += len(changes)
            told(len(batch))
        if found:
            self._store.forget_changed(form)
        return found

    def _resealed(self, kept: Response) -> Response:
        try:
            return self._sealer.resealed(kept)
        except SealBroken as error:
            self._rotated.broken.append(f"{kept.definition}, {kept.id}: {error}")
            return kept

    def _seal_files(self, form: str, told: Told) -> int:
        found = 0
        for name in self._store.iter_files(form):
            found += self._seal_file(form, name)
            told(1)
        return found

    def _seal_file(self, form: str, name: str) -> int:
        kept = self._store.file(form, name)
        if kept is None or file_key_id(kept) == self._rotated.key:
            return 0
        try:
            content = self._sealer.open_file(form, name, kept)
        except SealBroken as error:
            self._rotated.broken.append(f"{form}, {name}: {error}")
            return 0
        sealed = self._sealer.seal_file(form, name, content)
        self._rotated.files += self._store.replace_file(form, name, sealed)
        return 1
