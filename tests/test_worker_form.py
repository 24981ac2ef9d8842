"""The form's page: one whole document that needs nothing else, and says what is wrong with it."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from reading import Page
from sending import HARDSHIP, JOINING, MEAL

from services.publishing.publish import newest_version
from storage.store import ResponseFilter

EVERYTHING = ResponseFilter()
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def kept(world, form):
    return list(world.store.iter_responses(form, EVERYTHING))


def page_of(world, form, query=""):
    return Page(world.client().get(f"/q/{world.publish(form)}{query}").text)


def refused_page(world, form, answers):
    answer = world.client().post(f"/q/{world.publish(form)}", data=answers)
    assert answer.status_code == 422
    return Page(answer.text)


def without_ids(text):
    return UUID.sub("UUID", text)


@pytest.mark.parametrize("shape", ["/q/{}", "/Q/{}", "/q/{} ", "/Q/%20{}", "/q/-{}-"])
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_the_code_is_found_however_it_is_written(world, shape, case):
    code = case(world.publish("f28"))

    answer = world.client().get(shape.format(code))

    assert answer.status_code == 200
    assert "CĐCS Thủy điện Nậm Na 3" in answer.text
    assert "Nhà ăn ca" in answer.text


def test_the_page_speaks_english_when_asked(world):
    page = page_of(world, "f28", "?lang=en")

    assert page.one("html")["lang"] == "en"
    assert page.one("title").text == "Meal feedback"


@pytest.mark.parametrize(
    "query", ["", "?lang=xx", "?lang=", "?utm_source=zalo&fbclid=1", "?_step=1"]
)
def test_other_query_parameters_change_nothing(world, query):
    code = world.publish("f28")

    plain, asked = (world.client().get(f"/q/{code}{q}") for q in ("", query))

    assert asked.status_code == 200
    assert Page(asked.text).one("html")["lang"] == "vi"
    assert len(asked.text.partition("<main>")[2]) >= len(plain.text.partition("<main>")[2])


@pytest.mark.parametrize("path", ["/q/{}", "/q/{}?lang=en", "/", "/?code=x", "/q/22222", "/r/222"])
def test_no_page_of_a_worker_sets_a_cookie_or_may_be_stored(world, path):
    answer = world.client().get(path.format(world.publish("f51")))

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("form", ["f21", "f28", "f51"])
def test_the_policy_allows_the_one_style_of_the_page_and_nothing_else(world, form):
    answer = world.client().get(f"/q/{world.publish(form)}")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )

    assert policy["style-src"] == f"'sha256-{digest}'"
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"  # never inline
    assert policy["form-action"] == "'self'"


@pytest.mark.parametrize("form", ["f21", "f28", "f51"])
@pytest.mark.parametrize("answers", [None, {"ho_ten": "x", "ca": "x"}])
def test_one_request_brings_the_whole_page(world, form, answers):
    page = page_of(world, form) if answers is None else refused_page(world, form, answers)

    fetched = [tag for tag in page.tags if "src" in tag]
    linked = [tag["href"] for tag in page.all("link")]
    assert {tag.name for tag in fetched} == {"script"}  # comfort: it waits for the page, ours only
    assert [tag["src"] for tag in fetched if "defer" not in tag] == []
    assert [tag["src"] for tag in fetched if not tag["src"].startswith("/assets/")] == []
    assert linked == ["data:,"]
    assert [tag for tag in page.all("script") if "src" not in tag] == []
    assert [tag for tag in page.tags if "style" in tag] == []
    assert [name for tag in page.tags for name in tag.attributes if name.startswith("on")] == []
    hrefs = [tag[name] for tag in page.tags for name in ("href", "action", "formaction")]
    assert [href for href in hrefs if "//" in href] == []


@pytest.mark.parametrize("form", ["f21", "f28", "f51"])
@pytest.mark.parametrize("answers", [None, {"ho_ten": "x", "ca": "x"}])
@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_every_reference_of_the_page_finds_its_target(world, form, answers, query):
    code = world.publish(form)
    client = world.client()
    answer = (
        client.get(f"/q/{code}{query}")
        if answers is None
        else client.post(f"/q/{code}{query}", data=answers)
    )
    page = Page(answer.text)

    ids = page.ids
    named = [tag["for"] for tag in page.all("label") if "for" in tag]
    named += [name for tag in page.tags for name in tag["aria-describedby"].split()]
    named += [tag["href"][1:] for tag in page.tags if tag["href"].startswith("#")]
    assert sorted(ids) == sorted(set(ids))
    assert set(named) <= set(ids)


def test_two_visits_get_two_instance_ids(world):
    code = world.publish("f28")

    first, second = (
        Page(world.client().get(f"/q/{code}").text).one("input", name="instance_id")["value"]
        for _ in range(2)
    )

    assert UUID.fullmatch(first)
    assert first != second


@pytest.mark.parametrize("form", ["f21", "f28", "f51"])
@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_the_cached_page_is_the_one_that_is_drawn_anew(world, form, query):
    code, client = world.publish(form), world.client()

    drawn, cached = (client.get(f"/q/{code}{query}").text for _ in range(2))
    anew = client.post(f"/q/{code}{query}", data={"_step": "again"}).text

    assert without_ids(cached) == without_ids(drawn) == without_ids(anew)


def test_two_posters_of_one_form_differ_in_their_block_only(world):
    first, second = world.publish("f28"), world.publish("f28", "che", "Cổng")

    one, other = (world.client().get(f"/q/{code}").text for code in (first, second))

    assert "CĐCS Chè Than Uyên" in other
    assert "CĐCS Chè Than Uyên" not in one
    changed = other.replace(second, first).replace("CĐCS Chè Than Uyên", "CĐCS Thủy điện Nậm Na 3")
    assert without_ids(changed.replace("</b>Cổng", "</b>Nhà ăn ca")) == without_ids(one)


def test_the_other_language_keeps_what_was_typed_and_stores_nothing(world):
    code = world.publish("f51")
    typed = JOINING | {"ho_ten": "Giàng", "instance_id": "6f1d9c1e-0000-4000-8000-000000000001"}
    button = Page(world.client().get(f"/q/{code}").text).one("button", name="_step")

    answer = world.client().post(
        f"/q/{code}{button['formaction']}", data=typed | {"_step": button["value"], "_lang": "vi"}
    )

    page = Page(answer.text)
    sent = page.sent()
    assert answer.status_code == 200
    assert page.one("html")["lang"] == "en"
    assert sent["ho_ten"] == ["Giàng"]
    assert sent["gioi_tinh"] == ["nam"]
    assert sent["dan_toc"] == ["mong"]
    assert sent["instance_id"] == ["6f1d9c1e-0000-4000-8000-000000000001"]
    assert page.all("div", role="alert") == []
    assert kept(world, "f51") == []


def test_a_fresh_page_has_nothing_ticked_or_filled_in(world):
    for form in ("f21", "f28", "f51"):
        page = page_of(world, form)

        assert [tag for tag in page.tags if "checked" in tag or "selected" in tag] == []
        own = ("instance_id", "_version", "_lang", "_turn")
        assert {v for name, vs in page.sent().items() for v in vs if name not in own} == {""}


def test_a_page_with_problems_says_so_first_and_leads_to_each(world):
    page = refused_page(
        world, "f21", HARDSHIP | {"ho_ten": "", "dien_thoai": "12", "phu_thuoc": "x"}
    )

    summary = page.one("div", role="alert")
    at = page.tags.index(summary)
    links = [tag["href"] for tag in page.tags[at:] if tag.name == "a" and tag["href"][:1] == "#"]
    assert page.one("title").text == "Lỗi: Đề nghị hỗ trợ Tết Sum vầy"
    assert links == ["#ho_ten", "#dien_thoai", "#phu_thuoc"]
    assert "autofocus" in summary
    for name in ("ho_ten", "dien_thoai", "phu_thuoc"):
        field = page.one("input", id=name)
        assert field["aria-invalid"] == "true"
        assert f"{name}-error" in field["aria-describedby"].split()


def test_a_page_with_problems_says_so_in_english_too(world):
    answer = world.client().post(f"/q/{world.publish('f28')}?lang=en", data={"gop_y": ""})

    assert Page(answer.text).one("title").text == "Error: Meal feedback"


def test_a_page_with_problems_keeps_every_kind_of_input(world):
    code = world.publish("f51")
    typed = {k: v for k, v in JOINING.items() if k not in ("ngay_sinh", "cam_ket")}
    boxes = {"ngay_sinh.day": "31", "ngay_sinh.month": "2", "ngay_sinh.year": "1990"}

    answer = world.client().post(
        f"/q/{code}", data=typed | boxes | {"ton_giao": "khac", "ton_giao_other": '<b>&"'}
    )

    sent = Page(answer.text).sent()
    assert answer.status_code == 422
    for name, value in (typed | boxes | {"ton_giao": "khac", "ton_giao_other": '<b>&"'}).items():
        assert sent[name] == [value], name
    assert "cam_ket" not in sent


def test_a_page_with_problems_keeps_several_choices_and_long_text(world):
    page = refused_page(world, "f21", HARDSHIP | {"ho_ten": "", "mo_ta": "dòng 1\ndòng 2"})

    assert page.sent()["hoan_canh"] == ["nguoi_than_om_nang", "nha_tam_dot_nat"]
    assert page.sent()["mo_ta"] == ["dòng 1\ndòng 2"]
    assert page.sent()["thu_nhap"] == ["2_3_trieu"]


def test_a_page_with_problems_keeps_its_rating_and_can_be_sent_when_corrected(world):
    code = world.publish("f28")
    page = refused_page(world, "f28", MEAL | {"du_no": "9", "gop_y": "ngon"})
    sent = page.sent()

    answer = world.client().post(f"/q/{code}", data=sent | {"du_no": "5"})

    assert sent["ngon"] == ["4"]
    assert sent["gop_y"] == ["ngon"]
    assert answer.status_code == 303
    assert [r.answers["du_no"] for r in kept(world, "f28")] == [5]


@pytest.mark.parametrize("instance_id", ["x", "6f1d9c1e", "6f1d9c1e-0000-4000-8000-00000000000g"])
def test_a_malformed_instance_id_gives_the_page_with_a_new_one_and_a_link_that_leads_somewhere(
    world, instance_id
):
    page = refused_page(world, "f28", MEAL | {"instance_id": instance_id})

    (link,) = [tag["href"] for tag in page.all("a") if tag["href"].startswith("#")]
    assert UUID.fullmatch(page.sent()["instance_id"][0])
    assert link[1:] in page.ids
    assert kept(world, "f28") == []


def test_problems_with_an_older_version_are_shown_on_that_version(world):
    code = world.publish("f28")
    first = newest_version(world.store, "f28")
    sections = first.definition.model_dump(mode="json")["sections"]
    sections[0]["questions"] = [q for q in sections[0]["questions"] if q["name"] != "ca"]
    later = type(first.definition).model_validate(
        first.definition.model_dump(mode="json") | {"sections": sections, "alarm": None}
    )
    world.store.versions.add(replace(first, definition=later, number=2))

    answer = world.client().post(f"/q/{code}", data=MEAL | {"ca": "", "_version": "1"})

    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.sent()["_version"] == ["1"]
    assert [t["href"] for t in page.all("a") if t["href"].startswith("#")] == ["#ca"]
    assert "ca" in page.ids


def test_two_consents_left_open_are_told_apart(world):
    answer = world.client().post(f"/q/{world.publish('f51')}", data={"ho_ten": "Giàng A Páo"})

    summary = [tag for tag in Page(answer.text).tags if tag["href"] in ("#dy_xu_ly", "#cam_ket")]
    assert len({tag.text for tag in summary}) == 2
    assert all(tag.text.startswith("“") for tag in summary)
