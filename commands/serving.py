"""Serve over HTTP: granian, or waitress where granian is not to be had; say where and to whom."""

import os
import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing.util import Finalize
from typing import Any, NoReturn

from config import Config
from qr.address import is_loopback
from qr.images import terminal
from services.start import FirstAdmin
from storage.store import Store

THREADS = 16
AT_ONCE = 1_000  # requests under way, most of them waiting for their bodies
Served = tuple[Any, Store]  # a WSGI application, and the store it holds


def announce(config: Config, made: FirstAdmin | None) -> None:
    """Print the address with its QR code, and the first administrator's sign-in."""
    url = config.public_url
    say = sys.stdout.write
    if not is_loopback(url):
        say(terminal(url) + "\n")
    say(f"\nPhiếu Công đoàn: {url}\n")
    say(f"Cán bộ đăng nhập / staff sign in: {url}/login\n")
    if made and made.password:
        say(f"  tên / name: {made.name}\n  mật khẩu / password: {made.password}\n")
        say("  (chỉ in một lần / printed only once)\n")
    if made:
        say("In khóa và cất riêng / print the keys, store them apart: flask --app app key show\n")
    if is_loopback(url):
        say("Điện thoại cùng Wi-Fi / phones on the same Wi-Fi: make run HOST=0.0.0.0\n")
    say("Dừng / stop: Ctrl+C\n\n")
    sys.stdout.flush()


def serve(config: Config, make_app: Callable[[], Served]) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    if not _port_is_free(config):
        sys.stderr.write(
            f"{config.host}:{config.port} is in use by another program; choose PORT=…\n"
        )
        return 1
    try:
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels
    except ImportError:
        return _serve_waitress(config, make_app)
    if sys.platform == "win32":
        return _serve_waitress(config, make_app)
    server = Granian(
        "app:granian_app",
        address=config.host,
        port=config.port,
        interface=Interfaces.RSGI,
        workers=1,
        backpressure=AT_ONCE,
        websockets=False,
        factory=True,
        log_access=False,
        log_level=LogLevels.error,
        workers_kill_timeout=30,
    )
    server.serve()
    return 0


def close_at_exit(store: Store) -> None:
    """Let go of the store when this process ends; server children skip `atexit`, not this."""
    Finalize(None, store.close, exitpriority=100)


def _serve_waitress(config: Config, make_app: Callable[[], Served]) -> int:
    import waitress

    app, store = make_app()

    def stop(*_: Any) -> NoReturn:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    try:
        waitress.serve(app, host=config.host, port=config.port, threads=THREADS, ident=None)
    finally:
        store.close()
    return 0


def _port_is_free(config: Config) -> bool:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError:
            return False
    return True
