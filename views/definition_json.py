"""The published definition as JSON, for programs and for the phone's queue."""

from flask import Response

from forms.publication import PublishedVersion, ScanPoint

from .json_answer import json_answer
from .site import site

_FOR_THE_UNION = {"flags", "workflow", "once", "priority", "helps", "answer_within"}


def definition_json(point: ScanPoint, version: PublishedVersion, **more: object) -> Response:
    """The published definition for programs, with choice names and companion questions."""
    definition, home = version.definition, site().tree.home(point.unit)
    told = definition.model_dump(mode="json", exclude=_FOR_THE_UNION, exclude_defaults=True)
    for section, shown in zip(definition.sections, told["sections"], strict=True):
        shown["questions"] = [
            question.model_dump(mode="json", exclude_defaults=True)
            for written in section.questions
            for question in (written, *written.companions())
        ]
    told |= more | {
        "version": version.number,
        "unit": home.id if home else point.unit,
        "unit_name": site().tree.home_name(point.unit),
        "place": point.place,
        "state": point.availability(site().now()),
    }
    return json_answer(told)
