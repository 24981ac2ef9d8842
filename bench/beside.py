"""Commands that only read, run beside a server under load; what they give must be one state."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.serving import HERE

from .phones import Sent
from .servers import Site

LEAST = 5  # answers that an anonymous group has before an export shows it


class Beside:
    """One command that was started beside a server."""

    def __init__(self, site: Site, act: str, folder: Path) -> None:
        self._site, self._act = site, act
        self._output = folder / ("beside.csv" if act == "exporting" else "beside")
        self._output.unlink(missing_ok=True)
        said = {
            "exporting": ["response", "export", "f28", "-o", str(self._output)],
            "backing up": ["backup", "create", "-o", str(self._output)],
        }
        self._command = subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, "-m", "flask", "--app", "app", *said[act]],
            cwd=HERE,
            env=site.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def is_done_within(self, seconds: float) -> bool:
        try:
            self._command.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        self._command.kill()
        self._command.communicate()

    def faults(self, sent: Sent, known: set[str]) -> list[str]:
        """What is wrong with what it gave; `known` was acknowledged before it was started."""
        _, said = self._command.communicate()
        if self._command.returncode:
            return [f"{self._act} beside the server failed: {said[-500:]}"]
        return self._export_faults(sent, known) if self._act == "exporting" else self._verified()

    def _verified(self) -> list[str]:
        """A backup must prove that it can be restored."""
        done = self._site.run("backup", "verify", str(self._output))
        return [f"the backup does not verify: {done.stderr[-500:]}"] if done.returncode else []

    def _export_faults(self, sent: Sent, known: set[str]) -> list[str]:
        with self._output.open(encoding="utf-8-sig", newline="") as file:
            rows = Counter(row["gop_y"] for row in csv.DictReader(file))
        tried = {answers["gop_y"] for answers in list(sent.tried.values())}
        faults = [f"exported {count} times: {text}" for text, count in rows.items() if count > 1]
        faults += [f"exported and never sent: {text}" for text in rows if text not in tried]
        if len(known) >= LEAST:
            texts = {sent.tried[instance]["gop_y"] for instance in known}
            faults += [f"not exported: {text}" for text in texts if text not in rows]
        return faults
