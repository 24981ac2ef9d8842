"""Measure the stores and write bench/RESULTS.md: durable inserts, opening, memory, as ratios.

Every ratio compares two sides of one run. `make bench` runs it; the largest size needs 3 GB of
memory and about ten minutes.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from tinydb import TinyDB

from forms.gallery import gallery
from forms.publication import PublishedVersion
from forms.response import Response
from storage.embedded import EmbeddedStore
from storage.journal import JournalDB
from storage.journal.commits import Batch, GroupCommit
from storage.key_files import KeyFiles
from storage.records import response_document
from storage.sealed import SealedStore, sealer_of
from storage.soundness import open_data_keys

from .inserting import Rate, middle, repeated
from .listing import measure_listing
from .opening import in_a_process
from .profiling import TIMES, profiled
from .report import Measured, write_report
from .sample import BEGIN, FORM, SAMPLE, Supply, fresh

SIZES = (1_000, 100_000, 1_000_000)
STOCK_SIZES = (1_000, 100_000)  # at a million one insert of stock TinyDB takes half a minute
AT_ONCE = 10_000


@contextmanager
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="phieu-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def measure_embedded(measured: Measured, size: int, seconds: float) -> None:
    """Opening, then TinyDB's own insert on the journal, then a whole Store.add_response."""
    with folder() as path:
        _fill(path, size)
        _measure_opening(measured, path, size)
        with JournalDB(path / "responses" / f"{FORM}.json") as db:
            insert = db.table("responses").insert
            _both(measured, "journal", size, seconds, lambda r: insert(response_document(r)))
        store = EmbeddedStore(path)
        _both(measured, "store", size, seconds, store.add_response)
        _both(measured, "sealed", size, seconds, sealed(store, path).add_response)
        store.close()


def sealed(store: EmbeddedStore, path: Path) -> SealedStore:
    """The same store as the application uses it: ID, phone and sensitive answers encrypted."""
    store.versions.put(PublishedVersion(gallery()[FORM], SAMPLE.version, "7FK", BEGIN))
    files = KeyFiles.of(path, session="-", hashing="a hashing key of the bench")
    open_data_keys(store, files)
    return SealedStore(store, sealer_of(store, files))


def _both(
    measured: Measured, what: str, size: int, seconds: float, act: Callable[[Response], object]
) -> None:
    """One thread and many, and where the time of one goes."""
    for threads in (1, 32):
        supply = Supply(int(5_000 * seconds) * (1 if threads == 1 else 8))
        measured.rates[what, size, threads] = middle(lambda: act(supply.take()), threads, seconds)  # noqa: B023
    supply = Supply(TIMES)
    measured.profiles[what, size] = profiled(lambda: act(supply.take()))


def _measure_opening(measured: Measured, path: Path, size: int) -> None:
    pairs = [(in_a_process("open", path), in_a_process("parse", path)) for _ in range(3)]
    opened, parsed = sorted(pairs, key=lambda pair: pair[0]["seconds"] / pair[1]["seconds"])[1]
    measured.seconds["open", size] = opened["seconds"]
    measured.seconds["parse", size] = parsed["seconds"]
    measured.bytes["memory", size] = opened["bytes"]
    measured.bytes["json", size] = parsed["bytes"]
    measured.profiles["open", size] = in_a_process("profile", path)


def _fill(path: Path, size: int) -> None:
    """Put so many responses in and let go of them, so that the collector's work is over."""
    store = EmbeddedStore(path)
    for _ in range(0, size, AT_ONCE):
        store.load_responses(FORM, [fresh() for _ in range(min(AT_ONCE, size))])
    store.close()


def measure_stock(measured: Measured, size: int) -> None:
    """Stock TinyDB at the same size: each insert rewrites its file."""
    with folder() as path:
        file = path / "stock.json"
        documents = {str(n): response_document(fresh()) for n in range(1, size + 1)}
        file.write_bytes(orjson.dumps({"responses": documents}))
        del documents
        with TinyDB(file) as stock:
            table = stock.table("responses")
            insert = lambda: table.insert(response_document(fresh()))  # noqa: E731
            measured.rates["stock", size, 1] = repeated(insert, 5 if size >= 100_000 else 50)


def measure_group_commit(measured: Measured, seconds: float) -> None:
    """The journal's group commit with nothing around it: the same bytes, no document kept."""
    line = orjson.dumps(response_document(fresh())) + b"\n"
    with folder() as path:
        fd = os.open(path / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

        def flush(batch: Batch) -> None:
            os.write(fd, b"".join(batch.lines))
            os.fdatasync(fd)

        commits = GroupCommit(flush, lambda _: None)
        for threads in (1, 32):
            rate = middle(lambda: commits.add(line, ()).wait(), threads, seconds)
            measured.rates["group commit", 0, threads] = rate
        os.close(fd)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    sizes = ",".join(map(str, SIZES))
    parser.add_argument("--sizes", default=sizes, help=f"responses before the inserts: {sizes}")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each of three runs")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("RESULTS.md"))
    told = parser.parse_args()
    measured = Measured(tuple(int(size) for size in told.sizes.split(",")))
    measure_group_commit(measured, told.seconds)
    _say("bare group commit", measured.rates["group commit", 0, 32])
    for size in filter(measured.sizes.__contains__, STOCK_SIZES):
        measure_stock(measured, size)
        _say(f"stock TinyDB at {size}", measured.rates["stock", size, 1])
    for size in measured.sizes:
        measure_embedded(measured, size, told.seconds)
        _say(f"journal at {size}, 32 threads", measured.rates["journal", size, 32])
        _say(f"store at {size}, 32 threads", measured.rates["store", size, 32])
        _say(f"sealed store at {size}, 32 threads", measured.rates["sealed", size, 32])
    for size in filter(measured.sizes.__contains__, STOCK_SIZES):
        measured.lists[size] = measure_listing(size)
    _measure_postgresql(measured, told.seconds)
    write_report(measured, told.output)


def _measure_postgresql(measured: Measured, seconds: float) -> None:
    from .postgresql import measure_postgresql

    for size in filter(measured.sizes.__contains__, STOCK_SIZES):
        measure_postgresql(measured, size, seconds)
        _say(f"PostgreSQL at {size}, 8 threads", measured.rates["postgresql", size, 8])


def _say(what: str, rate: Rate) -> None:
    print(f"{what}: {rate.per_second:,.1f}/s, p50 {rate.p50:.2f} ms", flush=True)


if __name__ == "__main__":
    main()
