"""The ready-made forms: one YAML file each, with the blocks and option lists they share.

A file may write `block: ID3` in place of a question, `choices: DT` in place of a list,
`workflow: report` in place of states, `closing: worker` in place of words, and a notice as
`standard: worker` with its own texts (see notices.py). All are copied in when the file is read, so
that later changes of the gallery never touch a live form.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..definition import Definition
from ..reading import DefinitionError, Mistake, build_definition, read_text
from .notices import expand_notice, said_of

FOLDER = Path(__file__).parent
SHARED = "shared.yaml"


class _Gallery(Mapping[str, Definition]):
    """Reads a form when it is asked for: all of them take half a second."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.glob("*.yaml") if path.name != SHARED)
        self._paths = {path.stem: path for path in paths}
        self._read: dict[str, Definition] = {}

    def __getitem__(self, name: str) -> Definition:
        if name not in self._read:
            self._read[name] = _read_file(self._paths[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@cache
def gallery() -> Mapping[str, Definition]:
    """All ready-made definitions by id, in the order of their codes."""
    return _Gallery(FOLDER)


def _read_file(path: Path) -> Definition:
    try:
        definition = build_definition(expand(read_text(path.read_text("utf-8")), _shared()))
    except DefinitionError as error:
        places = [Mistake(f"{path.name}: {m.place}", m.text) for m in error.mistakes]
        raise DefinitionError(places) from error
    if definition.id != path.stem:
        raise DefinitionError([Mistake(path.name, f"id is {definition.id}, not the file's name")])
    return definition


def read_ready_made(text: str) -> Any:
    """Plain data of a text that may name what ready-made forms share; raises DefinitionError."""
    return expand(read_text(text), _shared())


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
    for part, shelf in (("workflow", "workflows"), ("closing", "closings")):
        if isinstance(name := plain.get(part), str):
            whole[part] = _named(shared[shelf], name, part)
    if "notice" in plain:
        kept_for = said_of(plain.get("retention"), anonymous=plain.get("anonymous") is True)
        whole["notice"] = expand_notice(plain["notice"], shared, kept_for)
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


def _named(shelf: Mapping[str, Any], name: str, kind: str) -> Any:
    if name not in shelf:
        known = ", ".join(shelf)
        raise DefinitionError([Mistake(f"{kind}: {name}", f"is not known; known are {known}")])
    return shelf[name]
