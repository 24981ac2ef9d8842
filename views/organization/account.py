"""One's own account: the roles, another password, the browsers that are signed in."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.errors import Refusal
from services.organization.people import end_sign_ins, set_password

from ..language import refusal_text
from ..session import me, my_sign_in, staff_blueprint, staff_page
from ..site import site
from .grants import grant_rows
from .sign_in_rows import sign_in_rows

blueprint: Blueprint = staff_blueprint("account", None)
# Who guesses the old password here holds a session already: a count apart from that of the door.
INSIDE = "account"


@blueprint.get("/account")
def show_account() -> Response:
    return _account_page({}, 200)


@blueprint.post("/account")
def change_password() -> Response:
    person, now = me(), site().now()
    if wait := site().desk.wait(person.name, now, INSIDE):
        text = gettext("Too many tries. Please wait %(n)s seconds.", n=wait)
        answer = _account_page({"present": text}, 429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    if site().desk.check(person.name, request.form.get("present", ""), now, INSIDE) is None:
        return _account_page({"present": gettext("This is not your present password.")}, 422)
    if request.form.get("password", "") == request.form.get("present", ""):
        return _account_page({"password": gettext("Please choose another password.")}, 422)
    try:
        set_password(site().store, person.name, request.form.get("password", ""))
    except Refusal as refusal:
        return _account_page({"password": refusal_text(refusal)}, 422)
    flash(gettext("The password is changed. Please sign in with the new one."), "done")
    return redirect(url_for("session.show_login"), 303)


@blueprint.post("/account/sign-out")
def end() -> Response:
    """Sign out one browser of one's own, or all but this one."""
    here, key = my_sign_in(), request.form.get("sign_in", "")
    if here is None or not key:
        abort(404)
    if key == "others":
        count = end_sign_ins(site().store, me().name, but=here.key)
    else:
        count = end_sign_ins(site().store, me().name, key=key)
    if count:
        said = ngettext(
            "%(count)s browser is signed out.",
            "%(count)s browsers are signed out.",
            count,
            count=count,
        )
        flash(said, "done")
    return redirect(url_for("account.show_account"), 303)


def _account_page(errors: dict[str, str], status: int) -> Response:
    person, here = me(), my_sign_in()
    rows = sign_in_rows(person.name, here.key if here else "")
    view = {
        "full_name": person.full_name,
        "username": person.name,
        "must_change": person.temporary,
        "grants": grant_rows(person),
        "password_action": url_for("account.change_password"),
        "errors": errors,
        "sign_ins": rows,
        "end_action": url_for("account.end"),
        "others": len(rows) - 1,
    }
    return staff_page("staff/account.html", title=person.full_name, status=status, account=view)
