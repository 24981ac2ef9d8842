"""Posters from the organizer's pages: choose, begin, see how far it is, fetch; only one's own."""

import io
import re
import threading
import time
import zipfile
from dataclasses import replace

import pytest
from conftest import PASSWORD, World, fill_world
from printed import codes, page_sizes, texts
from sending import post
from werkzeug.serving import make_server

from app import create_app
from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.units import tree_of
from services.outgoing.job_records import JobState
from storage.memory import MemoryStore
from views.site import EXTENSION

PAGE = "/forms/f28/posters"


@pytest.fixture
def organizer(world):
    world.publish("f28")
    world.publish("f28", "phan-xuong-1", "")
    world.publish("f28", "che", "Cổng 2")
    return world.signed_in("lap-phieu")


def jobs(world):
    return world.app.extensions[EXTENSION].jobs


def every_code(world):
    return [point.code for point in world.store.points.all()]


def begun(client, **inputs):
    """Begin, and give the address of the job."""
    answer = post(client, PAGE, **inputs)
    assert answer.status_code == 303, answer.text
    return answer.location


def fetched(client, where):
    """The file, once it is done."""
    until = time.monotonic() + 20
    while (answer := client.get(f"{where}/file")).status_code == 404:
        assert time.monotonic() < until, client.get(where).text
        time.sleep(0.02)
    return answer


def test_all_points_are_chosen_unless_unticked_and_become_one_file(world, organizer):
    page = organizer.get(PAGE).text
    ticked = re.findall(r'name="point" value="(\w+)" checked', page)
    assert set(ticked) == set(every_code(world))

    answer = fetched(organizer, begun(organizer, size="a4", point=ticked, language=["en"]))

    assert answer.mimetype == "application/pdf"
    assert 'filename="f28_a4.pdf"' in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert {page[0][-6:] for page in codes(answer.data, 100)} == set(ticked)
    assert "How was your meal today" in texts(answer.data)[0]


def test_a_unit_or_single_points_may_be_chosen(world, organizer):
    every = every_code(world)

    below = fetched(organizer, begun(organizer, size="a6", point=every, unit="nam-na"))
    one = fetched(organizer, begun(organizer, size="stickers", point=every[2], copies="12"))

    assert page_sizes(below.data) == {(105, 148): 2}
    assert [len(page) for page in codes(one.data, 100)] == [10, 2]


def test_the_page_of_a_point_leads_to_its_own_poster(world, organizer):
    code = every_code(world)[2]
    page = organizer.get(f"/points/{code}").text

    assert f'href="{PAGE}?point={code}"' in page
    chosen = organizer.get(f"{PAGE}?point={code}").text
    assert re.findall(r'name="point" value="(\w+)" checked', chosen) == [code]
    assert f'href="{PAGE}"' in organizer.get("/forms/f28").text


def test_the_link_of_a_point_can_be_copied_and_shared(world, organizer):
    page = organizer.get(f"/points/{every_code(world)[0]}").text

    assert "data-copy=" in page
    assert "data-share=" in page
    assert re.search(r'src="/assets/share-\w+\.js" defer', page)


def test_only_the_codes_come_as_pictures(world, organizer):
    answer = fetched(organizer, begun(organizer, size="pictures", point=every_code(world)))

    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert len(archive.namelist()) == 6


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"point": []}, "ít nhất một điểm quét"),
        ({"point": ["ZZZZZZ"]}, "ít nhất một điểm quét"),
        ({"unit": "khong-co"}, "ít nhất một điểm quét"),
        ({"size": "a3"}, "khổ giấy"),
        ({"copies": "0"}, "từ 1 đến 100"),
        ({"copies": "²"}, "từ 1 đến 100"),
        ({"line": "Mời 食"}, "食 (U+98DF)"),
        ({"line": "x" * 121}, "120"),
    ],
)
def test_what_cannot_be_printed_is_said_and_what_was_typed_stays(world, organizer, changed, said):
    inputs = {"size": "a5", "point": every_code(world), "line": "Pây hooc"} | changed

    answer = post(organizer, PAGE, **inputs)

    assert answer.status_code == 422
    assert said in answer.text
    assert inputs["line"][:20] in answer.text
    assert jobs(world).of("lap-phieu") == []


def test_what_is_left_out_is_said(world, organizer):
    where = begun(organizer, size="a4", point=every_code(world), line="Mời 🎉")

    assert "🎉" in organizer.get(where).text


def test_points_of_other_units_are_neither_shown_nor_printed(world, organizer):
    grants = (Grant(Role.ORGANIZER, "nam-na"),)
    add_person(world.store, "lap-nam-na", "", PASSWORD, grants, tree_of(world.store))
    client = world.signed_in("lap-nam-na")
    other = next(p.code for p in world.store.points.all() if p.unit == "che")

    assert "Chè Than Uyên" not in client.get(PAGE).text
    assert post(client, PAGE, size="a4", point=other).status_code == 422
    answer = fetched(client, begun(client, size="a4", point=every_code(world)))
    assert len(texts(answer.data)) == 2


def test_a_form_without_open_points_teaches(world):
    page = world.signed_in("lap-phieu").get("/forms/f11/posters").text

    assert "chưa có điểm quét nào" in page
    assert '<form class="form"' not in page
    assert world.signed_in("lap-phieu").get("/forms/khong-co/posters").status_code == 404


def test_an_address_for_this_machine_only_is_told_before_printing(config, clock):
    store = MemoryStore()
    app = create_app(replace(config, base_url="http://127.0.0.1:8000"), store, clock=clock)
    fill_world(store)
    here = World(app, store, clock)
    code = here.publish("f28")
    client = here.signed_in("lap-phieu")

    page = client.get(PAGE).text
    content = fetched(client, begun(client, size="a4", point=code)).data

    assert "PHIEU_BASE_URL" in page
    assert "Tạo bản in thử" in page
    assert "Bản in thử" in texts(content)[0]


def test_a_finished_job_is_found_again_and_belongs_to_one_person(world, organizer):
    where = begun(organizer, size="a4", point=every_code(world))
    fetched(organizer, where)

    assert f'href="{where}"' in organizer.get("/jobs").text
    assert f'href="{where}"' in organizer.get(PAGE).text
    assert f'href="{where}/file"' in organizer.get(where).text
    other = world.signed_in("quan-tri")
    assert where not in other.get("/jobs").text
    assert [other.get(path).status_code for path in (where, f"{where}/file")] == [404, 404]
    assert post(other, f"{where}/cancel").status_code == 404


class _Held:
    """Work that tells of one thing and then waits."""

    def __call__(self, told):
        told(1)
        while True:
            time.sleep(0.01)
            told(0)
            yield b""


def held(world):
    """A job of the organizer that is under way, and its address."""
    about = {"definition": "f28"}
    job = jobs(world).begin(
        _Held(), kind="posters", owner="lap-phieu", title="F28", file_name="x.pdf", total=4,
        about=about,
    )  # fmt: skip
    until = time.monotonic() + 20
    while jobs(world).find(job.id, "lap-phieu").done == 0:
        assert time.monotonic() < until
        time.sleep(0.01)
    return f"/jobs/{job.id}"


def test_how_far_it_is_and_how_long_it_takes_is_told_and_it_can_be_ended(world, organizer):
    where = held(world)
    world.clock.move(seconds=5)

    page = organizer.get(where).text
    post(organizer, f"{where}/cancel")
    after = organizer.get(where).text

    assert "1 / 4" in page
    assert "còn khoảng 15 giây" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Anh/chị đã dừng" in after
    assert f'href="{PAGE}"' in after
    assert "refresh" not in after
    assert organizer.get(f"{where}/file").status_code == 404


def test_work_that_a_restart_ended_says_start_again(world, organizer):
    where = held(world)
    jobs(world).stop()

    page = organizer.get(where).text

    assert "Máy chủ đã khởi động lại" in page
    assert f'href="{PAGE}"' in page
    [job] = jobs(world).of("lap-phieu")
    assert job.state is JobState.FAILED


@pytest.fixture
def served(world):
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_page_under_way_comes_to_the_file_by_itself(
    world, organizer, chromium, served, with_scripts
):
    go = threading.Event()

    def work(told):
        told(3)
        while not go.wait(0.01):
            told(0)
        yield b"%PDF"

    job = jobs(world).begin(
        work, kind="posters", owner="lap-phieu", title="F28", file_name="f28_a4.pdf", total=4,
        about={"definition": "f28"},
    )  # fmt: skip
    context = chromium.new_context(java_script_enabled=with_scripts)
    page = context.new_page()
    page.goto(f"{served}/login")
    page.fill("#username", "lap-phieu")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.goto(f"{served}/jobs/{job.id}")
    page.wait_for_selector("text=3 / 4")
    go.set()

    page.wait_for_selector("a[download]")
    with page.expect_download() as download:
        page.click("a[download]")

    assert download.value.suggested_filename == "f28_a4.pdf"
    context.close()
