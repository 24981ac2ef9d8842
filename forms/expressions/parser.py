"""A Pratt parser: from the tokens of an expression to its tree. Knows nothing of answers."""

import unicodedata

from .errors import ExpressionError
from .grammar import BINDS, CHAINS, DEEPEST, FUNCTIONS, LONGEST, UNARY_BINDS
from .patterns import plain_pattern
from .tokens import Token, tokens
from .tree import Call, Constant, Node, Own, Reference


def parse_tree(source: str) -> Node:
    """The tree of an expression in XLSForm's syntax; raises ExpressionError."""
    if len(source) > LONGEST:
        raise ExpressionError(
            f"longer than {LONGEST:,} characters; put a part of it into a calculation"
        )
    parser = _Parser(unicodedata.normalize("NFC", source))
    tree = parser.expression(0)
    if parser.token.kind != "end":
        raise parser.mistake(f"did not expect {parser.token.shown!r}; write and, or, = … before it")
    return tree


class _Parser:
    def __init__(self, source: str) -> None:
        self._tokens = tokens(source)
        self._depth = 0
        self.token = next(self._tokens)

    def mistake(self, text: str) -> ExpressionError:
        return ExpressionError.at(self.token.at, text)

    def expression(self, binding: int) -> Node:
        """Everything up to an operator that binds no closer than this."""
        self._depth += 1
        self._bounded(self._depth)
        node = self._operand()
        while BINDS.get(self.token.text, 0) > binding and self.token.kind in ("word", "sign"):
            operator = self._step().text
            node = self._joined(operator, node, self.expression(BINDS[operator]))
        self._depth -= 1
        return node

    def _joined(self, operator: str, left: Node, right: Node) -> Node:
        chained = operator in CHAINS and isinstance(left, Call) and left.function == operator
        parts = left.parts if chained and isinstance(left, Call) else (left,)
        return self._call(operator, (*parts, right))

    def _call(self, function: str, parts: tuple[Node, ...]) -> Call:
        call = Call(function, parts)
        self._bounded(call.depth)
        return call

    def _bounded(self, depth: int) -> None:
        if depth > DEEPEST:
            raise self.mistake(
                f"nested more than {DEEPEST} deep; put a part of it into a calculation"
            )

    def _step(self) -> Token:
        """Move to the next token; give the one left behind."""
        left = self.token
        if left.kind != "end":
            self.token = next(self._tokens)
        return left

    def _expect(self, sign: str, wanted: str) -> None:
        if (self.token.kind, self.token.text) != ("sign", sign):
            raise self.mistake(f"expected {wanted} before {self.token.shown!r}")
        self._step()

    def _operand(self) -> Node:
        token = self.token
        if token.kind == "word":
            return self._function()
        if token.kind == "sign" and token.text in ("-", "(", "."):
            return self._signed()
        if token.kind in ("sign", "end"):
            raise self.mistake(
                f"expected a question such as ${{name}}, 'text' or a number before {token.shown!r}"
            )
        self._step()
        if token.kind == "name":
            return Reference(token.inside)
        return Constant(token.inside if token.kind == "text" else float(token.text))

    def _signed(self) -> Node:
        sign = self._step().text
        if sign == ".":
            return Own()
        if sign == "-":
            return self._call("-", (self.expression(UNARY_BINDS),))
        node = self.expression(0)
        self._expect(")", "a closing parenthesis")
        return node

    def _function(self) -> Node:
        token = self.token
        if token.text not in FUNCTIONS:
            raise self.mistake(_unknown(token.text))
        self._step()
        self._expect("(", f"( after {token.text}")
        parts = self._parts()
        self._expect(")", "a comma or a closing parenthesis")
        function = FUNCTIONS[token.text]
        if not function.least <= len(parts) <= function.most:
            raise ExpressionError.at(token.at, _count(token.text, len(parts)))
        if token.text == "regex":
            parts = [parts[0], Constant(plain_pattern(_pattern(token, parts[1]), token.at))]
        return self._call(token.text, tuple(parts))

    def _parts(self) -> list[Node]:
        if (self.token.kind, self.token.text) == ("sign", ")"):
            return []
        parts = [self.expression(0)]
        while (self.token.kind, self.token.text) == ("sign", ","):
            self._step()
            parts.append(self.expression(0))
        return parts


def _pattern(token: Token, node: Node) -> str:
    if isinstance(node, Constant) and isinstance(node.value, str):
        return node.value
    raise ExpressionError.at(
        token.at, "write the pattern of regex as a text in quotes, such as '[0-9]{10}'"
    )


def _unknown(word: str) -> str:
    if word in BINDS:
        return f"expected a question, a text or a number before {word!r}"
    known = ", ".join(sorted(FUNCTIONS))
    return (
        f"{word!r} is no function; write a text as '{word}', a question as ${{{word}}}, "
        f"or one of the functions {known}"
    )


def _count(name: str, given: int) -> str:
    function = FUNCTIONS[name]
    wanted = f"{function.least}"
    if function.most > function.least:
        wanted += f" to {function.most}"
    return f"{name}(…) takes {wanted} values, not {given}"
