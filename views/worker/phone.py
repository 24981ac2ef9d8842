"""Pages about the phone itself: what its browser can do. And the cards that messengers show."""

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from .link_card import picture
from .self_test import self_test_page

blueprint = Blueprint("phone", __name__)


@blueprint.before_request
def open_the_phone_pages() -> None:
    g.worker_page = True


@blueprint.get("/thu-may")
def self_test() -> Response:
    """Tick off what this browser can do, or read a code that another phone showed."""
    return self_test_page(request.args.get("code", ""))


@blueprint.get("/og/<definition>/<int:number>/<language>.png")
def link_card(definition: str, number: int, language: str) -> Response:
    """The picture of a form for messengers; the version stands in the address, for they keep it."""
    answer = picture(definition, number, language)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # messengers' pages show it
    return answer
