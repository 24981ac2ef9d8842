"""A phone in a real browser, and a network around the application that fails as real ones do."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conftest import MEAL, World
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from forms.response import Response
from storage.store import ResponseFilter

PATIENCE = 10.0  # seconds until what should happen is given up
PORTAL = b"<!doctype html><title>Wi-Fi</title><p>Please sign in"
CONTROLLED = """new Promise(done => {
  const workers = navigator.serviceWorker;
  if (workers.controller) done(); else workers.addEventListener("controllerchange", done);
})"""
FILL = """answers => Object.entries(answers).forEach(([name, value]) => {
  const choice = document.querySelector(`[name="${name}"][value="${value}"]`);
  const control = choice || document.querySelector(`[name="${name}"]`);
  if (choice) choice.checked = true; else control.value = value;
  control.dispatchEvent(new Event("input", {bubbles: true}));
})"""

SMALL = {"width": 360, "height": 640}


@dataclass
class Network:
    """What stands between phone and application: it counts posts, loses replies, goes down."""

    world: World
    base: str = ""
    posts: list[str] = field(default_factory=list)
    lost_replies: int = 0
    is_down: bool = False
    is_portal: bool = False
    free: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.free.set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        is_post = environ["REQUEST_METHOD"] == "POST"
        if self.is_down:
            return _cut(environ, start_response)
        if is_post:
            self.posts.append(environ["PATH_INFO"])
        self.free.wait(PATIENCE)
        if self.is_portal and is_post:
            start_response("200 OK", [("Content-Type", "text/html")])
            return [PORTAL]
        if is_post and self.lost_replies:
            self.lost_replies -= 1
            b"".join(self.world.app(environ, lambda *_: None))
            return _cut(environ, start_response)
        return self.world.app(environ, start_response)

    def stored(self, form: str = "f28") -> list[Response]:
        return list(self.world.store.iter_responses(form, ResponseFilter()))


def _cut(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    with suppress(OSError):
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    start_response("200 OK", [])
    return []


@contextmanager
def network_of(world: World) -> Iterator[Network]:
    """The world's application on a port of this machine, behind a network.

    Its clock is set by the machine's, as the browser's is: by it late answers are judged.
    """
    world.clock.at = datetime.now(world.clock.at.tzinfo)
    network = Network(world)
    server = make_server("127.0.0.1", 0, network, threaded=True)
    network.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield network
    finally:
        network.free.set()
        server.shutdown()
        thread.join()
        server.server_close()


def eventually(page: Page, is_so: Callable[[], bool]) -> bool:
    """Whether it comes true in time; the browser goes on working meanwhile."""
    until = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < until:
        page.wait_for_timeout(30)
    return is_so()


def fill(page: Page, **changed: str) -> None:
    page.evaluate(FILL, MEAL | changed)


def answer(page: Page, **changed: str) -> None:
    """Fill in a meal feedback and tap Send."""
    fill(page, **changed)
    page.click("button.send")


def answer_offline(page: Page, **changed: str) -> None:
    """The same without a signal: it ends with the yellow band."""
    before = unsent(page)
    answer(page, **changed)
    assert eventually(page, lambda: unsent(page) == before + 1)
    page.wait_for_selector(".unsent")


def unsent(page: Page) -> int:
    """How many answers this phone still holds."""
    counted: int = page.evaluate("phieu.all().then(all => all.filter(r => r.fields).length)")
    return counted


def open_form(page: Page, network: Network, code: str) -> None:
    """Open a form and wait until the service worker has it."""
    page.goto(f"{network.base}/q/{code}")
    page.evaluate(CONTROLLED)
    kept = f"caches.match('/q/{code}').then(page => Boolean(page))"
    assert eventually(page, lambda: bool(page.evaluate(kept)))


def old_phone_of(chromium: Browser) -> BrowserContext:
    """An in-app browser without service worker, Background Sync, locks and randomUUID."""
    context = chromium.new_context(viewport=SMALL, service_workers="block")  # type: ignore[arg-type]
    context.add_init_script(
        "delete window.SyncManager; delete Navigator.prototype.locks;"
        "delete Navigator.prototype.serviceWorker; delete Crypto.prototype.randomUUID"
    )
    return context


def wake_by_sync(page: Page, network: Network) -> None:
    """What the system does when the signal returns. The page is one of the site's, of any kind."""
    session, registrations = page.context.new_cdp_session(page), []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(r["registrationId"] for r in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    assert eventually(page, lambda: bool(registrations))
    event = {"origin": network.base, "registrationId": registrations[0], "tag": "phieu"}
    session.send("ServiceWorker.dispatchSyncEvent", event | {"lastChance": False})
    session.detach()
