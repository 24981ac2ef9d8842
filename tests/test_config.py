"""The settings: every one read, safe defaults, and what a wrong one is told."""

import os
import subprocess
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

import config as settings
from config import Config, ConfigError

SETTINGS = {
    "data_dir": ("PHIEU_DATA_DIR", "/srv/phieu", Path("/srv/phieu")),
    "database_url": ("PHIEU_DATABASE_URL", " postgresql://db ", "postgresql://db"),
    "base_url": ("PHIEU_BASE_URL", " https://phieu.example/ ", "https://phieu.example"),
    "secret_key": ("PHIEU_SECRET_KEY", "a key", "a key"),
    "data_key": ("PHIEU_DATA_KEY", "a third key, of some length", "a third key, of some length"),
    "hash_key": ("PHIEU_HASH_KEY", "another key", "another key"),
    "admin_password": ("PHIEU_ADMIN_PASSWORD", " with spaces ", " with spaces "),
    "organization": ("PHIEU_ORGANIZATION", " LĐLĐ tỉnh ", "LĐLĐ tỉnh"),
    "contact": ("PHIEU_CONTACT", " 0213 1 ", "0213 1"),
    "backup_dir": ("PHIEU_BACKUP_DIR", " /media/usb/phieu ", Path("/media/usb/phieu")),
    "holidays": ("PHIEU_HOLIDAYS", " 2027-04-16 ", frozenset({date(2027, 4, 16)})),
    "trusted_proxies": ("PHIEU_TRUSTED_PROXIES", " 2 ", 2),
    "host": ("HOST", "0.0.0.0", "0.0.0.0"),
    "port": ("PORT", "8080", 8080),
}


def test_no_setting_is_without_a_test():
    assert {field.name for field in fields(Config)} == set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_read_under_its_name(name):
    variable, written, read = SETTINGS[name]

    assert getattr(Config.from_environment({variable: written}), name) == read


@pytest.mark.parametrize("name", SETTINGS)
def test_an_empty_setting_is_its_default(name):
    variable, *_ = SETTINGS[name]

    assert Config.from_environment({variable: ""}) == Config.from_environment({}) == Config()


def test_a_relative_folder_is_one_below_where_we_stand():
    read = Config.from_environment({"PHIEU_DATA_DIR": "elsewhere"})

    assert read.data_dir == Path.cwd() / "elsewhere"


def test_nothing_listens_beyond_this_machine_unless_asked_to():
    assert (Config().host, Config().data_dir.parent) == ("127.0.0.1", settings.HERE)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "8000.0", "http", " ", "99999999999"])
def test_a_bad_port_is_told_with_what_to_write(port):
    with pytest.raises(ConfigError, match=r"PORT=.*1 to 65535"):
        Config.from_environment({"PORT": port})


@pytest.mark.parametrize("url", ["phieu.example", "ftp://a", "//a", "javascript:1", "http:/a"])
def test_a_bad_address_is_told_with_what_to_write(url):
    with pytest.raises(ConfigError, match=r"PHIEU_BASE_URL=.*https://"):
        Config.from_environment({"PHIEU_BASE_URL": url})


def test_trusted_proxies_may_be_named_by_their_addresses():
    read = Config.from_environment({"PHIEU_TRUSTED_PROXIES": "127.0.0.1, 10.1.0.0/16,::1"})

    told = [str(network) for network in read.trusted_proxies]
    assert told == ["127.0.0.1/32", "10.1.0.0/16", "::1/128"]


@pytest.mark.parametrize("text", ["-1", "10", "99999999", "proxy", "10.0.0.1/8", "1,2", "*", "²"])
def test_proxies_that_cannot_be_trusted_are_told_with_what_to_write(text):
    with pytest.raises(ConfigError, match=r"PHIEU_TRUSTED_PROXIES=.*how many"):
        Config.from_environment({"PHIEU_TRUSTED_PROXIES": text})


@pytest.mark.parametrize(
    ("config", "url"),
    [
        (Config(), "http://127.0.0.1:8000"),
        (Config(host="::1"), "http://[::1]:8000"),
        (Config(host="fd00::7", port=80), "http://[fd00::7]:80"),
        (Config(host="may-chu", port=9000), "http://may-chu:9000"),
        (Config(base_url="https://a.example", host="0.0.0.0"), "https://a.example"),
    ],
)
def test_the_codes_hold_the_address_set_or_else_the_one_served(config, url):
    assert config.public_url == url


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_who_serves_the_whole_network_shows_its_own_address(monkeypatch, host):
    monkeypatch.setattr(settings, "lan_address", lambda: "192.168.1.20")

    assert Config(host=host).public_url == "http://192.168.1.20:8000"


def test_the_own_address_is_one_that_can_be_dialled():
    parts = settings.lan_address().split(".")

    assert len(parts) == 4
    assert parts != ["0"] * 4


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("PHIEU_BASE_URL", "phieu.example")])
def test_the_server_does_not_start_with_a_wrong_setting(tmp_path, name, value):
    environment = {**os.environ, "PHIEU_DATA_DIR": str(tmp_path / "data"), name: value}
    done = subprocess.run(
        [sys.executable, settings.HERE / "app.py"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name}={value}")
    assert not (tmp_path / "data").exists()
