"""The garbage collector while much is loaded that stays for good; knows no file or document."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def paused_gc() -> Iterator[None]:
    """Keep the collector from walking millions of new objects, now and ever after.

    What is there at the end is frozen before the collector goes on: enabled first, it would begin
    with a walk over all of it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
