"""`response purge`: what is due by command, looked at first, and never too much."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from command import command_line
from filled import NOON, begin, send

from forms.gallery import gallery
from services.clock import VIETNAM
from services.publishing.publish import change_definition
from services.reading.retentions import RetentionDesk, retention_of
from storage.store import ResponseFilter


@pytest.fixture
def run(config, tmp_path):
    """An installation with responses of 24/11/2026 to F28 and F21; F21 is closed since."""
    run = command_line(config, tmp_path)
    with_store(run, lambda store: (begin(store), send(store, 6), end_hold(store)))
    return run


def end_hold(store):
    RetentionDesk(store, "quan-tri", NOON).lift("f21", "thử")
    change_definition(store, "f21", "close", store.points.all()[0].created_at)


def with_store(run, act):
    store = run.store()
    try:
        return act(store)
    finally:
        store.close()


def kept(run):
    def count(store):
        found = store.iter_responses("f21", ResponseFilter())
        return sum(not response.is_withdrawn for response in found)

    return with_store(run, count)


def on(monkeypatch, moment):
    for module in ("commands.purge", "services.organization.units"):
        monkeypatch.setattr(f"{module}.now", lambda: moment)


@pytest.fixture
def late(monkeypatch):
    """Two years later."""
    on(monkeypatch, datetime(2029, 1, 2, 9, 0, tzinfo=VIETNAM))


def test_looking_says_what_is_due_and_erases_nothing(run, late):
    told = run.told("response purge f21 --dry-run")

    assert told == [
        {"form": "f21", "due": 3, "soon": 3, "first": "2029-01-02", "skipped": 0, "held": False}
    ]
    assert kept(run) == 3


def test_looking_works_beside_a_running_server_and_purging_does_not(run, late):
    store = run.store()

    looked = run("response purge --dry-run")
    refused = run("response purge")
    store.close()

    assert looked.exit_code == 0
    assert refused.exit_code == 1
    assert "another process" in refused.stderr
    assert kept(run) == 3


def test_all_forms_are_purged_and_the_trail_says_by_command(run, late):
    told = run.told("response purge")

    assert [(row["form"], row["rows"]) for row in told] == [("f21", 3), ("f28", 0)]
    assert kept(run) == 0
    last = with_store(run, lambda store: store.trail.last())
    assert (last.who, last.act, last.about["what"]) == ("command", "responses_deleted", "purged")
    assert with_store(run, lambda store: retention_of(store, "f21").purged_by_unit) == {"nam-na": 3}


def test_nothing_is_due_a_week_after_the_closing(run, monkeypatch):
    on(monkeypatch, NOON + timedelta(days=7))

    assert run.told("response purge f21")[0]["rows"] == 0
    assert kept(run) == 3


def test_what_is_on_hold_is_told_and_stays(run, late):
    with_store(run, lambda store: RetentionDesk(store, "x", NOON).hold("f21", "tòa án"))

    assert run.told("response purge f21")[0] == {
        "form": "f21",
        "rows": 0,
        "left": 0,
        "skipped": 0,
        "held": True,
    }
    assert kept(run) == 3
    assert run("response purge f21").stdout == "f21  rows 0, left 0, skipped 0, held\n"


@pytest.mark.parametrize("form", ["f99", "f22", "../x", "a" * 300])
def test_an_unknown_or_unpublished_form_is_refused(run, form):
    for words in (["response", "purge", form], ["response", "purge", form, "--dry-run"]):
        result = run(words)
        assert result.exit_code == 1
        assert "Không có biểu mẫu" in result.stderr
    assert kept(run) == 3


def test_of_complaints_no_number_is_printed(run, late):
    def publish_complaints(store):
        version = store.versions.all()[0]
        store.versions.put(replace(version, definition=gallery()["f91"], prefix="7FZ"))

    with_store(run, publish_complaints)

    assert json.loads(run("response purge f91 --dry-run --json").stdout)[0]["due"] == "–"
