"""Languages in the headings of columns: `label::Tiếng Việt (vi)` is the text in `vi`."""

import re

from ..cleaning import clean_line, fold

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_IN_BRACKETS = re.compile(r"\(\s*([A-Za-z0-9-]+)\s*\)$")
NAMES = {
    "vi": "Tiếng Việt",
    "en": "English",
    "fr": "Français",
    "zh": "中文",
    "ko": "한국어",
    "ja": "日本語",
    "lo": "ລາວ",
    "th": "ไทย",
    "km": "ខ្មែរ",
    "hmn": "Hmoob",
    "blt": "Thái",
    "mtq": "Mường",
    "tyz": "Tày",
    "nut": "Nùng",
    "jra": "Gia-rai",
    "rad": "Ê-đê",
    "bdq": "Ba-na",
}
# What people write instead.
_OTHERS = {
    "vietnamese": "vi",
    "tiếng anh": "en",
    "anh": "en",
    "việt": "vi",
    "hmong": "hmn",
    "mông": "hmn",
    "h'mông": "hmn",
    "tiếng mông": "hmn",
    "tiếng thái": "blt",
    "french": "fr",
    "chinese": "zh",
    "korean": "ko",
    "japanese": "ja",
    "khmer": "km",
    "lao": "lo",
    "thai": "th",
}
_BY_NAME = {clean_line(name).casefold(): code for code, name in NAMES.items()} | _OTHERS


def heading(code: str) -> str:
    """The language as a heading names it."""
    return f"{NAMES.get(code, code)} ({code})"


def code_of(said: str) -> str:
    """The code of a language as a heading or a setting names it; empty when nobody can tell."""
    said = clean_line(said)
    if found := _IN_BRACKETS.search(said):
        said = found[1]
    if known := _BY_NAME.get(said.casefold()):
        return known
    short, _, rest = said.partition("-")
    code = f"{short.lower()}-{rest}" if rest else short.lower()
    if _CODE.fullmatch(code):
        return code
    return next((code for name, code in _BY_NAME.items() if fold(name) == fold(said)), "")
