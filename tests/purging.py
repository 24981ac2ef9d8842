"""Worlds in which responses grow old, for tests of what is purged; holds no test itself."""

import io
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import SetClock, World
from pictures import jpeg
from postgresql_server import fresh_database
from sending import send
from test_cases_erased import PLANTED, world_on
from test_gallery_journey import example_of

from config import Config
from forms.gallery import gallery
from forms.response import Change
from services.erased import ErasedList
from services.publishing.publish import change_definition
from services.reading.retentions import RetentionDesk
from services.rights.purging import Purger
from storage.opening import open_store
from storage.store import ResponseFilter

YEAR = 365


@pytest.fixture(params=["memory", "embedded", "postgresql"])
def place(
    request: pytest.FixtureRequest, config: Config, clock: SetClock, tmp_path: Path, world: World
) -> Iterator[World]:
    """A world on each backend."""
    if request.param == "memory":
        yield world
        return
    with fresh_database() if request.param == "postgresql" else nullcontext("") as url:
        store = open_store(tmp_path / "data", url)
        yield world_on(store, config, clock)
        store.close()


def purger(world: World, erased: ErasedList | None = None) -> Purger:
    return Purger(world.store, world.app.extensions["phieu"].hasher, world.clock, erased)


def desk(world: World) -> RetentionDesk:
    return RetentionDesk(world.store, "quan-tri", world.clock())


def all_of(world: World, form: str = "f21"):
    return list(world.store.iter_responses(form, ResponseFilter()))


def left(world: World, form: str = "f21") -> int:
    return sum(not response.is_withdrawn for response in all_of(world, form))


def campaign(world: World, count: int = 3) -> str:
    """Tết support (closing + 365 days) with some answers, closed."""
    code = world.publish("f21")
    for _ in range(count):
        send(world, code, PLANTED, giay_to=(io.BytesIO(jpeg(300)), "so.jpg"))
    change_definition(world.store, "f21", "close", world.clock())
    return code


def settle(world: World, form: str, state: str) -> None:
    """Close all cases of a form, as the reviewer's page does."""
    for found in all_of(world, form):
        change = Change(world.clock(), "chu-tich", "state")
        new = replace(found, state=state, history=(*found.history, change))
        assert world.store.change_response(found, new)


def gallery_answers(form: str) -> dict[str, object]:
    return {name: value for name, value in example_of(form, "minimal").items() if value}


def accepted_state(form: str) -> str:
    return next(state.name for state in gallery()[form].workflow if state.kind == "accepted")
