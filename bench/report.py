"""bench/RESULTS.md: the measured numbers as tables, and the aims with reached or missed."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .inserting import Rate

Row = tuple[str, ...]


@dataclass
class Measured:
    """Everything that one run measured; keys are what, at which size, with how many threads."""

    sizes: tuple[int, ...]
    rates: dict[tuple[str, int, int], Rate] = field(default_factory=dict)
    seconds: dict[tuple[str, int], float] = field(default_factory=dict)
    bytes: dict[tuple[str, int], float] = field(default_factory=dict)
    shares: dict[tuple[int, int], float] = field(default_factory=dict)  # PostgreSQL / psycopg
    profiles: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    lists: dict[int, dict[str, float]] = field(default_factory=dict)  # milliseconds


@dataclass(frozen=True)
class Aim:
    """A ratio and what it should be; `profile` says where the time went."""

    text: str
    ratio: float
    bound: float
    profile: tuple[str, int]
    at_least: bool = True

    @property
    def is_reached(self) -> bool:
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound


def write_report(measured: Measured, path: Path) -> None:
    aims = list(_aims(measured))
    path.write_text("\n".join(_lines(measured, aims)) + "\n", "utf-8")
    for aim in aims:
        print(f"{'reached' if aim.is_reached else 'missed'}: {aim.text}: {aim.ratio:,.2f}")


def _aims(measured: Measured) -> Iterator[Aim]:
    rates, smallest, largest = measured.rates, measured.sizes[0], measured.sizes[-1]
    middle = 100_000 if 100_000 in measured.sizes else largest
    if ("stock", middle, 1) in rates:
        ratio = rates["journal", middle, 32].per_second / rates["stock", middle, 1].per_second
        text = f"inserts/s, journal with 32 threads / stock TinyDB, both at {middle:,}"
        yield Aim(text, ratio, 10_000, ("journal", middle))
    ratio = rates["journal", largest, 1].p50 / rates["journal", smallest, 1].p50
    text = f"p50 of an insert at {largest:,} / at {smallest:,}, one thread"
    yield Aim(text, ratio, 1.5, ("journal", largest), at_least=False)
    ratio = rates["journal", middle, 32].per_second / rates["journal", middle, 1].per_second
    yield Aim(f"inserts/s, 32 threads / 1 thread, at {middle:,}", ratio, 4, ("journal", middle))
    ratio = measured.seconds["open", largest] / measured.seconds["parse", largest]
    text = f"opening {largest:,} responses / orjson parsing the same lines"
    yield Aim(text, ratio, 2, ("open", largest), at_least=False)
    for threads in (1, 32):
        sealed, clear = rates["sealed", middle, threads], rates["store", middle, threads]
        text = f"p50 of an insert, encrypted / in the clear, {threads} thread(s), at {middle:,}"
        yield Aim(text, sealed.p50 / clear.p50, 1.5, ("sealed", middle), at_least=False)
    for (size, threads), share in measured.shares.items():
        if threads == 8:
            text = f"inserts/s, PostgreSQL store / raw psycopg, 8 threads, at {size:,}"
            yield Aim(text, share, 0.8, ("postgresql", size))


def _lines(measured: Measured, aims: list[Aim]) -> Iterator[str]:
    cores, python = os.cpu_count(), platform.python_version()
    yield "# Measured limits of the stores"
    yield ""
    yield "Written by `make bench` (bench/storage.py); do not edit. Read the ratios: both sides of"
    yield "each were measured in this one run, on a machine that does other work, too. An insert"
    yield f"counts when it is synced to the disk. Machine: {cores} cores, {platform.machine()},"
    yield f"{platform.system()}, Python {python}; load average at the end {os.getloadavg()[1]:.1f}."
    yield ""
    yield "journal: TinyDB's own `insert` on our journal. store: a whole `Store.add_response` on"
    yield "it, with its keys. sealed: the same with ID, phone and sensitive answers encrypted."
    yield "group commit: as many bytes with nothing around them. stock: TinyDB"
    yield "as it comes, rewriting its file. postgresql: `Store.add_response` there. psycopg: the"
    yield "same row into the same table. What stands before the inserts grows by those before them."
    yield from _section("Aims", ("aim", "is", "should be", ""), map(_aim_row, aims))
    head = ("what", "responses before", "threads", "inserts/s", "p50 ms", "p99 ms")
    yield from _section("Inserts", head, map(_rate_row, measured.rates.items()))
    head = ("responses", "open s", "orjson alone s", "ratio", "memory B/response", "its JSON B")
    yield from _section("Opening and memory", head, _opening_rows(measured))
    columns = ("page of a list", "responses", "ms", "plain loop = 1")
    yield from _section("Lists on the embedded store", columns, _list_rows(measured))
    for aim in aims:
        if not aim.is_reached:
            yield from ("", f"## Missed: {aim.text}", "", "Where the time goes (own time):", "")
            yield from (f"    {row}" for row in measured.profiles[aim.profile])


def _section(title: str, head: Row, rows: Iterator[Row]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _aim_row(aim: Aim) -> Row:
    bound = f"{'≥' if aim.at_least else '≤'} {aim.bound:,}"
    return aim.text, f"{aim.ratio:,.2f}", bound, "reached" if aim.is_reached else "**missed**"


def _rate_row(item: tuple[tuple[str, int, int], Rate]) -> Row:
    (what, size, threads), rate = item
    told = f"{rate.per_second:,.1f}" if rate.per_second < 100 else f"{rate.per_second:,.0f}"
    return what, f"{size:,}", str(threads), told, f"{rate.p50:,.2f}", f"{rate.p99:,.2f}"


def _opening_rows(measured: Measured) -> Iterator[Row]:
    for size in measured.sizes:
        opened, parsed = measured.seconds["open", size], measured.seconds["parse", size]
        sizes = (f"{measured.bytes[what, size]:,.0f}" for what in ("memory", "json"))
        yield f"{size:,}", f"{opened:.2f}", f"{parsed:.2f}", f"{opened / parsed:.2f}", *sizes


def _list_rows(measured: Measured) -> Iterator[Row]:
    for size, took in measured.lists.items():
        for asked, milliseconds in took.items():
            ratio = milliseconds / took["loop"]
            yield asked, f"{size:,}", f"{milliseconds:,.1f}", f"{ratio:,.1f}"
