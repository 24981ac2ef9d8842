"""The ready-made forms: one YAML file each, with the blocks and option lists they share.

A file may write `block: ID3` in place of a question, `choices: DT` in place of a list,
`workflow: report` in place of states, and `notice: {standard: worker, …}` with its own texts in
place of a notice (see notices.py); all are copied in when the file is read, so that later changes
of the gallery never touch a live form.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..definition import Definition
from ..reading import DefinitionError, Mistake, build_definition, read_text
from .notices import expand_notice

FOLDER = Path(__file__).parent
SHARED = "shared.yaml"


@cache
def gallery() -> Mapping[str, Definition]:
    """All ready-made definitions by id, in the order of their codes."""
    paths = sorted(path for path in FOLDER.glob("*.yaml") if path.name != SHARED)
    return {definition.id: definition for definition in map(_read_file, paths)}


def _read_file(path: Path) -> Definition:
    try:
        definition = build_definition(expand(read_text(path.read_text("utf-8")), _shared()))
    except DefinitionError as error:
        places = [Mistake(f"{path.name}: {m.place}", m.text) for m in error.mistakes]
        raise DefinitionError(places) from error
    if definition.id != path.stem:
        raise DefinitionError([Mistake(path.name, f"id is {definition.id}, not the file's name")])
    return definition


@cache
def _shared() -> Mapping[str, Any]:
    shared: Mapping[str, Any] = read_text((FOLDER / SHARED).read_text("utf-8"))
    return shared


def expand(plain: Any, shared: Mapping[str, Any]) -> Any:
    """Put what is shared in the place of its name; raises DefinitionError."""
    if not isinstance(plain, Mapping):
        return plain
    whole = dict(plain)
    if isinstance(sections := plain.get("sections"), list):
        whole["sections"] = [_expand_section(section, shared) for section in sections]
    if isinstance(workflow := plain.get("workflow"), str):
        whole["workflow"] = _named(shared["workflows"], workflow, "workflow")
    if "notice" in plain:
        whole["notice"] = expand_notice(plain["notice"], shared)
    return whole


def _expand_section(section: Any, shared: Mapping[str, Any]) -> Any:
    if not isinstance(section, Mapping) or not isinstance(section.get("questions"), list):
        return section
    questions: list[Any] = []
    for question in section["questions"]:
        if isinstance(question, Mapping) and "block" in question:
            questions += _named(shared["blocks"], question["block"], "block")
        elif isinstance(question, Mapping) and isinstance(question.get("choices"), str):
            choices = _named(shared["choices"], question["choices"], "choices")
            questions.append({**question, "choices": choices})
        else:
            questions.append(question)
    return {**section, "questions": questions}


def _named(shelf: Mapping[str, Any], name: str, kind: str) -> list[Any]:
    if name not in shelf:
        known = ", ".join(shelf)
        raise DefinitionError([Mistake(f"{kind}: {name}", f"is not known; known are {known}")])
    found: list[Any] = shelf[name]
    return found
