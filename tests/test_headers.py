"""What protects a page in the browser: strict headers on every answer, nothing inline."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sending import JSON, MEAL
from test_doors import addresses, filled

from storage.errors import StoreFailed

__all__ = ["filled"]

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static").glob("*.js"))
FORM = "application/x-www-form-urlencoded"
RULES = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "img-src": {"'self'", "data:", "blob:"},
    "media-src": {"'self'"},
    "connect-src": {"'self'"},
    "worker-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}
SANDBOXED = {"default-src": {"'none'"}, "sandbox": set(), "frame-ancestors": {"'none'"}}


def failing(error):
    def receive(*_, **__):
        raise error

    return receive


def refusals(filled, monkeypatch):
    """An answer for every status that is no page: what was asked, and the answer."""
    world, client = filled.world, filled.world.client()
    url = f"/q/{filled.code}"
    asked = {
        400: {"data": b"gop_y=%FF", "content_type": FORM},
        403: {"data": MEAL, "headers": {"Origin": "https://evil.example"}},
        411: {"data": MEAL, "headers": {"Transfer-Encoding": "chunked"}},
        413: {"data": {"mo_ta": "x" * 500_000}},
        415: {"data": "{}", "content_type": "application/json"},
        422: {"data": {"ca": "ca_trua"}},
        429: {"data": MEAL, "environ_base": {"phieu.no_room": True}},
    }
    for status, sent in asked.items():
        for headers in ({}, JSON):
            both = {**sent.get("headers", {}), **headers}
            yield status, client.post(url, **{**sent, "headers": both})
    yield 404, client.get("/q/ZZZZZZ")
    yield 404, client.get("/nowhere")
    yield 405, client.delete("/")
    yield 405, client.put(url, data=MEAL)
    for status, error in ((500, ValueError("x")), (503, StoreFailed("x"))):
        with monkeypatch.context() as patch:
            patch.setattr("services.receiving.receive.Receiver.receive", failing(error))
            yield status, client.post(url, data=MEAL)
        with monkeypatch.context() as patch:
            patch.setattr("views.desk.staff_page", failing(error))
            yield status, world.signed_in("quan-tri").get("/desk")
    yield 200, client.options("/login")
    yield 200, client.head("/login")


def policy_of(answer):
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: set(values) for name, *values in parts}


def is_protected(answer):
    """Whether all headers are there, and as strict as they can be."""
    headers, policy = answer.headers, policy_of(answer)
    styles = policy.pop("style-src", {"'self'"})
    one_style = re.fullmatch(r"'(self|sha256-[A-Za-z0-9+/]{43}=)'", next(iter(styles)))
    return (
        policy in (RULES, SANDBOXED)
        and len(styles) == 1
        and one_style is not None
        and headers["X-Content-Type-Options"] == "nosniff"
        and headers["Referrer-Policy"] == "same-origin"
        and headers["Cross-Origin-Opener-Policy"] == "same-origin"
        and headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
        and headers["Server"] == "web"
        and "X-Powered-By" not in headers
        and "Access-Control-Allow-Origin" not in headers
    )


@pytest.mark.parametrize("name", ["", "quan-tri", "to-truong"])
def test_every_page_download_and_asset_is_protected(filled, name):
    client = filled.world.signed_in(name) if name else filled.world.client()
    assets = filled.world.app.extensions["phieu"].assets.by_file.values()
    urls = [url for _, url in addresses(filled, "GET")]
    urls += [f"/assets/{asset.name}" for asset in assets] + ["/sw.js"]

    bare = [url for url in urls if not is_protected(client.get(url))]

    assert len(urls) > 45
    assert bare == []


def test_every_refusal_and_error_is_protected_and_says_nothing_of_the_inside(filled, monkeypatch):
    seen = set()
    for status, answer in refusals(filled, monkeypatch):
        seen.add(answer.status_code)
        assert answer.status_code == status
        assert is_protected(answer), status
        assert not re.search(r"Traceback|\.py|werkzeug|flask", answer.text, re.IGNORECASE), status

    assert len(seen) == 12


def test_only_the_picture_for_messengers_may_be_shown_elsewhere(filled):
    client = filled.world.signed_in("quan-tri")
    open_to_all = {
        url
        for _, url in addresses(filled, "GET")
        if client.get(url).headers["Cross-Origin-Resource-Policy"] != "same-origin"
    }

    assert open_to_all == {"/og/f21/1/vi.png"}


class Inline(HTMLParser):
    """Collects what a strict policy would block: handlers, styles, scripts within the page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        bad = [name for name in given if name.startswith("on") or name in ("style", "srcdoc")]
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            bad.append("script")
        bad += [name for name, value in attrs if _runs(value or "")]
        if tag in ("object", "embed", "iframe", "base", "applet", "frame"):
            bad.append(tag)
        self.found += [(tag, name) for name in bad]


def _runs(value):
    return value.strip().lower().startswith(("javascript:", "vbscript:", "data:text"))


def test_no_page_has_handlers_styles_or_scripts_inside(filled):
    client, read = filled.world.signed_in("quan-tri"), 0
    for _, url in addresses(filled, "GET"):
        page = client.get(url)
        if page.mimetype == "text/html":
            read += 1
            assert Inline(page.text).found == [], url

    assert read > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_handlers_styles_or_scripts_inside(path):
    text = path.read_text("utf-8")
    allowed = ["<style"] if path.parts[-2:] == ("worker", "base.html") else []  # by its hash

    # The one frame there is shows our own preview: test_builder_pages.py says who may be framed.
    frames = [("iframe", "iframe")] if path.parts[-2:] == ("builder", "_parts.html") else []

    assert Inline(re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "x", text, flags=re.DOTALL)).found == frames
    assert re.findall(r"<style|style=|\bon[a-z]+=|javascript:", text) == allowed
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_or_code_out_of_text(path):
    makers = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"

    assert re.findall(makers, path.read_text("utf-8")) == []


def test_the_check_of_pages_sees_what_it_looks_for():
    bad = '<p onclick="x"><b style="x"><script>x</script><a href=" JavaScript:x"><iframe>'

    assert len(Inline(bad).found) == 5


REDIRECTS = ["//evil.example", "https://evil.example", "/\\evil.example", "\r\nLocation: //evil"]


@pytest.mark.parametrize("target", REDIRECTS)
def test_no_address_or_input_leads_to_another_site(filled, target):
    client = filled.world.signed_in("quan-tri")
    query = dict.fromkeys(("next", "lang", "code", "form", "url", "return", "back"), target)
    answers = [client.get(url, query_string=query) for _, url in addresses(filled, "GET")]
    inputs = {**query, "csrf_token": client.csrf, "password": "ngan"}
    answers += [client.post(url, data=inputs) for _, url in addresses(filled, "POST")]

    led = [answer.location for answer in answers if answer.location]

    assert {"/desk", "/login"} <= set(led)
    assert [place for place in led if not re.fullmatch(r"/(?![/\\])[^\\\r\n]*", place)] == []


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/q", "/q//evil.example", "/\\e"])
def test_doubled_slashes_lead_nowhere(filled, path):
    # as it comes over the line: the test client would take //name for a host
    answer = filled.world.client().get("/", environ_overrides={"PATH_INFO": path})

    assert (answer.status_code, answer.location) == (404, None)


def test_files_of_others_are_no_pages_of_ours(filled):
    url = f"/responses/f21/{filled.id}/files/{filled.file}"

    answer = filled.world.signed_in("quan-tri").get(url)

    assert policy_of(answer) == SANDBOXED
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert io.BytesIO(answer.data).read(2) == b"\xff\xd8"
