"""Read a workbook in a process of its own: `python -m forms.xlsform < FILE.xlsx` writes JSON.

A hostile file can cost this process its life, and nothing else: it has no keys and no store, its
memory and its time are bounded, and whoever started it ends it when it takes too long.
"""

import json
import sys
from typing import Any

from ..workbooks import HostileWorkbook, LargeWorkbook, UnfitWorkbook
from .findings import Imported
from .grids import LARGEST_FILE
from .reading import read_workbook

MOST_MEMORY = 1_024 * 2**20
MOST_SECONDS = 30  # of work; the one who waits counts the seconds of the clock
UNFIT: dict[type[UnfitWorkbook], str] = {HostileWorkbook: "hostile", LargeWorkbook: "large"}


def answer(content: bytes) -> dict[str, Any]:
    """What was read, as plain data."""
    if len(content) > LARGEST_FILE:
        return {"unfit": "large"}
    try:
        imported = read_workbook(content)
    except UnfitWorkbook as error:
        return {"unfit": UNFIT.get(type(error), "none")}
    except (MemoryError, RecursionError):
        return {"unfit": "large"}
    return _plain(imported)


def _plain(imported: Imported) -> dict[str, Any]:
    definition = imported.definition
    return {
        "definition": definition.model_dump(mode="json") if definition else None,
        "findings": [finding.plain() for finding in imported.findings],
    }


def bound_this_process() -> None:
    """Memory and time, where the system can bound them; on Windows the sizes must do."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    bound_this_process()
    json.dump(answer(sys.stdin.buffer.read(LARGEST_FILE + 1)), sys.stdout)
