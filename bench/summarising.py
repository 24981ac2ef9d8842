"""Sum up all answers of a form, against reading them only: how much the counting costs.

`python -m bench.summarising [NUMBER]` prints seconds for both, their ratio, and seconds for the
whole of it where small groups are guarded, read from memory.
"""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from export.summary import Reckoning, topics
from forms.gallery import gallery
from forms.response import Response
from services.reading.responses import guarded_view
from services.reading.results import Sight, results_of
from services.reading.small_groups import Cells
from storage.memory import MemoryStore
from storage.records import read_response, response_document

from .sample import FORM, fresh


def measured(number: int) -> dict[str, float]:
    """Seconds to read documents as responses, to sum them up as well, and with small groups."""
    documents = [response_document(fresh()) for _ in range(number)]
    form = gallery()[FORM]

    def reading() -> Iterable[Response]:
        return map(read_response, documents)

    def summed() -> None:
        reckoning = Reckoning(topics([form], lambda question: True), compared="gioi_tinh")
        for response in reading():
            reckoning.add(response)

    plain = _seconds(lambda: [None for _ in reading()])
    counted = _seconds(summed)
    return {"plain": plain, "summed": counted, "ratio": counted / plain, "guarded": guarded(number)}


def guarded(number: int) -> float:
    """Seconds to sum up as many answers, kept in memory, where small groups are guarded."""
    store = MemoryStore()
    store.load_responses(FORM, (replace(fresh(), place=f"Nhà {n % 97}") for n in range(number)))
    form, cells = gallery()[FORM], Cells(store.count_by_day(FORM))
    view = guarded_view(store, form, None, cells=cells)
    sight = Sight(view, (form,), frozenset({"nam-na"}), reads=False, cells=cells)
    return _seconds(lambda: results_of(store, sight))


def _seconds(act: Callable[[], object]) -> float:
    """The best of three: the machine does other work, too."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        act()
        times.append(time.perf_counter() - begin)
    return min(times)


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    for name, value in measured(asked).items():
        print(f"{name}: {value:.2f}")
