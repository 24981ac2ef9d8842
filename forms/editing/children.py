"""Acts on the inner questions of a repeat: add, move, hide, show again, remove.

The editor of the repeat itself puts their words in (questions.py).
"""

from ..problems import N_
from ..types.repeat import CHILD_TYPES, MOST_CHILDREN
from .errors import EditError
from .inputs import Inputs
from .kinds import new_question
from .plain import Kept, Plain, fresh_name, put_texts, question_of


def add(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Add an inner question of a `kind` at the end of the repeat `name`."""
    repeat = _repeat(plain, inputs)
    if len(repeat["questions"]) >= MOST_CHILDREN:
        raise EditError(
            N_("A group can have %(most)s inner questions; it is full."), {"most": MOST_CHILDREN}
        )
    child = new_question(inputs.raw("kind"), plain.get("languages", ["vi", "en"]))
    if child["type"] not in CHILD_TYPES:
        raise EditError(N_("Please choose a kind of question."), field="kind")
    put_texts(child, "label", {key: text for key, text in inputs.texts("new").items() if text})
    taken = {one["name"] for one in repeat["questions"]} | _published(repeat, kept)
    name = fresh_name(str(child["label"].get("vi", "")), taken)
    repeat["questions"].append({"type": child.pop("type"), "name": name, **child})


def move(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Move the inner question `child` one place `up` or down."""
    children = _repeat(plain, inputs)["questions"]
    at = children.index(_child(children, inputs))
    to = at - 1 if inputs.raw("way").startswith("up") else at + 1
    if 0 <= to < len(children):
        children.insert(to, children.pop(at))


def hide(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """No longer ask the inner question `child`; what was answered stays."""
    children = _repeat(plain, inputs)["questions"]
    _check_last(children, _child(children, inputs))
    _child(children, inputs)["hidden"] = True


def show(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Ask the inner question `child` again."""
    _child(_repeat(plain, inputs)["questions"], inputs).pop("hidden", None)


def remove(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Take the inner question `child` out, unless it was published: then it can be hidden."""
    repeat = _repeat(plain, inputs)
    child = _child(repeat["questions"], inputs)
    if child["name"] in _published(repeat, kept):
        raise EditError(
            N_("“%(question)s” was published: its answers need it. You can hide it instead."),
            {"question": child["label"].get("vi", child["name"])},
        )
    _check_last(repeat["questions"], child)
    repeat["questions"].remove(child)


def _published(repeat: Plain, kept: Kept) -> frozenset[str]:
    return kept.children.get(repeat["name"], frozenset())


def _repeat(plain: Plain, inputs: Inputs) -> Plain:
    question = question_of(plain, inputs.raw("name"))
    if "questions" not in question:
        raise EditError(N_("This question has no inner questions."))
    return question


def _child(children: list[Plain], inputs: Inputs) -> Plain:
    """The one that `child` names; a button says it behind the way (`up:ho_ten`)."""
    wanted = inputs.raw("child") or inputs.raw("way").rpartition(":")[2]
    found = next((child for child in children if child["name"] == wanted), None)
    if found is None:
        raise EditError(N_("This inner question is no longer in the form."))
    return found


def _check_last(children: list[Plain], going: Plain) -> None:
    if all(child is going or child.get("hidden") for child in children):
        raise EditError(N_("A group asks at least one inner question."))
