"""The address that a QR code carries."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def point_url(base_url: str, code: str) -> str:
    """https://HOST/Q/CODE: lower-case scheme, upper-case rest.

    Several scanners know only lower-case schemes; upper case lets the code use the QR alphabet's
    shorter mode. A base address with a path of its own keeps that path as it is written.
    """
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc.upper()}{parts.path.rstrip('/')}/Q/{code}"


def is_loopback(base_url: str) -> bool:
    """Whether the address reaches only the machine itself, so that no phone can open it."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
