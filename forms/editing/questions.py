"""Acts on questions: add, edit, move, duplicate, hide, show again, remove."""

from collections.abc import Mapping
from copy import deepcopy

from ..cleaning import clean_line
from ..problems import N_
from .errors import EditError
from .inputs import Inputs
from .kinds import NEW_LABEL, new_question
from .plain import (
    MOST_QUESTIONS,
    Kept,
    Plain,
    find,
    fresh_name,
    is_made_of,
    put,
    put_texts,
    question_of,
    questions,
    rename,
    section_of,
    taken_names,
)
from .settings import NEVER_REQUIRED, NEVER_SENSITIVE, put_settings


def add(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Add a question of a `kind` behind the question `after`, or at the head of a `section`."""
    _check_room(plain)
    question = new_question(inputs.raw("kind"), plain.get("languages", ["vi", "en"]))
    label = _lines(inputs.texts("label"))
    question["label"] |= {language: text for language, text in label.items() if text}
    name = fresh_name(_vi(question), taken_names(plain, kept))
    _insert(plain, {"type": question.pop("type"), "name": name, **question}, inputs)


def _insert(plain: Plain, question: Plain, inputs: Inputs) -> None:
    if after := inputs.raw("after"):
        section, place = find(plain, after)
        plain["sections"][section]["questions"].insert(place + 1, question)
    else:
        section_of(plain, inputs.number("section"))["questions"].insert(0, question)


def edit(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Put in all that the editor of the question `name` shows but its choices and conditions.

    A name that was made of the label follows it until it is published.
    """
    question = question_of(plain, inputs.raw("name"))
    before = _vi(question)
    for setting in ("label", "hint", "constraint_message", "item"):
        if texts := inputs.texts(setting):
            is_line = setting in ("label", "item") and question["type"] != "note"
            put_texts(question, setting, _lines(texts) if is_line else texts)
    if not _vi(question) and question["type"] != "calculate":
        raise EditError(N_("A question needs words in Vietnamese."), field="label.vi")
    _put_children(question, inputs)
    if inputs.has("settings"):  # unticked boxes are not posted: their absence says nothing alone
        _put_marks(question, inputs)
        put_settings(question, inputs)
        _put_expressions(question, inputs)
    if before != _vi(question):
        _follow(plain, kept, question, before)


def _lines(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: clean_line(text) for language, text in texts.items()}


def _vi(question: Plain) -> str:
    label = question.get("label", {})
    return str(label.get("vi", "")) if isinstance(label, dict) else ""


def _follow(plain: Plain, kept: Kept, question: Plain, before: str) -> None:
    name = question["name"]
    if name in kept.names or not (is_made_of(name, before) or is_made_of(name, NEW_LABEL["vi"])):
        return
    others = [other for other in questions(plain) if other is not question]
    taken = taken_names({"sections": [{"questions": others}]}, kept)
    rename(plain, name, fresh_name(_vi(question), taken))


def _put_children(question: Plain, inputs: Inputs) -> None:
    for child in question.get("questions", ()):
        put_texts(child, "label", _lines(inputs.texts(f"child.{child['name']}")))
        if not child.get("label"):
            raise EditError(
                N_("A question needs words in Vietnamese."), field=f"child.{child['name']}.vi"
            )
        if inputs.has(f"child.{child['name']}.vi"):
            put(child, "required", inputs.tick(f"child_required.{child['name']}"), False)


def _put_marks(question: Plain, inputs: Inputs) -> None:
    if question["type"] not in NEVER_REQUIRED and inputs.has("required"):
        wish = inputs.raw("required")
        if wish == "expression":
            put(question, "required", inputs.line("required_expression") or False, False)
        else:
            put(question, "required", wish == "1", False)
    if question["type"] not in NEVER_SENSITIVE:
        put(question, "sensitive", inputs.tick("sensitive"), False)


def _put_expressions(question: Plain, inputs: Inputs) -> None:
    for setting in ("constraint", "calculation"):
        if inputs.has(setting):
            put(question, setting, inputs.line(setting), "")


def move(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Move the question `name` one place `up` or `down`, behind `after`, or into a `section`."""
    name, way = inputs.raw("name"), inputs.raw("way")
    section, place = find(plain, name)
    if way in ("up", "down"):
        _step(plain, section, place, 1 if way == "down" else -1)
        return
    if inputs.raw("after") == name:
        return
    if inputs.raw("after"):
        find(plain, inputs.raw("after"))
    else:
        section_of(plain, inputs.number("section"))
    question = plain["sections"][section]["questions"].pop(place)
    _insert(plain, question, inputs)


def _step(plain: Plain, section: int, place: int, by: int) -> None:
    """One place on; over the edge of a section into the next one."""
    here, to = plain["sections"][section]["questions"], place + by
    if 0 <= to < len(here):
        here.insert(to, here.pop(place))
    elif 0 <= section + by < len(plain["sections"]):
        there = plain["sections"][section + by]["questions"]
        there.insert(0 if by > 0 else len(there), here.pop(place))


def duplicate(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Put a copy of the question `name` behind it, under a name of its own."""
    _check_room(plain)
    section, place = find(plain, inputs.raw("name"))
    copy = deepcopy(plain["sections"][section]["questions"][place])
    copy["name"] = fresh_name(_vi(copy) or copy["name"], taken_names(plain, kept))
    copy.pop("hidden", None)
    copy.pop("audio", None)  # a voice that reads another question's words
    plain["sections"][section]["questions"].insert(place + 1, copy)


def hide(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """No longer ask the question `name`; what was answered stays, in lists and in files."""
    question_of(plain, inputs.raw("name"))["hidden"] = True


def show(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Ask the question `name` again."""
    question_of(plain, inputs.raw("name")).pop("hidden", None)


def remove(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Take the question `name` out of the form, unless it was published: then it can be hidden."""
    name = inputs.raw("name")
    section, place = find(plain, name)
    if name in kept.names:
        raise EditError(
            N_("“%(question)s” was published: its answers need it. You can hide it instead."),
            {"question": _vi(question_of(plain, name))},
        )
    del plain["sections"][section]["questions"][place]


def _check_room(plain: Plain) -> None:
    if sum(1 for _ in questions(plain)) >= MOST_QUESTIONS:
        raise EditError(
            N_("A form can have %(most)s questions; it is full."), {"most": MOST_QUESTIONS}
        )
