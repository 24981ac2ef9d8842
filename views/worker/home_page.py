"""The first page: a code typed by hand."""

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext

from ..language import screen_language


def home_page(typed: str, error: str) -> Response:
    """The page to type a code; with an error it answers 404, for there is no such code."""
    home = {"code": typed, "error": error, "login_href": url_for("session.show_login")}
    drawn = render_template(
        "worker/home.html", home=home, lang=screen_language(), title=gettext("Union forms")
    )
    return make_response(drawn, 404 if error else 200)
