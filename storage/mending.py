"""Try again what a disk refused: a thread that looks every half minute whether it can be mended."""

import threading
from collections.abc import Callable

EVERY = 30.0  # seconds between two tries


class Mender:
    """Call `mend` every so often until stopped; it must not raise."""

    def __init__(self, mend: Callable[[], None], every: float = EVERY) -> None:
        self._mend, self._every = mend, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mender", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            self._mend()

    def stop(self) -> None:
        """Stop; a try under way is finished first."""
        self._stop.set()
        self._thread.join()
