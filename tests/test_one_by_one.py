"""One question at a time, for those who read with effort: in a browser and without scripts."""

import pytest
from kinds import FAMILY, NAME, made, offered
from pictures import jpeg_of_a_place
from playwright.sync_api import Browser, Page
from test_kinds_browser import base, chosen, page
from test_steps import go, place, responses, shown
from test_voices import spoken, voices

from forms.stops import Stop
from storage.store import ResponseFilter

__all__ = ["base", "page", "voices"]
NOTED = """
- {type: note, name: loi_chao, label: {vi: Chào anh chị, en: Hello}}
- {type: select_one, name: on_khong, label: {vi: Anh chị ổn không, en: All well}, required: true,
   choices: [{name: co, label: {vi: Có, en: Yes}},
   {name: khong, label: {vi: Không, en: "No"}}]}
- {type: multiline, name: ke_them, label: {vi: Kể thêm, en: Tell},
   relevant: "${on_khong} = 'khong'"}
- {type: integer, name: so, label: {vi: Bao nhiêu, en: How many}}
- {type: calculate, name: gap_doi, calculation: "${so} * 2", label: {vi: Gấp đôi, en: Twice}}
"""
LAST = """
- {type: text, name: ten, label: {vi: Họ tên, en: Name}, required: true}
- {type: image, name: anh, label: {vi: Ảnh, en: Photo}}
- {type: text, name: cuoi, label: {vi: Lời cuối, en: Last words}}
"""


@pytest.fixture
def form():
    return made(NOTED, LAST, steps="question")


@pytest.fixture
def code(world, form):
    return offered(world, form)


def test_every_question_is_a_stop_but_notes_calculations_and_files_are_not_alone(form):
    stops = [[question.name for question in stop.questions] for stop in form.stops]

    assert stops == [
        ["loi_chao", "on_khong"],
        ["ke_them"],
        ["so", "gap_doi"],
        ["ten"],
        ["anh", "cuoi"],
    ]
    assert [stop.opens_section for stop in form.stops] == [True, False, False, True, False]


def test_without_steps_or_with_sections_the_stops_are_the_sections():
    for steps in (False, True):
        form = made(NOTED, LAST, steps=steps)
        assert form.stops == tuple(
            Stop(number, section.questions) for number, section in enumerate(form.sections)
        )


def test_what_steps_may_be_is_said():
    with pytest.raises(Exception, match="steps"):
        made(NOTED, steps="sometimes")


def test_without_scripts_the_server_shows_them_one_by_one(world, code):
    first = shown(world.client().get(f"/q/{code}"))
    wrong = shown(go(world, code, 3))
    second = shown(go(world, code, 2, on_khong="khong"))
    passed = shown(go(world, code, 2, on_khong="co"))
    last = shown(go(world, code, 5, on_khong="co", so="3", ten="Lò"))
    sent = world.client().post(f"/q/{code}", data=last.sent() | {"cuoi": "Hết"})

    assert place(first) == "Câu 1 / 4"
    assert (place(wrong), wrong.one("title").text[:5]) == ("Câu 1 / 4", "Lỗi: ")
    assert (place(second), second.all("textarea", name="ke_them") != []) == ("Câu 2 / 5", True)
    assert (place(passed), passed.all("input", name="so") != []) == ("Câu 2 / 4", True)
    assert place(last) == "Câu 4 / 4"
    assert last.one("input", name="ten")["type"] == "hidden"
    assert sent.status_code == 303
    assert responses(world)[0].answers == {
        "on_khong": "co",
        "so": 3,
        "gap_doi": 6,
        "ten": "Lò",
        "cuoi": "Hết",
    }


def test_a_section_is_named_once(world, code):
    html = world.client().get(f"/q/{code}").text

    assert html.count(">Mục 1<") == html.count(">Mục 2<") == 1


def test_the_voice_comes_before_a_question_that_stands_alone(voices):
    form = spoken().model_copy(update={"id": "f98", "steps": "question"})
    code = offered(voices, form)
    sections = offered(voices, spoken().model_copy(update={"id": "f97", "steps": True}))

    alone, together = (shown(voices.client().get(f"/q/{c}")) for c in (code, sections))

    def order(page):
        return [tag.name for tag in page.tags if tag.name in ("audio", "legend")][:2]

    assert order(alone) == ["audio", "legend"]
    assert order(together) == ["legend", "audio"]
    assert len(alone.all("audio")) == 1


@pytest.mark.browser
def test_with_scripts_they_come_one_by_one_and_hidden_ones_are_passed_over(
    world, base: str, page: Page, code: str
) -> None:
    page.goto(f"{base}/q/{code}")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else 0)
    before = page.inner_text(".progress")
    page.check("[name=on_khong][value=khong]")
    page.wait_for_timeout(50)
    more = page.inner_text(".progress")
    page.click("button.send:visible")
    asked = page.is_visible("#ke_them")
    page.click("button.back:visible")
    page.check("[name=on_khong][value=co]")
    page.click("button.send:visible")
    skipped = (page.is_visible("#ke_them"), page.is_visible("#so"))
    page.fill("#so", "3")
    twice = page.inner_text("#gap_doi")
    page.click("button.send:visible")
    page.fill("#ten", "Lò Thị B")
    page.click("button.send:visible")
    page.set_input_files("#anh", [chosen("a.jpg", jpeg_of_a_place())])
    page.wait_for_selector(".photos li")
    end = page.inner_text(".progress")
    assert posts == []
    page.click("button.send:visible")
    page.wait_for_url("**/r/**")

    (response,) = world.store.iter_responses("f99", ResponseFilter())
    assert (before, more, end) == ("Câu 1 / 4", "Câu 1 / 5", "Câu 4 / 4")
    assert (asked, skipped, twice) == (True, (False, True), "6")
    assert {"on_khong", "so", "ten", "anh"} <= set(response.answers)
    assert "ke_them" not in response.answers


@pytest.mark.browser
def test_the_question_is_written_large(world, base: str, chromium: Browser) -> None:
    sizes = []
    for steps in (True, "question"):
        code = offered(world, made(NAME, FAMILY, steps=steps, id=f"f9{len(sizes)}"))
        context = chromium.new_context(viewport={"width": 360, "height": 640})
        page = context.new_page()
        page.goto(f"{base}/q/{code}")
        size = "node => parseFloat(getComputedStyle(node).fontSize)"
        sizes.append(page.locator(".label").first.evaluate(size))
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        context.close()
        assert wide == 0

    assert sizes[1] >= 1.4 * sizes[0]
