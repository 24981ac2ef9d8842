"""create_app(config, store=None), and `python app.py`: the only place where parts are joined."""

import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from datetime import datetime
from functools import partial
from multiprocessing.util import Finalize
from typing import Any

from flask import Flask

from commands import register_commands
from commands.gateway import Gateway
from commands.serving import THREADS, announce, close_at_exit, serve
from config import Config, ConfigError
from services.clock import now
from services.erased import LIST_NAME, ErasedList
from services.erasure.erasing import finish_erasing
from services.identity import Hasher
from services.offering.openings import KeepOpenings
from services.organization.sign_in import SIGN_IN_LASTS, SignInDesk
from services.organization.start import ensure_administrator, prepare
from services.outgoing.jobs import Jobs
from services.receiving.receive import Receiver
from services.rights.purging import DailyPurge, Purger
from services.routine import Beside
from services.trail.audit import Audit
from services.trail.keeping import TrailCare
from services.upkeep.backup import Source
from services.upkeep.daily import DailyBackup
from services.upkeep.sweeping import DailySweep
from storage.errors import StoreError, StoreFailed
from storage.key_files import KeyFiles
from storage.key_ring import KeyRing
from storage.opening import open_whole_store
from storage.sealed import SealedStore, sealer_of
from storage.soundness import check_whole, open_data_keys, open_keys
from storage.spool import Spool
from storage.store import Store
from views.assets import Assets, assets_blueprint
from views.doors import BLUEPRINTS
from views.errors import register_errors, unable_to_write
from views.forwarded import Forwarded
from views.language import babel, screen_language
from views.pages import PageCache
from views.security import add_headers
from views.site import EXTENSION, Site
from views.trailing import noting
from views.uploads import InMemory, allow_uploads, body_limit
from views.wire import compressed

Clock = Callable[[], datetime]

# Bytes; every answer of a long form at its longest stays far below. Forms that ask for files take
# those on top.
LARGEST_BODY = 400_000


def create_app(
    config: Config | None = None, store: Store | None = None, *, clock: Clock = now
) -> Flask:
    """Join the parts to a WSGI application.

    Without a store, the one that `config` names is opened for writing at the first request, so
    that the command line can make an application without holding the data.
    """
    config = config or Config.from_environment()
    app = Flask(__name__, static_folder=None)
    app.request_class = InMemory
    app.url_map.merge_slashes = False  # //other.site/ is not found, not tidied into a redirect
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
    for blueprint in (*BLUEPRINTS, assets_blueprint(assets)):
        app.register_blueprint(blueprint)
    app.context_processor(
        lambda: {
            "organization": config.organization,
            "style": assets.worker_style,
            "queue_script": assets.addresses(["phieu.js"])[0],
        }
    )
    app.before_request(allow_uploads)
    app.after_request(add_headers)
    app.after_request(compressed)
    app.after_request(noting(unable_to_write))  # the last one named is the first to run
    register_errors(app)
    app.wsgi_app = Forwarded(  # type: ignore[method-assign] # Flask's own way to wrap it
        app.wsgi_app, config.trusted_proxies
    )
    register_commands(app, config)
    if store is not None:
        _join_store(app, config, store, assets, clock)
    else:
        app.wsgi_app = _OpenFirst(  # type: ignore[method-assign] # as above
            app.wsgi_app, lambda: _join_store(app, config, _opened(config), assets, clock)
        )
    return app


def _opened(config: Config) -> Store:
    return open_whole_store(config.data_dir, config.database_url)


def _join_store(app: Flask, config: Config, store: Store, assets: Assets, clock: Clock) -> None:
    check_whole(store)
    files = KeyFiles.of(
        config.data_dir,
        session=config.secret_key,
        hashing=config.hash_key,
        data=config.data_key,
    )
    keys = open_keys(store, files, config.secret_key)
    open_data_keys(store, files)
    prepare(store, config.organization)
    opened, hasher = SealedStore(store, sealer_of(store, files)), Hasher(keys.hashing)
    with suppress(StoreFailed):  # the server says why it cannot write, and tries it next time
        finish_erasing(opened, hasher, clock())
        Audit(opened, hasher, Spool(config.data_dir)).take_in()
    backups = erased = None
    if config.backup_dir is not None:
        source = Source(lambda: nullcontext(store), files)
        erased = ErasedList(config.backup_dir / LIST_NAME, hasher)
        backups = DailyBackup(config.backup_dir, source, clock, erased=erased)
    app.secret_key = keys.session
    app.extensions[EXTENSION] = Site(
        config=config,
        store=opened,
        hasher=hasher,
        receiver=Receiver(opened, hasher, lambda: str(uuid.uuid4())),
        desk=SignInDesk(opened),
        now=clock,
        base_url=config.public_url,
        assets=assets,
        pages=PageCache(),
        jobs=Jobs(config.data_dir / "jobs", clock, KeyRing(store, files)),
        backups=backups,
        erased=erased,
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
        try:
            app = create_app(config, store)
            made = ensure_administrator(store, config.admin_password, now().date())
        except BaseException:
            store.close()
            raise
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from error
    site: Site = app.extensions[EXTENSION]
    _run_beside(DailySweep(store, site.now))
    _run_beside(DailyPurge(Purger(site.store, site.hasher, site.now, site.erased), site.now))
    _run_beside(site.jobs)
    _run_beside(TrailCare(store, site.audit, site.now))
    _run_beside(KeepOpenings(store, site.openings))
    if site.backups:
        _run_beside(site.backups)
    announce(config, made)
    return app, store


def _run_beside(job: Beside) -> None:
    job.start()
    Finalize(None, job.stop, exitpriority=110)  # ahead of the store's own end


def granian_app() -> Gateway:
    """The same for granian, which makes it in a child process of its own."""
    app, store = serving_app()
    close_at_exit(store)
    return Gateway(app, threads=THREADS, largest=LARGEST_BODY, allowed=partial(body_limit, app))


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
