"""Real server processes that a campaign starts and kills; knows nothing of what they are sent."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import BinaryIO

from tests.serving import HERE, PATIENCE, Installation

FOLD_BYTES = 30_000  # so small that the journal folds again and again, and many kills hit a fold
# The server as `python app.py` starts it; its worker process is forked, and folds as often.
_SERVER = f"""
import multiprocessing
import storage.journal.engine as engine
multiprocessing.set_start_method("fork")
engine.FOLD_BYTES = {FOLD_BYTES}
import app
app.main()
"""


class Unsafe(Exception):
    """The campaign saw what must never be; the text says what."""


@dataclass
class Site(Installation):
    """An installation with settings of its own, such as a database that several share."""

    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | self.settings


class Server:
    """One server process and its children, started at once and ready after `wait`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._log = site.folder.parent / f"server-{site.port}.log"
        with self._log.open("ab") as log:
            self._process = self._started(log)

    def _started(self, log: BinaryIO) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - our own server
            [sys.executable, "-c", _SERVER],
            cwd=HERE,
            env=self.site.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,  # its children share its group, and its fate
        )

    def wait(self) -> None:
        """Return when it can store; raise Unsafe when it never can."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            if self._is_healthy():
                return
            time.sleep(0.02)
        self.kill()
        said = self._log.read_text("utf-8")[-1000:]
        raise Unsafe(f"the server did not start again on what the kill had left: {said}")

    def _is_healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """SIGKILL to all its processes at once: no clean-up code of ours runs."""
        with contextlib.suppress(ProcessLookupError):  # it may have left by itself
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
