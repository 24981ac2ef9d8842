"""What many tests share: an application on a store that forgets, and a clock they can set."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from compiled_once import compiled_once
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from app import create_app
from config import Config
from federation import passwords
from federation.people import Grant, Role
from services.clock import VIETNAM
from services.organization.people import add_person
from services.organization.units import add_unit, tree_of
from services.publishing.publish import publish
from storage.memory import MemoryStore
from storage.store import Store
from views.site import EXTENSION

# How fast a machine makes examples is no finding; what it takes is measured by bench/.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")
PASSWORD = "mat-khau-dai-2026"
RATED = ("du_no", "ngon", "nong", "da_dang", "ve_sinh", "chung")
MEAL = {"ca": "ca_dem", "trieu_chung": "khong"} | dict.fromkeys(RATED, "4")


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    at: datetime = datetime(2026, 11, 24, 10, 30, tzinfo=VIETNAM)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(frozen=True)
class World:
    """A small federation with its application: three units, an admin, an organizer, a chair."""

    app: Flask
    kept: Store
    """The store as it keeps things: encrypted where they are personal."""
    clock: SetClock

    @property
    def store(self) -> Store:
        """The store as the application reads it: open."""
        opened: Store = self.app.extensions[EXTENSION].store
        return opened

    def client(self) -> FlaskClient:
        """A browser that nobody is signed in with."""
        return self.app.test_client()

    def publish(self, form: str, unit: str = "nam-na", place: str = "Nhà ăn ca") -> str:
        """Publish a form and give the short code of its scan point."""
        done = publish(self.store, form, [unit], place, tree=tree_of(self.store), now=self.clock())
        return done.points[0].code

    def signed_in(self, name: str) -> FlaskClient:
        """A browser in which this person is signed in; `client.csrf` is its token."""
        client = self.client()
        client.get("/login")
        with client.session_transaction() as session:
            token = session["csrf"]
        answer = client.post(
            "/login", data={"username": name, "password": PASSWORD, "csrf_token": token}
        )
        assert answer.status_code == 303, answer.text
        client.get("/account")
        with client.session_transaction() as session:
            client.csrf = session["csrf"]  # type: ignore[attr-defined]
        return client


def fill_world(store: Store) -> None:
    """Units and people every test may count on."""
    add_unit(store, "nam-na", "CĐCS Thủy điện Nậm Na 3", "root", "enterprise", "0213 3 878 436")
    add_unit(store, "phan-xuong-1", "Công đoàn phân xưởng 1", "nam-na", "section")
    add_unit(store, "che", "CĐCS Chè Than Uyên", "root", "enterprise")
    tree = tree_of(store)
    for name, role, unit in (
        ("quan-tri", Role.ADMIN, "root"),
        ("lap-phieu", Role.ORGANIZER, "root"),
        ("chu-tich", Role.CHAIR, "nam-na"),
        ("chu-tich-che", Role.CHAIR, "che"),
        ("to-truong", Role.HELPER, "nam-na"),
    ):
        add_person(store, name, name.title(), PASSWORD, (Grant(role, unit),), tree)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash passwords in no time: at full strength the many sign-ins would take minutes."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_applications() -> Iterator[None]:
    with compiled_once():
        yield


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        data_dir=tmp_path,
        base_url="http://phieu.example",
        secret_key="a secret for tests only, of some length",
        data_key="a-data-key-for-tests-only",
        hash_key="a hashing key for tests only, of some length",
        organization="LĐLĐ tỉnh Lai Châu",
    )


@pytest.fixture
def world(config: Config, clock: SetClock) -> Iterator[World]:
    store = MemoryStore()
    app = create_app(config, store, clock=clock)
    fill_world(store)
    yield World(app, store, clock)
    store.close()


@pytest.fixture
def admin(world: World) -> FlaskClient:
    """The browser of an administrator of the whole federation."""
    return world.signed_in("quan-tri")


@pytest.fixture
def local(world: World) -> FlaskClient:
    """That of an administrator of one unit and those below it."""
    grants = (Grant(Role.ADMIN, "nam-na"),)
    add_person(world.store, "quan-tri-nam-na", "", PASSWORD, grants, tree_of(world.store))
    return world.signed_in("quan-tri-nam-na")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with chromium_of() as browser:
        yield browser


@contextmanager
def chromium_of(*flags: str) -> Iterator[Browser]:
    """The system's Chromium; without it the tests say how to get it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "no Chromium: sudo apt install -y chromium"
    quiet = ["--disable-gpu", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    quiet += ["--host-resolver-rules=MAP phieu.test 127.0.0.1"]  # plain http that is not localhost
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*quiet, *flags])
        yield browser
        browser.close()
