"""How long a page of a list takes on the embedded store, beside a plain loop over the same rows.

`python -m bench.listing [SIZE]` prints it for one size (100,000); `make bench` reports it.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from forms.response import Response
from storage.embedded import EmbeddedStore
from storage.response_filter import Order, ResponseFilter, Word

from .sample import BEGIN, FORM, fresh

UNITS, PLACES, STATES = 60, 3, ("new", "dang_xet", "duyet", "khong_duyet")
FAMILY, MIDDLE = ("Lò", "Giàng", "Vàng", "Đỗ", "Nguyễn"), ("A", "Thị", "Văn", "Mò", "Xuân")
GIVEN = ("Páo", "Ánh", "Sú", "Tơ", "Hồ", "An", "Ân", "Phương", "Dở", "Mẩy")
AT_ONCE, TIMES = 10_000, 5
IN_USE = ResponseFilter(withdrawn=False)
ASKED: dict[str, tuple[ResponseFilter, Order]] = {
    "newest": (IN_USE, Order.NEWEST),
    "one state, ten units": (
        replace(
            IN_USE,
            states=frozenset({"new"}),
            units=frozenset(f"unit-{number}" for number in range(10)),
        ),
        Order.NEWEST,
    ),
    "a month": (
        replace(IN_USE, since=BEGIN, until=BEGIN + timedelta(days=31)),
        Order.WAITING,
    ),
    "two words": (replace(IN_USE, words=(Word("lo"), Word("phuong"))), Order.NEWEST),
    "one choice": (replace(IN_USE, choices=frozenset({("trinh_do", "trung_cap")})), Order.NEWEST),
    "by given name": (IN_USE, Order.NAME),
}


def measure_listing(size: int) -> dict[str, float]:
    """Milliseconds by what is asked; `loop` is the baseline, `first …` makes rows and texts."""
    with tempfile.TemporaryDirectory(prefix="phieu-bench-") as folder:
        store = EmbeddedStore(Path(folder))
        _fill(store, size)
        took = {"first list": _ask(store, "newest"), "first search": _ask(store, "two words")}
        took["first by name"] = _ask(store, "by given name")
        for asked in ASKED:
            took[asked] = min(_ask(store, asked) for _ in range(TIMES))
        rows = store._responses(FORM)._rows.now()
        took["loop"] = min(_milliseconds(lambda: [r for r in rows if r.is_in_use]) for _ in "12345")
        store.close()
    return took


def _ask(store: EmbeddedStore, asked: str) -> float:
    where, order = ASKED[asked]
    return _milliseconds(lambda: store.page_responses(FORM, where, offset=0, limit=25, order=order))


def _milliseconds(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1_000


def _fill(store: EmbeddedStore, size: int) -> None:
    draw = random.Random(0)  # noqa: S311 - names for a measurement

    def one() -> Response:
        response = fresh()
        name = " ".join((draw.choice(FAMILY), draw.choice(MIDDLE), draw.choice(GIVEN)))
        return replace(
            response,
            answers={**response.answers, "ho_ten": name},
            unit=f"unit-{draw.randrange(UNITS)}",
            place=f"Cổng {draw.randrange(PLACES)}",
            state=draw.choice(STATES),
        )

    for _ in range(0, size, AT_ONCE):
        store.load_responses(FORM, [one() for _ in range(min(AT_ONCE, size))])


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    took = measure_listing(size)
    for asked, milliseconds in took.items():
        ratio = milliseconds / took["loop"]
        print(f"{asked}: {milliseconds:,.1f} ms at {size:,}, {ratio:,.1f} times the plain loop")


if __name__ == "__main__":
    main()
