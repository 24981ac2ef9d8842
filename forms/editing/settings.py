"""Which settings of a question its editor shows, and how a posted value becomes one.

The question types themselves judge the values (forms/types/), at the latest when publishing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..problems import N_
from .errors import EditError
from .inputs import Inputs
from .plain import Plain, put


@dataclass(frozen=True)
class Setting:
    """One setting: its name in the definition, its kind of input, and what goes without saying."""

    name: str
    kind: Literal["number", "tick", "name_tick"]
    default: object = None
    least: int = 0
    most: int = 0


_TICK_DEFAULT = False
_LONGEST_LINE = Setting("longest", "number", 200, 1, 2_000)
_LONGEST_TEXT = Setting("longest", "number", 2_000, 1, 20_000)
_SHORTEST = Setting("shortest", "number", 0, 0, 20_000)
_BOUND = 10**15
_LEAST = Setting("least", "number", None, -_BOUND, _BOUND)
_MOST = Setting("most", "number", None, -_BOUND, _BOUND)
_FUTURE = Setting("future", "tick", _TICK_DEFAULT)

SETTINGS: Mapping[str, tuple[Setting, ...]] = {
    "text": (Setting("appearance", "name_tick", ""), _SHORTEST, _LONGEST_LINE),
    "multiline": (_SHORTEST, _LONGEST_TEXT),
    "integer": (_LEAST, _MOST),
    "decimal": (_LEAST, _MOST),
    "money": (Setting("least", "number", 0, -_BOUND, _BOUND), _MOST),
    "date": (
        _FUTURE,
        Setting("year_only", "tick", _TICK_DEFAULT),
        Setting("youngest", "number", None, 0, 150),
        Setting("oldest", "number", None, 0, 150),
    ),
    "month": (_FUTURE,),
    "citizen_id": (Setting("passport", "tick", _TICK_DEFAULT),),
    "image": (
        Setting("most", "number", 4, 1, 4),
        Setting("pdf", "tick", _TICK_DEFAULT),
    ),
    "repeat": (
        Setting("least", "number", 1, 1, 3),
        Setting("most", "number", 10, 1, 20),
    ),
}
# What a person is never asked can neither be demanded nor be sensitive.
NEVER_REQUIRED = frozenset({"note", "calculate", "signature"})
NEVER_SENSITIVE = frozenset({"note", "consent"})


def put_settings(question: Plain, inputs: Inputs) -> None:
    """Put in what the editor shows of this type; raises EditError for values out of bounds."""
    for setting in SETTINGS.get(question["type"], ()):
        if setting.kind == "tick":
            put(question, setting.name, inputs.tick(setting.name), setting.default)
        elif setting.kind == "name_tick":
            named = "name" if inputs.tick(setting.name) else ""
            put(question, setting.name, named, setting.default)
        elif inputs.has(setting.name):
            put(question, setting.name, _number(setting, inputs), setting.default)


def _number(setting: Setting, inputs: Inputs) -> object:
    number = inputs.number(setting.name)
    if number is None:
        return setting.default
    if not setting.least <= number <= setting.most:
        raise EditError(
            N_("Please write a number from %(least)s to %(most)s."),
            {"least": setting.least, "most": setting.most},
            field=setting.name,
        )
    return number
