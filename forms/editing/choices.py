"""The choices of a question: pasted as a list, one in a line, and their texts one by one.

A choice keeps its name as long as its label stays, wherever it moves; what was published and is
missing from the list is hidden, for answers name it.
"""

from ..cleaning import clean_line
from ..problems import N_
from .errors import EditError
from .inputs import Inputs
from .plain import Kept, Plain, fresh_choice, put, put_texts, question_of

MOST_CHOICES = 5_000
LONGEST_LABEL = 300


def paste(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Make the lines of `list` the choices of the question `name`, in their order."""
    question = with_choices(plain, inputs)
    published = kept.choices.get(question["name"], frozenset())
    known = {key_of(label_of(choice)): choice for choice in reversed(question["choices"])}
    taken = published | {choice["name"] for choice in question["choices"]}
    listed: list[Plain] = []
    for label in _lines(inputs.raw("list")):
        choice = known.pop(key_of(label), None)
        if choice is None:
            choice = {"name": fresh_choice(label, taken), "label": {"vi": label}}
            taken = taken | {choice["name"]}
        choice.pop("hidden", None)
        listed.append(choice)
    gone = [c for c in question["choices"] if all(c is not kept_one for kept_one in listed)]
    question["choices"] = listed + [_hidden(c) for c in gone if c["name"] in published]
    _check(question)


def put_choices(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Put in the labels and marks of the table of choices of the question `name`."""
    question = with_choices(plain, inputs)
    for choice in question["choices"]:
        start = f"choice.{choice['name']}"
        if not inputs.has(f"shown.{choice['name']}"):
            continue
        put_texts(choice, "label", inputs.texts(start))
        for mark in ("hidden", "other", "alone", "declines"):
            put(choice, mark, inputs.tick(f"{mark}.{choice['name']}"), False)
        if not choice.get("label"):
            raise EditError(N_("A choice needs words."), field=f"{start}.vi")
    _check(question)


def move_choice(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Move a choice of the question `name` one place `up` or down."""
    question = with_choices(plain, inputs)
    choices, wanted = question["choices"], inputs.raw("choice")
    at = next((at for at, choice in enumerate(choices) if choice["name"] == wanted), None)
    if at is None:
        raise EditError(N_("This choice is no longer in the form."))
    to = at - 1 if inputs.raw("way") == "up" else at + 1
    if 0 <= to < len(choices):
        choices.insert(to, choices.pop(at))


def _lines(text: str) -> list[str]:
    """The labels, each once; bullets and empty lines that came along are dropped."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        label = clean_line(line).lstrip("-–•*·+○●▪").strip()
        if len(label) > LONGEST_LABEL:
            raise EditError(
                N_("A choice is longer than %(longest)s characters: %(label)s…"),
                {"longest": LONGEST_LABEL, "label": label[:40]},
                field="list",
            )
        if label:
            found.setdefault(key_of(label), label)
    if len(found) > MOST_CHOICES:
        raise EditError(
            N_("A question can have %(most)s choices; these are %(count)s."),
            {"most": MOST_CHOICES, "count": len(found)},
            field="list",
        )
    return list(found.values())


def with_choices(plain: Plain, inputs: Inputs) -> Plain:
    """The question `name`; raises EditError where it has no choices."""
    question = question_of(plain, inputs.raw("name"))
    if "choices" not in question:
        raise EditError(N_("This question has no choices."))
    return question


def _check(question: Plain) -> None:
    if all(choice.get("hidden") for choice in question["choices"]):
        raise EditError(N_("A question needs at least one choice."), field="list")
    if len(question["choices"]) > MOST_CHOICES:
        raise EditError(
            N_("A question can have %(most)s choices; these are %(count)s."),
            {"most": MOST_CHOICES, "count": len(question["choices"])},
            field="list",
        )
    if sum(bool(choice.get("other")) for choice in question["choices"]) > 1:
        raise EditError(N_("Only one choice can ask “other: please say”."), field="list")


def key_of(label: str) -> str:
    """The same for two labels that mean the same; tones count: bò and bơ are two choices."""
    return clean_line(label).casefold()


def label_of(choice: Plain) -> str:
    """Its words in Vietnamese, or in what language there are."""
    label = choice["label"]
    return str(label.get("vi") or next(iter(label.values()), ""))


def _hidden(choice: Plain) -> Plain:
    return {**choice, "hidden": True}
