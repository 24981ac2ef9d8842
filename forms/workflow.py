"""How the responses of a form are dealt with: their states in order, and what counts only once."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from .localized import Localized
from .types import Question
from .types.base import Name
from .types.citizen_id import CitizenId
from .types.dates import Month
from .types.phone import Phone

StateName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class State(BaseModel):
    """One state of a response; `kind` says what it means, whatever it is called.

    `waiting` waits for the sender; `accepted` and `refused` close the case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: StateName
    label: Localized
    kind: Literal["new", "working", "waiting", "accepted", "refused"]


class Once(BaseModel):
    """What counts only once: a person (told by an ID or phone number), a unit, a unit's month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per: Literal["person", "unit", "unit_period"]
    question: Name | None = None


Workflow = tuple[State, ...]
DEFAULT_WORKFLOW: Workflow = (
    State(name="moi_nop", label=Localized({"vi": "Mới nộp", "en": "New"}), kind="new"),
    State(name="dang_xet", label=Localized({"vi": "Đang xét", "en": "In review"}), kind="working"),
    State(
        name="can_bo_sung",
        label=Localized({"vi": "Cần bổ sung", "en": "More needed"}),
        kind="waiting",
    ),
    State(name="duyet", label=Localized({"vi": "Duyệt", "en": "Approved"}), kind="accepted"),
    State(
        name="khong_duyet",
        label=Localized({"vi": "Không duyệt", "en": "Not approved"}),
        kind="refused",
    ),
)


def check_workflow(workflow: Workflow) -> None:
    """Refuse states that contradict each other; raises ValueError."""
    names = [state.name for state in workflow]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"workflow: states stand twice: {', '.join(twice)}; rename one of each")
    kinds = [state.kind for state in workflow]
    if kinds[:1] != ["new"] or kinds.count("new") > 1:
        raise ValueError("workflow: exactly one state is of kind `new`, and it stands first")
    if "accepted" not in kinds:
        raise ValueError("workflow: no state closes a case well; add one of kind `accepted`")


def check_once(once: Once, questions: Mapping[str, Question]) -> None:
    """Refuse a rule that cannot be told from the answers; raises ValueError."""
    if once.per == "unit":
        if once.question:
            raise ValueError("once: a unit is told by the poster; remove `question`")
        return
    question = questions.get(once.question or "")
    fitting = (CitizenId, Phone) if once.per == "person" else (Month,)
    if not isinstance(question, fitting):
        kinds = "an ID or phone number" if once.per == "person" else "a month"
        raise ValueError(
            f"once: `question` must name a question of this form that asks for {kinds}"
        )
    if question.required is not True or question.hidden:
        raise ValueError(f"once: question {question.name} may be left; make it `required: true`")


OPEN_KINDS = frozenset({"new", "working", "waiting"})


def state_of(workflow: Workflow, kept: str) -> State:
    """The state that a response is in; what is not (or no longer) known counts as the first.

    A response is kept as `new` until somebody moves it: that is the first state of every form.
    """
    return next((state for state in workflow if state.name == kept), workflow[0])


def kept_as(workflow: Workflow, state: State) -> str:
    """What a response in this state is kept as."""
    return "new" if state == workflow[0] else state.name


def moves(workflow: Workflow, kept: str) -> tuple[State, ...]:
    """Where a response may go from here: from an open state anywhere, from a closed one back."""
    now = state_of(workflow, kept)
    return tuple(
        state
        for state in workflow
        if state != now and (now.kind in OPEN_KINDS or state.kind in OPEN_KINDS)
    )
