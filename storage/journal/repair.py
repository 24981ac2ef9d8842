"""What an opening does to the disk after a crash: delete leftovers, cut off a torn end.

Nothing here runs before the files were read without finding damage.
"""

from pathlib import Path

from .errors import Notice
from .files import Files, replace_file
from .loading import Loaded
from .names import free_torn_path, leftovers, segment_path, torn_files


def fold_away(files: Files, path: Path, numbers: list[int]) -> None:
    """Delete folded segments; the snapshot's own name must be durable before."""
    for number in numbers:
        files.unlink(segment_path(path, number))
    files.sync_dir(path.parent)


def clear_away(files: Files, path: Path, loaded: Loaded) -> list[Notice]:
    """Leave the disk as after a clean fold, whatever a crash left; say what was set aside."""
    temporary = leftovers(files, path)
    if temporary or loaded.outdated:
        files.sync_dir(path.parent)  # the snapshot's rename may not be durable yet
        for leftover in temporary:
            files.unlink(leftover)
        fold_away(files, path, loaded.outdated)
    return _repair(files, path, loaded) if loaded.segments else []


def _repair(files: Files, path: Path, loaded: Loaded) -> list[Notice]:
    """Make the readable part of the last segment durable, and set aside what follows.

    It is written anew even when nothing is torn: what its last writer did not sync, or failed to
    sync, can be read from the system's cache and still be lost, and after a failed sync a second
    one reports success without writing.
    """
    number = max(loaded.segments)
    segment, content, good = segment_path(path, number), loaded.segments[number], loaded.good
    notices = []
    if good < len(content):
        aside = _set_aside(files, path, number, content[good:])
        text = (
            f"{segment}: the last line was cut off at byte {good}, as by a crash or power cut; it "
            f"had not been acknowledged. Its {len(content) - good} bytes are kept in {aside.name}."
        )
        notices.append(Notice(text, aside))
    if good:
        loaded.segments[number] = content[:good]
        replace_file(files, segment, [content[:good]])
    else:  # not even its header: the crash came while it was created
        fold_away(files, path, [number])
        del loaded.segments[number]
    return notices


def _set_aside(files: Files, path: Path, number: int, tail: bytes) -> Path:
    """Keep a torn end in a file of its own, once: on a full disk repairs are tried for hours."""
    for aside in torn_files(path, files):
        if aside.name.startswith(f"{path.name}.{number:06d}.") and files.read(aside) == tail:
            return aside
    aside = free_torn_path(files, path, number)
    replace_file(files, aside, [tail])
    return aside
