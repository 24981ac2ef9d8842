"""What a next version of a form may not do to the answers that earlier versions have.

Names are permanent: a question keeps its name, its kind and its meaning in all versions, a choice,
too; what is no longer wanted is hidden. What people were promised is not loosened behind their
backs: who reads, who is counted once, whether they are anonymous.
"""

from collections.abc import Iterator, Mapping, Sequence

from .cleaning import fold
from .definition import Definition
from .findings import Finding, Place, error
from .problems import N_
from .types import Question
from .types.choices import Choice
from .types.repeat import Repeat

# An answer kept as the first kind reads rightly as the others.
COMPATIBLE: Mapping[str, frozenset[str]] = {
    "text": frozenset({"multiline"}),
    "multiline": frozenset({"text"}),
    "integer": frozenset({"decimal"}),
    "select_one": frozenset({"list", "select_multiple"}),
    "list": frozenset({"select_one", "select_multiple"}),
}


def check_next(earlier: Sequence[Definition], new: Definition) -> tuple[Finding, ...]:
    """What `new` breaks of any earlier version, oldest first; empty when it may follow them."""
    found: dict[tuple[str, Place], Finding] = {}
    for number, old in enumerate(earlier, start=1):
        for finding in _broken(old, new, number):
            found.setdefault((finding.message, finding.place), finding)
    return tuple(found.values())


def _broken(old: Definition, new: Definition, number: int) -> Iterator[Finding]:
    yield from _promises(old, new)
    labels = {fold(q.label.into("vi")): q.name for q in old.asking}
    for question in old.questions:
        newer = new.by_name.get(question.name)
        if newer is None:
            yield error(
                N_(
                    "“%(question)s” is missing: version %(version)s asks it, and its answers need"
                    " it. Hide it instead."
                ),
                Place("form", question.name),
                question=question.label,
                version=number,
            )
        else:
            yield from _changed(question, newer, Place("question", question.name))
            yield from _swapped(question, newer, labels)


def _promises(old: Definition, new: Definition) -> Iterator[Finding]:
    if new.id != old.id:
        yield error(N_("The form's id was changed from %(old)s."), old=old.id)
    if new.readers != old.readers:
        yield error(
            N_(
                "Who reads the responses was changed. People answered for those readers: make it a"
                " form of its own."
            )
        )
    if new.anonymous != old.anonymous:
        yield error(N_("Whether the form is anonymous was changed. Make it a form of its own."))
    if new.audience != old.audience:
        yield error(N_("Who answers the form was changed. Make it a form of its own."))
    if old.once is not None and new.once != old.once:
        yield error(
            N_("What counts only once was changed. Then earlier answers would not count rightly.")
        )
    kinds = {state.name: state.kind for state in new.workflow}
    for state in old.workflow:
        if kinds.get(state.name) != state.kind:
            yield error(
                N_("The state “%(state)s” is missing or means something else; responses have it."),
                state=state.label,
            )


def _changed(old: Question, new: Question, place: Place) -> Iterator[Finding]:
    if new.type != old.type and new.type not in COMPATIBLE.get(old.type, ()):
        yield error(
            N_(
                "“%(question)s” was made another kind of question. Its answers would not fit: hide"
                " it, and add a new question."
            ),
            place,
            question=old.label,
        )
        return
    yield from _choices(old, new)
    if isinstance(old, Repeat) and isinstance(new, Repeat):
        children = {child.name: child for child in new.questions}
        for child in old.questions:
            if child.name not in children:
                yield error(
                    N_("“%(question)s” is missing in “%(group)s”; its answers need it."),
                    place,
                    question=child.label,
                    group=old.label,
                )
            else:
                yield from _changed(child, children[child.name], place)


def _swapped(old: Question, new: Question, labels: Mapping[str, str]) -> Iterator[Finding]:
    """A name that now bears another question's words is a name used for another question."""
    now = fold(new.label.into("vi"))
    owner = labels.get(now, old.name)
    if owner != old.name and now != fold(old.label.into("vi")):
        yield error(
            N_(
                "The name %(name)s now asks what another question asked before: “%(question)s”."
                " Its answers would be mixed up."
            ),
            Place("question", old.name),
            name=old.name,
            question=new.label,
        )


def _choices(old: Question, new: Question) -> Iterator[Finding]:
    before: tuple[Choice, ...] = getattr(old, "choices", ())
    now = {choice.name: choice for choice in getattr(new, "choices", ())}
    meant = {choice.label.into("vi").casefold(): choice.name for choice in before}
    place = Place("choices", new.name)
    for choice in before:
        newer = now.get(choice.name)
        if newer is None:
            yield error(
                N_(
                    "The choice “%(choice)s” of “%(question)s” is missing; answers name it. Hide it"
                    " instead."
                ),
                place,
                choice=choice.label,
                question=old.label,
            )
            continue
        said, was = (label.into("vi").casefold() for label in (newer.label, choice.label))
        if said != was and meant.get(said, choice.name) != choice.name:
            yield error(
                N_(
                    "The choice “%(choice)s” of “%(question)s” now has the words of another one."
                    " Its answers would be mixed up."
                ),
                place,
                choice=choice.label,
                question=old.label,
            )
