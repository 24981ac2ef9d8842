"""Serve over HTTP: granian, or waitress where granian is not to be had; say where and to whom."""

import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing.util import Finalize
from typing import Any, NoReturn

from config import Config
from qr.address import is_loopback
from qr.images import terminal
from services.organization.start import FirstAdmin
from storage.store import Store

from .listening import WAITING, listen, most_lines

THREADS = 16
HEAD_WITHIN = 10.0  # seconds for the head of a request, and for the pause before the next one
LARGEST_HEAD = 65_536  # bytes
# It reads a body before it asks the application, and Windows can watch 512 lines at once.
_WAITRESS = {
    "ident": None,
    "connection_limit": 400,
    "channel_timeout": 60,
    "cleanup_interval": 10,
    "max_request_header_size": LARGEST_HEAD,
    "max_request_body_size": 2**24,
    "clear_untrusted_proxy_headers": False,  # views/forwarded.py decides for every server
}
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
    try:
        listener = listen(config.host, config.port)
    except OSError:
        sys.stderr.write(
            f"{config.host}:{config.port} is in use by another program; choose PORT=…\n"
        )
        return 1
    with listener:
        if sys.platform == "win32" or not _has_granian():
            return _serve_waitress(listener, make_app)
        return _serve_granian(config, listener)


def _has_granian() -> bool:
    try:
        import granian
    except ImportError:
        return False
    return bool(granian)


def _serve_granian(config: Config, listener: socket.socket) -> int:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.net import SocketHolder  # type: ignore[attr-defined] # untyped, as its call

    class Listening(Granian):  # type: ignore[misc,valid-type] # chosen by platform
        """granian on a socket of ours: it has no option for what sockets can be told."""

        def _init_shared_socket(self) -> None:
            listener.set_inheritable(True)
            self._ssp, self._sso, self._sfd = None, listener, listener.fileno()
            self._shd = SocketHolder(self._sfd, False, WAITING)  # type: ignore[call-arg]

    server = Listening(
        "app:granian_app",
        address=config.host,
        port=config.port,
        interface=Interfaces.RSGI,
        workers=1,
        # With "auto" a line that never says a word is held for ever; proxies speak HTTP/1, too.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(HEAD_WITHIN * 1_000), max_buffer_size=LARGEST_HEAD
        ),
        backlog=WAITING,
        backpressure=most_lines(),  # it counts connections, not requests
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


def _serve_waitress(listener: socket.socket, make_app: Callable[[], Served]) -> int:
    import waitress

    app, store = make_app()

    def stop(*_: Any) -> NoReturn:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    try:
        waitress.serve(app, sockets=[listener], threads=THREADS, **_WAITRESS)
    finally:
        store.close()
    return 0
