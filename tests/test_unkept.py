"""When the store cannot write: the page again with what was typed, and nothing is kept twice."""

from io import BytesIO

import pytest
from cases import DIGITS
from conftest import MEAL, World, fill_world
from kinds import made, offered
from pictures import jpeg
from postgresql_server import ask, fresh_database, url_of
from reading import Page
from sending import HARDSHIP, JSON
from test_store_failures import SOON, FullDisk, until

from app import create_app
from storage.embedded import EmbeddedStore
from storage.opening import open_store
from storage.store import ResponseFilter

KILL_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
FIRST, LAST = (
    "{type: text, name: mot, label: {vi: Một, en: One}}",
    ("{type: text, name: hai, label: {vi: Hai, en: Two}}"),
)


@pytest.fixture
def disk():
    return FullDisk()


@pytest.fixture
def world(config, clock, disk):
    """The application on a real folder, on a disk that can be full."""
    store = EmbeddedStore(config.data_dir, files=disk, mend_every=SOON)
    world = World(create_app(config, store, clock=clock), store, clock)
    fill_world(store)
    yield world
    disk.full = False
    store.close()


def kept(world, form):
    return list(world.store.iter_responses(form, ResponseFilter()))


def mended(world, disk):
    disk.full = False
    assert until(lambda: world.store.refusal() == "")


def test_what_was_typed_comes_back_and_is_sent_again_with_one_press(world, disk):
    code, client = world.publish("f28"), world.client()
    disk.full = True

    answer = client.post(f"/q/{code}", data=MEAL | {"gop_y": "Canh <nguội>"})
    page = Page(answer.text)
    mended(world, disk)
    received = client.post(f"/q/{code}", data=page.sent())
    twice = client.post(f"/q/{code}", data=page.sent(), headers=JSON)

    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.one("title").text.startswith("Lỗi: ")
    band = page.one("div", **{"class": "summary"})
    assert "Hiện chưa lưu được phiếu của anh/chị." in band.text
    assert "Phiếu chưa được lưu" in band.text
    assert "Gửi lại" in band.text
    assert page.one("textarea", name="gop_y").text == "Canh <nguội>"
    assert received.status_code == 303
    assert twice.status_code == 200
    assert [r.answers["gop_y"] for r in kept(world, "f28")] == ["Canh <nguội>"]


def test_programs_are_told_in_json(world, disk):
    code = world.publish("f28")
    disk.full = True

    answer = world.client().post(f"/q/{code}", data=MEAL, headers=JSON)

    assert answer.status_code == 503
    assert list(answer.json) == ["error"]
    assert "Hiện chưa lưu được" in answer.json["error"]


def test_photos_must_be_chosen_again_and_it_says_which(world, disk):
    code = world.publish("f21")
    disk.full = True

    photo = (BytesIO(jpeg()), "so.jpg", "image/jpeg")
    answer = world.client().post(f"/q/{code}", data=HARDSHIP | {"giay_to": photo})
    page = Page(answer.text)

    assert answer.status_code == 503
    band = page.one("div", **{"class": "summary"})
    assert "chọn lại ảnh rồi gửi" in band.text
    assert "Gửi lại" not in band.text
    assert [link["href"] for link in page.all("a") if link["href"].startswith("#")] == ["#giay_to"]
    assert "giay_to-again" in page.one("input", name="giay_to")["aria-describedby"]
    assert page.sent()["ho_ten"] == ["Lò Thị Phương"]


def test_an_empty_choice_of_photos_is_no_lost_photo(world, disk):
    code = world.publish("f21")
    disk.full = True

    none = (BytesIO(b""), "", "application/octet-stream")
    answer = world.client().post(f"/q/{code}", data=HARDSHIP | {"giay_to": none})

    assert "Gửi lại" in Page(answer.text).one("div", **{"class": "summary"}).text


def test_a_form_in_steps_comes_back_at_its_end_with_every_answer(world, disk):
    code = offered(world, made(f"[{FIRST}]", f"[{LAST}]", steps=True))
    disk.full = True

    answer = world.client().post(f"/q/{code}", data={"mot": "Tẩn", "hai": "Mẩy"})
    page = Page(answer.text)

    assert answer.status_code == 503
    assert page.one("input", name="mot")["type"] == "hidden"
    assert page.one("input", name="hai")["type"] == "text"
    assert (page.sent()["mot"], page.sent()["hai"]) == (["Tẩn"], ["Mẩy"])
    assert "hidden" not in page.one("button", **{"data-way": "send"})


def test_a_kiosk_keeps_what_was_typed_only_as_long_as_somebody_is_there(world, disk):
    code = world.publish("f28")
    disk.full = True

    answer = world.client().post(f"/k/{code}", data=MEAL)

    assert answer.status_code == 503
    assert Page(answer.text).all("form")[0]["action"] == f"/k/{code}"
    assert "kiosk" in answer.text
    assert Page(answer.text).sent()["ca"] == ["ca_dem"]


def test_a_helper_gets_the_page_again(world, disk):
    code, helper = world.publish("f28"), world.signed_in("to-truong")
    told = MEAL | {"csrf_token": helper.csrf, "_heard": "1", "_channel": "spoken"}
    disk.full = True

    answer = helper.post(f"/assist/{code}", data=told)
    page = Page(answer.text)
    mended(world, disk)
    received = helper.post(f"/assist/{code}", data=page.sent())

    assert (answer.status_code, received.status_code) == (503, 303)
    assert [r.helper for r in kept(world, "f28")] == [""]
    assert [r.flags for r in kept(world, "f28")] == [("assisted",)]


def test_a_correction_comes_back_and_can_be_sent_again(world, disk):
    code, client = world.publish("f21"), world.client()
    receipt = client.post(f"/q/{code}", data=HARDSHIP, headers=JSON).json["receipt"]
    opened = client.post(f"/r/{receipt}", data={"_act": "open", "_digits": DIGITS})
    proof = Page(opened.text).one("input", name="_proof")["value"]
    form = client.post(f"/r/{receipt}", data={"_act": "edit", "_proof": proof})
    changed = Page(form.text).sent() | {"mo_ta": ["Mẹ đã ra viện"]}
    disk.full = True

    answer = client.post(f"/r/{receipt}", data=changed)
    mended(world, disk)
    again = client.post(f"/r/{receipt}", data=Page(answer.text).sent())

    assert (answer.status_code, again.status_code) == (503, 303)
    assert [r.answers["mo_ta"] for r in kept(world, "f21")] == ["Mẹ đã ra viện"]


def test_a_database_that_is_gone_is_told_without_a_fault_of_ours(config, clock, tmp_path):
    with fresh_database() as url:
        store = open_store(tmp_path, url)
        world = World(create_app(config, store, clock=clock), store, clock)
        fill_world(store)
        code, client = world.publish("f28"), world.client()
        chair = world.signed_in("chu-tich")
        name = url.partition("?")[0].rpartition("/")[2]
        ask(url_of("postgres"), f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        ask(url_of("postgres"), KILL_ALL, name)

        page = client.post(f"/q/{code}", data=MEAL)
        told = client.post(f"/q/{code}", data=MEAL, headers=JSON)
        desk = chair.get("/desk")
        store.close()

    assert (page.status_code, told.status_code, desk.status_code) == (503, 503, 503)
    assert "Hiện chưa lưu được phiếu của anh/chị." in page.text
    assert list(told.json) == ["error"]
