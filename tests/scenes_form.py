"""The scenes before and on the form: refusals, every kind of question, mistakes, steps."""

from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

from offline import fill
from pictures import HEIC, photo_of_a_paper
from stage import Stage, scene

from services.publishing.publish import change_definition
from storage.errors import StoreError

PHOTO = {"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": photo_of_a_paper()}
UNREADABLE = {"name": "anh.heic", "mimeType": "image/heic", "buffer": HEIC}


# ---- before the form ----


@scene("The first page: type a code")
def home(stage: Stage) -> None:
    stage.go("/")


@scene("A code that was copied wrongly")
def home_wrong_code(stage: Stage) -> None:
    stage.go("/?code=7KQ9M2")


@scene("A poster that does not exist: 404")
def refused_unknown(stage: Stage) -> None:
    stage.go("/q/WRONG2")


def _changed(stage: Stage, act: str) -> None:
    code = stage.world.publish("f28")
    change_definition(stage.world.store, "f28", act, stage.world.clock())  # type: ignore[arg-type]
    stage.world.clock.move(minutes=1)
    stage.go(f"/q/{code}")


@scene("A form that is paused: 403")
def refused_paused(stage: Stage) -> None:
    _changed(stage, "pause")


@scene("A form before its day: 403")
def refused_early(stage: Stage) -> None:
    points = stage.world.store.points
    code = stage.world.publish("f28")
    point = points.get(code)
    assert point is not None
    points.put(replace(point, opens_at=stage.world.clock() + timedelta(days=7)))
    stage.go(f"/q/{code}")


@scene("A form that is closed: 410")
def refused_closed(stage: Stage) -> None:
    _changed(stage, "close")


@scene("A server that cannot write: 503")
def refused_busy(stage: Stage) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise StoreError("the disk is full")

    stage.form()
    stage.world.store.add_response = refuse  # type: ignore[method-assign]
    fill(stage.page)
    stage.refused()


@scene("A receipt code that nobody has: 404")
def refused_receipt(stage: Stage) -> None:
    stage.go("/r/WRONGRECEIPT2")


# ---- the form ----


@scene("Meal feedback (F28), as the poster opens it")
def form_f28(stage: Stage) -> None:
    stage.form()


@scene("Meal feedback in English")
def form_f28_english(stage: Stage) -> None:
    stage.form(query="?lang=en")


@scene("Joining the union (F51)")
def form_f51(stage: Stage) -> None:
    stage.form("f51")


@scene("Tết hardship support (F21)")
def form_f21(stage: Stage) -> None:
    stage.form("f21")


@scene("The notice, unfolded")
def form_notice(stage: Stage) -> None:
    stage.form("f21")
    stage.page.click(".notice summary")


@scene("Filled in, before sending")
def form_filled(stage: Stage) -> None:
    stage.form()
    fill(stage.page, gop_y="Canh hay nguội vào ca đêm.")
    stage.look_at("[name=du_no]")


@scene("The end of a form: consent, and one button")
def form_end(stage: Stage) -> None:
    stage.form("f21")
    stage.page.evaluate("scrollTo(0, document.body.scrollHeight)")


@scene("Mistakes, found while the person is there")
def form_errors(stage: Stage) -> None:
    stage.form("f51")
    stage.page.fill("#dien_thoai", "0912 345")
    stage.page.click("button.send")
    stage.page.wait_for_selector(".summary a")


@scene("Mistakes on a phone without scripts: 422")
def form_errors_by_the_server(stage: Stage) -> None:
    stage.form()
    stage.refused()


@scene("A page that was closed by mistake: go on?")
def form_draft(stage: Stage) -> None:
    stage.form()
    stage.page.check("[name=ca][value=ca_dem]")
    stage.page.wait_for_timeout(600)
    stage.page.reload()
    stage.page.wait_for_selector("#draft")
    stage.page.evaluate("scrollTo(0, 0)")


@scene("Every kind of question")
def kinds(stage: Stage) -> None:
    stage.every_kind()
    stage.look_at("#luong")


@scene("A condition that is true: one question more, and a sum")
def kinds_logic(stage: Stage) -> None:
    stage.every_kind()
    stage.page.check("[name=ca_lam][value=dem]")
    stage.page.fill("#so_con", "2")
    stage.look_at("[name=ca_lam]")


@scene("The first of four steps")
def step_1(stage: Stage) -> None:
    stage.every_kind(steps=True)


@scene("The second step")
def step_2(stage: Stage) -> None:
    step_1(stage)
    stage.page.click("[data-way=onward]")


@scene("The third step: people, the first of them")
def repeat_1_person(stage: Stage) -> None:
    step_2(stage)
    stage.page.click("[data-way=onward]")


@scene("Two people added")
def repeat_2_people(stage: Stage) -> None:
    repeat_1_person(stage)
    stage.page.fill("[name='gia_dinh.0.ho_ten']", "Lò Văn Pánh")
    stage.page.click("[data-repeat] > .button")
    stage.page.fill("[name='gia_dinh.1.ho_ten']", "Lò Thị Xôm")


@scene("The last step: photos and signature, nothing yet")
def papers(stage: Stage) -> None:
    stage.every_kind(steps=True)
    stage.last_step()


@scene("Two photos chosen")
def photo_chosen(stage: Stage) -> None:
    papers(stage)
    for count in (1, 2):
        stage.page.set_input_files("#giay_to", [PHOTO])  # type: ignore[list-item]
        stage.page.wait_for_selector(f".photos li:nth-child({count}) img")


@scene("A photo that nobody can open")
def photo_error(stage: Stage) -> None:
    stage.every_kind()
    stage.page.set_input_files("#giay_to", [UNREADABLE])  # type: ignore[list-item]
    stage.page.wait_for_selector(".photos li")
    stage.page.click("button.send")
    stage.page.wait_for_selector("#giay_to-error")
    stage.look_at("#giay_to")


@scene("A signature")
def signature_signed(stage: Stage) -> None:
    papers(stage)
    pad = stage.page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    stage.page.mouse.move(box["x"] + 30, box["y"] + 70)
    stage.page.mouse.down()
    for x, y in ((60, 20), (90, 80), (130, 30), (200, 60)):
        stage.page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    stage.page.mouse.up()
