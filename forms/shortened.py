"""A form as one page, also without some of its questions: for officers who type quickly."""

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

from .definition import Definition, Section
from .dependencies import check_dependencies


def without(definition: Definition, names: Collection[str]) -> Definition:
    """The form less these questions; raises ValueError where others depend on them.

    It is for drawing only: what the law asks of a whole form (a consent at its end) is not asked of
    it, and it flags nothing.
    """
    if not names:
        return definition
    shorter = (_less(section, names) for section in definition.sections)
    sections = tuple(section for section in shorter if section is not None)
    if not any(q.asks and not q.hidden for section in sections for q in section.asked):
        raise ValueError("nothing is left to ask")
    check_dependencies(tuple((section.relevant, section.asked) for section in sections))
    changed = {"sections": sections, "steps": False, "alarm": None, "flags": (), "priority": ()}
    return Definition.model_construct(**_fields(definition) | changed)


def on_one_page(definition: Definition) -> Definition:
    """The same form without steps, for a page on which somebody types quickly."""
    if not definition.steps:
        return definition
    return Definition.model_construct(**_fields(definition) | {"steps": False})


def _less(section: Section, names: Collection[str]) -> Section | None:
    left = tuple(q for q in section.questions if q.name not in names)
    return Section.model_construct(**_fields(section) | {"questions": left}) if left else None


def _fields(part: BaseModel) -> dict[str, Any]:
    """What it is made of, without what it has worked out since."""
    return {name: getattr(part, name) for name in type(part).model_fields}
