"""The published definition as JSON, for programs and for the phone's queue."""

from typing import Any

from flask import Response

from forms.publication import PublishedVersion, ScanPoint
from forms.types import Question

from ..json_answer import json_answer
from ..site import site

_FOR_THE_UNION = {"flags", "workflow", "once", "priority", "helps", "answer_within"}


def definition_json(point: ScanPoint, version: PublishedVersion, **more: object) -> Response:
    """The published definition for programs, with choice names and companion questions.

    What is hidden is left out: no answer to it is taken.
    """
    definition, home = version.definition, site().tree.home(point.unit)
    told = definition.model_dump(mode="json", exclude=_FOR_THE_UNION, exclude_defaults=True)
    for section, shown in zip(definition.sections, told["sections"], strict=True):
        shown["questions"] = [_offered(q) for q in section.asked if not q.hidden]
    told |= more | {
        "version": version.number,
        "unit": home.id if home else point.unit,
        "unit_name": site().tree.home_name(point.unit),
        "place": point.place,
        "state": point.availability(site().now()),
    }
    return json_answer(told)


def _offered(question: Question) -> dict[str, Any]:
    told = question.model_dump(mode="json", exclude_defaults=True)
    if "choices" in told:
        told["choices"] = [choice for choice in told["choices"] if not choice.get("hidden")]
    return told
