"""Sign in and out, and the doors of all staff pages: closed unless a page says who may pass."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act, Readers, may, may_somewhere, scope
from federation.people import Person, SignIn
from services.organization.people import is_administrator
from services.trail.audit import Deed

from .browsers import browser_name
from .language import LANGUAGE_NAMES, SCREEN_LANGUAGES, screen_language
from .navigation import navigation
from .refusals import wants_json
from .security import check_csrf, check_origin, csrf_token
from .site import site
from .trailing import tell

blueprint = Blueprint("session", __name__)
SECRET = "sign_in"  # noqa: S105 - the name of the cookie's entry, not a secret
DEVICE = "phieu_device"
_DEVICE_KEPT = timedelta(days=400)  # longer than that no browser keeps a cookie (RFC 6265bis)
_FOR_THE_NEWCOMER = ("account", "session")  # what opens with a password that must be changed
# Browsers read \ as / and drop control signs: "/\t/other.site" leads away, too.
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")


def staff_blueprint(name: str, act: Act | None) -> Blueprint:
    """A blueprint whose every page needs a signed-in person who may do this somewhere."""
    staff = Blueprint(name, __name__)
    staff.before_request(_door(act))
    return staff


def _door(act: Act | None) -> Callable[[], Response | None]:
    def open_for_the_right_people() -> Response | None:
        enter_staff_page()
        if g.person is None:
            if request.method == "POST" or wants_json():
                abort(403)
            return redirect(sign_in_href(), 303)
        if g.person.temporary and request.blueprint not in _FOR_THE_NEWCOMER:
            return redirect(url_for("account.show_account"), 303)
        if act is not None and not may_somewhere(g.person, act, site().tree, site().today):
            abort(403)
        return None

    return open_for_the_right_people


def enter_staff_page() -> None:
    """Know the person and the language; a POST must carry the session's token."""
    g.person = signed_in()
    wish = request.args.get("lang")
    if wish in SCREEN_LANGUAGES:
        session["language"] = wish
    g.staff_language = session.get("language")
    if request.method == "POST":
        check_origin()
        check_csrf()


def sign_in_href() -> str:
    """Where to sign in and come back to this page."""
    return url_for("session.show_login", next=request.full_path.rstrip("?"))


def signed_in() -> Person | None:
    """The person of this browser's session."""
    secret = session.get(SECRET)
    return site().desk.person(secret, site().now()) if isinstance(secret, str) else None


def my_sign_in() -> SignIn | None:
    """The sign-in of this browser."""
    secret = session.get(SECRET)
    return site().desk.sign_in_of(secret, site().now()) if isinstance(secret, str) else None


def me() -> Person:
    """The signed-in person, on pages behind a door."""
    person: Person = g.person
    return person


def my_units(act: Act, readers: Readers = Readers.CHAIRS) -> frozenset[str]:
    """The units in which the signed-in person may do this today."""
    return scope(me(), act, site().tree, site().today, readers)


def i_may(act: Act, unit: str | None = None, readers: Readers = Readers.CHAIRS) -> bool:
    """Whether the signed-in person may do this in the unit today, or anywhere."""
    return may(me(), act, site().tree, site().today, unit, readers)


def i_may_somewhere(act: Act) -> bool:
    """Whether the signed-in person may do this today anywhere, with any form."""
    return may_somewhere(me(), act, site().tree, site().today)


def staff_page(template: str, *, title: str, status: int = 200, **values: object) -> Response:
    """Draw a staff page with what its frame needs."""
    drawn = render_template(template, title=title, **staff_frame(), **values)
    return make_response(drawn, status)


def staff_frame() -> dict[str, object]:
    """What staff/base.html reads, on every page."""
    person = g.get("person")
    other = next(code for code in SCREEN_LANGUAGES if code != screen_language())
    return {
        "lang": screen_language(),
        "style_url": url_for("assets.static_file", name=site().assets.staff_name),
        "nav": navigation(person) if person else [],
        "me": {
            "name": person.full_name,
            "href": url_for("account.show_account"),
            "logout_action": url_for("session.sign_out"),
        }
        if person
        else None,
        "home_href": url_for("desk.show_desk" if person else "worker.home"),
        "language": {"code": other, "label": LANGUAGE_NAMES[other], "href": f"?lang={other}"},
        "messages": [{"kind": kind, "text": text} for kind, text in _messages()],
        "csrf": csrf_token(),
        "demo": site().is_demo,
    }


def _messages() -> list[tuple[str, str]]:
    person: Person | None = g.get("person")
    warnings = []
    if person and (refusal := site().store.refusal()):
        warnings.append(gettext("The server cannot write to its disk: %(why)s", why=refusal))
    if person and is_administrator(person, site().today) and (missing := _missing_backup()):
        warnings.append(missing)
    return [*(("problem", text) for text in warnings), *flashed()]


def _missing_backup() -> str:
    backups = site().backups
    if backups is None or not backups.is_wanting:
        return ""
    if failure := backups.failure:
        why = gettext(failure.message, **failure.values)
        return gettext("No backup was made for two days: %(why)s", why=why)
    return gettext("No backup was made for two days. Please look at the backup folder.")


def flashed() -> list[tuple[str, str]]:
    """What was said before this page, by its kind."""
    found: list[tuple[str, str]] = get_flashed_messages(with_categories=True)  # type: ignore[assignment] # pairs, as asked for
    return found


@blueprint.before_request
def open_the_sign_in_pages() -> None:
    enter_staff_page()


@blueprint.get("/login")
def show_login() -> Response:
    if g.person is not None:
        return redirect(url_for("desk.show_desk"), 303)
    return _login_page("", "", 200)


@blueprint.post("/login")
def sign_in() -> Response:
    username, now = request.form.get("username", ""), site().now()
    device = site().devices.known(request.cookies.get(DEVICE, ""), username)
    if wait := site().desk.wait(username, now, device):
        answer = _login_page(
            username, gettext("Too many tries. Please wait %(n)s seconds.", n=wait), 429
        )
        answer.headers["Retry-After"] = str(wait)
        return answer
    person = site().desk.check(username, request.form.get("password", ""), now, device)
    if person is None:
        known = site().store.people.get(username.strip().lower())
        tell(Deed.SIGN_IN_FAILED, who=known.name if known else "")
        return _login_page(
            username, gettext("Name and password do not belong together. Please try again."), 422
        )
    return entered(person, _safe_target(request.form.get("next", "")))


def entered(person: Person, target: str) -> Response:
    """Sign the person in with this browser, in a new session; nothing planted before lives on."""
    tell(who=person.name)
    forget_session()
    session[SECRET] = site().desk.enter(
        person, site().now(), browser=browser_name(request.headers.get("User-Agent", ""))
    )
    answer = redirect(target, 303)
    answer.set_cookie(
        DEVICE,
        site().devices.marked(request.cookies.get(DEVICE, ""), person.name),
        max_age=_DEVICE_KEPT,
        path=url_for("session.show_login"),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def forget_session() -> None:
    """End this browser's sign-in, if there is one, and all of its session but the language."""
    secret, language = session.get(SECRET), session.get("language")
    if isinstance(secret, str):
        site().desk.sign_out(secret)
    session.clear()
    if language:
        session["language"] = language


def _login_page(username: str, error: str, status: int) -> Response:
    return staff_page(
        "staff/login.html",
        title=gettext("Sign in"),
        status=status,
        login={
            "action": url_for("session.sign_in"),
            "username": username[:100],
            "error": error,
            "next": _safe_target(request.values.get("next", ""), otherwise=""),
        },
    )


def _safe_target(target: str, otherwise: str | None = None) -> str:
    """A path of this site, never another one's."""
    if _OWN_PATH.fullmatch(target):
        return target
    return url_for("desk.show_desk") if otherwise is None else otherwise


@blueprint.post("/logout")
def sign_out() -> Response:
    forget_session()
    flash(gettext("You are signed out."), "done")
    return redirect(url_for("session.show_login"), 303)
