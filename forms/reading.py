"""From YAML or JSON text to a definition, with mistakes that name the place and what to do."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from .definition import Definition

LARGEST = 2_000_000  # characters


@dataclass(frozen=True)
class Mistake:
    """One thing wrong with a definition: where it stands and what to do about it."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


class DefinitionError(ValueError):
    """The text is no definition; `mistakes` says why, all at once."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


_BOOL, _TIMESTAMP = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """Plain YAML: no key twice, no aliases (they can blow up), `no` and `on` are words."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML declares it so
        sign: [(tag, pattern) for tag, pattern in resolvers if tag not in (_BOOL, _TIMESTAMP)]
        for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            raise DefinitionError([Mistake(f"line {line}", "write the text out; no *aliases")])
        return super().compose_node(parent, index)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for at, key in enumerate(keys):
        if key in keys[:at]:
            line = node.value[at][0].start_mark.line + 1
            raise DefinitionError([Mistake(f"line {line}", f"{key!r} stands twice; remove one")])
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_implicit_resolver(_BOOL, re.compile("^(?:true|false)$"), list("tf"))


def read_text(text: str) -> Any:
    """Parse JSON or YAML into plain data; raises DefinitionError."""
    if len(text) > LARGEST:
        raise DefinitionError([Mistake("", f"longer than {LARGEST:,} characters")])
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return _read_yaml(text)


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice; the YAML reader knows its line")
    return found


def _read_yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except DefinitionError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise DefinitionError([Mistake(place, f"not YAML: {error.problem}")]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DefinitionError([Mistake("", f"not YAML: {error}")]) from error


def read_definition(text: str) -> Definition:
    """Read a definition from YAML or JSON text; raises DefinitionError with every mistake found."""
    return build_definition(read_text(text))


def build_definition(plain: Any) -> Definition:
    """Check plain data (mappings, lists, texts) and make the definition of it."""
    if not isinstance(plain, Mapping):
        raise DefinitionError([Mistake("", "a definition is a mapping with id, title, sections …")])
    try:
        return Definition.model_validate(plain)
    except ValidationError as error:
        mistakes = [
            Mistake(_place(item["loc"], plain), _advice(item))
            for item in error.errors(include_url=False)
            if not _follows_from_others(item)
        ]
        raise DefinitionError(mistakes) from error


def _place(path: Sequence[int | str], plain: Any) -> str:
    """sections[0].questions[2] (ho_ten).label: counted from 0 as in the file, with the name."""
    words: list[str] = []
    here: Any = plain
    for step in path:
        if isinstance(step, int):
            words[-1:] = [f"{words[-1] if words else ''}[{step}]"]
        elif not isinstance(here, Mapping) or step in here or not _is_tag(here, step):
            words.append(step)
        if isinstance(here, Mapping):
            here = here.get(step, here)
        elif isinstance(here, Sequence) and isinstance(step, int) and step < len(here):
            here = here[step]
            if isinstance(here, Mapping) and isinstance(here.get("name"), str):
                words[-1] += f" ({here['name']})"
    return ".".join(words)


def _is_tag(here: Mapping[Any, Any], step: str) -> bool:
    # pydantic names the chosen member of a union as a step of its own
    return here.get("type") == step


def _follows_from_others(item: Any) -> bool:
    # a list whose every member is refused is also called empty
    return item["type"] == "too_short" and bool(item["input"])


_ADVICE = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not known here; check the spelling or remove it",
    "string_type": "write a text",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "tuple_type": "write a list",
    "model_type": "write a mapping",
    "model_attributes_type": "write a mapping",
    "dict_type": "write one text per language, for example {vi: …, en: …}",
    "string_too_short": "must not be empty",
    "union_tag_not_found": "has no type; add one, for example type: text",
}


def _advice(item: Any) -> str:
    kind, context = item["type"], item.get("ctx", {})
    if kind in _ADVICE:
        return _ADVICE[kind]
    if kind == "value_error":
        return str(context.get("error", item["msg"]))
    if kind == "union_tag_invalid":
        return f"type {context.get('tag')!r} is not known; known are {context.get('expected_tags')}"
    if kind == "literal_error":
        return f"write one of {context.get('expected')}"
    if kind == "string_pattern_mismatch":
        return f"must look like {context.get('pattern')}"
    return str(item["msg"])
