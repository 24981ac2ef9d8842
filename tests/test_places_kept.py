"""Places go along into copies and backups, and a check finds where counts and responses differ."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
from command import command_line
from filled import KEY, fill, sums
from postgresql_server import ask, fresh_database
from test_storage_check import change, checked

from forms.offer import Offer
from storage.embedded import EmbeddedStore
from storage.opening import open_store
from storage.places import Claim, Place
from storage.store import ResponseFilter

PLACES = {"total": Place(4, 2), "once:person:h": Place(1)}
FORMS = ("f21", "f28")


def give_places(store):
    """Four of six responses of each form are seated, the first as somebody who counts once."""
    for form in FORMS:
        store.offers.put(Offer(form, total=4))
        for response in list(store.iter_responses(form, ResponseFilter())):
            assert store.change_response(response, replace(response, claims=()))
        person = [Claim("once:person:h", 1)]
        for response in list(store.iter_responses(form, ResponseFilter())):
            assert store.change_response(response, response, [Claim("total", 4), *person])
            person = []


def places(store):
    return [store.places(form, PLACES) for form in FORMS]


@pytest.fixture
def run(config, tmp_path):
    return command_line(replace(config, hash_key=KEY.decode()), tmp_path)


@pytest.fixture
def seated(run):
    store = EmbeddedStore(run.folder)
    fill(store)
    give_places(store)
    store.close()
    return run


@pytest.fixture
def database(config, tmp_path):
    with fresh_database() as url:
        store = open_store(tmp_path, url)
        fill(store)
        give_places(store)
        store.close()
        yield command_line(replace(config, hash_key=KEY.decode(), database_url=url), tmp_path)


def test_places_go_to_postgresql_and_back(seated, tmp_path):
    with fresh_database() as url:
        seated.told(["storage", "copy", "--to", url])
        there = open_store(tmp_path, url)
        on_database = places(there)
        there.close()
        run = command_line(replace(seated.config, database_url=url), tmp_path)
        found = checked(run)
        run.told(["storage", "copy", "--to", tmp_path / "back"])

    home = EmbeddedStore(tmp_path / "back")
    assert on_database == places(home) == [PLACES, PLACES]
    assert found[:2] == (0, [])
    home.close()


@pytest.mark.parametrize("backend", ["embedded", "postgresql"])
def test_a_restored_backup_has_its_places(seated, tmp_path, backend):
    seated.told(["backup", "create", "-o", tmp_path / "b.zip"])
    with fresh_database() if backend == "postgresql" else nullcontext("") as url:
        other = command_line(replace(seated.config, database_url=url), tmp_path / "other")
        other.told(["backup", "restore", tmp_path / "b.zip"])
        store = open_store(other.folder, url)
        found, restored = places(store), sums(store) | {"trail": ()}  # it says who restored
        store.close()
        problems = checked(other)

    before = seated.store()
    assert found == [PLACES, PLACES]
    assert restored == sums(before) | {"trail": ()}
    assert problems == (0, [], [])
    before.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE places SET taken = 5 WHERE definition = 'f28' AND name = 'total'",
        "UPDATE places SET waiting = 0 WHERE definition = 'f28' AND name = 'total'",
        "DELETE FROM places WHERE definition = 'f28' AND name = 'total'",
        "INSERT INTO places VALUES ('f28', 'buoi:sang', 1, 0)",
        "INSERT INTO places VALUES ('f99', 'total', 1, 0)",
        "DELETE FROM responses WHERE definition = 'f28'",
    ],
)
def test_a_count_that_is_not_what_the_responses_say_is_found(database, statement):
    assert checked(database) == (0, [], [])
    ask(database.config.database_url, statement)

    code, faults, _ = checked(database)

    assert code == 1
    assert all(fault["where"].startswith("places of f") for fault in faults)
    assert "by the responses it is" in faults[0]["problem"]


def test_two_who_have_what_one_can_have_are_found(seated):
    change(seated.folder / "responses" / "f28.json", "responses", 2, claims=["once:person:h"])

    code, faults, _ = checked(seated)

    assert (code, [fault["where"] for fault in faults]) == (1, ["places of f28, once:person:h"])


def test_who_waits_for_what_it_does_not_claim_is_found(seated):
    change(seated.folder / "responses" / "f28.json", "responses", 1, waits_for=["other"])

    code, faults, _ = checked(seated)

    assert code == 1
    assert "does not claim" in faults[0]["problem"]
