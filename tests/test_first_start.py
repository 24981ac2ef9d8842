"""Secure when started with no settings at all: who can reach it, read it, sign in."""

import os
import re
import stat
import urllib.request

import pytest
from serving import Installation

from config import Config


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Two installations started with nothing but a folder and a port, and what they said."""
    places = [Installation(tmp_path_factory.mktemp(name) / "data") for name in ("one", "two")]
    for place in places:
        with place.serving():
            place.socket = listening(place.port)
            with urllib.request.urlopen(f"{place.base}/login") as answer:
                place.cookie = answer.headers["Set-Cookie"]
    return places


def listening(port):
    """Addresses on which the port is listened at, in the system's own hexadecimal."""
    with open("/proc/net/tcp") as table:  # noqa: PTH123 - no file
        rows = [line.split() for line in table][1:]
    return {row[1].split(":")[0] for row in rows if row[1].endswith(f":{port:04X}")} & {
        "0100007F",
        "00000000",
    }


def modes(folder):
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in [folder, *folder.rglob("*")]
    }


@pytest.mark.skipif(not os.path.exists("/proc/net/tcp"), reason="asks Linux")  # noqa: PTH110
def test_only_this_machine_can_reach_it(started):
    assert started[0].socket == {"0100007F"}
    assert Config().host == "127.0.0.1"


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_this_user_can_read_it(started):
    found = modes(started[0].folder)

    assert (found["."], found["keys"]) == (0o700, 0o700)
    assert {mode & 0o077 for mode in found.values()} == {0}
    assert {mode for name, mode in found.items() if name.endswith(".key")} == {0o600}


def test_keys_and_passwords_are_drawn_anew_for_each(started):
    one, two = (
        {path.name: path.read_text() for path in (place.folder / "keys").glob("*.key")}
        for place in started
    )
    passwords = [re.search(r"password: (\S+)", place.output)[1] for place in started]

    assert {"session.key", "hash.key", "data.key"} <= one.keys() == two.keys()
    assert not set(one.values()) & set(two.values())
    assert {len(bytes.fromhex(text.split(":")[-1])) for text in one.values()} == {32}
    assert passwords[0] != passwords[1]


def test_no_key_is_printed(started):
    keys = [path.read_text().strip() for path in (started[0].folder / "keys").glob("*.key")]

    assert [key for key in keys if key in started[0].output] == []


def test_scripts_and_other_sites_cannot_have_the_cookie(started):
    marks = started[0].cookie.split("; ")

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(marks)
    assert not [mark for mark in marks if mark.startswith("Domain")]
