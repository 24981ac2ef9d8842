"""What cannot be chosen where an earlier answer says which choices are offered."""

from collections.abc import Iterator, Mapping

from .editing.plain import Plain
from .editing.words import said
from .findings import Finding, Place, warning
from .problems import N_


def misfits(question: Plain, by_name: Mapping[str, Plain]) -> Iterator[Finding]:
    """Choices that go with no answer, answers that no choice goes with; the first of each."""
    asked = by_name.get(question.get("filter", ""))
    if asked is None:
        return
    given, choices = _offered(asked), _offered(question)
    names, place = {choice["name"] for choice in given}, Place("question", question["name"])
    told = {"question": said(question), "asked": said(asked)}
    lost = [c for c in choices if c.get("fits") and names.isdisjoint(c["fits"])]
    if lost:
        yield warning(
            N_(
                "“%(choice)s” of “%(question)s” goes with no answer to “%(asked)s”: nobody sees it."
            ),
            place,
            choice=said(lost[0]),
            **told,
        )
    if all(choice.get("fits") for choice in choices):
        met = {name for choice in choices for name in choice["fits"]}
        for answer in (choice for choice in given if choice["name"] not in met):
            yield warning(
                N_(
                    "Who answers “%(answer)s” to “%(asked)s” finds no choice at “%(question)s”."
                    " Give it one, or let a choice be shown to everybody."
                ),
                place,
                answer=said(answer),
                **told,
            )
            return


def _offered(question: Plain) -> list[Plain]:
    return [choice for choice in question.get("choices", ()) if not choice.get("hidden")]
