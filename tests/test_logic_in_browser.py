"""Conditions on the phone: the same values as the server's, and a page that follows the answers."""

import gzip
import math
import random
import threading
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from conftest import World
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from test_expressions_reading import calls, leaves
from werkzeug.serving import make_server

from forms.answers import check_answers
from forms.definition import Definition
from forms.expressions import Call, Known, Node, Reference, as_json, parse
from forms.expressions.evaluator import Given, evaluate
from forms.publication import PublishedVersion
from forms.reading import build_definition, read_text
from views.assets import STATIC

pytestmark = pytest.mark.browser
TODAY = date(2026, 11, 24)
BUDGET = 2_048  # bytes of a script, gzip
SOURCES = """\
${t} = 'a' | ${t} != '' | ${n} > 3 | ${n} <= ${x} | ${x} * 3 - ${n} | ${n} div ${x} | ${n} mod 3
-${x} | ${n} = '4' | selected(${m}, 'a') | count-selected(${m}) > 1 | selected-at(${m}, ${n})
selected(${t}, ${m}) | if(${n} > ${x}, ${t}, ${m}) | coalesce(${n}, ${t})
coalesce(${x} * 2, 'no') | string-length(${t}) > 2 | regex(${t}, '[a-z]+')
regex(${t}, '^\\d{1,3}.?$') | regex(${t}, '(ab|.\\s){2}[^x]') | not(${n} > 1 or ${x} > 1)
today() - ${d} > 365 | ${d} < today() | ${d} = '2026-11-24' | date(${d} + ${n})
date(${n} * 1000) | ${d} + 1 | round(${x}) | round(${x}, 1) | round(${x} * 1000, -2)
round(${n}, ${x}) | int(${x}) | int(${d} div 365.25) | number(${t}) | string(${x})
concat(${t}, ${n}, ${x}, ${m}, true()) | contains(${m}, ${t}) | starts-with(${t}, ${m})
substr(${t}, ${n}) | substr(${t}, ${n}, ${x}) | substr(${m}, -2, -1) | count(${t}, ${n}, ${m})
sum(${n}, ${x}, ${t}) | min(${n}, ${x}, ${t}) | max(${n}, ${x}, -3) | abs(${x}) | pow(${n}, 2)
pow(2, ${n}) | ${t} = true() | ${n} = (${x} > 0) | ${t} < ${m} | ${n} + ${x} = 5.5
string(${n} div 0)
"""
TEXTS = [
    "",
    "a",
    "ab",
    "a b",
    "abc x",
    "12",
    "012",
    " 7 ",
    "1.5",
    "-3",
    "1e3",
    "Lò Thị 🌾",
    "2026-11-24",
]
TEXTS += [
    "2024-02-29",
    "2026-02-29",
    "2026-11",
    "0000-01-01",
    "Infinity",
    "NaN",
    "true",
    "x\ny",
    "٣",
]
NUMBERS = [0.0, -0.0, 1.0, 2.0, 3.0, 4.0, -7.0, 40.0, 0.1, 2.5, -2.5, 1.005, 1e15, 1e-7, 123456.789]


def answer_sets(count: int) -> list[dict[str, Known]]:
    """Random answers of every kind, often missing; the same at every run."""
    chance = random.Random(2026)  # noqa: S311 - no secret
    kinds = {"t": TEXTS, "n": NUMBERS, "x": NUMBERS, "d": TEXTS[-13:], "m": ["a", "a b", "b", "ab"]}
    return [
        {name: chance.choice(some) for name, some in kinds.items() if chance.random() < 0.85}
        for _ in range(count)
    ]


def told(value: Known) -> object:
    """A value as it crosses from the browser: what JSON has no word for is named."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


TELL = """cases => cases.map(([tree, known, own]) => {
  const v = phieuLogic.run(tree, {known, own, today: "2026-11-24"});
  return typeof v !== "number" || isFinite(v) ? v : v > 0 ? "inf" : v < 0 ? "-inf" : "nan";
})"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def differences(
    page: Page, cases: list[tuple[Node, Mapping[str, Known], Known]]
) -> list[tuple[object, ...]]:
    """The cases that Python and Chromium see differently, evaluated in one go."""
    here = [told(evaluate(tree, Given(known, TODAY, own))) for tree, known, own in cases]
    there = page.evaluate(TELL, [[as_json(tree), known, own] for tree, known, own in cases])
    return [
        (case, ours, theirs)
        for case, ours, theirs in zip(cases, here, there, strict=True)
        if ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool)
    ]


def test_the_phone_says_what_the_server_says(page):
    page.add_script_tag(path=STATIC / "expressions.js")
    trees = [parse(source).tree for line in SOURCES.splitlines() for source in line.split(" | ")]
    cases = [(tree, known, "a") for tree in trees for known in answer_sets(100)]

    assert len(cases) > 5_000
    assert differences(page, cases)[:5] == []


ANSWERS = st.dictionaries(
    st.sampled_from("abc"), st.sampled_from(TEXTS) | st.sampled_from(NUMBERS), max_size=3
)
READING = st.sampled_from("abc").map(Reference)


def every_call(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Calls with one to three parts, of the functions that the round trip leaves out, too."""
    one = st.sampled_from(
        ["round", "int", "abs", "string", "date", "string-length", "-", "count-selected"]
    )
    two = st.sampled_from(
        ["selected", "selected-at", "contains", "starts-with", "coalesce", "min", "max"]
    )
    return (
        calls(parts)
        | st.builds(lambda f, a: Call(f, (a,)), one, parts)
        | st.builds(lambda f, a, b: Call(f, (a, b)), two, parts, parts)
        | st.builds(lambda a, b, c: Call("substr", (a, b, c)), parts, parts, parts)
    )


TREES = st.recursive(leaves | READING, every_call, max_leaves=10)


def test_any_tree_says_the_same_on_the_phone(page):
    page.add_script_tag(path=STATIC / "expressions.js")

    @settings(
        max_examples=40,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.tuples(TREES, ANSWERS, st.sampled_from(TEXTS)), min_size=20, max_size=60))
    def compare(cases):
        assert differences(page, cases)[:3] == []

    compare()


# The page -----------------------------------------------------------------------------------

VI = {"vi": "x"}
FORM = read_text("""
- title: {vi: Bữa ăn}
  questions:
  - {type: select_one, name: ca, label: {vi: Ca}, required: true, choices: [
      {name: sang, label: {vi: Sáng}}, {name: dem, label: {vi: Đêm}},
      {name: khac, label: {vi: Khác}, other: true}]}
  - {type: text, name: ly_do, label: {vi: Vì sao}, relevant: "${ca} = 'dem'", required: true}
  - {type: integer, name: so, label: {vi: Số suất}, constraint: ". > 0 and . <= 50",
     constraint_message: {vi: Từ 1 đến 50 suất.}}
  - {type: money, name: elements, label: {vi: Giá}, required: "${so} > 0"}
  - {type: calculate, name: tien, label: {vi: Thành tiền}, calculation: "${so} * ${elements}"}
  - {type: calculate, name: constructor, calculation: "if(${tien} >= 1000000, 'x', '')"}
- title: {vi: Tiền lớn}
  relevant: "${constructor} = 'x'"
  questions:
  - {type: date, name: ngay, label: {vi: Ngày}, required: true}
  - {type: note, name: nhac, label: {vi: Nhớ hóa đơn}, relevant: "${ngay} < '2026-11-01'"}
""")


def logical() -> Definition:
    texts = dict.fromkeys(("title", "summary", "promise", "next_steps", "closing"), VI)
    return build_definition(texts | {"id": "f99", "notice": {"summary": VI}, "sections": FORM})


@pytest.fixture
def shown(world: World, page: Page) -> Iterator[Page]:
    """The form's page in a browser, published as version 2 of a gallery form."""
    code = world.publish("f28")
    form = logical().model_copy(update={"id": "f28"})
    version = PublishedVersion(form, 2, "F28", world.clock())
    world.store.versions.add(version)
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"http://127.0.0.1:{server.server_port}/q/{code}")
    yield page
    server.shutdown()
    thread.join()
    server.server_close()
    assert [text for text in complaints if "422" not in text] == []


def test_questions_and_sections_come_and_go_with_the_answers(shown):
    def seen(*names: str) -> list[bool]:
        return [shown.locator(f"#{name}").is_visible() for name in names]

    asked = ("ly_do", "ngay", "nhac", "_s1")
    at_first = seen(*asked)
    shown.check("[value=dem]")
    by_night = seen(*asked)
    shown.fill("#so", "2")
    shown.fill("#elements", "1,5 triệu")
    dear = seen(*asked)
    shown.fill("#ngay", "5")
    shown.fill("[name='ngay.month']", "9")
    shown.fill("[name='ngay.year']", "2026")

    assert at_first == [False] * 4
    assert by_night == [True, False, False, False]
    assert dear == [True, True, False, True]
    assert seen(*asked) == [True] * 4
    assert shown.locator("#tien").inner_text() == "3.000.000"


def test_what_is_hidden_is_not_sent_and_what_is_wrong_is_told_before(shown):
    problems = "phieuLogic.check(document.querySelector('form'))"
    first = shown.evaluate(problems)
    shown.check("[value=dem]")
    shown.fill("#ly_do", "gần nhà")
    shown.check("[value=sang]")
    shown.fill("#so", "60")
    second = shown.evaluate(problems)
    sent = shown.evaluate("[...new FormData(document.querySelector('form')).keys()]")

    assert first == [{"name": "ca", "message": "Anh/chị trả lời giúp câu này."}]
    assert {p["name"]: p["message"] for p in second}["so"] == "Từ 1 đến 50 suất."
    assert {p["name"] for p in second} == {"so", "elements"}
    assert "ly_do" not in sent
    assert not any(name.startswith("ngay") for name in sent)


def test_a_page_that_comes_back_still_shows_what_was_worked_out(shown):
    shown.check("[value=sang]")
    shown.fill("#so", "60")
    shown.fill("#elements", "1000")
    shown.click("button.send")

    assert shown.locator("#so-error").inner_text() == "Từ 1 đến 50 suất."
    assert shown.locator("#tien").inner_text() != ""
    assert not shown.locator("#ly_do").is_visible()


def test_without_conditions_a_page_carries_no_logic(world):
    page = world.client().get(f"/q/{world.publish('f28')}").text

    assert "logic" not in page
    assert "expressions" not in page


def test_the_server_works_it_out_whatever_the_phone_sent():
    inputs = {"ca": ["sang"], "ly_do": ["x"], "so": ["2"], "elements": ["600000"], "tien": ["1"]}
    inputs |= {"ngay": ["5/9/2026"]}

    checked = check_answers(logical(), inputs, TODAY)

    assert checked.problems == {}
    assert checked.answers == {
        "ca": "sang",
        "so": 2,
        "elements": 600_000,
        "tien": 1_200_000,
        "constructor": "x",
        "ngay": "2026-09-05",
    }


@pytest.mark.parametrize("name", ["expressions.js", "logic.js"])
def test_the_scripts_keep_their_budget(name):
    assert len(gzip.compress((STATIC / name).read_bytes(), 9)) <= BUDGET
