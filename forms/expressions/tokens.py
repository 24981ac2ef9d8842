"""The text of an expression cut into tokens; knows nothing of what they mean together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

from .errors import ExpressionError

Kind = OneOf["name", "text", "number", "word", "sign", "end"]
_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(
    r"""(?P<name>\$\{[A-Za-z][A-Za-z0-9_-]*\})
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    |(?P<word>[A-Za-z][A-Za-z0-9_-]*)
    |(?P<sign>!=|<=|>=|[=<>+\-*(),.])""",
    re.VERBOSE,
)
_MOST_DIGITS = 15  # more would be kept inexactly
# What people write who know other languages of formulas, and what is written here instead.
_ADVICE = (
    ("==", "write = once"),
    ("<>", "write !="),
    ("&&", "write and"),
    ("||", "write or"),
    ("!", "write not(…) or !="),
    ("%", "write mod"),
    ("..", "write a question as ${name}"),
    ("/", "write div to divide, and a question as ${name}"),
    ("'", "the closing ' is missing"),
    ('"', 'the closing " is missing'),
    ("$", "write a question as ${name}"),
    ("“", "write straight quotes: 'text'"),
    ("‘", "write straight quotes: 'text'"),
    ("’", "write straight quotes: 'text'"),
)


@dataclass(frozen=True)
class Token:
    """A piece of the text, where it begins, and for texts and names what stands inside."""

    kind: Kind
    text: str
    at: int

    @property
    def inside(self) -> str:
        return self.text[2:-1] if self.kind == "name" else self.text[1:-1]

    @property
    def shown(self) -> str:
        return self.text[:30] if self.kind != "end" else "the end"


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a text, the last one of kind `end`; raises ExpressionError."""
    at = 0
    while True:
        at = _after(_SPACE.match(source, at))
        if at == len(source):
            yield Token("end", "", at)
            return
        match = _TOKEN.match(source, at)
        if match is None or source.startswith(("==", "<>", ".."), at):
            raise ExpressionError.at(at, _advice(source[at:]))
        yield _token(match)
        at = match.end()


def _after(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


def _token(match: re.Match[str]) -> Token:
    kinds: dict[str, Kind] = {
        "name": "name",
        "text": "text",
        "number": "number",
        "word": "word",
        "sign": "sign",
    }
    token = Token(kinds[match.lastgroup or ""], match[0], match.start())
    if token.kind == "number" and sum(map(str.isdigit, token.text)) > _MOST_DIGITS:
        raise ExpressionError.at(token.at, f"write a number of at most {_MOST_DIGITS} digits")
    return token


def _advice(rest: str) -> str:
    said = next((advice for sign, advice in _ADVICE if rest.startswith(sign)), "")
    return f"cannot read {rest[:20]!r}" + (f"; {said}" if said else "")
