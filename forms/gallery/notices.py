"""The notices that ready-made forms share: standard parts, filled with what each form says.

A form writes `standard: worker` (or another of `notices` in shared.yaml), its own `summary`, and a
text for each gap such as `{collected}`; texts that most forms share stand in `notice_texts`. The
gap `{kept}` is filled by the form's own `retention`, so that the two cannot disagree.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from ..reading import DefinitionError, Mistake
from ..retention import DEFAULT, UNLIMITED, Retention, in_words

# Gaps that the server fills when it shows the notice.
_NAMES = frozenset({"organization", "contact"})
KEPT = "kept"
_LANGUAGES = ("vi", "en")
_GAP = re.compile(r"\{([a-z_]+)\}")


def said_of(retention: Any, *, anonymous: bool) -> dict[str, str]:
    """What the notice says of how long; of a `retention` that is none, what it said without."""
    kept = UNLIMITED if anonymous else DEFAULT
    with suppress(ValidationError):  # told with all other mistakes when the definition is built
        kept = kept if retention is None else Retention.model_validate(retention)
    return {language: in_words(kept, language) for language in _LANGUAGES}


def expand_notice(notice: Any, shared: Mapping[str, Any], kept_for: Mapping[str, str]) -> Any:
    """The notice with its standard parts written out; raises DefinitionError."""
    if not isinstance(notice, Mapping):
        return notice
    if "standard" not in notice:
        return _with_kept(notice, kept_for)
    if KEPT in notice:
        raise _mistake(KEPT, "is said by `retention`; remove it here")
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
    texts = {**shared["notice_texts"], **own, KEPT: kept_for}
    if missing := sorted(gaps - texts.keys() - _NAMES):
        raise _mistake(missing[0], "is missing; add it")
    kept = {key: notice[key] for key in ("summary", "version") if key in notice}
    return {**kept, "parts": [_filled(part, texts) for part in used]}


def _with_kept(notice: Mapping[str, Any], kept_for: Mapping[str, str]) -> Any:
    """A notice that is written out, with its gap for how long."""

    def filled(part: Any) -> Any:
        if not isinstance(part, Mapping) or not isinstance(part.get("text"), Mapping):
            return part
        said = {
            language: str(text).replace("{" + KEPT + "}", kept_for.get(language, kept_for["vi"]))
            for language, text in part["text"].items()
        }
        return {**part, "text": said}

    if not isinstance(notice.get("parts"), list):
        return notice
    return {**notice, "parts": [filled(part) for part in notice["parts"]]}


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
