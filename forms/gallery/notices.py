"""The notices that ready-made forms share: standard parts, filled with what each form says.

A form writes `standard: worker` (or another of `notices` in shared.yaml), its own `summary`, and a
text for each gap such as `{collected}`; texts that most forms share stand in `notice_texts`.
"""

import re
from collections.abc import Mapping
from typing import Any

from ..reading import DefinitionError, Mistake

# Gaps that the server fills when it shows the notice.
_NAMES = frozenset({"organization", "contact"})
_GAP = re.compile(r"\{([a-z_]+)\}")


def expand_notice(notice: Any, shared: Mapping[str, Any]) -> Any:
    """The notice with its standard parts written out; raises DefinitionError."""
    if not isinstance(notice, Mapping) or "standard" not in notice:
        return notice
    kinds, parts = shared["notices"], shared["notice_parts"]
    if notice["standard"] not in kinds:
        raise _mistake("standard", f"is not known; known are {', '.join(kinds)}")
    used = [parts[name] for name in kinds[notice["standard"]]]
    own = {
        key: text for key, text in notice.items() if key not in ("standard", "summary", "version")
    }
    gaps = {gap for part in used for text in part["text"].values() for gap in _GAP.findall(text)}
    if unknown := sorted(own.keys() - gaps):
        raise _mistake(unknown[0], f"fits no gap of the standard notice {notice['standard']}")
    texts = {**shared["notice_texts"], **own}
    if missing := sorted(gaps - texts.keys() - _NAMES):
        raise _mistake(missing[0], "is missing; add it")
    kept = {key: notice[key] for key in ("summary", "version") if key in notice}
    return {**kept, "parts": [_filled(part, texts) for part in used]}


def _filled(part: Mapping[str, Any], texts: Mapping[str, Any]) -> dict[str, Any]:
    said = {
        language: _GAP.sub(lambda gap: _text(gap, texts, language), text)  # noqa: B023 - used at once
        for language, text in part["text"].items()
    }
    return {"heading": part["heading"], "text": said}


def _text(gap: re.Match[str], texts: Mapping[str, Any], language: str) -> str:
    name = gap[1]
    if name in _NAMES:
        return gap[0]
    if not isinstance(texts[name], Mapping) or language not in texts[name]:
        raise _mistake(f"{name}.{language}", "is missing; add it")
    return str(texts[name][language])


def _mistake(place: str, text: str) -> DefinitionError:
    return DefinitionError([Mistake(f"notice.{place}", text)])
