"""The names of the files beside a database; knows nothing of what is in them.

`f28.json` has the segments `f28.json.000001.journal`, `f28.json.000002.journal` …, the set-aside
ends `f28.json.000002.torn-1` …, the lock `f28.json.lock`, and for a moment `….tmp` files.
"""

import re
from pathlib import Path

from .files import DISK, Files

_SEGMENT = r"\.(\d{6,})\.journal"
_TORN = r"\.\d{6,}\.torn-\d+"


def lock_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def segment_path(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number:06d}.journal")


def segment_numbers(files: Files, path: Path) -> list[int]:
    """List the segments there are, in order."""
    return sorted(int(match[1]) for match in _matches(files, path, _SEGMENT))


def torn_files(path: Path, files: Files = DISK) -> list[Path]:
    """List the set-aside ends of segments: final deletion must remove them too."""
    return sorted(path.with_name(match[0]) for match in _matches(files, path, _TORN))


def free_torn_path(files: Files, path: Path, number: int) -> Path:
    """Name a file for the torn end of a segment that overwrites no earlier one."""
    stem, names, n = f"{path.name}.{number:06d}.torn-", files.names(path.parent), 1
    while f"{stem}{n}" in names:
        n += 1
    return path.with_name(f"{stem}{n}")


def leftovers(files: Files, path: Path) -> list[Path]:
    """List temporary files that a crash left behind."""
    matches = _matches(files, path, rf"({_SEGMENT}|{_TORN})?\.tmp")
    return [path.with_name(match[0]) for match in matches]


def _matches(files: Files, path: Path, rest: str) -> list[re.Match[str]]:
    pattern = re.compile(re.escape(path.name) + rest)
    return [match for name in files.names(path.parent) if (match := pattern.fullmatch(name))]
