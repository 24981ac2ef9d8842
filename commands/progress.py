"""A progress bar on stderr while somebody watches, and silence in scripts and logs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many more were done; `total` 0 means nobody knows."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    bar = click.progressbar(length=max(total, 1), label=label, file=sys.stderr)
    bar.update_min_steps = max(1, total // 200)  # drawing costs more than counting
    with bar:
        yield bar.update
