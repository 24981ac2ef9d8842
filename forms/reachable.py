"""Whether a condition can ever hold: choices that cannot be made, and choices that exclude others.

Only what can be told from comparisons with choices is told; everything else counts as possible.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from .editing.conditions import Pick, Picked, read_picked
from .editing.plain import Plain

_ONE_OF = frozenset({"select_one", "list"})
_MOST_READ = 200  # conditions that one is followed through
_CHOOSING = _ONE_OF | {"select_multiple"}


def impossible_choice(source: str, by_name: Mapping[str, Plain]) -> Pick | None:
    """The comparison that asks for a choice that is not offered, where all depends on it."""
    picked = _read(source)
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
    for pick in _demanded(sources, by_name):
        question = by_name.get(pick.question, {})
        if question.get("type") not in _ONE_OF:
            continue
        if pick.comparison == "is":
            fixed.setdefault(pick.question, set()).add(pick.value)
        elif pick.comparison == "none":
            fixed.setdefault(pick.question, set()).add("")
    return next((name for name, values in fixed.items() if len(values) > 1), "")


def _demanded(sources: Sequence[str], by_name: Mapping[str, Plain]) -> Iterator[Pick]:
    """Every comparison that must hold, with those of the questions it reads; some of very many."""
    waiting, seen = list(sources), set(sources)
    for source in waiting:
        picked = _read(source)
        if picked is None or (picked.join == "or" and len(picked.picks) > 1):
            continue
        for pick in picked.picks:
            yield pick
            if pick.comparison in ("none", "is_not", "has_not") or len(waiting) > _MOST_READ:
                continue  # holds of whom was never asked, too
            more = [s for s in _conditions(by_name.get(pick.question, {})) if s not in seen]
            waiting += more
            seen.update(more)


@lru_cache(maxsize=4_096)
def _read(source: str) -> Picked | None:
    return read_picked(source)


def _conditions(question: Plain) -> list[str]:
    return [question["relevant"]] if isinstance(question.get("relevant"), str) else []
