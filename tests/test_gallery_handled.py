"""Every ready-made form once it was answered: reviewed to its end, and taken as a workbook."""

from datetime import timedelta

import openpyxl
import pytest
from gallery_sheets import sheets
from reading import Page
from test_gallery_journey import GROUP, Offered, kept_of, offered, opened, view

from export.table import META
from forms.gallery import gallery
from forms.types.dates import Date
from forms.workflow import OPEN_KINDS, kept_as, state_of
from services.organization.units import tree_of
from services.outgoing.export_order import Order, Wish
from services.outgoing.exporting import write_export
from services.reading import responses
from services.review.review import ReviewDesk, allowed_moves

__all__ = ["offered"]  # the fixture
forms = pytest.mark.parametrize("form", sheets())
# Its state follows from what is done for the request (tests/test_requests*.py).
BY_REQUEST = "fa3"


def answered(offered: Offered, form: str):
    """A response to the form, and the desk at which it is dealt with."""
    world = offered.world
    offered.filled(form, "full")
    store = opened(world)
    response = next(responses.export_order(store, view(world, form, "full")))
    hasher = world.app.extensions["phieu"].hasher
    now = world.clock() + timedelta(hours=1)
    return response, ReviewDesk(store, gallery()[form], hasher, "chu-tich", now)


@pytest.mark.parametrize("form", [form for form in sheets() if form != BY_REQUEST])
def test_a_response_goes_through_every_state_and_its_sender_reads_the_word(offered, form):
    response, desk = answered(offered, form)
    workflow, said = gallery()[form].workflow, "Mời anh/chị đến văn phòng công đoàn."
    before = dict(response.answers)

    for state in workflow[1:]:
        if kept_as(workflow, state) not in [
            kept_as(workflow, move) for move in allowed_moves(desk.definition, response)
        ]:  # from one closed state to the next only over an open one
            first = next(move for move in workflow if move.kind in OPEN_KINDS)
            response = desk.move(response, first.name)
        response = desk.move(response, state.name, said)
        assert state_of(workflow, response.state) == state

    assert dict(response.answers) == before
    assert response.message == said
    page = Page(offered.world.client().get(offered.filled(form, "full")).text)
    assert page.one("h1").text


def test_a_data_request_is_moved_by_what_is_done_for_it_alone(offered):
    response, desk = answered(offered, BY_REQUEST)

    assert allowed_moves(desk.definition, response) == ()


@forms
def test_the_workbook_has_every_question_and_every_answer(offered, form, tmp_path):
    world, definition = offered.world, gallery()[form]
    offered.filled(form, "full")
    expected = kept_of(world, form, "full")
    store = opened(world)
    order = Order(
        store,
        view(world, form, "full"),
        Wish(kind="xlsx", sensitive=True, reason="thử"),
        tree_of(store),
        by="chu-tich",
        at=world.clock(),
        translate=str,
    )

    manifest = write_export(order, tmp_path / "tep.xlsx")

    book = openpyxl.load_workbook(tmp_path / "tep.xlsx", read_only=True)
    heading, *rows = book.worksheets[0].iter_rows(values_only=True)
    asked = [question for question in definition.asking if question.type != "repeat"]
    assert set(META) <= set(heading)
    assert {question.name for question in asked} <= set(heading)
    assert manifest.rows == len(rows) == (GROUP if definition.anonymous else 1)
    for row in rows:
        shown = dict(zip(heading, row, strict=True))
        for question in asked:
            is_there = shown[question.name] is not None
            assert is_there == (question.name in expected), question.name
            if isinstance(question, Date) and is_there and len(expected[question.name]) == 10:
                assert shown[question.name].date().isoformat() == expected[question.name]
