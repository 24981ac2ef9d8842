"""What reverse proxies say of the browser behind them: believed of those the settings name only."""

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from config import Network

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_HEADERS = ("FOR", "PROTO", "HOST", "PORT", "PREFIX", "SERVER", "BY")
_HOST = re.compile(r"(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?", re.IGNORECASE)


@dataclass(frozen=True)
class Forwarded:
    """A WSGI application that puts address, scheme and host of the browser into their places.

    `trusted` is how many proxies stand in front, or their addresses. What is not believed is
    taken out, so that nothing behind can fall for it.
    """

    inner: Wsgi
    trusted: int | tuple[Network, ...]

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        said = {name: _listed(environ.pop(f"HTTP_X_FORWARDED_{name}", "")) for name in _HEADERS}
        environ.pop("HTTP_FORWARDED", None)
        proxies = self._proxies(environ.get("REMOTE_ADDR", ""), said["FOR"])
        if proxies:
            _believe(environ, said, proxies)
        return self.inner(environ, start_response)

    def _proxies(self, peer: str, addresses: list[str]) -> int:
        """How many of the hops that ended here were proxies of ours."""
        if isinstance(self.trusted, int):
            return self.trusted if len(addresses) >= self.trusted else 0
        hops = [*addresses, peer]
        count = 0
        while count < len(addresses) and self._is_ours(hops[-1 - count]):
            count += 1
        return count

    def _is_ours(self, address: str) -> bool:
        found = _address(address)
        return found is not None and any(found in network for network in self.trusted)  # type: ignore[union-attr] # not a number here


def _believe(environ: Environ, said: dict[str, list[str]], proxies: int) -> None:
    address, scheme = _address(_nth(said["FOR"], proxies)), _nth(said["PROTO"], proxies).lower()
    host = _nth(said["HOST"], proxies)
    if address is not None:
        environ["REMOTE_ADDR"] = str(address)
    if scheme in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    if _HOST.fullmatch(host):
        environ["HTTP_HOST"] = host


def _nth(values: list[str], proxies: int) -> str:
    """What the outermost proxy of ours wrote: each adds a value, or replaces all with one."""
    if not values:
        return ""
    return values[-proxies] if len(values) >= proxies else values[0]


def _listed(header: str) -> list[str]:
    return [value.strip() for value in header.split(",")] if header else []


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
