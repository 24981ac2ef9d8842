"""The file that a helper's phone saves of its queue, taken in by a command: each form once."""

import base64
import json
import uuid

import pytest
from command import command_line
from conftest import fill_world
from pictures import jpeg
from sending import HARDSHIP

from app import create_app
from services.organization.units import tree_of
from services.publishing.publish import publish
from storage.embedded import EmbeddedStore
from storage.store import ResponseFilter

WHEN = 1_795_500_000_000  # 24 November 2026


@pytest.fixture
def run(config, tmp_path, clock):
    run = command_line(config, tmp_path)
    store = EmbeddedStore(run.folder)
    create_app(run.config, store, clock=clock)  # with its keys and its root
    fill_world(store)
    for unit in ("nam-na", "che"):
        publish(store, "f21", [unit], "", tree=tree_of(store), now=clock())
    store.close()
    return run


@pytest.fixture
def codes(run):
    store = run.store()
    found = {point.unit: point.code for point in store.points.all()}
    store.close()
    return found


def form(code, **changed):
    inputs = {name: [v] if isinstance(v, str) else v for name, v in HARDSHIP.items()}
    inputs |= {"_helper": ["to-truong"], "_heard": ["1"], "_channel": ["paper"]}
    photo = {"name": "a.jpg", "type": "image/jpeg", "content": base64.b64encode(jpeg()).decode()}
    return {
        "instance_id": str(uuid.uuid4()),
        "code": code,
        "queued_at": WHEN,
        "inputs": inputs | changed,
        "files": {"giay_to": [photo]},
    }


def written(tmp_path, *lines):
    path = tmp_path / "phieu.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n\n", "utf-8")
    return path


def responses(run):
    store = run.store()
    found = list(store.iter_responses("f21", ResponseFilter()))
    files = list(store.iter_files("f21"))
    store.close()
    return found, files


def test_each_form_is_kept_once_with_its_helper_and_photos(run, codes, tmp_path):
    path = written(tmp_path, form(codes["nam-na"]), form(codes["nam-na"]))

    first = run.told(["response", "receive", path])
    again = run.told(["response", "receive", path])
    found, files = responses(run)

    assert (first["stored"], first["known"], first["refused"]) == (2, 0, [])
    assert (again["stored"], again["known"]) == (0, 2)
    assert again["receipts"] == first["receipts"] == [r.receipt for r in found]
    assert {(r.helper, r.channel, r.unit) for r in found} == {("to-truong", "paper", "nam-na")}
    assert all({"queued", "assisted"} <= set(r.flags) for r in found)
    assert len(files) == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"_helper": ["quan-tri-gia"]}, "quan-tri-gia"),
        ({"_helper": []}, "—"),
        ({"_heard": []}, "đồng ý"),
        ({"_channel": ["dream"]}, "đồng ý"),
    ],
)
def test_a_form_that_nobody_may_have_filled_in_is_refused_and_the_others_kept(
    run, codes, tmp_path, changed, why
):
    path = written(tmp_path, form(codes["nam-na"], **changed), form(codes["nam-na"]))

    done = run(["response", "receive", path])

    assert done.exit_code == 1
    assert done.stderr.startswith("1: ")
    assert why in done.stderr
    assert len(responses(run)[0]) == 1


def test_a_helper_of_another_unit_is_refused(run, codes, tmp_path):
    done = run(["response", "receive", written(tmp_path, form(codes["che"]))])

    assert (done.exit_code, responses(run)) == (1, ([], []))


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"x"',
        "{}",
        json.dumps(form("ZZZZZZ")),
        json.dumps(form("x") | {"inputs": {"a": "b"}}),
        json.dumps(form("x") | {"files": {"a": [{"name": "a", "type": "b", "content": "%"}]}}),
        json.dumps(form("x") | {"queued_at": "later"}),
    ],
)
def test_a_line_that_is_none_is_told_with_its_number(run, tmp_path, line):
    path = tmp_path / "x.jsonl"
    path.write_text("\n" + line + "\n", "utf-8")

    done = run(["response", "receive", path])

    assert done.exit_code == 1
    assert done.stderr.startswith("2: ")
    assert responses(run) == ([], [])


def test_a_number_that_is_no_uuid_is_refused(run, codes, tmp_path):
    path = written(tmp_path, form(codes["nam-na"]) | {"instance_id": "1"})

    assert run(["response", "receive", path]).exit_code == 1
    assert responses(run)[0] == []
