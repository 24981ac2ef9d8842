"""All acts by name, and the one way to do them: on a copy, and never half."""

from collections.abc import Callable, Mapping
from copy import deepcopy

from ..problems import N_
from . import children, choices, filters, marks, picking, questions, rules, sections, texts
from .errors import EditError
from .inputs import Inputs
from .plain import Kept, Plain

_Act = Callable[[Plain, Kept, Inputs], None]

ACTS: Mapping[str, _Act] = {
    "add": questions.add,
    "edit": questions.edit,
    "condition": picking.put_condition,
    "move": questions.move,
    "duplicate": questions.duplicate,
    "hide": questions.hide,
    "show": questions.show,
    "remove": questions.remove,
    "paste_choices": choices.paste,
    "choices": choices.put_choices,
    "move_choice": choices.move_choice,
    "filter": filters.put_filter,
    "add_child": children.add,
    "move_child": children.move,
    "hide_child": children.hide,
    "show_child": children.show,
    "remove_child": children.remove,
    "add_section": sections.add,
    "section": sections.edit,
    "move_section": sections.move,
    "duplicate_section": sections.duplicate,
    "remove_section": sections.remove,
    "texts": texts.put_form_texts,
    "notice": texts.put_notice,
    "kept": rules.put_kept,
    "handling": rules.put_handling,
    "mark": marks.put_mark,
    "remove_mark": marks.remove_mark,
    "alarm": marks.put_alarm,
    "remove_alarm": marks.remove_alarm,
    "add_language": texts.add_language,
    "remove_language": texts.remove_language,
}


def act(plain: Plain, kept: Kept, what: str, inputs: Inputs) -> Plain:
    """The form after an act; the one given is not touched. Raises EditError."""
    if what not in ACTS:
        raise EditError(N_("This act is not known."))
    after = deepcopy(plain)
    ACTS[what](after, kept, inputs)
    return after
