"""Which data key seals now, and where the others are: reads the keys anew when they have changed.

The setting `data_key` names the keys under which something in the store is sealed, first the one
that seals. It changes when keys are rotated, on a database also by another process: so it is looked
at again every few seconds (LEASE), and a rotation waits longer than that before it gives up a key.
"""

import time
from collections.abc import Callable

from .data_keys import DataKey, DataKeys
from .errors import SealBroken, StoreRefused
from .key_files import KeyFiles
from .store import Store

DATA_KEY = "data_key"
LEASE = 5.0  # seconds for which what the setting says is believed


def recorded_ids(store: Store) -> tuple[str, ...]:
    """The ids in the setting, the sealing one first; none in a store that never sealed."""
    setting = store.settings.get(DATA_KEY)
    return tuple(setting.value.split(",")) if setting else ()


class KeyRing:
    """The data keys of one store. Safe to use from many threads."""

    def __init__(
        self, store: Store, files: KeyFiles, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._files, self._clock = store, files, clock
        self._keys: DataKeys = files.data_keys()
        self._sealing: DataKey | None = None
        self._looked = -LEASE

    def sealing(self) -> DataKey:
        """The key to seal with; raises StoreRefused when it is not at hand."""
        now = self._clock()
        if self._sealing is None or now - self._looked >= LEASE:
            self._sealing = self._look()
            self._looked = now
        return self._sealing

    def _look(self) -> DataKey:
        recorded = recorded_ids(self._store)
        if not recorded:
            raise StoreRefused("There is no data key yet: start the server once.")
        key = self._found(recorded[0])
        if key is None:
            raise StoreRefused(
                f"{self._files.data_source} does not hold the key {recorded[0]}, which encrypts"
                " now. Put the newest data key here, then start the server again."
            )
        return key

    def key(self, key_id: str) -> DataKey:
        """The key with this id, to open with; raises SealBroken when it is not at hand."""
        key = self._found(key_id)
        if key is None:
            raise SealBroken(
                f"an answer or file was encrypted under the key {key_id}, which"
                f" {self._files.data_source} does not hold: put it back from paper or from a"
                " sealed backup"
            )
        return key

    def _found(self, key_id: str) -> DataKey | None:
        if key := self._keys.get(key_id):
            return key
        self._keys = self._files.data_keys()
        return self._keys.get(key_id)
