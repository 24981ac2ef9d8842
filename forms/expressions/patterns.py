"""Patterns of `regex`: one subset that means the same in Python, JavaScript and JavaRosa.

A pattern is read sign by sign and written anew in its plainest form (`\\d` becomes `[0-9]`); what
engines disagree about is refused, and what could make them try for very long, too.
"""

from dataclasses import dataclass, replace

from .errors import ExpressionError

LONGEST_PATTERN = 200
MOST_TRIES = 4_000  # per sign of the text: two repeats may compete, not three
LONGEST_SUBJECT = 2_000  # a longer text matches nothing
_BIGGEST_REPEAT = 1_000
_NESTED = 10
_SYNTAX = frozenset("\\^$.|?*+()[]{}")
_ASCII = frozenset(map(chr, range(128)))
_FOREIGN = "\u0100"  # stands for every sign beyond ASCII
EVERY = _ASCII | {_FOREIGN}
_BREAKS = frozenset("\n\r")
_ANY = "[^\\n\\r\\u2028\\u2029]"
_SHORT = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\\f\\v"}
_SHORT_SIGNS = {
    "d": frozenset("0123456789"),
    "w": frozenset(sign for sign in _ASCII if sign.isalnum() or sign == "_"),
    "s": frozenset(" \t\n\r\f\v"),
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r"}


@dataclass(frozen=True)
class _Piece:
    """A part of a pattern as it is written, with what repeating it would cost.

    `signs` are those it may take; `tries` bounds the ways in which it can match the same text;
    `plain` is one sign at least once; `varies` says that it has a repeat or a | of its own;
    `spread` is how many more signs than its least a repeat may take.
    """

    text: str
    signs: frozenset[str]
    tries: int = 1
    plain: bool = False
    varies: bool = False
    spread: int = 0


def plain_pattern(pattern: str, at: int = 0) -> str:
    """The pattern in its plainest form, anchors left out; raises ExpressionError."""
    reader = _Reader(pattern, at)
    if len(pattern) > LONGEST_PATTERN:
        raise reader.mistake(f"is longer than {LONGEST_PATTERN} characters; shorten it")
    reader.skip("^")
    piece = reader.alternatives(0)
    if not reader.ended:
        raise reader.mistake("has a closing parenthesis too many")
    if piece.tries > MOST_TRIES:
        raise reader.mistake(
            "could match one text in too many ways; put a sign between two repeats "
            "that neither of them may take, or repeat fewer parts"
        )
    return piece.text


class _Reader:
    def __init__(self, pattern: str, at: int) -> None:
        self.pattern, self.here, self._at = pattern, 0, at

    def mistake(self, text: str) -> ExpressionError:
        return ExpressionError.at(self._at, f"the pattern {self.pattern[:40]!r} {text}")

    @property
    def ended(self) -> bool:
        return self.here >= len(self.pattern)

    @property
    def sign(self) -> str:
        return self.pattern[self.here : self.here + 1]

    def skip(self, text: str) -> bool:
        """Step over this text if it stands here."""
        found = self.pattern.startswith(text, self.here)
        self.here += len(text) * found
        return found

    def take(self) -> str:
        self.here += 1
        return self.pattern[self.here - 1 : self.here]

    def alternatives(self, depth: int) -> _Piece:
        """a|b|c up to a closing parenthesis or the end."""
        branches = [self.sequence(depth)]
        while self.skip("|"):
            branches.append(self.sequence(depth))
        if len(branches) == 1:
            return branches[0]
        return _Piece(
            "|".join(branch.text for branch in branches),
            frozenset().union(*(branch.signs for branch in branches)),
            tries=sum(branch.tries for branch in branches),
            varies=True,
            spread=max(branch.spread for branch in branches),
        )

    def sequence(self, depth: int) -> _Piece:
        pieces: list[_Piece] = []
        while not self.ended and self.sign not in "|)":
            if self.sign == "$" and self.here == len(self.pattern) - 1:
                self.take()  # the match is anchored anyway
                break
            pieces.append(self.repeated(self.atom(depth)))
        return _Piece(
            "".join(piece.text for piece in pieces),
            frozenset().union(*(piece.signs for piece in pieces)),
            tries=_tries(pieces),
            varies=any(piece.varies for piece in pieces),
            spread=min(sum(piece.spread for piece in pieces), LONGEST_SUBJECT),
        )

    def atom(self, depth: int) -> _Piece:
        sign = self.take()
        if sign == "(":
            return self.group(depth)
        if sign == "[":
            return self.sign_class()
        if sign == ".":
            return _Piece(_ANY, EVERY - _BREAKS, plain=True)
        if sign == "\\":
            return self.escaped()
        if sign in _SYNTAX:
            raise self.mistake(
                f"has {sign!r} in a place of no meaning; write \\{sign} for the sign"
            )
        return _Piece(sign, _signs(sign), plain=True)

    def group(self, depth: int) -> _Piece:
        if self.skip("?") and not self.skip(":"):
            raise self.mistake("has a look-around, a name or a flag; only (…) and (?:…) are known")
        if depth >= _NESTED:
            raise self.mistake(f"has groups nested more than {_NESTED} deep")
        inner = self.alternatives(depth + 1)
        if not self.skip(")"):
            raise self.mistake("lacks a closing parenthesis")
        return replace(inner, text=f"(?:{inner.text})", plain=False)

    def escaped(self) -> _Piece:
        sign = self.take()
        if sign in _SHORT:
            return _Piece(f"[{_SHORT[sign]}]", _SHORT_SIGNS[sign], plain=True)
        if sign.lower() in _SHORT:
            short = sign.lower()
            return _Piece(f"[^{_SHORT[short]}]", EVERY - _SHORT_SIGNS[short], plain=True)
        plain = self.escape(sign)
        return _Piece(_written(plain), _signs(plain), plain=True)

    def escape(self, sign: str) -> str:
        """The sign that an escape stands for."""
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if not sign or sign.isalnum() or not sign.isascii():
            raise self.mistake(
                f"has \\{sign}, which engines read differently; "
                "known are \\d \\w \\s \\D \\W \\S \\t \\n \\r and \\ before a sign"
            )
        return sign

    def sign_class(self) -> _Piece:
        negated = self.skip("^")
        text, signs = "", frozenset[str]()
        while not self.skip("]"):
            if self.ended:
                raise self.mistake("lacks a closing ]")
            more, meant = self.member()
            text, signs = text + more, signs | meant
        if not text:
            raise self.mistake("has an empty []")
        # What is left out beyond ASCII is few among many.
        signs = (EVERY - signs) | {_FOREIGN} if negated else signs
        return _Piece(f"[{'^' if negated else ''}{text}]", signs, plain=True)

    def member(self) -> tuple[str, frozenset[str]]:
        """One sign, shorthand or range of a class."""
        if self.sign == "\\" and (short := self.pattern[self.here + 1 : self.here + 2]) in _SHORT:
            self.here += 2
            return _SHORT[short], _SHORT_SIGNS[short]
        first = self.member_sign()
        ranged = self.sign == "-" and self.pattern[self.here + 1 : self.here + 2] not in ("]", "")
        if not ranged:
            return _written(first, in_class=True), _signs(first)
        self.take()
        last = self.member_sign()
        if last < first:
            raise self.mistake(f"has the range {first}-{last} the wrong way round")
        span = frozenset(sign for sign in _ASCII if first <= sign <= last)
        foreign = frozenset() if last < "\x80" else frozenset({_FOREIGN})
        return f"{_written(first, in_class=True)}-{_written(last, in_class=True)}", span | foreign

    def member_sign(self) -> str:
        sign = self.take()
        if sign == "\\":
            return self.escape(self.take())
        if sign == "[" or (sign in ("&", "~") and self.sign == sign):
            raise self.mistake(f"has {sign} in []; engines read it differently, write \\[ for it")
        return sign

    def repeated(self, piece: _Piece) -> _Piece:
        least, most, text = self.repeat()
        if not text:
            return piece
        if self.sign in ("*", "+", "?", "{") and self.sign:
            raise self.mistake(f"has two repeats in a row: {text}{self.sign}")
        if piece.varies and most != 1 and (least != most or most > _NESTED):
            raise self.mistake(
                "repeats a part that has a repeat or | in it; "
                "write the inner one with a fixed number such as {3}"
            )
        tries = piece.tries
        if piece.varies and most > 1:  # each round competes with the one before
            tries = (tries * (piece.spread + 1)) ** most
        return _Piece(
            piece.text + text,
            piece.signs,
            tries=min(tries, MOST_TRIES + 1),
            plain=piece.plain and least >= 1,
            varies=piece.varies or least != most,
            spread=min(most - least + piece.spread * most, LONGEST_SUBJECT),
        )

    def repeat(self) -> tuple[int, int, str]:
        """The least and most times, and how it is written; an empty text when none stands here."""
        endless = LONGEST_SUBJECT
        for sign, least, most in (("*", 0, endless), ("+", 1, endless), ("?", 0, 1)):
            if self.skip(sign):
                return least, most, sign
        if not self.skip("{"):
            return 1, 1, ""
        inside, closed, _ = self.pattern[self.here :].partition("}")
        few, comma, many = inside.partition(",")
        numbers = [part for part in (few, many) if part]
        if not closed or not few or not all(n.isascii() and n.isdigit() for n in numbers):
            raise self.mistake("has a { that opens no repeat; write {3}, {2,5}, {2,} or \\{")
        self.here += len(inside) + 1
        least = int(few[:9])
        most = int(many[:9]) if many else endless if comma else least
        if least > most or max(least, int(many[:9] or 0)) > _BIGGEST_REPEAT:
            raise self.mistake(
                f"has the repeat {{{inside}}}; at most {_BIGGEST_REPEAT}, least first"
            )
        return least, most, f"{{{inside}}}"


def _signs(sign: str) -> frozenset[str]:
    return frozenset({sign if sign in _ASCII else _FOREIGN})


def _written(sign: str, *, in_class: bool = False) -> str:
    controls = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
    special = "\\]^-[|" if in_class else _SYNTAX
    return controls.get(sign, f"\\{sign}" if sign in special else sign)


def _tries(pieces: list[_Piece]) -> int:
    """In how many ways a sequence may match one text, per sign of it: never fewer than there are.

    A repeat has no choice where the sign that must follow is none it may take itself.
    """
    tries, free = 1, frozenset[str]()  # what the open repeats before may take
    open_repeat = False
    for piece in pieces:
        if piece.spread and open_repeat and piece.signs & free:
            tries *= piece.spread + 1
        tries = min(tries * piece.tries, MOST_TRIES + 1)
        if piece.spread:
            free, open_repeat = free | piece.signs, True
        if piece.plain and not piece.signs & free and not piece.spread:
            free, open_repeat = frozenset(), False
    return tries
