"""The server as a process: first start, clean stop, and what it does when it cannot start."""

import os
import re
import stat
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from serving import HERE, Installation, free_port
from tinydb import TinyDB

from config import Config

MEAL = (
    "ca=ca_sang&du_no=5&ngon=5&nong=5&da_dang=5&ve_sinh=5&trieu_chung=khong&chung=5"
    "&instance_id=6f1d9c1e-0000-4000-8000-000000000001"
)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "data")


def send_meal(installation: Installation, code: str) -> int:
    request = urllib.request.Request(f"{installation.base}/q/{code}", data=MEAL.encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.status)


def test_the_first_start_prints_an_administrator_and_the_next_does_not(
    installation: Installation,
) -> None:
    with installation.serving():
        pass
    first = installation.output
    with installation.serving():
        pass

    assert "admin" in first
    assert re.search(r"password: [a-z0-9]{4}(-[a-z0-9]{4}){3}\n", first)
    assert "password:" not in installation.output
    assert [person["name"] for person in installation.told("user", "list")] == ["admin"]


def test_sigterm_folds_everything_into_files_that_stock_tinydb_opens(
    installation: Installation,
) -> None:
    published = installation.told("form", "publish", "F28", "--unit", "root")
    with installation.serving():
        status = send_meal(installation, published["scan_points"][0]["code"])

    path = installation.folder / "responses" / "f28.json"
    with TinyDB(path, access_mode="r") as stock:
        (document,) = stock.table("responses").all()
    assert status == 200
    assert document["answers"]["ca"] == "ca_sang"
    assert [p.name for p in path.parent.iterdir()] == ["f28.json"]


def test_the_data_is_for_the_server_alone(installation: Installation) -> None:
    with installation.serving():
        pass

    modes = {
        str(path.relative_to(installation.folder)): stat.S_IMODE(path.stat().st_mode)
        for path in installation.folder.rglob("*")
    }
    assert {mode for name, mode in modes.items() if "." in name} == {0o600}
    assert modes["keys"] == 0o700


def test_a_second_server_on_the_same_data_says_so(installation: Installation) -> None:
    with installation.serving():
        second = replace(installation, port=free_port())
        done = subprocess.run(
            [sys.executable, "app.py"],
            cwd=HERE,
            env=second.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        still = installation.told("form", "list")

    assert done.returncode != 0
    assert str(installation.folder) in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert still == []


def test_commands_read_beside_a_running_server_and_writers_are_refused(
    installation: Installation,
) -> None:
    published = installation.told("form", "publish", "F28", "--unit", "root")
    code = published["scan_points"][0]["code"]
    with installation.serving():
        send_meal(installation, code)
        (form,) = installation.told("form", "list")
        refused = installation.run("form", "close", "F28")

    assert form["scan_points"][0]["responses"] == "<5"
    assert (refused.returncode, refused.stdout) == (1, "")
    assert str(installation.folder) in refused.stderr


def test_a_port_in_use_is_named(installation: Installation) -> None:
    with installation.serving():
        other = Installation(installation.folder.parent / "other", port=installation.port)
        done = subprocess.run(
            [sys.executable, "app.py"],
            cwd=HERE,
            env=other.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    assert done.returncode == 1
    assert str(installation.port) in done.stderr


def test_a_wrong_setting_is_named_without_a_traceback(installation: Installation) -> None:
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=HERE,
        env=installation.environment | {"PORT": "eighty"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 2
    assert "PORT=eighty" in done.stderr
    assert "Traceback" not in done.stderr


def test_waitress_serves_where_granian_is_missing(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    (hidden / "granian").mkdir(parents=True)
    (hidden / "granian" / "__init__.py").write_text("raise ImportError('not here')")

    class WithoutGranian(Installation):
        @property
        def environment(self) -> dict[str, str]:
            return super().environment | {"PYTHONPATH": str(hidden)}

    installation = WithoutGranian(tmp_path / "data")
    published = installation.told("form", "publish", "F28", "--unit", "root")
    with installation.serving():
        status = send_meal(installation, published["scan_points"][0]["code"])
    path = installation.folder / "responses" / "f28.json"

    assert status == 200
    assert [p.name for p in path.parent.iterdir()] == ["f28.json"]


def test_on_the_local_network_the_address_comes_as_a_code(tmp_path: Path) -> None:
    class OnTheNetwork(Installation):
        @property
        def environment(self) -> dict[str, str]:
            return super().environment | {"HOST": "0.0.0.0"}

    installation = OnTheNetwork(tmp_path / "data")
    with installation.serving():
        pass
    expected = Config(host="0.0.0.0", port=installation.port).public_url

    assert expected in installation.output
    if "127.0.0.1" not in expected:
        assert "█" in installation.output


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_keys_are_kept_between_starts(installation: Installation) -> None:
    with installation.serving():
        pass
    before = {p.name: p.read_bytes() for p in (installation.folder / "keys").iterdir()}
    with installation.serving():
        pass

    assert {p.name: p.read_bytes() for p in (installation.folder / "keys").iterdir()} == before
    assert set(before) == {"session.key", "hash.key", "data.key"}
