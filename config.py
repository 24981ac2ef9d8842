"""The settings of one installation, read once from the environment (PHIEU_…)."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

HERE = Path(__file__).resolve().parent
_NO_DAYS = "PHIEU_HOLIDAYS: %s: write days such as 2027-02-05..2027-02-11, 2027-04-16"
_LONGEST_SPAN = 31  # days
Network = IPv4Network | IPv6Network
MOST_PROXIES = 9
DEFAULT_ORGANIZATION = "Liên đoàn Lao động tỉnh"


@dataclass(frozen=True)
class Config:
    """What the operator may decide; every field has a default that is safe on one machine."""

    data_dir: Path = HERE / "data"
    database_url: str = ""
    base_url: str = ""
    secret_key: str = ""
    data_key: str = ""
    hash_key: str = ""
    admin_password: str = ""
    organization: str = DEFAULT_ORGANIZATION
    contact: str = ""
    backup_dir: Path | None = None
    holidays: frozenset[date] = frozenset()
    trusted_proxies: int | tuple[Network, ...] = 0  # how many, or their addresses
    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def public_url(self) -> str:
        """The address that QR codes contain: the one set, else the one served."""
        if self.base_url:
            return self.base_url
        host = lan_address() if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self.port}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings; raises ConfigError with what to write instead."""
        port = environment.get("PORT") or str(cls.port)
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise ConfigError(f"PORT={port}: write a number from 1 to 65535")
        base_url = environment.get("PHIEU_BASE_URL", "").strip().rstrip("/")
        if base_url and not base_url.startswith(("http://", "https://")):
            raise ConfigError(f"PHIEU_BASE_URL={base_url}: must begin with http:// or https://")
        backup_dir = environment.get("PHIEU_BACKUP_DIR", "").strip()
        return cls(
            data_dir=Path(environment.get("PHIEU_DATA_DIR") or cls.data_dir).absolute(),
            database_url=environment.get("PHIEU_DATABASE_URL", "").strip(),
            base_url=base_url,
            secret_key=environment.get("PHIEU_SECRET_KEY", ""),
            data_key=environment.get("PHIEU_DATA_KEY", ""),
            hash_key=environment.get("PHIEU_HASH_KEY", ""),
            admin_password=environment.get("PHIEU_ADMIN_PASSWORD", ""),
            organization=environment.get("PHIEU_ORGANIZATION", "").strip() or cls.organization,
            contact=environment.get("PHIEU_CONTACT", "").strip(),
            backup_dir=Path(backup_dir).absolute() if backup_dir else None,
            holidays=read_days(environment.get("PHIEU_HOLIDAYS", "")),
            trusted_proxies=_proxies(environment.get("PHIEU_TRUSTED_PROXIES", "").strip()),
            host=environment.get("HOST") or cls.host,
            port=int(port),
        )


def read_days(text: str) -> frozenset[date]:
    """Days and spans of days, `2027-02-05..2027-02-11, 2027-04-16`; raises ConfigError."""
    days = set[date]()
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, _, last = part.partition("..")
        try:
            begin, end = (
                date.fromisoformat(first.strip()),
                date.fromisoformat((last or first).strip()),
            )
        except ValueError as error:
            raise ConfigError(_NO_DAYS % part) from error
        if not 0 <= (end - begin).days <= _LONGEST_SPAN:
            raise ConfigError(_NO_DAYS % part)
        days |= {begin + timedelta(days=number) for number in range((end - begin).days + 1)}
    return frozenset(days)


def _proxies(text: str) -> int | tuple[Network, ...]:
    if text.isascii() and text.isdigit() and int(text[:6]) <= MOST_PROXIES:
        return int(text)
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",")) if text else 0
    except ValueError as error:
        raise ConfigError(
            f"PHIEU_TRUSTED_PROXIES={text}: write how many proxies there are (1 to {MOST_PROXIES}),"
            " or their addresses with commas between"
        ) from error


def lan_address() -> str:
    """This machine's address in its local network, as far as routing tells; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): only asks for the route
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


class ConfigError(ValueError):
    """A setting that cannot be used; the text says which and what to write."""
