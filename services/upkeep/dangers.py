"""What is unsafe about this installation: who else could read the data, and what is left open."""

import os
import re
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from config import Config
from federation.passwords import verify_password
from forms.problems import N_
from qr.address import is_loopback
from storage.errors import StoreError
from storage.opening import open_whole_store
from storage.store import Store

from ..demonstration.filling import SETTING as DEMO
from ..organization.people import is_administrator
from .examining import Finding, Grade

FIRST_YEAR, LAST_YEAR = 2026, 2100  # outside of these a clock is wrong
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PIN = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;#]+)\s*(?:#.*)?")


def dangers(config: Config, now: datetime, pins: Path) -> Iterator[Finding]:
    """Look for what lets others in; `pins` is requirements.txt. Changes nothing."""
    yield from _doors(config)
    yield from _rights(config.data_dir)
    yield from _user()
    yield from _clock(now)
    yield from _libraries(pins)
    yield from _inside(config, now)


def _notice(about: str, text: str, **values: object) -> Finding:
    return Finding(about, Grade.NOTICE, text, values)


def _fault(about: str, text: str, **values: object) -> Finding:
    return Finding(about, Grade.FAULT, text, values)


def _doors(config: Config) -> Iterator[Finding]:
    is_https = config.public_url.startswith("https://")
    if config.trusted_proxies and not is_https:
        text = N_(
            "PHIEU_TRUSTED_PROXIES is set, but the address is not https: "
            "set PHIEU_BASE_URL=https://…, or nobody's cookie is kept to https."
        )
        yield _notice("proxy", text)
    if is_https and not is_loopback(f"http://{config.host}"):
        text = N_(
            "HOST=%(host)s: the server can be reached around the proxy, without https. "
            "With the proxy on this machine use HOST=127.0.0.1."
        )
        yield _notice("proxy", text, host=config.host)


def _rights(folder: Path) -> Iterator[Finding]:
    if os.name != "posix" or not folder.exists():
        return
    if _is_open(folder):
        text = N_("Other users of this machine can read %(path)s: chmod go= %(path)s")
        yield _fault("rights", text, path=folder)
    keys = folder / "keys"
    for path in (keys, *sorted(keys.glob("*.key"))):
        if path.exists() and _is_open(path):
            text = N_("Other users of this machine can read the keys: chmod go= %(path)s")
            yield _fault("rights", text, path=path)


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & _OTHERS)


def _user() -> Iterator[Finding]:
    if os.name == "posix" and os.geteuid() == 0:
        text = N_("This runs as root: give the server a user of its own.")
        yield _notice("user", text)


def _clock(now: datetime) -> Iterator[Finding]:
    if not FIRST_YEAR <= now.year <= LAST_YEAR:
        text = N_("The clock says %(day)s: set it, or answers are dated and deleted wrongly.")
        yield _fault("clock", text, day=now.date())


def _libraries(pins: Path) -> Iterator[Finding]:
    try:
        lines = pins.read_text("utf-8").splitlines()
    except OSError:
        return
    others = []
    for match in filter(None, map(_PIN.fullmatch, lines)):
        name, wanted = match.groups()
        found = _installed(name)
        if found and _numbers(found) != _numbers(wanted):
            others.append(f"{name} {found} ({wanted})")
    if others:
        text = N_("Libraries are not those of requirements.txt: %(names)s")
        yield _notice("libraries", text, names=", ".join(others))


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:  # the other web server may be missing; others are missed at once
        return None


def _numbers(version_text: str) -> list[str]:
    """1.002 is written 1.2, too (PEP 440)."""
    return [part.lstrip("0") for part in version_text.split(".")]


def _inside(config: Config, now: datetime) -> Iterator[Finding]:
    try:
        store = open_whole_store(config.data_dir, config.database_url, read_only=True)
    except StoreError:
        return  # the examination of the store says why
    try:
        yield from _left_open(store, config, now)
        yield from _from_the_future(store, now)
    finally:
        store.close()


def _left_open(store: Store, config: Config, now: datetime) -> Iterator[Finding]:
    if store.settings.get(DEMO) is not None:
        text = N_("This is a demonstration store: its people and answers are invented.")
        is_public = not is_loopback(config.public_url)
        yield Finding("demo", Grade.FAULT if is_public else Grade.NOTICE, text, {})
    for person in store.people.all():
        if not is_administrator(person, now.date()):
            continue
        if config.admin_password and verify_password(person.password, config.admin_password):
            text = N_(
                "%(name)s still has the password of PHIEU_ADMIN_PASSWORD, which others may read: "
                "change it on the page of the account and remove the setting."
            )
            yield _notice("password", text, name=person.name)


def _from_the_future(store: Store, now: datetime) -> Iterator[Finding]:
    newest = max((sign_in.since for sign_in in store.sign_ins.all()), default=now)
    if newest > now + timedelta(days=1):
        text = N_("Somebody signed in on %(day)s: the clock was set back, or was wrong then.")
        yield _fault("clock", text, day=newest.date())
