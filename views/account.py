"""One's own account: the name, the roles, another password."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.errors import Refusal
from services.people import set_password

from .language import refusal_text
from .people import role_words
from .session import me, staff_blueprint, staff_page
from .site import site

blueprint: Blueprint = staff_blueprint("account", None)


@blueprint.get("/account")
def show_account() -> Response:
    return _account_page("", 200)


@blueprint.post("/account")
def change_password() -> Response:
    try:
        set_password(site().store, me().name, request.form.get("password", ""))
    except Refusal as refusal:
        return _account_page(refusal_text(refusal), 422)
    flash(gettext("The password is changed. Please sign in with the new one."), "done")
    return redirect(url_for("session.show_login"), 303)


def _account_page(error: str, status: int) -> Response:
    person, tree, words = me(), site().tree, role_words()
    view = {
        "full_name": person.full_name,
        "username": person.name,
        "state_word": gettext("Signed in"),
        "state_kind": "open",
        "grants": [{"label": f"{words[g.role]} · {tree.name(g.unit)}"} for g in person.grants],
        "password_action": url_for("account.change_password"),
        "password_error": error,
    }
    return staff_page("staff/person.html", title=person.full_name, status=status, person=view)
