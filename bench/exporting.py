"""Rows per second and memory of exports, as ratios to plain writers of as many constant cells.

`python -m bench.exporting --rows 100000` (PYTHONPATH=.); each case runs in a process of its own.
A million rows of a store on disk, by command: bench/million.py.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from federation.units import Unit
from forms.gallery import gallery
from forms.publication import PublishedVersion
from forms.response import Response
from services.clock import VIETNAM
from services.organization.units import tree_of
from services.outgoing.export_order import Kind, Order, Wish
from services.outgoing.exporting import write_export
from services.reading.responses import view_of_units
from storage.memory import MemoryStore

FORM = "f21"
AT = datetime(2026, 11, 24, 10, 30, tzinfo=VIETNAM)
ANSWERS = {
    "ho_ten": "Lò Thị Phương",
    "dien_thoai": "0912345678",
    "so_cccd": "012190123456",
    "hoan_canh": ["nguoi_than_om_nang", "nha_tam_dot_nat"],
    "thu_nhap": "2_3_trieu",
    "phu_thuoc": 3,
    "mo_ta": "Mẹ ốm nằm viện, hai con nhỏ",
    "dy_xu_ly": 1,
}
LARGEST = 100_000
_MIB = 1024


@dataclass(frozen=True)
class Measured:
    """One case: rows per second, and how much the memory grew, in MiB."""

    rate: float
    grown: float


def filled(rows: int) -> MemoryStore:
    """A store with this many responses."""
    store = MemoryStore()
    store.units.put(Unit("root", "LĐLĐ tỉnh Lai Châu", None))
    store.versions.put(PublishedVersion(gallery()[FORM], 1, "7FK", AT))
    first = Response("0", FORM, 1, "0", "0", "7FK0", "root", "Cổng", "7FK722", AT, "vi", ANSWERS)
    store.load_responses(
        FORM,
        (
            replace(first, id=f"{n}", instance=f"{n}", content=f"{n}", receipt=f"7FK{n}")
            for n in range(rows)
        ),
    )
    return store


def order(store: MemoryStore, kind: Kind) -> Order:
    wish = Wish(kind=kind, labels=True, sensitive=True, reason="bench")
    view = view_of_units(store, gallery()[FORM], None)
    return Order(store, view, wish, tree_of(store), by="bench", at=AT, translate=str)


def case(name: str, rows: int, folder: Path) -> Callable[[], Any]:
    """What is measured, everything that is not being made ready before."""
    path = folder / name
    if name in ("csv", "xlsx", "jsonl"):
        wanted = order(filled(rows), name)  # type: ignore[arg-type] # one of them
        return lambda: write_export(wanted, path)
    columns = 9 + len(gallery()[FORM].asking)
    line = (["Lò Thị Phương"] * columns)[:columns]
    return (
        (lambda: _plain_csv(path, line, rows))
        if name == "plain csv"
        else (lambda: _plain_xlsx(path, line, rows))
    )


def _plain_csv(path: Path, line: list[str], rows: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for _ in range(rows):
            writer.writerow(line)


def _plain_xlsx(path: Path, line: list[str], rows: int) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for at in range(rows):
        for column, cell in enumerate(line):
            sheet.write_string(at, column, cell)
    book.close()


def measure(name: str, rows: int) -> Measured:
    """Run one case here."""
    with tempfile.TemporaryDirectory() as folder:
        act = case(name, rows, Path(folder))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        act()
        seconds = time.perf_counter() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return Measured(rows / seconds, grown / _MIB)


def outside(name: str, rows: int) -> Measured:
    """Run one case in a process of its own."""
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "bench.exporting", "--case", name, "--rows", str(rows)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Measured(**json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=LARGEST)
    parser.add_argument("--case", default="")
    asked = parser.parse_args()
    rows = min(asked.rows, LARGEST)
    if asked.case:
        sys.stdout.write(json.dumps(vars(measure(asked.case, rows))))
        return
    pairs = (("csv", "plain csv"), ("jsonl", "plain csv"), ("xlsx", "plain xlsx"))
    found = {name: outside(name, rows) for name in {n for pair in pairs for n in pair}}
    for name, base in pairs:
        ours, plain = found[name], found[base]
        sys.stdout.write(
            f"{name}, {rows:,} rows: {ours.rate:,.0f} rows/s, {ours.rate / plain.rate:.2f} of"
            f" {base}; memory grew by {ours.grown:.0f} MiB ({base}: {plain.grown:.0f})\n"
        )


if __name__ == "__main__":
    main()
