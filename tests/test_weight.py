"""What a page costs a phone that pays for every byte: budgets, compression, one request."""

import gzip
from pathlib import Path

import brotli
import pytest
from conftest import World

STATIC = Path(__file__).resolve().parent.parent / "static"
DOCUMENT, QUEUE, FEATURE = 14_000, 4_096, 2_048  # bytes, compressed


def packed(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes(), 9))


@pytest.mark.parametrize("form", ["f51", "f28", "f21"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_form_with_its_notice_fits_the_first_round_trips(
    world: World, form: str, language: str
) -> None:
    answer = world.client().get(
        f"/q/{world.publish(form)}?lang={language}", headers={"Accept-Encoding": "gzip"}
    )

    assert answer.content_encoding == "gzip"
    assert len(answer.data) <= DOCUMENT
    assert '<details class="notice">' in gzip.decompress(answer.data).decode()


def test_queue_and_service_worker_stay_small() -> None:
    assert packed("phieu.js") + packed("sw.js") <= QUEUE


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.js")))
def test_every_other_script_stays_smaller(name: str) -> None:
    assert packed(name) <= (QUEUE if name == "phieu.js" else FEATURE)


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0", None)]
)
def test_scripts_come_in_the_smallest_form_that_the_browser_takes(
    world: World, accepted: str, encoding: str | None
) -> None:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    page = world.client().get("/").text
    script = page.split('<script defer src="')[1].split('"')[0]

    for url in (script, "/sw.js"):
        answer = world.client().get(url, headers={"Accept-Encoding": accepted})
        assert answer.content_encoding == encoding, url
        assert "Accept-Encoding" in str(answer.vary)
        assert unpack(answer.data).decode().rstrip().endswith(("})();", "}")), url


def test_all_scripts_of_a_form_come_in_one_request(world: World) -> None:
    page = world.client().get(f"/q/{world.publish('f21')}").text
    (script,) = [part.split('"')[0] for part in page.split('<script defer src="')[1:]]

    answer = world.client().get(script)
    parts = ["phieu.js", "errors.js", "send.js", "draft.js", "photo.js"]
    told = answer.text
    places = [told.index((STATIC / name).read_text("utf-8")) for name in parts]
    assert places == sorted(places)
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    ["phieu.send-000000000000.js", "phieu.sw-000000000000.js", "phieu..send-0.js", "a.b-0.js"],
)
def test_only_what_a_page_names_is_joined(world: World, name: str) -> None:
    assert world.client().get(f"/assets/{name}").status_code == 404


def test_the_service_worker_is_asked_for_anew_and_names_the_queue(world: World) -> None:
    answer = world.client().get("/sw.js")
    first, second = answer.text.splitlines()[:2]
    queue = first.removeprefix('importScripts("').removesuffix('");')

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert world.client().get(queue).status_code == 200
    assert queue in world.client().get("/").text
    assert second.startswith('const CACHE = "phieu-')
    assert "Set-Cookie" not in answer.headers
