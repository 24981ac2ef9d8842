"""What doctor says is unsafe about an installation, each said and, once mended, said no more."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from conftest import PASSWORD

from config import HERE, Config
from federation.people import SignIn
from services.organization.start import ensure_administrator, prepare
from services.upkeep import dangers as looking
from services.upkeep.dangers import dangers
from services.upkeep.examining import Grade
from storage.embedded import EmbeddedStore
from storage.store import Setting

NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
PINS = HERE / "requirements.txt"


@pytest.fixture
def safe(tmp_path, monkeypatch):
    """A store of its own user behind https, as it should be."""
    monkeypatch.setattr(looking.os, "geteuid", lambda: 1000, raising=False)
    folder = tmp_path / "data"
    with_store(folder, lambda store: ensure_administrator(store, PASSWORD, NOW.date()))
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    (keys / "hash.key").touch(mode=0o600)
    return Config(data_dir=folder, base_url="https://phieu.example", trusted_proxies=1)


def with_store(folder, act):
    store = EmbeddedStore(folder)
    try:
        prepare(store, "LĐLĐ tỉnh")
        act(store)
    finally:
        store.close()


def told(config, now=NOW, pins=PINS):
    return [(found.about, found.grade) for found in dangers(config, now, pins)]


def test_a_safe_installation_has_nothing_to_hear(safe):
    assert told(safe) == []


@pytest.mark.parametrize("trusted", [2, (ip_network("127.0.0.1"),)])
def test_proxies_that_are_trusted_without_https(safe, trusted):
    config = replace(safe, base_url="http://phieu.example", trusted_proxies=trusted)

    assert told(config) == [("proxy", Grade.NOTICE)]


def test_a_way_around_the_proxy(safe):
    assert told(replace(safe, host="0.0.0.0")) == [("proxy", Grade.NOTICE)]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
@pytest.mark.parametrize("path", ["", "keys", "keys/hash.key"])
@pytest.mark.parametrize("mode", [0o040, 0o004, 0o010])
def test_data_or_keys_that_others_can_read(safe, path, mode):
    place = safe.data_dir / path
    place.chmod(place.stat().st_mode | mode)

    assert told(safe) == [("rights", Grade.FAULT)]


def test_a_server_that_runs_as_root(safe, monkeypatch):
    monkeypatch.setattr(looking.os, "geteuid", lambda: 0, raising=False)

    assert told(safe) == [("user", Grade.NOTICE)]


@pytest.mark.parametrize("year", [1970, 2025, 2101])
def test_a_clock_in_a_year_that_cannot_be(safe, year):
    assert told(safe, NOW.replace(year=year)) == [("clock", Grade.FAULT)]


def test_a_clock_that_was_set_back(safe):
    later = SignIn("t", "admin", NOW + timedelta(days=30))
    with_store(safe.data_dir, lambda store: store.sign_ins.put(later))

    assert told(safe) == [("clock", Grade.FAULT)]
    assert told(safe, NOW + timedelta(days=30)) == []


def test_libraries_of_other_versions(safe, tmp_path):
    pins = tmp_path / "requirements.txt"
    pins.write_text("Flask==1.0  # old\nno-such-thing==1\n# tinydb==1\npsycopg[binary]==1.2.3\n")

    found = list(dangers(safe, NOW, pins))

    assert [(f.about, f.grade) for f in found] == [("libraries", Grade.NOTICE)]
    assert "Flask" in found[0].values["names"]
    assert "(1.2.3)" in found[0].values["names"]


def test_without_a_list_of_versions_nothing_is_compared(safe, tmp_path):
    assert told(safe, pins=tmp_path / "none") == []


@pytest.mark.parametrize(
    ("url", "grade"),
    [("https://phieu.example", Grade.FAULT), ("http://127.0.0.1:8000", Grade.NOTICE)],
)
def test_invented_people_in_a_store_that_others_can_reach(safe, url, grade):
    with_store(safe.data_dir, lambda store: store.settings.put(Setting("demo", "1")))

    assert told(replace(safe, base_url=url, trusted_proxies=0)) == [("demo", grade)]


def test_an_administrator_with_the_password_of_the_setting(safe):
    assert told(replace(safe, admin_password=PASSWORD)) == [("password", Grade.NOTICE)]
    assert told(replace(safe, admin_password=PASSWORD + "-2")) == []


def test_a_store_that_cannot_be_opened_is_left_to_the_other_half(safe):
    (safe.data_dir / "registry.json").write_text("{}")

    assert told(safe) == []
