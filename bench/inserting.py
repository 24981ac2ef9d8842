"""How fast something is inserted: from so many threads for so long; knows no store."""

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """Inserts a second, and the median and 99th percentile of one, in milliseconds."""

    per_second: float
    p50: float
    p99: float


def inserting(insert: Callable[[], object], threads: int, seconds: float) -> Rate:
    """Insert from so many threads for so long."""
    times: list[list[float]] = [[] for _ in range(threads)]
    start, end = threading.Barrier(threads + 1), threading.Event()

    def work(mine: list[float]) -> None:
        start.wait()
        while not end.is_set():
            begin = time.perf_counter()
            insert()
            mine.append(time.perf_counter() - begin)

    workers = [threading.Thread(target=work, args=(mine,)) for mine in times]
    for worker in workers:
        worker.start()
    start.wait()
    begin = time.perf_counter()
    time.sleep(seconds)
    end.set()
    for worker in workers:
        worker.join()
    return _rate([duration for mine in times for duration in mine], time.perf_counter() - begin)


def middle(insert: Callable[[], object], threads: int, seconds: float, rounds: int = 3) -> Rate:
    """The middle one of some runs: one stall of the disk must not decide."""
    runs = [inserting(insert, threads, seconds) for _ in range(rounds)]
    return sorted(runs, key=lambda rate: rate.per_second)[rounds // 2]


def repeated(insert: Callable[[], object], times: int) -> Rate:
    """Insert a few times, one after the other."""
    durations = []
    for _ in range(times):
        begin = time.perf_counter()
        insert()
        durations.append(time.perf_counter() - begin)
    return _rate(durations, sum(durations))


def _rate(durations: list[float], seconds: float) -> Rate:
    every = sorted(durations)
    p99 = every[min(len(every) - 1, int(len(every) * 0.99))]
    return Rate(len(every) / seconds, statistics.median(every) * 1000, p99 * 1000)
