"""About how often scan points were opened: counted in memory, kept each minute, nobody named."""

import logging
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping

from forms.definition import Definition
from forms.publication import Openings, ScanPoint
from storage.errors import StoreError
from storage.store import Store

from ..reading.responses import SMALLEST_GROUP, UNTOLD, is_confidential
from ..routine import Routine

EVERY = 60.0  # seconds
# Who fetches a page to show a link as a card, to index it or to watch the server: no worker.
_ROBOTS = re.compile(
    r"bot\b|bot[/;-]|crawl|spider|slurp|facebookexternalhit|facebot|whatsapp/|zalo-?preview"
    r"|zalobot|telegram|slack|skypeuripreview|discord|linkedin|twitter|pinterest|embedly|preview"
    r"|monitor|uptime|curl/|wget/|python-|go-http|headless|lighthouse",
    re.IGNORECASE,
)
_log = logging.getLogger(__name__)


def is_robot(agent: str) -> bool:
    """Whether a browser's name is that of a program; without a name it is one, too."""
    return not agent or bool(_ROBOTS.search(agent))


class OpeningCounter:
    """Openings that were not kept yet, by form and scan point."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, Counter[str]] = {}

    def count(self, point: ScanPoint) -> None:
        with self._lock:
            self._counts.setdefault(point.definition, Counter())[point.code] += 1

    def waiting(self, definition: str) -> Mapping[str, int]:
        """What was counted of a form since it was last kept."""
        with self._lock:
            return dict(self._counts.get(definition, ()))

    def keep(self, store: Store) -> None:
        """Add what was counted to what is kept; raises StoreError, and then it is counted still."""
        with self._lock:
            taken, self._counts = self._counts, {}
        left = dict(taken)
        try:
            for definition, counts in taken.items():
                with store.exclusive():
                    known = store.openings.get(definition)
                    summed = Counter(known.by_point if known else {}) + counts
                    store.openings.put(Openings(definition, dict(summed)))
                del left[definition]
        finally:
            with self._lock:
                for definition, counts in left.items():
                    self._counts.setdefault(definition, Counter()).update(counts)


class KeepOpenings:
    """Keep the counts each minute while the server runs, and once more at its end."""

    def __init__(self, store: Store, counter: OpeningCounter, *, every: float = EVERY) -> None:
        self._store, self._counter = store, counter
        self._routine = Routine("keep-openings", self.look, every=every)

    def start(self) -> None:
        self._routine.start()

    def stop(self) -> None:
        self._routine.stop()
        self.look()

    def look(self) -> None:
        """A store that refuses is asked again at the next look."""
        try:
            self._counter.keep(self._store)
        except StoreError as error:
            _log.warning("How often scan points were opened was not kept: %s", error)


def openings_of(store: Store, counter: OpeningCounter, definition: str) -> Mapping[str, int]:
    """Openings of a form's scan points so far."""
    known = store.openings.get(definition)
    return Counter(known.by_point if known else {}) + Counter(counter.waiting(definition))


def told_openings(definition: Definition, counts: Mapping[str, int]) -> Mapping[str, str]:
    """Openings as they may be told: of an anonymous form few are <5, of complaints none are."""
    if is_confidential(definition):
        return defaultdict(lambda: UNTOLD)
    smallest = SMALLEST_GROUP if definition.anonymous else 0
    told = {
        code: str(count) if count >= smallest else f"<{SMALLEST_GROUP}"
        for code, count in counts.items()
        if count
    }
    return defaultdict(lambda: "0", told)
