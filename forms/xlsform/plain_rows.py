"""All of a definition but its questions as rows of key, language and text, and back.

`notice.parts[0].text | vi | …` is a step of a path per dot; a list is numbered from 0.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .cells import read, written
from .lines import Line

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,4})\]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


def rows_of(plain: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every value with its path; texts in languages have theirs beside the path."""
    for key, value in plain.items():
        yield from _rows(key, value)


def _rows(path: str, value: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Mapping) and value:
        texts = all(_LANGUAGE.fullmatch(key) and isinstance(v, str) for key, v in value.items())
        for key, inner in value.items():
            if texts:
                yield path, key, written(inner)
            else:
                yield from _rows(f"{path}.{key}", inner)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for at, inner in enumerate(value):
            yield from _rows(f"{path}[{at}]", inner)
    else:
        yield path, "", written(value)


Path = tuple[str | int, ...]


def path_of(line: Line) -> Path:
    """The steps of a row's key, its language as the last one."""
    steps: list[str | int] = [
        int(number) if number else name for name, number in _STEP.findall(line.get("key"))
    ]
    language = line.get("language")
    return (*steps, language) if language else tuple(steps)


def value_of(line: Line) -> Any:
    """What a row says; beside a language always a text, also one that looks like a number."""
    text = line.get("value")
    value = read(text)
    return text if line.get("language") and not isinstance(value, str) else value


def nested(values: Mapping[Path, Any]) -> dict[str, Any]:
    """The values put back at their places; gaps in the numbers of a list close."""
    whole: dict[Any, Any] = {}
    for path, value in values.items():
        here = whole
        for step in path[:-1]:
            inner = here.setdefault(step, {})
            if not isinstance(inner, dict):  # the key stood alone before: the longer path wins
                inner = here[step] = {}
            here = inner
        if not isinstance(here.get(path[-1]), dict):
            here[path[-1]] = value
    return {str(key): _listed(value) for key, value in whole.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(isinstance(key, int) for key in value):
        return [_listed(value[at]) for at in sorted(value)]
    return {str(key): _listed(inner) for key, inner in value.items()}
