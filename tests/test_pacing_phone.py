"""A phone that is told to come later keeps its answer, says so, and sends it once by itself."""

from dataclasses import replace

import pytest
from offline import answer, eventually, network_of, open_form, unsent

from services.receiving.pacing import Pace
from views.site import EXTENSION

pytestmark = pytest.mark.browser


def test_an_answer_too_many_waits_on_the_phone_and_arrives_once(world, chromium):
    code = world.publish("f28")
    pace = Pace(1)
    world.app.extensions[EXTENSION] = replace(world.app.extensions[EXTENSION], pace=pace)
    with network_of(world) as network, chromium.new_context() as phone:
        page = phone.new_page()
        open_form(page, network, code)
        pace.wait(code, world.clock())

        answer(page)
        page.wait_for_selector(".unsent")
        waiting, stored = unsent(page), len(network.stored())
        world.clock.move(minutes=1)
        page.evaluate("phieu.tick(true)")
        arrived = eventually(page, lambda: unsent(page) == 0)

    assert (waiting, stored) == (1, 0)
    assert arrived
    assert len(network.stored()) == 1
