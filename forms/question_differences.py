"""What changed in one question, in words: its texts, marks, condition, limits and choices."""

from collections.abc import Iterator, Mapping
from typing import Any

from .editing.plain import Plain
from .editing.words import Said, condition_said, said
from .findings import Difference, Place, differ
from .problems import N_

_TICKS = {
    "required": (
        N_("“%(question)s” must now be answered."),
        N_("“%(question)s” may now be left out."),
    ),
    "sensitive": (
        N_("“%(question)s” is now marked sensitive."),
        N_("“%(question)s” is no longer marked sensitive."),
    ),
    "hidden": (
        N_("“%(question)s” is no longer asked; earlier answers stay."),
        N_("“%(question)s” is asked again."),
    ),
}
_TEXTS = ("label", "hint", "constraint_message", "item")
_ALWAYS = N_("“%(what)s” is now always asked.")
_WHEN = N_("“%(what)s” is now asked only when %(condition)s.")


def texts_between(old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    """The languages in which a text differs, with both texts."""
    first, second = (texts if isinstance(texts, Mapping) else {} for texts in (old, new))
    for language in dict.fromkeys([*first, *second]):
        if first.get(language, "") != second.get(language, ""):
            yield language, first.get(language, ""), second.get(language, "")


def question_differences(
    old: Plain, new: Plain, asked: Mapping[str, Plain]
) -> Iterator[Difference]:
    """What changed in a question; `asked` are the questions of the newer form by name."""
    place, label = Place("question", new["name"]), said(new)
    if old["type"] != new["type"]:
        yield differ(N_("“%(question)s” became another kind of question."), place, question=label)
    yield from _words(old, new, place)
    for name, (on, off) in _TICKS.items():
        was, now = old.get(name, False), new.get(name, False)
        if bool(was) != bool(now):
            yield differ(on if now else off, place, question=label)
        elif was != now:
            message = N_("When “%(question)s” must be answered changed.")
            yield differ(message, place, question=label)
    yield from condition_difference(old, new, asked, place, (_ALWAYS, _WHEN), label)
    yield from _choices(old, new)
    if old.get("filter") != new.get("filter"):
        message = (
            N_("Which choices of “%(question)s” are offered now depends on another answer.")
            if new.get("filter")
            else N_("All choices of “%(question)s” are offered to everybody now.")
        )
        yield differ(message, Place("choices", new["name"]), question=label)
    spoken = {"type", "name", *_TEXTS, *_TICKS, "relevant", "choices", "filter"}
    if any(old.get(name) != new.get(name) for name in {*old, *new} - spoken):
        yield differ(N_("The limits of “%(question)s” changed."), place, question=label)


def _words(old: Plain, new: Plain, place: Place) -> Iterator[Difference]:
    for language, was, now in texts_between(old.get("label"), new.get("label")):
        yield differ(
            N_("“%(old)s” now reads “%(new)s” (%(language)s)."),
            place,
            old=was or "–",
            new=now or "–",
            language=language,
        )
    if any(old.get(name) != new.get(name) for name in _TEXTS[1:]):
        message = N_("The hint of “%(question)s” changed.")
        yield differ(message, place, question=said(new))


def condition_difference(
    old: Plain,
    new: Plain,
    asked: Mapping[str, Plain],
    place: Place,
    messages: tuple[str, str],
    label: Said,
) -> Iterator[Difference]:
    always, when = messages
    if old.get("relevant", "") == (now := new.get("relevant", "")):
        return
    if not now:
        yield differ(always, place, what=label)
        return
    yield differ(when, place, what=label, condition=condition_said(now, asked))


def _choices(old: Plain, new: Plain) -> Iterator[Difference]:
    was = {choice["name"]: choice for choice in old.get("choices", ())}
    now = {choice["name"]: choice for choice in new.get("choices", ())}
    place, label = Place("choices", new["name"]), said(new)
    is_filtered = bool(old.get("filter") and new.get("filter"))
    for name, choice in now.items():
        told = {"question": label, "choice": said(choice)}
        earlier = was.get(name)
        if earlier is None:
            yield differ(N_("“%(question)s” has a new choice: “%(choice)s”."), place, **told)
        elif bool(earlier.get("hidden")) != bool(choice.get("hidden")):
            message = (
                N_("“%(question)s” no longer offers “%(choice)s”; earlier answers stay.")
                if choice.get("hidden")
                else N_("“%(question)s” offers “%(choice)s” again.")
            )
            yield differ(message, place, **told)
        elif earlier.get("label") != choice.get("label"):
            message = N_("The choice “%(old)s” of “%(question)s” now reads “%(choice)s”.")
            yield differ(message, place, old=said(earlier), **told)
        elif earlier.get("fits") != choice.get("fits") and is_filtered:
            message = N_("“%(choice)s” of “%(question)s” is offered in other cases than before.")
            yield differ(message, place, **told)
    for name, choice in was.items():
        if name not in now:
            message = N_("“%(question)s” lost the choice “%(choice)s”.")
            yield differ(message, place, question=label, choice=said(choice))
    both = [name for name in now if name in was]
    if both != [name for name in was if name in now]:
        message = N_("The choices of “%(question)s” stand in another order.")
        yield differ(message, place, question=label)
