"""Acts on the rules of a form: how long its responses are kept, who may send it, what counts once.

How long it is kept and what the notice says of it change together.
"""

from pydantic import ValidationError

from ..kept_said import retention_in, say_kept
from ..problems import N_
from ..retention import LONGEST, Retention
from .errors import EditError
from .inputs import Inputs
from .plain import Kept, Plain, put, question_of

ONCE_KINDS = {"person": ("citizen_id", "phone"), "unit_period": ("month",)}
"""The types of questions by which a person or a period is told."""


def put_kept(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Keep responses for `days` from what `after` names, and let the notice say so."""
    after, days = inputs.raw("after"), inputs.number("days")
    if after != "never" and (days is None or not 1 <= days <= LONGEST):
        raise EditError(
            N_("Please write a number of days from 1 to %(longest)s."),
            {"longest": LONGEST},
            field="days",
        )
    plan: Plain = {"after": after} if after == "never" else {"after": after, "days": days}
    try:
        Retention.model_validate(plan)
    except ValidationError as error:
        raise EditError(N_("Please choose from when the days count."), field="after") from error
    before = retention_in(plain)
    plain["retention"] = plan
    say_kept(plain, before)


def put_handling(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Say whether another unit may be named, and until it is published what counts only once.

    `once` is empty, `unit`, or `person:` or `unit_period:` with the question that tells them.
    """
    put(plain, "open", inputs.tick("open"), False)
    if not inputs.has("once"):
        return
    per, _, name = inputs.raw("once").partition(":")
    wanted: Plain | None = {"per": per} if per else None
    if wanted is not None and per != "unit":
        if per not in ONCE_KINDS or question_of(plain, name)["type"] not in ONCE_KINDS[per]:
            raise EditError(N_("Please choose what counts only once."), field="once")
        wanted["question"] = name
    if kept.written and wanted != plain.get("once"):
        raise EditError(
            N_("The form was published: what counts only once stays as it is."), field="once"
        )
    put(plain, "once", wanted, None)
