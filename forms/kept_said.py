"""What a notice says of how long responses are kept, held against the form's own period.

Organizers write notices freely; here the sentences about keeping are found, and said anew when the
period is changed. Only Vietnamese and English sentences are understood.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from .findings import Finding, Place, error, warning
from .localized import Localized
from .problems import N_
from .retention import DEFAULT, UNLIMITED, Retention, in_words

Plain = dict[str, Any]
LANGUAGES = ("vi", "en")
_HEADING = {"vi": "Lưu bao lâu", "en": "How long it is kept"}
_SENTENCES = {
    True: {"vi": "Giữ {kept}, rồi xóa.", "en": "It is kept {kept}; then it is deleted."},
    False: {"vi": "Giữ {kept}.", "en": "It is kept {kept}."},
}
_KEEPING: Mapping[str, re.Pattern[str]] = {
    "vi": re.compile(r"\b(lưu|giữ|xóa|xoá|hủy|huỷ)\b", re.IGNORECASE),
    "en": re.compile(r"\b(kept|keep|keeps|stored?|deleted?|erased?)\b", re.IGNORECASE),
}
_PERIODS: Mapping[str, re.Pattern[str]] = {
    "vi": re.compile(r"\b(\d{1,4}) (ngày|tuần|tháng|năm)\b(?! làm việc)", re.IGNORECASE),
    "en": re.compile(r"\b(\d{1,4}) (day|week|month|year)s?\b", re.IGNORECASE),
}
# The fewest and the most days that one of them can be.
_SIZES = {
    "ngày": (1, 1), "day": (1, 1), "tuần": (7, 7), "week": (7, 7),
    "tháng": (30, 31), "month": (30, 31), "năm": (365, 366), "year": (365, 366),
}  # fmt: skip
_OTHERWISE = N_(
    "The notice says “%(said)s” (%(language)s), but this form keeps responses %(kept)s. Choose how"
    " long once more: the notice then follows."
)
_UNSAID = N_("The notice does not say how long responses are kept: %(kept)s.")
_ENDS = re.compile(r"(?<=[.!?])\s+")


def retention_in(plain: Plain) -> Retention:
    """The period of a form as data: its own, or what goes without saying."""
    try:
        return Retention.model_validate(plain["retention"])
    except (KeyError, ValidationError):  # what is none is told when the definition is built
        return UNLIMITED if plain.get("anonymous") else DEFAULT


def disagreements(plain: Plain) -> Iterator[Finding]:
    """Errors where the notice says another period than the form keeps; a warning if it says none.

    What people agree to is what is done (Luật 91/2025/QH15 Điều 14).
    """
    retention = retention_in(plain)
    kept = Localized({language: in_words(retention, language) for language in LANGUAGES})
    for language in LANGUAGES:
        said = [period for text in _texts(plain, language) for period in _said(text, language)]
        wrong = [match[0] for match in said if not _fits(match, retention)]
        if wrong:
            yield error(_OTHERWISE, Place("kept"), said=wrong[0], language=language, kept=kept)
        elif not said and language == "vi" and retention.is_limited and _parts(plain):
            yield warning(_UNSAID, Place("kept"), kept=kept)


def say_kept(plain: Plain, before: Retention) -> None:
    """Let the notice say the form's period, which was another one before.

    A language that says nothing of it says it where another one does, or in a part of its own.
    """
    after, notice = retention_in(plain), plain["notice"]
    languages = [known for known in LANGUAGES if notice.get("summary", {}).get(known)]
    texts = [notice["summary"], *(part["text"] for part in notice.get("parts", ()))]
    silent: list[str] = []
    homes: list[dict[str, str]] = []
    for language in languages:
        told = [text for text in texts if _resaid(text, language, before, after)]
        homes += told
        silent += [] if told else [language]
    if silent and not homes:
        homes = [{}]
        notice["parts"] = [*notice.get("parts", ()), {"heading": dict(_HEADING), "text": homes[0]}]
    for language in silent:
        said = (homes[0].get(language, ""), _sentence(after, language))
        homes[0][language] = " ".join(filter(None, said))


def _resaid(text: dict[str, str], language: str, before: Retention, after: Retention) -> bool:
    """Say it anew in one text; whether the text spoke of it."""
    old, new, is_told = in_words(before, language), in_words(after, language), False
    sentences = _ENDS.split(text.get(language, ""))
    for at, sentence in enumerate(sentences):
        if old in sentence and _KEEPING[language].search(sentence):
            same = before.is_limited == after.is_limited
            sentences[at] = sentence.replace(old, new) if same else _sentence(after, language)
        elif next(_said(sentence, language), None):
            sentences[at] = _sentence(after, language)
        else:
            continue
        is_told = True
    if is_told:
        text[language] = " ".join(sentences)
    return is_told


def _sentence(retention: Retention, language: str) -> str:
    sentence = _SENTENCES[retention.is_limited][language]
    return sentence.replace("{kept}", in_words(retention, language))


def _parts(plain: Plain) -> list[Plain]:
    return list(plain.get("notice", {}).get("parts", ()))


def _texts(plain: Plain, language: str) -> Iterator[str]:
    notice = plain.get("notice", {})
    for texts in (notice.get("summary", {}), *(part.get("text", {}) for part in _parts(plain))):
        if text := texts.get(language):
            yield text


def _said(text: str, language: str) -> Iterator[re.Match[str]]:
    """The periods in the sentences that speak of keeping or deleting."""
    for sentence in _ENDS.split(text):
        if _KEEPING[language].search(sentence):
            yield from _PERIODS[language].finditer(sentence)


def _fits(period: re.Match[str], retention: Retention) -> bool:
    fewest, most = _SIZES[period[2].lower()]
    count = int(period[1])
    return retention.days is not None and count * fewest <= retention.days <= count * most
