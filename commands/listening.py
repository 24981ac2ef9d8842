"""The socket that the server listens on, and how many lines this process may hold at once."""

import os
import socket
import sys

WAITING = 1_024  # connections that the system holds until the server takes them
UNREAD = 30.0  # seconds after which a reader that takes nothing is given up
MOST_LINES = 10_000  # connections; each silent one costs a few kB until its time is over
_OWN_FILES = 400  # descriptors kept free for the store, its files and backups


def listen(host: str, port: int, *, unread: float = UNREAD) -> socket.socket:
    """Listen; raises OSError when another program does.

    What was sent and is not taken for `unread` seconds ends the connection, where the system can
    do so (Linux): neither browsers nor proxies need as long, and a server has no other bound.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=WAITING)
    if sys.platform == "linux":
        milliseconds = int(unread * 1_000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
    return listener


def most_lines() -> int:
    """Raise this process' limit of open files as far as it may; how many connections fit."""
    if os.name != "posix":
        return MOST_LINES
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_LINES + _OWN_FILES
    least = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < least:
        resource.setrlimit(resource.RLIMIT_NOFILE, (least, hard))
        soft = least
    allowed = wanted if soft == resource.RLIM_INFINITY else soft
    return max(100, min(MOST_LINES, allowed - _OWN_FILES))
