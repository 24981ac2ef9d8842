"""create_app(config, store=None), and `python app.py`: the only place where parts are joined."""

import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Flask

from commands import register_commands
from commands.serving import announce, close_at_exit, serve
from config import Config, ConfigError
from services.clock import now
from services.identity import Hasher
from services.people import SIGN_IN_LASTS, SignInDesk
from services.receive import Receiver
from services.start import ensure_administrator, prepare
from storage.errors import StoreError
from storage.keys import load_keys
from storage.opening import open_store
from storage.store import Store
from views import (
    account,
    assist,
    case,
    chair,
    desk,
    health,
    kiosk,
    organizer,
    papers,
    people,
    session,
    units,
    worker,
)
from views.assets import Assets, assets_blueprint
from views.errors import register_errors
from views.language import babel, screen_language
from views.pages import PageCache
from views.security import add_headers
from views.site import EXTENSION, Site
from views.wire import compressed

Clock = Callable[[], datetime]

LARGEST_BODY = 400_000  # bytes; every answer of a long form at its longest stays far below


def create_app(
    config: Config | None = None, store: Store | None = None, *, clock: Clock = now
) -> Flask:
    """Join the parts to a WSGI application.

    Without a store, the one that `config` names is opened for writing at the first request, so
    that the command line can make an application without holding the data.
    """
    config = config or Config.from_environment()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SESSION_COOKIE_NAME="phieu_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=config.base_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=SIGN_IN_LASTS,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=3_000,
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    babel.init_app(app, locale_selector=screen_language)
    assets = Assets.load()
    for blueprint in (
        worker.blueprint,
        case.blueprint,
        kiosk.blueprint,
        health.blueprint,
        session.blueprint,
        desk.blueprint,
        organizer.blueprint,
        chair.blueprint,
        units.blueprint,
        people.blueprint,
        account.blueprint,
        assist.blueprint,
        papers.blueprint,
        assets_blueprint(assets),
    ):
        app.register_blueprint(blueprint)
    app.context_processor(
        lambda: {"organization": config.organization, "style": assets.worker_style}
    )
    app.after_request(add_headers)
    app.after_request(compressed)
    register_errors(app)
    register_commands(app, config)
    if store is not None:
        _join_store(app, config, store, assets, clock)
    else:
        app.wsgi_app = _OpenFirst(  # type: ignore[method-assign] # Flask's own way to wrap it
            app.wsgi_app, lambda: _join_store(app, config, _opened(config), assets, clock)
        )
    return app


def _opened(config: Config) -> Store:
    return open_store(config.data_dir, config.database_url)


def _join_store(app: Flask, config: Config, store: Store, assets: Assets, clock: Clock) -> None:
    keys = load_keys(config.data_dir / "keys", session=config.secret_key, hashing=config.hash_key)
    prepare(store, config.organization)
    hasher = Hasher(keys.hashing)
    app.secret_key = keys.session
    app.extensions[EXTENSION] = Site(
        config=config,
        store=store,
        hasher=hasher,
        receiver=Receiver(store, hasher, lambda: str(uuid.uuid4())),
        desk=SignInDesk(store),
        now=clock,
        base_url=config.public_url,
        assets=assets,
        pages=PageCache(),
    )


class _OpenFirst:
    """A WSGI application that gets its store at the first request."""

    def __init__(self, inner: Callable[..., Any], open_it: Callable[[], None]) -> None:
        self._inner, self._open_it = inner, open_it
        self._lock, self._is_open = threading.Lock(), False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not self._is_open:
            with self._lock:
                if not self._is_open:
                    self._open_it()
                    self._is_open = True
        answer: Iterable[bytes] = self._inner(environ, start_response)
        return answer


def serving_app() -> tuple[Flask, Store]:
    """The application of a server process, its store open and its address announced."""
    config = Config.from_environment()
    try:
        store = _opened(config)
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from error
    app = create_app(config, store)
    announce(config, ensure_administrator(store, config.admin_password))
    return app, store


def granian_app() -> Flask:
    """The same for granian, which makes it in a child process of its own."""
    app, store = serving_app()
    close_at_exit(store)
    return app


def main() -> int:
    """Serve until stopped; 2 for a setting that cannot be used."""
    try:
        config = Config.from_environment()
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return serve(config, serving_app)


if __name__ == "__main__":
    sys.exit(main())
