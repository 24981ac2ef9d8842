"""Bodies on their way in: how long a sender may take, and how much memory all of them may hold."""

import asyncio
from collections.abc import AsyncIterable

PATIENCE = 60.0  # seconds that a sender has beyond those of its bytes
SLOWEST = 500  # bytes a second below which a sender is given up
ROOM = 256 * 2**20  # bytes of all bodies under way


class NoRoom(Exception):
    """The memory for bodies is used up: this one was not read to its end."""


class Bodies:
    """Reads bodies; counts what they hold until they are let go."""

    def __init__(self, *, room: int = ROOM, patience: float = PATIENCE) -> None:
        self._room, self._patience = room, patience
        self._held = 0

    async def read(self, pieces: AsyncIterable[bytes]) -> bytes:
        """What was sent; less than announced when the sender broke off or was given up."""
        body = bytearray()
        start = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(start + self._patience) as limit:
                async for piece in pieces:
                    self._take(len(piece))
                    body += piece
                    limit.reschedule(start + self._patience + len(body) / SLOWEST)
        except NoRoom:
            self.let_go(len(body))
            raise
        except (TimeoutError, RuntimeError):  # granian's errors of a closed line are RuntimeErrors
            pass
        return bytes(body)

    def let_go(self, size: int) -> None:
        """These bytes are needed no longer."""
        self._held -= size

    def _take(self, size: int) -> None:
        if self._held + size > self._room:
            raise NoRoom
        self._held += size
