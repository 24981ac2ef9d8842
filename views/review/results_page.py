"""The values of the page of results: bars, figures, the course over time, units compared."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext

from export.summary import Topic, topics
from forms.types.summaries import Bar, ChoiceSummary, NumberSummary, Summary
from services.reading.results import Results, Sight, UnitResult

from ..language import screen_language, translate
from ..options import Option, number_text
from ..site import site

_MOST_BARS, _MOST_SHOWN = 12, 20
_MOST_UNITS = 200
_MOST_COMPARED = 8  # choices of one question that units can be compared by
_MOST_DAYS, _MOST_WEEKS = 31, 30
_STEPS = 5.0  # the highest mean of a rating
COLUMN = 10  # the width of a column in the drawing of the course

Bars = list[dict[str, object]]


def page_values(
    sight: Sight, results: Results, compared: str, query: Mapping[str, Any]
) -> dict[str, object]:
    """What staff/results/page.html reads, but for its filters."""
    return {
        "count": number_text(results.total),
        "withheld": results.withheld,
        "reads": sight.reads,
        "anonymous": sight.view.definition.anonymous,
        "questions": [_question(sight, results, topic, query) for topic in results.topics],
        "course": _course(results.by_day, by_weeks=sight.cells is not None),
        "units": _units(results, compared),
        "more_units": max(len(results.units) - _MOST_UNITS, 0),
        "compared": compared,
    }


def _question(
    sight: Sight, results: Results, topic: Topic, query: Mapping[str, Any]
) -> dict[str, object]:
    summary, language = topic.summary, screen_language()
    is_held = topic.key in results.held_back
    form = sight.view.definition.id
    lists = topic.row_of is None and summary.answered and sight.lists(topic.question)
    bars = _bars(topic, language) if summary.answered else []
    scale = [bar for bar in bars if bar["step"]]
    return {
        "label": topic.question.label.into(language),
        "row_of": topic.row_of.label.into(language) if topic.row_of else "",
        "answered": number_text(summary.answered),
        "any": summary.answered > 0,
        "told": topic.told,
        "gone": topic.gone,
        "sensitive": topic.question.sensitive,
        "held": is_held,
        "several": summary.several,
        "bars": bars,
        "more": _left_out(summary, language),
        "scale": _stacked(scale),
        "ends": (scale[0]["label"], scale[-1]["label"]) if scale else (),
        "facts": [{"label": translate(f.message, {}), "text": f.text} for f in summary.facts()]
        if summary.answered
        else [],
        "texts_href": url_for("results.list_texts", definition=form, question=topic.key, **query)
        if lists
        else "",
    }


def _bars(topic: Topic, language: str) -> Bars:
    bars = _shown(topic.summary.bars(language), isinstance(topic.summary, ChoiceSummary))
    most = topic.summary.answered or 1
    return [
        {
            "label": bar.label,
            "gone": topic.is_gone(bar),
            "count": number_text(bar.count),
            "percent": percent_text(bar.count, most),
            "width": f"{100 * bar.count / most:.1f}",
            "step": bar.step,
        }
        for bar in bars
    ]


def _shown(bars: list[Bar], is_choice: bool) -> list[Bar]:
    """All, or of many choices the ones that were taken most."""
    if not is_choice or len(bars) <= _MOST_BARS:
        return bars
    taken = sorted((bar for bar in bars if bar.count), key=lambda bar: -bar.count)
    return taken[:_MOST_SHOWN]


def _left_out(summary: Summary, language: str) -> str:
    if not summary.answered or not isinstance(summary, ChoiceSummary):
        return ""
    bars = summary.bars(language)
    left = len(bars) - len(_shown(bars, True))
    return number_text(left) if left else ""


def _stacked(bars: Bars) -> list[dict[str, object]]:
    """The steps of a scale as parts of one bar."""
    widths = [float(str(bar["width"])) for bar in bars]
    starts = [sum(widths[:at]) for at in range(len(widths))]
    return [
        {"step": bar["step"], "x": f"{start:.1f}", "width": bar["width"]}
        for bar, start in zip(bars, starts, strict=True)
    ]


def percent_text(count: int, whole: int) -> str:
    """A share as people read it: never 0 % of something."""
    share = 100 * count / whole
    return "<1" if 0 < share < 0.5 else f"{share:.0f}"


def _course(by_day: Mapping[date, int], *, by_weeks: bool) -> dict[str, object] | None:
    """Columns by day, by week when they are many, by month when those are, too."""
    if not by_day:
        return None
    first, last = min(by_day), max(by_day)
    span = (last - first).days + 1
    if by_weeks:
        kind, found = "part", dict(by_day)
    elif span <= _MOST_DAYS:
        kind = "day"
        found = {first + timedelta(days=at): 0 for at in range(span)} | dict(by_day)
    elif span <= _MOST_WEEKS * 7:
        kind, found = "week", _weeks(by_day, first, last)
    else:
        kind, found = "month", _months(by_day)
    most = max(found.values())
    columns = [
        {
            "label": _period_text(kind, day),
            "count": number_text(count),
            "x": at * COLUMN + 1,
            "height": f"{40 * count / most:.1f}",
            "y": f"{40 - 40 * count / most:.1f}",
            "width": f"{100 * count / most:.1f}",
        }
        for at, (day, count) in enumerate(sorted(found.items()))
    ]
    return {
        "kind": kind,
        "columns": columns,
        "across": len(columns) * COLUMN,
        "most": number_text(most),
        "first": columns[0]["label"],
        "last": columns[-1]["label"],
    }


def _weeks(by_day: Mapping[date, int], first: date, last: date) -> dict[date, int]:
    monday = first - timedelta(days=first.weekday())
    found = {monday + timedelta(days=at): 0 for at in range(0, (last - monday).days + 1, 7)}
    for day, count in by_day.items():
        found[day - timedelta(days=day.weekday())] += count
    return found


def _months(by_day: Mapping[date, int]) -> dict[date, int]:
    found: dict[date, int] = {}
    month, last = min(by_day).replace(day=1), max(by_day)
    while month <= last:
        found[month] = 0
        month = (month + timedelta(days=31)).replace(day=1)
    for day, count in by_day.items():
        found[day.replace(day=1)] += count
    return found


def _period_text(kind: str, day: date) -> str:
    if kind == "month":
        return f"{day:%m/%Y}"
    if kind == "day":
        return f"{day:%d/%m/%Y}"
    if kind == "week":
        end = day + timedelta(days=6)
    else:
        next_month = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
        end = next_month - timedelta(days=1) if day.day > 21 else day + timedelta(days=6)
    return f"{day:%d/%m}–{end:%d/%m/%Y}"


def compare_options(sight: Sight, wish: str | None) -> list[Option]:
    """By what units can be compared: a mean, or the share of a choice; the last rating at first."""
    language = screen_language()
    found = [("", gettext("The number of responses only"))]
    rated = ""
    for topic in topics(sight.versions, sight.tells):
        if not topic.told or topic.row_of or topic.gone:
            continue
        label = topic.question.label.into(language)
        bars = topic.summary.bars(language)
        if isinstance(topic.summary, NumberSummary) or any(bar.step for bar in bars):
            found.append((topic.key, gettext("Mean: %(question)s", question=label)))
            rated = topic.key if bars else rated
        elif 1 < len(bars) <= _MOST_COMPARED:
            found += [
                (f"{topic.key}:{bar.name}", f"{label}: {bar.label}") for bar in bars if bar.name
            ]
    chosen = wish if wish is not None and any(wish == value for value, _ in found) else rated
    return [Option(value, label, value == chosen) for value, label in found]


def _units(results: Results, compared: str) -> list[dict[str, object]]:
    """Units with what was asked for, the highest first; by number where nothing was."""
    _, _, choice = compared.partition(":")
    names = {unit.unit: site().tree.name(unit.unit) for unit in results.units}

    def order(unit: UnitResult) -> tuple[float, int, str]:
        measure = _measure(unit.summary, choice)
        return (-measure if measure is not None else float("inf"), -unit.count, names[unit.unit])

    ordered = sorted(results.units, key=order)[:_MOST_UNITS]
    measures = [_measure(unit.summary, choice) if compared else unit.count for unit in ordered]
    most = 100.0 if choice else max([m for m in measures if m is not None], default=1.0) or 1.0
    if compared and any(isinstance(unit.summary, ChoiceSummary) for unit in ordered) and not choice:
        most = _STEPS
    return [
        {
            "name": names[unit.unit],
            "count": number_text(unit.count),
            "measure": _measured(unit.summary, choice) if compared else "",
            "width": f"{max(0.0, 100 * (measure or 0) / most):.1f}",
        }
        for unit, measure in zip(ordered, measures, strict=True)
    ]


def _measure(summary: Summary | None, choice: str) -> float | None:
    if summary is None or not summary.answered:
        return None
    if choice and isinstance(summary, ChoiceSummary):
        return 100 * summary.counts[choice] / summary.answered
    return summary.mean


def _measured(summary: Summary | None, choice: str) -> str:
    measure = _measure(summary, choice)
    if summary is None or measure is None:
        return "–"
    if choice and isinstance(summary, ChoiceSummary):
        return f"{percent_text(summary.counts[choice], summary.answered)} %"
    if isinstance(summary, NumberSummary):
        return summary.written(measure)
    return f"{measure:.2f}".replace(".", ",")
