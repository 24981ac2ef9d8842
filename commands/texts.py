"""Our texts on the command line, in Vietnamese or in the language asked for."""

from collections.abc import Mapping

from flask_babel import force_locale, gettext

from forms.localized import DEFAULT_LANGUAGE


def translate(message: str, values: Mapping[str, object]) -> str:
    """One text of the catalogue with its named values."""
    return str(gettext(message, **values) if values else gettext(message))


def translated_to(language: str, message: str) -> str:
    """One text in this language; Vietnamese when none is named."""
    with force_locale(language or DEFAULT_LANGUAGE):
        return str(gettext(message))
