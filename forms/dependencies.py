"""In which order the values of a form depend on each other, and what may read what.

Knows questions and sections only; forms/definition.py asks it when a definition is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from .expressions import Expression
from .types import Question
from .types.calculate import Calculate
from .types.choices import SelectMultiple, SelectOne

LONGEST_TOGETHER = 100_000  # characters of all expressions of a form
MOST_PATTERNS = 100
Groups = Sequence[tuple[Expression | None, Sequence[Question]]]  # relevant of a section, questions


def check_dependencies(groups: Groups) -> None:
    """Refuse names that do not exist, conditions that look ahead, circles; raises ValueError."""
    questions = [question for _, group in groups for question in group]
    known = {question.name for question in questions if question.asks}
    for question in questions:
        for setting, expression in settings(question):
            if setting != "relevant":
                _known(f"question {question.name}: {setting}", expression.names - known)
    _check_size(groups, questions)
    needed = needs(groups)
    calculated = [q.name for q in questions if isinstance(q, Calculate)]
    _check_circle({name: needed[name] for name in calculated})
    _check_looking_back(groups, in_order(needed))
    _check_circle(needed)


def settings(question: Question) -> Iterator[tuple[str, Expression]]:
    """The expressions of a question by the setting that holds them."""
    for setting in ("relevant", "required", "constraint", "calculation"):
        expression = getattr(question, setting, None)
        if isinstance(expression, Expression):
            yield setting, expression


def filter_of(question: Question) -> str:
    """The question whose answer says which choices of this one are offered; empty for none."""
    return (question.filter or "") if isinstance(question, SelectOne | SelectMultiple) else ""


def is_ruled(question: Question) -> bool:
    """Whether what a page shows of it follows from answers."""
    return bool(filter_of(question)) or any(True for _ in settings(question))


def needs(groups: Groups) -> dict[str, frozenset[str]]:
    """Which answers must be known before a question's own: in the order of the form."""
    return {
        question.name: frozenset(relevant.names if relevant else ()).union(
            *(
                expression.names
                for setting, expression in settings(question)
                if setting in ("relevant", "calculation")
            )
        )
        for relevant, group in groups
        for question in group
        if question.asks
    }


def in_order(needs: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The names such that each follows those it needs, else in the given order.

    Names in a circle, and those that need them, are left out.
    """
    place = {name: at for at, name in enumerate(needs)}
    waiting = {name: len(needs[name] & needs.keys()) for name in needs}
    followers: dict[str, list[str]] = {name: [] for name in needs}
    for name, needed in needs.items():
        for earlier in needed & needs.keys():
            followers[earlier].append(name)
    ready = [place[name] for name, count in waiting.items() if not count]
    heapify(ready)
    listed, ordered = list(needs), []
    while ready:
        ordered.append(name := listed[heappop(ready)])
        for follower in followers[name]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heappush(ready, place[follower])
    return tuple(ordered)


def _check_circle(needed: Mapping[str, frozenset[str]]) -> None:
    if circle := needed.keys() - set(in_order(needed)):
        raise ValueError(
            f"the values of {', '.join(sorted(circle))} depend on each other in a circle; "
            "let one of them read something else"
        )


def _known(place: str, missing: frozenset[str]) -> None:
    if missing:
        raise ValueError(
            f"{place} reads {', '.join(sorted(missing))}, "
            "which is no question of this form; correct the name"
        )


def _check_size(groups: Groups, questions: Sequence[Question]) -> None:
    expressions = [relevant for relevant, _ in groups if relevant]
    expressions += [expression for q in questions for _, expression in settings(q)]
    if sum(len(expression.source) for expression in expressions) > LONGEST_TOGETHER:
        raise ValueError(
            f"all expressions together are longer than {LONGEST_TOGETHER:,} characters; "
            "put what repeats into a calculation"
        )
    if sum(expression.patterns for expression in expressions) > MOST_PATTERNS:
        raise ValueError(f"regex stands more than {MOST_PATTERNS} times; use it less often")


def _check_looking_back(groups: Groups, order: Sequence[str]) -> None:
    """A condition reads what was asked before: people cannot answer what they have not seen."""
    asked = _asked_for(groups, order)
    seen: set[str] = set()
    choosing: set[str] = set()
    for at, (relevant, group) in enumerate(groups):
        if relevant:
            _earlier(f"section {at + 1}", relevant, asked, seen)
        for question in group:
            if question.relevant and not isinstance(question, Calculate):
                _earlier(f"question {question.name}", question.relevant, asked, seen)
            elif question.relevant:
                _known(
                    f"question {question.name}: relevant", question.relevant.names - asked.keys()
                )
            _check_filter(question, choosing)
            choosing |= {question.name} if isinstance(question, SelectOne) else set()
            seen.add(question.name)


def _check_filter(question: Question, choosing: set[str]) -> None:
    if (name := filter_of(question)) and name not in choosing:
        raise ValueError(
            f"question {question.name}: filter reads {name}, which is no earlier question of one "
            "choice; move it up or correct the name"
        )


def _earlier(
    place: str, relevant: Expression, asked: Mapping[str, frozenset[str]], seen: set[str]
) -> None:
    missing = {name for name in relevant.names if not asked.get(name, frozenset({name})) <= seen}
    if missing:
        raise ValueError(
            f"{place}: relevant reads {', '.join(sorted(missing))}, "
            "which is no earlier question; move it up or correct the name"
        )


def _asked_for(groups: Groups, order: Sequence[str]) -> dict[str, frozenset[str]]:
    """The questions people answer behind each name; a calculation stands where it likes."""
    calculated = {q.name for _, group in groups for q in group if isinstance(q, Calculate)}
    needed, asked = needs(groups), dict[str, frozenset[str]]()
    for name in order:
        behind = (asked[other] for other in needed[name] if other in asked)
        asked[name] = frozenset().union(*behind) if name in calculated else frozenset({name})
    return asked
