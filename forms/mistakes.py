"""Mistakes of a definition in an organizer's words: what a programmer reads, said another way.

`build_definition` speaks to who writes YAML. Here its mistakes become findings with the place in
the builder where they are mended.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .editing.plain import Plain, questions
from .editing.words import Said, said
from .findings import Finding, Place, Room, error
from .problems import N_
from .reading import Mistake

_PLACE = re.compile(r"sections\[(\d+)\](?:\.questions\[(\d+)\])?(.*)", re.DOTALL)
_IS_EXPRESSION = re.compile(r"\.(relevant|required|constraint|calculation)$")
_UNREADABLE = N_(
    "The condition or rule of “%(question)s” cannot be read. Look for a missing quote or bracket,"
    " and write questions as ${name}."
)
_UNREADABLE_SECTION = N_(
    "The condition of the section cannot be read. Look for a missing quote or bracket, and write"
    " questions as ${name}."
)


@dataclass(frozen=True)
class _Saying:
    """What a mistake is called; `pattern` names its values: question, names, section, count."""

    pattern: str
    message: str
    room: Room = "question"


_SAYINGS = (
    _Saying(
        r"question names stand twice: (?P<names>.+); rename",
        N_("Two questions have the same name: %(names)s."),
        "form",
    ),
    _Saying(r"nothing is asked;", N_("Nothing is asked yet. Please add a question."), "form"),
    _Saying(
        r"question (?P<question>\S+): (relevant|required|constraint|calculation) reads"
        r" (?P<names>.+), which is no question",
        N_("“%(question)s” depends on something that is not in this form: %(names)s."),
        "condition",
    ),
    _Saying(
        r"question (?P<question>\S+): (relevant|filter) reads (?P<names>.+), which is no earlier",
        N_(
            "“%(question)s” depends on %(names)s, which is asked later or not at all. Move that"
            " question up."
        ),
        "condition",
    ),
    _Saying(
        r"choices fit the answer of no question",
        N_("Choices go with the answer to a question, but none is chosen."),
    ),
    _Saying(
        r"section (?P<section>\d+): relevant reads (?P<names>.+), which is no earlier",
        N_(
            "Section %(section)s depends on %(names)s, which is asked later or not at all. Move"
            " that question up."
        ),
        "section",
    ),
    _Saying(
        r"the values of (?P<names>.+) depend on each other in a circle",
        N_("These depend on each other in a circle: %(names)s. Let one depend on something else."),
        "form",
    ),
    _Saying(
        r"all expressions together",
        N_("All conditions and rules together are too long. Please make them simpler."),
        "form",
    ),
    _Saying(r"regex stands more", N_("Too many rules use a pattern (regex)."), "form"),
    _Saying(
        r"more than (?P<count>\d+) files",
        N_("The form asks for more than %(count)s photos. Let some questions take fewer."),
        "form",
    ),
    _Saying(
        r"question (?P<question>\S+): with `steps`, photos",
        N_(
            "“%(question)s” asks for a photo or signature and the form goes in steps: it must stand"
            " in the last section."
        ),
    ),
    _Saying(
        r"once: question (?P<question>\S+) may be left",
        N_("“%(question)s” says what counts only once: it must be answered and cannot be hidden."),
    ),
    _Saying(
        r"once:",
        N_("This form counts each person, unit or month only once, but does not ask for it."),
        "form",
    ),
    _Saying(
        r"alarm: no question is named (?P<names>.+?);",
        N_("The alarm of this form reads something that is not in it: %(names)s."),
        "marks",
    ),
    _Saying(
        r"no question is named (?P<names>.+)",
        N_("A mark or the alarm of this form reads something that is not in it: %(names)s."),
        "marks",
    ),
    _Saying(
        r"question (?P<question>\S+) is sensitive and required",
        N_(
            "“%(question)s” is sensitive: people may always leave it. Take away “must be answered”."
        ),
    ),
    _Saying(
        r"sensitive questions need a consent",
        N_(
            "Sensitive questions need a tick of consent at the end. Please add “Consent to"
            " sensitive data”."
        ),
        "form",
    ),
    _Saying(
        r"question (?P<question>\S+) is sensitive and stands after",
        N_("“%(question)s” is sensitive and stands after the consent for it. Move it up."),
    ),
    _Saying(
        r"question (?P<question>\S+): the calculation reads (?P<names>.+), which is sensitive",
        N_("“%(question)s” is worked out from sensitive answers (%(names)s): mark it, too."),
    ),
    _Saying(
        r"choice names stand twice",
        N_("Two choices of “%(question)s” have the same name."),
        "choices",
    ),
    _Saying(
        r"only one choice can be `other`",
        N_("Only one choice of “%(question)s” can ask “other: please say”."),
        "choices",
    ),
    _Saying(
        r"every choice is hidden",
        N_("All choices of “%(question)s” are hidden. Show one, or hide the question."),
        "choices",
    ),
    _Saying(
        r"(least|shortest|youngest) is larger",
        N_("The smallest value of “%(question)s” is larger than its largest one."),
    ),
    _Saying(
        r"a signature cannot be required",
        N_("“%(question)s”: a signature cannot be demanded, for some phones cannot draw."),
    ),
    _Saying(
        r"a calculation is not asked",
        N_("“%(question)s” is worked out: it can neither be demanded nor have a rule."),
    ),
    _Saying(
        r"every inner question is hidden",
        N_("All inner questions of “%(question)s” are hidden. Show one, or hide the question."),
    ),
    _Saying(
        r"a repeated question has no",
        N_("“%(question)s”: its inner questions have no conditions or marks of their own."),
    ),
)
_EMPTY_SECTION = N_("Section %(section)s is empty. Add a question, or remove the section.")
_SOMETHING = N_("Something in “%(question)s” does not fit yet: please look at its settings.")
_SOMEWHERE = N_("Something in the form does not fit yet (%(where)s).")


def findings_of(mistakes: Sequence[Mistake], plain: Plain) -> list[Finding]:
    """The mistakes as errors, each once, with labels instead of names."""
    by_name = {question["name"]: question for question in questions(plain)}
    found = [_finding(mistake, plain, by_name) for mistake in mistakes]
    return list({(f.message, f.place, str(f.values)): f for f in found}.values())


def _finding(mistake: Mistake, plain: Plain, by_name: Mapping[str, Plain]) -> Finding:
    place = _PLACE.match(mistake.place)
    section = int(place[1]) if place else None
    question = _question_at(plain, section, place[2]) if place else None
    if question and place and _IS_EXPRESSION.search(place[3]):
        return error(_UNREADABLE, Place("condition", question["name"]), question=said(question))
    if place and not question and place[3] == ".relevant":
        return error(_UNREADABLE_SECTION, Place("section", section=section))
    for saying in _SAYINGS:
        if match := re.search(saying.pattern, mistake.text):
            return _said_so(saying, match.groupdict(), question, by_name)
    if place and place[2] is None and place[3] == ".questions":
        number = (section or 0) + 1
        return error(_EMPTY_SECTION, Place("section", section=section), section=number)
    if question:
        return error(_SOMETHING, Place("question", question["name"]), question=said(question))
    room: Room = "notice" if mistake.place.startswith("notice") else "texts"
    return error(_SOMEWHERE, Place(room), where=mistake.place or "…")


def _question_at(plain: Plain, section: int | None, place: str | None) -> Plain | None:
    if section is None or place is None:
        return None
    found: Plain = plain["sections"][section]["questions"][int(place)]
    return found


def _said_so(
    saying: _Saying,
    values: Mapping[str, str],
    question: Plain | None,
    by_name: Mapping[str, Plain],
) -> Finding:
    told: dict[str, object] = dict(values)
    name = values.get("question") or (question["name"] if question else "")
    owner = name.removesuffix("_other") if name not in by_name else name
    section = int(values["section"]) - 1 if values.get("section") else None
    if name:
        told["question"] = said(by_name.get(owner, {"name": name}))
    if "names" in values:
        told["names"] = _Labels(
            tuple(said(by_name.get(one, {"name": one})) for one in values["names"].split(", "))
        )
    room = saying.room if owner in by_name or saying.room in ("form", "section") else "form"
    return error(saying.message, Place(room, owner if room != "form" else "", section), **told)


@dataclass(frozen=True)
class _Labels:
    """Several questions in one sentence."""

    said: tuple[Said, ...]

    def into(self, language: str) -> str:
        return ", ".join(f"“{label.into(language)}”" for label in self.said)
