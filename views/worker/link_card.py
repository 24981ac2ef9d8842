"""What a messenger shows of a link to a form: the card's picture and where it is."""

from functools import lru_cache

from flask import Response, abort, make_response

from forms.publication import PublishedVersion, version_key
from qr.cards import card_png

from ..site import site

_A_DAY = 86_400  # seconds; a new version has a new address
_MOST_CARDS = 200


def picture_address(version: PublishedVersion, language: str) -> str:
    """The whole address of a version's picture, as messengers need it."""
    return f"{site().base_url}/og/{version.definition.id}/{version.number}/{language}.png"


def picture(definition: str, number: int, language: str) -> Response:
    """The picture of a published version; 404 when there is none."""
    version = site().store.versions.get(version_key(definition, number))
    if version is None or language not in version.definition.languages:
        abort(404)
    form = version.definition
    answer = make_response(
        _drawn(form.title.into(language), form.promise.into(language), site().config.organization)
    )
    answer.mimetype = "image/png"
    answer.headers["Cache-Control"] = f"public, max-age={_A_DAY}"
    return answer


@lru_cache(_MOST_CARDS)
def _drawn(title: str, promise: str, organization: str) -> bytes:
    return card_png(title, promise, organization)
