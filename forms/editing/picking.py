"""When something holds, as it was posted: picked line by line, or as an expression."""

from ..expressions import ExpressionError, parse_condition
from ..problems import N_
from .conditions import MOST_PICKS, Join, Pick, Picked, written
from .errors import EditError
from .inputs import Inputs
from .plain import Kept, Plain, put, question_of, questions, section_of


def put_condition(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Say when a question `name`, or a `section`, is asked; what cannot be read stays as it is."""
    if name := inputs.raw("name"):
        holder = question_of(plain, name)
    else:
        holder = section_of(plain, inputs.number("section"))
    put(holder, "relevant", _posted(plain, inputs), "")


def needed_condition(plain: Plain, inputs: Inputs) -> str:
    """The condition of what cannot do without one; raises EditError for none, or an unreadable."""
    source = _posted(plain, inputs)
    if not source:
        raise EditError(N_("Please choose when this holds: at least one line."), field="question")
    try:
        parse_condition(source)
    except ExpressionError as error:
        raise EditError(
            N_("This expression cannot be read. Please correct it."), field="expression"
        ) from error
    return source


def _posted(plain: Plain, inputs: Inputs) -> str:
    if inputs.raw("by") == "expression":
        return inputs.line("expression")
    picks = tuple(
        Pick(asked, inputs.raw(f"comparison.{at}"), inputs.line(f"value.{at}"))  # type: ignore[arg-type] # `written` refuses others
        for at in range(MOST_PICKS)
        if (asked := inputs.raw(f"question.{at}"))
    )
    types = {question["name"]: question["type"] for question in questions(plain)}
    join: Join = "or" if inputs.raw("join") == "or" else "and"
    return written(Picked(picks, join), types) if picks else ""
