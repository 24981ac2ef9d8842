"""Raw text as phones send it, made into the text that is kept.

Pure functions on strings; what a question makes of the text is its type's affair.
"""

import re
import unicodedata

_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\u0085\v\f]")
_SPACES = re.compile(r"[^\S\n]+")
# Zero-width and direction marks come along when text is pasted from chats; the joiners stay out
# too, since no language of these forms needs them.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
# Vietnamese typed in TCVN3 or VNI fonts and pasted as Unicode: letters no Vietnamese word has,
# between ordinary ones.
_LEGACY = re.compile(
    "[a-z][µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÐÌÎÏÑªÒÕÓÔÖ×ÝØÜÞß«¬®­¡¢§£¤¥¦]|ñ[aeiou]|[aeo]ä|[ao]ù[aeiou]"
)
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_D = str.maketrans({"đ": "d", "Đ": "D"})


def is_readable(text: str) -> bool:
    """Whether the text is free of control signs, halves of letters and undecodable bytes."""
    return not _UNREADABLE.search(text)


def made_readable(text: str) -> str:
    """The text with a replacement mark for each sign that `is_readable` objects to."""
    return _UNREADABLE.sub("\ufffd", text)


def _composed(text: str) -> str:
    # An invisible mark may stand between a letter and its tone, so it goes first.
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def clean_line(text: str) -> str:
    """One line: invisible marks dropped, NFC, white space collapsed and trimmed."""
    return " ".join(_composed(text).split())


def clean_text(text: str) -> str:
    """Several lines: as `clean_line` in each line, at most one empty line between two."""
    text = _BREAKS.sub("\n", _composed(text))
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Plain(dict[int, str]):
    """Each letter without case and marks, found out when it is first met: lists fold many texts."""

    def __missing__(self, code: int) -> str:
        letters = unicodedata.normalize("NFD", chr(code).translate(_D).casefold())
        self[code] = plain = "".join(c for c in letters if not unicodedata.combining(c))
        return plain


_PLAIN = _Plain()


def fold(text: str) -> str:
    """The key that ignores tones and case: `Lò Thị Phương` → `lo thi phuong`.

    Tone placement (hoà, hòa) and unsigned typing (Hoa) fold alike.
    """
    return " ".join(text.translate(_PLAIN).split())


def looks_legacy(text: str) -> bool:
    """Whether the text looks like Vietnamese in an old 8-bit font (TCVN3, VNI)."""
    return len(_LEGACY.findall(text)) >= 2


def as_digits(text: str) -> str:
    """Full-width and other digits to 0-9, the letter O between or beside digits to 0."""
    text = unicodedata.normalize("NFKC", text)
    text = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return re.sub(r"(?<=[\d.\s+-])[oO]|^[oO](?=[\d.\s])", "0", text)
