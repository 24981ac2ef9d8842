"""The Vietnamese order of names and words (CLDR vi): letters first, tones only to break ties."""

import unicodedata
from functools import lru_cache

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: rank for rank, letter in enumerate(_LETTERS, start=100)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

Key = tuple[tuple[int, ...], tuple[int, ...]]


@lru_cache(maxsize=16_384)  # the words of names repeat
def sort_key(text: str) -> Key:
    """A key that sorts a ă â b … with tones ngang huyền hỏi ngã sắc nặng as second level."""
    letters: list[int] = []
    tones: list[int] = []
    for word in unicodedata.normalize("NFC", text).casefold():
        base, tone = _split_tone(word)
        letters.append(_RANK.get(base, ord(base[0]) if ord(base[0]) < 100 else ord(base[0]) + 200))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def person_sort_key(name: str) -> tuple[Key, Key, Key]:
    """People are listed by given name, then family name, then middle names."""
    words = name.split() or [""]
    return sort_key(words[-1]), sort_key(words[0]), sort_key(" ".join(words[1:-1]))


def _split_tone(letter: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), 0)
    kept = "".join(mark for mark in marks if mark not in _TONES)
    return unicodedata.normalize("NFC", kept) or letter, tone
