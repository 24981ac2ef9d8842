"""Export a large embedded store by command: time, and memory beyond what the open store takes.

`python -m bench.million --rows 1000000` (PYTHONPATH=.). The store is one as a server makes it, its
personal answers encrypted; each export is the command in a process of its own. What the store takes
by itself is what that process holds when the first bytes are in the file.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app import create_app
from config import Config
from federation.units import Unit
from forms.gallery import gallery
from forms.publication import PublishedVersion
from services.clock import now
from views.site import EXTENSION

from .sample import FORM, fresh

AT_ONCE = 10_000
KINDS = ("csv", "jsonl", "xlsx")
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Ran:
    """One command: seconds to the first bytes and in all; bytes held then, and most afterwards."""

    opening: float
    seconds: float
    store: int
    most: int
    size: int


def fill(folder: Path, rows: int) -> float:
    """Make a store with so many responses; gives the seconds it took."""
    begin = time.perf_counter()
    app = create_app(Config(data_dir=folder, base_url="http://phieu.example"))
    with app.test_client() as client:
        assert client.get("/healthz").status_code == 200  # noqa: S101 - opens the store
    store = app.extensions[EXTENSION].store
    store.units.put(Unit("nam-na", "CĐCS Nậm Na 3", "root"))
    store.versions.put(PublishedVersion(gallery()[FORM], 1, "7FK", now()))
    for left in range(rows, 0, -AT_ONCE):
        made = (fresh() for _ in range(min(AT_ONCE, left)))
        store.load_responses(
            FORM, [replace(one, unit="nam-na", ancestors=("root",)) for one in made]
        )
    store.close()
    return time.perf_counter() - begin


def export(folder: Path, kind: str) -> Ran:
    """Run the command, and watch how much memory it holds."""
    output = folder / kind / f"export.{kind}"
    output.parent.mkdir()
    command = [sys.executable, "-m", "flask", "--app", "app", "response", "export", FORM]
    command += ["--format", kind, "-o", str(output)]
    begin, opening, store, most = time.perf_counter(), 0.0, 0, 0
    with subprocess.Popen(command, env=os.environ | {"PHIEU_DATA_DIR": str(folder)}) as ran:  # noqa: S603
        while ran.poll() is None:
            held = _held(ran.pid)
            if not store and any(path.stat().st_size for path in output.parent.iterdir()):
                opening, store = time.perf_counter() - begin, held
            most = max(most, held) if store else 0
            time.sleep(0.02)
    if ran.returncode:
        raise SystemExit(f"the export ended with {ran.returncode}")
    return Ran(opening, time.perf_counter() - begin, store, most, output.stat().st_size)


def _held(pid: int) -> int:
    """The memory that a process holds now, in bytes; 0 when it has just ended."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * resource.getpagesize()


def measure(folder: Path, rows: int, kinds: Sequence[str]) -> None:
    """Print what each kind of file takes."""
    print(f"{rows:,} responses kept in {fill(folder, rows):,.0f} s", flush=True)
    for kind in kinds:
        ran = export(folder, kind)
        print(
            f"{kind}: {ran.size / _MIB:,.0f} MiB in {ran.seconds:,.0f} s, {ran.opening:,.0f} s of"
            f" it before the first bytes; then {rows / (ran.seconds - ran.opening):,.0f} rows/s;"
            f" the store {ran.store / _MIB:,.0f} MiB, the most {ran.most / _MIB:,.0f} MiB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--keep", type=Path, help="an empty folder to leave the store in")
    asked = parser.parse_args()
    if asked.keep:
        measure(asked.keep, asked.rows, asked.kinds)
        return
    with tempfile.TemporaryDirectory(prefix="phieu-bench-") as folder:
        measure(Path(folder), asked.rows, asked.kinds)


if __name__ == "__main__":
    main()
