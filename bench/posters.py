"""What many posters cost: one file of 200, against 200 files of one, and against plain pages.

`python -m bench.posters [--count 200]`. Read the ratios: all sides run in one process, in turns.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from statistics import median
from time import perf_counter

from fpdf import FPDF

from federation.units import Unit, UnitTree
from forms.gallery import gallery
from forms.publication import ScanPoint
from qr.lettering import FILES, REGULAR
from services.clock import VIETNAM
from services.publishing.posters import Order, Sender, make_ready, print_posters

ROUNDS = 3
BEGIN = datetime(2026, 11, 24, 8, 0, tzinfo=VIETNAM)
SENDER = Sender("LĐLĐ tỉnh Lai Châu", "0213 3 876 543", "https://phieu.example", str)
UNIT = Unit("root", "CĐCS Thủy điện Nậm Na 3", None)


def printed(size: str, count: int) -> Callable[[], bytes]:
    """The printing of so many scan points into one file."""
    points = [
        ScanPoint(f"{number:06}", "f28", UNIT.id, f"Nhà ăn ca {number}", BEGIN)
        for number in range(count)
    ]
    tree = UnitTree([UNIT])

    def act() -> bytes:
        ready = make_ready(gallery()["f28"], points, Order(size), SENDER, tree)
        return print_posters(ready, lambda _count: None)

    return act


def plain(count: int) -> bytes:
    """As many pages with one line each, the least that fpdf2 can do."""
    pdf = FPDF()
    pdf.add_font(REGULAR, "", FILES[REGULAR])
    for number in range(count):
        pdf.add_page()
        pdf.set_font(REGULAR, "", 20)
        pdf.text(20, 40, f"Nhà ăn ca {number}")
    return bytes(pdf.output())


def seconds(act: Callable[[], object]) -> float:
    """The median of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        act()
        times.append(perf_counter() - begin)
    return median(times)


def lines(count: int) -> list[str]:
    """The measurements as a small table."""
    one, least = seconds(printed("a4", 1)), seconds(lambda: plain(count))
    rows = [f"{'':10}  seconds    MB  / {count} × one  / plain pages"]
    for size in ("a4", "a6", "stickers", "pictures"):
        act = printed(size, count)
        took, weighs = seconds(act), len(act()) / 1e6
        ratios = f"{took / (one * count):12.2f}  {took / least:13.1f}"
        rows.append(f"{size:10}  {took:7.2f}  {weighs:4.1f}  {ratios}")
    return rows


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    asked = parser.parse_args()
    sys.stdout.write("\n".join(lines(asked.count)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
