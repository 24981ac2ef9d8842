"""Every page and state that a worker can meet, as a browser reaches it, in the order of the day.

Audits and pictures walk the same list. A scene begins with an empty phone before a new world; it
ends when the page shows the state that its name says. It tests nothing by itself.
"""

import scenes_case
import scenes_form
from conftest import PASSWORD
from offline import CONTROLLED, answer, answer_offline, fill
from sending import HARDSHIP, send
from stage import SCENES, Stage, scene

from services.publishing.publish import change_definition

__all__ = ["SCENES", "scenes_case", "scenes_form"]

# ---- without a signal ----


@scene("Saved on the phone, not sent")
def offline_saved(stage: Stage) -> None:
    stage.form()
    stage.page.evaluate(CONTROLLED)
    stage.page.context.set_offline(True)
    answer_offline(stage.page)


@scene("The same, with what waits unfolded")
def offline_list(stage: Stage) -> None:
    offline_saved(stage)
    stage.page.click(".unsent summary")


@scene("What waited has arrived")
def offline_arrived(stage: Stage) -> None:
    offline_saved(stage)
    stage.page.context.set_offline(False)
    stage.page.wait_for_selector(".arrived")


@scene("What waited is refused, and kept")
def offline_refused(stage: Stage) -> None:
    stage.form()
    change_definition(stage.world.store, "f28", "pause", stage.world.clock())
    answer(stage.page)
    stage.page.wait_for_selector(".refused")


# ---- afterwards ----


def _hardship(stage: Stage) -> str:
    """Somebody asked for support; gives the receipt."""
    told = send(stage.world, stage.world.publish("f21"), HARDSHIP)
    return str(told["receipt"])


def _opened(stage: Stage) -> str:
    receipt = _hardship(stage)
    stage.go(f"/r/{receipt}")
    stage.page.fill("#_digits", "5678")
    stage.page.click("button[value=open]")
    return receipt


@scene("The receipt")
def receipt(stage: Stage) -> None:
    stage.form()
    answer(stage.page)
    stage.page.wait_for_url("**/r/**")


@scene("The receipt of somebody who fell ill after the meal")
def receipt_alarm(stage: Stage) -> None:
    stage.form()
    answer(stage.page, trieu_chung="co_hom_nay")
    stage.page.wait_for_url("**/r/**")


@scene("The state, looked up later")
def receipt_later(stage: Stage) -> None:
    stage.go(f"/r/{_hardship(stage)}")


@scene("The own form, opened with the phone's last digits")
def case(stage: Stage) -> None:
    _opened(stage)


@scene("Take it back?")
def case_take_back(stage: Stage) -> None:
    _opened(stage)
    stage.page.click("button[value=ask_withdraw]")


@scene("Taken back")
def case_taken_back(stage: Stage) -> None:
    case_take_back(stage)
    stage.page.click("button[value=withdraw]")


# ---- other ways to answer, and the phone itself ----


@scene("A kiosk")
def kiosk(stage: Stage) -> None:
    stage.go(f"/k/{stage.world.publish('f28')}")


@scene("A kiosk says thanks")
def kiosk_thanks(stage: Stage) -> None:
    kiosk(stage)
    fill(stage.page)
    stage.page.click("button.send")
    stage.page.wait_for_selector("#next")


@scene("A helper fills in for a worker")
def assisted(stage: Stage) -> None:
    code = stage.world.publish("f28")
    stage.go("/login")
    stage.page.fill("#username", "to-truong")
    stage.page.fill("#password", PASSWORD)
    stage.page.click("main button")
    stage.go(f"/assist/{code}")


@scene("The helper's receipt, to be written down")
def assisted_receipt(stage: Stage) -> None:
    assisted(stage)
    fill(stage.page, _channel="spoken", _heard="1")
    stage.page.click("button.send")
    stage.page.wait_for_selector(".ticket")


@scene("What this phone can do")
def self_test(stage: Stage) -> None:
    stage.go("/thu-may")
    stage.page.wait_for_selector("#report")


@scene("Another phone's code, read")
def self_test_reported(stage: Stage) -> None:
    self_test(stage)
    code = stage.page.inner_text("#report .code").replace(" ", "")
    stage.go(f"/thu-may?code={code}")
