"""Which language a page speaks, and our own texts in it."""

from collections.abc import Mapping

from flask import g, has_request_context, request
from flask_babel import Babel, force_locale, gettext

from forms.definition import Definition
from forms.localized import DEFAULT_LANGUAGE
from forms.problems import FLAGS, WARNINGS, Problem
from forms.publication import Availability
from forms.response import NEW, WITHDRAWN
from forms.workflow import Workflow
from services.errors import Refusal

SCREEN_LANGUAGES = ("vi", "en")
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


def chosen_language(among: tuple[str, ...] = SCREEN_LANGUAGES) -> str:
    """`?lang=` decides, then the page that was posted, then what a staff member chose before."""
    for wish in (request.args.get("lang"), _posted_language(), g.get("staff_language")):
        if wish in among:
            return str(wish)
    return DEFAULT_LANGUAGE


def _posted_language() -> str | None:
    # Only a form that was read already: reading it here could meet a body that is too large.
    return g.get("posted_language")


def screen_language() -> str:
    """The language of our own texts: definitions may have others, they get Vietnamese screens."""
    if not has_request_context():
        return DEFAULT_LANGUAGE  # the command line
    language = g.get("page_language") or chosen_language()
    return language if language in SCREEN_LANGUAGES else DEFAULT_LANGUAGE


def translate(message: str, values: Mapping[str, object]) -> str:
    """One of our texts, with its named values put in; values that are texts of ours go along."""
    return str(gettext(message, **_localized(values)) if values else gettext(message))


def _localized(values: Mapping[str, object]) -> dict[str, object]:
    language = (g.get("page_language") if has_request_context() else None) or screen_language()
    return {name: _value_in(value, language) for name, value in values.items()}


def _value_in(value: object, language: str) -> object:
    if isinstance(value, Problem):
        return problem_text(value)
    return value.into(language) if hasattr(value, "into") else value


def problem_text(problem: Problem) -> str:
    return translate(problem.message, problem.values)


def problem_texts(problem: Problem) -> list[str]:
    """All that a problem says: one sentence, or one for each part of the answer."""
    return [problem_text(said) for said in problem.inner.values() or (problem,)]


def refusal_text(refusal: Refusal) -> str:
    return translate(refusal.message, refusal.values)


def translated_to(language: str, message: str) -> str:
    """One text in a language that need not be the page's."""
    with force_locale(language if language in SCREEN_LANGUAGES else DEFAULT_LANGUAGE):
        return str(gettext(message))


def flag_text(flag: str) -> str:
    """What a flag means, as a sentence; unknown ones show themselves."""
    code = flag.rpartition(":")[2]
    message = WARNINGS.get(code) if ":" in flag else FLAGS.get(code)
    return translate(message, {}) if message else flag


def flag_words(flag: str, asked: Definition) -> str:
    """A flag as a sentence, in the form's own words or ours, with the question it is about."""
    name, colon, _ = flag.partition(":")
    question = asked.by_name.get(name) if colon else None
    own = {known.code: known.label for known in asked.flags if known.label}
    said = own[flag].into(screen_language()) if flag in own else flag_text(flag)
    return f"{question.label.into(screen_language())}: {said}" if question else said


def state_word(state: str, workflow: Workflow = ()) -> str:
    """The word for a review state: the form's own, else ours."""
    own = next((known.label for known in workflow if known.name == state), None)
    words = {NEW: gettext("New"), WITHDRAWN: gettext("Taken back")}
    return own.into(screen_language()) if own else str(words.get(state, state))


def availability_word(availability: Availability) -> str:
    words = {
        Availability.OPEN: gettext("Open"),
        Availability.EARLY: gettext("Not open yet"),
        Availability.PAUSED: gettext("Paused"),
        Availability.CLOSED: gettext("Closed"),
        Availability.FULL: gettext("Full"),
    }
    return str(words[availability])


babel = Babel()
