"""What the grammar cannot say: where a condition must stand, and where `.` has a meaning."""

from .errors import ExpressionError
from .grammar import FUNCTIONS, OPERATOR_KINDS
from .tree import Call, Constant, Node, Own, Reference, walk

_JUDGES = ("and", "or", "not")


def check_conditions(tree: Node) -> None:
    """Refuse a bare answer or text where a condition is meant; raises ExpressionError.

    Engines disagree about them: JavaRosa goes by the question's type, Enketo finds them always
    true.
    """
    for node in walk(tree):
        if isinstance(node, Call) and node.function in _JUDGES:
            for part in node.parts:
                check_condition(part)
        elif isinstance(node, Call) and node.function == "if":
            check_condition(node.parts[0])


def check_condition(node: Node) -> None:
    """Refuse what is no condition; numbers are, they hold unless they are 0."""
    if isinstance(node, Reference):
        said = f"${{{node.name}}}"
        raise ExpressionError(f"{said} alone is no condition; write {said} != ''")
    if isinstance(node, Own):
        raise ExpressionError("a . alone is no condition; write what it must be, such as . > 0")
    if isinstance(node, Constant):
        if isinstance(node.value, str):
            raise ExpressionError(
                f"the text '{node.value[:30]}' alone is no condition; "
                "compare a question with it, such as ${name} = 'text'"
            )
        return
    kind = OPERATOR_KINDS.get(node.function) or FUNCTIONS[node.function].kind
    if kind == "text":
        raise ExpressionError(
            f"{node.function}(…) gives a text, which is no condition; "
            "compare it with something, such as … != ''"
        )
    if kind == "as parts":
        for part in node.parts[1 if node.function == "if" else 0 :]:
            check_condition(part)


def check_no_own(tree: Node) -> None:
    """Refuse `.` outside of a constraint."""
    if any(isinstance(node, Own) for node in walk(tree)):
        raise ExpressionError("a . has a meaning in `constraint` only; write ${name}")
