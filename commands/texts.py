"""Our texts on the command line, in Vietnamese or in the language asked for."""

from collections.abc import Mapping

from flask_babel import force_locale, gettext

from forms.localized import DEFAULT_LANGUAGE
from forms.problems import Problem


def translate(message: str, values: Mapping[str, object]) -> str:
    """One text of the catalogue with its named values."""
    return str(gettext(message, **values) if values else gettext(message))


def problem_text(problem: Problem) -> str:
    """A problem as a sentence; values in several languages in Vietnamese."""
    return translate(problem.message, {k: _said(v) for k, v in problem.values.items()})


def _said(value: object) -> object:
    return value.into(DEFAULT_LANGUAGE) if hasattr(value, "into") else value


def translated_to(language: str, message: str) -> str:
    """One text in this language; Vietnamese when none is named."""
    with force_locale(language or DEFAULT_LANGUAGE):
        return str(gettext(message))
