"""What opens a form: where it is posted to, whose poster it is, and by which way it is answered."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext

from federation.units import ROOT, UnitTree
from forms.definition import UNIT_INPUT, Definition
from forms.publication import PublishedVersion, ScanPoint
from forms.types.base import Inputs
from services.identity import tidy_instance_id
from services.moments import last_moment_text
from services.receiving.receive import INSTANCE_INPUT, TURN_INPUT

from ..site import site
from .walking import Shown

_SENDING = ("errors.js", "send.js")


@dataclass(frozen=True)
class Mode:
    """A way to the same form: where it is posted, what scripts run; the scan has no name.

    `is_shared`: on a phone of somebody else, so the browser must not offer what it knows of its
    owner. `receipts`: below which address what was sent is found; where it is named, what cannot be
    sent waits on the phone. `first_scripts` come before the queue's own.
    """

    name: str
    endpoint: str
    scripts: tuple[str, ...] = ()
    is_shared: bool = True
    receipts: str = ""
    first_scripts: tuple[str, ...] = ()


SCAN = Mode("", "worker.take_answers", (*_SENDING, "draft.js"), is_shared=False, receipts="/r/")
KIOSK = Mode("kiosk", "kiosk.take_answers", ("kiosk.js",))
ASSISTED = Mode(
    "assisted",
    "assist.take_answers",
    _SENDING,
    receipts="/assist/{code}/",
    first_scripts=("assist.js",),
)
PAPER = Mode("paper", "entry.take", ("enter.js",))
CORRECTION = Mode("case", "case.act")


def point_block(
    point: ScanPoint,
    version: PublishedVersion,
    inputs: Inputs,
    shown: Shown,
    mode: Mode,
    *,
    action: str = "",
    **more: object,
) -> str:
    """Everything that differs from poster to poster and from request to request."""
    hidden = [
        (INSTANCE_INPUT, _instance_id(inputs)),
        ("_version", str(version.number)),
        ("_lang", g.page_language),
        (TURN_INPUT, str(len(point.former))),
    ]
    tree, definition = site().tree, version.definition
    return draw_block(
        action or url_for(mode.endpoint, code=point.code, lang=request.args.get("lang")),
        tree.home_name(point.unit),
        point.place,
        hidden,
        definition,
        shown,
        until=_until(point),
        unit_choices=_unit_choices(definition, point, inputs, tree),
        mode=mode.name,
        queue=mode.receipts.format(code=point.code),
        **more,
    )


def _until(point: ScanPoint) -> str:
    if point.closes_at is None:
        return ""
    return gettext("Answers are taken until %(moment)s.", moment=last_moment_text(point.closes_at))


def draw_block(
    action: str,
    unit_name: str,
    place: str,
    hidden: list[tuple[str, str]],
    definition: Definition,
    shown: Shown,
    **more: object,
) -> str:
    """What opens the form; `more` is what only some ways of answering show in it."""
    block = more | {
        "has_files": definition.most_file_bytes > 0,
        "onward": shown.step.onward if shown.step else 0,
        "action": action,
        "unit_name": unit_name,
        "place": place,
        "hidden": hidden,
    }
    return render_template("worker/_poster.html", lang=g.page_language, block=block)


def _instance_id(inputs: Inputs) -> str:
    """The one that was posted, so that a second try is the same response; else a new one."""
    posted = inputs.get(INSTANCE_INPUT, ())
    kept = tidy_instance_id(posted[0]) if len(posted) == 1 else None
    return kept or str(uuid.uuid4())


def _unit_choices(
    definition: Definition, point: ScanPoint, inputs: Inputs, tree: UnitTree
) -> list[dict[str, Any]] | None:
    if not definition.open:
        return None
    named, home = next(iter(inputs.get(UNIT_INPUT, ())), ""), tree.home(point.unit)
    others = [
        {"id": unit.id, "name": unit.name, "selected": unit.id == named}
        for _, unit in tree.outline()
        if unit.is_open and unit.id not in (home.id if home else point.unit, ROOT)
    ]
    return others or None
