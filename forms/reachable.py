"""Whether a condition can ever hold: choices that cannot be made, and choices that exclude others.

Only what can be told from comparisons with choices is told; everything else counts as possible.
"""

from collections.abc import Iterator, Mapping, Sequence

from .editing.conditions import Pick, read_picked
from .editing.plain import Plain

_ONE_OF = frozenset({"select_one", "list"})
_CHOOSING = _ONE_OF | {"select_multiple"}


def impossible_choice(source: str, by_name: Mapping[str, Plain]) -> Pick | None:
    """The comparison that asks for a choice that is not offered, where all depends on it."""
    picked = read_picked(source)
    if picked is None:
        return None
    wrong = [pick for pick in picked.picks if _is_impossible(pick, by_name)]
    all_needed = picked.join == "and" or len(picked.picks) == 1
    return wrong[0] if wrong and (all_needed or len(wrong) == len(picked.picks)) else None


def _is_impossible(pick: Pick, by_name: Mapping[str, Plain]) -> bool:
    question = by_name.get(pick.question)
    if question is None or pick.comparison not in ("is", "has") or not pick.value:
        return False
    if question["type"] == "rating":
        return pick.value not in ("1", "2", "3", "4", "5")
    if question["type"] not in _CHOOSING:
        return False
    offered = {c["name"] for c in question.get("choices", ()) if not c.get("hidden")}
    return pick.value not in offered


def contradiction(sources: Sequence[str], by_name: Mapping[str, Plain]) -> str:
    """The question that would need two answers at once for all conditions to hold; or nothing.

    Follows the conditions of what the conditions read: who was never asked has no answer.
    """
    fixed: dict[str, set[str]] = {}
    for pick in _demanded(sources, by_name, set()):
        question = by_name.get(pick.question, {})
        if question.get("type") not in _ONE_OF:
            continue
        if pick.comparison == "is":
            fixed.setdefault(pick.question, set()).add(pick.value)
        elif pick.comparison == "none":
            fixed.setdefault(pick.question, set()).add("")
    return next((name for name, values in fixed.items() if len(values) > 1), "")


def _demanded(
    sources: Sequence[str], by_name: Mapping[str, Plain], seen: set[str]
) -> Iterator[Pick]:
    """Every comparison that must hold, with those of the questions it reads."""
    for source in sources:
        picked = read_picked(source)
        if picked is None or (picked.join == "or" and len(picked.picks) > 1):
            continue
        for pick in picked.picks:
            yield pick
            asked = by_name.get(pick.question, {})
            needs_answer = pick.comparison not in ("none", "is_not", "has_not")
            if needs_answer and pick.question not in seen:
                seen.add(pick.question)
                yield from _demanded(_conditions(asked), by_name, seen)


def _conditions(question: Plain) -> list[str]:
    return [question["relevant"]] if isinstance(question.get("relevant"), str) else []
