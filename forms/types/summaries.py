"""What all answers to one question come to: counts, means, spans; no answer stands in it.

Fed one answer after the other. Bars are what a page draws and a file lists; facts are single
figures. What an older version or a broken rule left behind, and fits no bar, is counted as such.
"""

import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from ..localized import Localized
from ..problems import N_

_OTHER = Localized({"vi": "Câu trả lời khác", "en": "Other answers"})
_UNDER = Localized({"vi": "{a} đến dưới {b}", "en": "{a} to under {b}"})
_MOST_BARS = 10
_MOST_PERIODS = 24
_PERIOD = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-\d{2})?")


@dataclass(frozen=True)
class Bar:
    """One line of a summary. `name` is that of a choice; `step` its place on a scale, from 1."""

    label: str
    count: int
    name: str = ""
    step: int = 0


@dataclass(frozen=True)
class Fact:
    """One figure: a message id and the figure as people write it."""

    message: str
    text: str


class Summary:
    """How many answered: all that can be said of texts, phone numbers, signatures."""

    several = False  # whether one answer may stand in several bars

    def __init__(self) -> None:
        self.answered = 0

    def add(self, value: object) -> None:
        self.answered += 1

    def bars(self, language: str) -> list[Bar]:
        return []

    def facts(self) -> list[Fact]:
        return []

    @property
    def mean(self) -> float | None:
        """Where answers are numbers."""
        return None


class ChoiceSummary(Summary):
    """How often each choice was taken; `steps` are the choices of a scale, in its order."""

    def __init__(
        self,
        labels: Sequence[tuple[str, Localized]],
        *,
        several: bool = False,
        steps: bool = False,
    ) -> None:
        super().__init__()
        self.several, self._labels, self._steps = several, labels, steps
        self._names = frozenset(name for name, _ in labels)
        self.counts = Counter[str]()
        self._others = 0

    def add(self, value: object) -> None:
        self.answered += 1
        is_known = False
        for name in _names(value):
            if name in self._names:
                is_known = True
                self.counts[name] += 1
        self._others += not is_known

    def bars(self, language: str) -> list[Bar]:
        found = [
            Bar(label.into(language), self.counts[name], name, step if self._steps else 0)
            for step, (name, label) in enumerate(self._labels, start=1)
        ]
        return found + _others(self._others, language)

    @property
    def mean(self) -> float | None:
        rated = sum(self.counts.values())
        if not self._steps or not rated:
            return None
        steps = {name: step for step, (name, _) in enumerate(self._labels, start=1)}
        return sum(steps[name] * count for name, count in self.counts.items()) / rated

    def facts(self) -> list[Fact]:
        if self.mean is None:
            return []
        return [Fact(N_("Mean (1 to 5)"), f"{self.mean:.2f}".replace(".", ","))]


class NumberSummary(Summary):
    """Least, median, mean, most, and a histogram; `show` writes a number as people do."""

    def __init__(self, show: Callable[[float], str]) -> None:
        super().__init__()
        self._show, self._numbers, self._others = show, array("d"), 0

    def add(self, value: object) -> None:
        self.answered += 1
        if isinstance(value, (int, float)):
            self._numbers.append(value)
        else:
            self._others += 1

    @property
    def mean(self) -> float | None:
        return fmean(self._numbers) if self._numbers else None

    def facts(self) -> list[Fact]:
        if not self._numbers:
            return []
        figures = (
            (N_("Least"), min(self._numbers)),
            (N_("Median"), median(self._numbers)),
            (N_("Mean"), fmean(self._numbers)),
            (N_("Most"), max(self._numbers)),
            (N_("Sum"), math.fsum(self._numbers)),
        )
        return [Fact(message, self.written(figure)) for message, figure in figures]

    def written(self, figure: float) -> str:
        """A figure with at most two decimals, none where it is large."""
        return self._show(_plain(round(figure, 0 if abs(figure) >= 1_000 else 2)))

    def bars(self, language: str) -> list[Bar]:
        counts = Counter(self._numbers)
        if len(counts) <= _MOST_BARS:
            bars = [Bar(self._show(_plain(n)), counts[n]) for n in sorted(counts)]
        else:
            bars = self._histogram(counts, language)
        return bars + _others(self._others, language)

    def _histogram(self, counts: Counter[float], language: str) -> list[Bar]:
        width = _nice((max(counts) - min(counts)) / (_MOST_BARS - 2))
        bins = Counter[int]()
        for number, count in counts.items():
            bins[math.floor(number / width)] += count
        return [
            Bar(
                _UNDER.filled(
                    language, {"a": self._edge(at * width), "b": self._edge((at + 1) * width)}
                ),
                bins[at],
            )
            for at in range(min(bins), max(bins) + 1)
        ]

    def _edge(self, number: float) -> str:
        return self._show(_plain(round(number, 6)))


class PeriodSummary(Summary):
    """Days or months: by month, by year where that were too many lines, else by ten years."""

    def __init__(self) -> None:
        super().__init__()
        self._written = Counter[str]()

    def add(self, value: object) -> None:
        self.answered += 1
        self._written[str(value)] += 1

    def bars(self, language: str) -> list[Bar]:
        periods, others = Counter[tuple[int, int]](), 0  # month 0: the year alone is known
        for text, count in self._written.items():
            if match := _PERIOD.fullmatch(text):
                periods[int(match[1]), int(match[2] or 0)] += count
            else:
                others += count
        return _told(periods) + _others(others, language)


class FileSummary(Summary):
    """How many files came with the answers."""

    def __init__(self) -> None:
        super().__init__()
        self._files = 0

    def add(self, value: object) -> None:
        super().add(value)
        self._files += len(_names(value))

    def facts(self) -> list[Fact]:
        return [Fact(N_("Files"), _whole(self._files))] if self.answered else []


class RowSummary(Summary):
    """How many rows the answers have, all in all and each."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = Counter[int]()

    def add(self, value: object) -> None:
        super().add(value)
        self._rows[len(value) if isinstance(value, list) else 1] += 1

    def facts(self) -> list[Fact]:
        if not self.answered:
            return []
        rows = sum(size * count for size, count in self._rows.items())
        mean = f"{rows / self.answered:.1f}".replace(".", ",")
        return [Fact(N_("Rows"), _whole(rows)), Fact(N_("Rows per answer"), mean)]


class CalculatedSummary(NumberSummary):
    """Calculated values are numbers or texts; of texts only how many there are."""

    def bars(self, language: str) -> list[Bar]:
        return super().bars(language) if self._numbers else []


def _told(periods: Counter[tuple[int, int]]) -> list[Bar]:
    if not periods:
        return []
    first, last = min(periods), max(periods)
    months = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    if all(month for _, month in periods) and months <= _MOST_PERIODS:
        every = [divmod(first[0] * 12 + first[1] - 1 + at, 12) for at in range(months)]
        return [Bar(f"{month + 1:02}/{year}", periods[year, month + 1]) for year, month in every]
    width = 1 if last[0] - first[0] < _MOST_PERIODS else 10
    years = Counter[int]()
    for (year, _), count in periods.items():
        years[year // width * width] += count
    return [
        Bar(f"{year}" if width == 1 else f"{year}–{year + width - 1}", years[year])
        for year in range(min(years), max(years) + 1, width)
    ]


def _others(count: int, language: str) -> list[Bar]:
    return [Bar(_OTHER.into(language), count)] if count else []


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def _nice(width: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9))


def _names(value: object) -> list[str]:
    """The texts of an answer that may be one or several."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return [str(value)]


def _whole(count: int) -> str:
    return f"{count:,}".replace(",", ".")
