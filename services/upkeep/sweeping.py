"""Uploads that no response names: left by a crash, or sent with answers that were never kept."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from storage.store import ResponseFilter, Store

from ..clock import full_hour
from ..files import texts_in
from ..routine import EVERY, Daily

YOUNGEST = timedelta(days=1)  # a file may be there long before its response, on a slow line

_log = logging.getLogger(__name__)


def sweep_uploads(store: Store, now: datetime) -> int:
    """Erase uploads older than a day that no response names; gives how many were found.

    Harmless beside a server that takes answers: who sends a file again renews its age first, and
    age and removal are decided together. Raises StoreFailed.
    """
    forms = {version.definition.id for version in store.versions.all()}
    return sum(_sweep(store, form, now) for form in sorted(forms))


def _sweep(store: Store, form: str, now: datetime) -> int:
    unnamed = set(store.iter_files(form))  # before the responses: whatever comes later is young
    if not unnamed:
        return 0
    for response in store.iter_responses(form, ResponseFilter()):
        unnamed -= texts_in(response.answers)
    for name in sorted(unnamed):
        store.remove_file(form, name, kept_before=full_hour(now - YOUNGEST))
    return len(unnamed)


class DailySweep(Daily):
    """Sweep once a day while the server runs."""

    def __init__(self, store: Store, now: Callable[[], datetime], *, every: float = EVERY) -> None:
        super().__init__("daily-sweep", lambda at: sweep_uploads(store, at), now, every=every)
