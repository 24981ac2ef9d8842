"""Texts written by organizers, in as many languages as they wrote them."""

import unicodedata
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, RootModel, StringConstraints

DEFAULT_LANGUAGE = "vi"

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
    AfterValidator(lambda text: unicodedata.normalize("NFC", text)),
]
Texts = Annotated[dict[Language, Text], Field(min_length=1)]


class Localized(RootModel[Texts], frozen=True):
    """One text in several languages; Vietnamese is the one that counts."""

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.root.items())))

    def into(self, language: str) -> str:
        """The text in this language, else in Vietnamese, else in any."""
        texts = self.root
        return texts.get(language) or texts.get(DEFAULT_LANGUAGE) or next(iter(texts.values()), "")

    def filled(self, language: str, names: Mapping[str, str]) -> str:
        """The text with {organization}, {contact}, {code} put in; other braces stay."""
        said = self.into(language)
        for name, value in names.items():
            said = said.replace("{" + name + "}", value)
        return said
