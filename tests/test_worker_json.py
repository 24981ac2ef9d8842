"""The same address for programs: the definition, and what became of a response, as JSON."""

import pytest
from sending import JOINING, JSON, MEAL

from services.publishing.publish import change_definition
from storage.store import ResponseFilter

INSTANCE = "6f1d9c1e-0000-4000-8000-000000000001"
ACCEPTED = (
    "application/json",
    "APPLICATION/JSON",
    "application/json;q=0.5",
    "application/json, text/plain, */*",
    "application/json, */*;q=0.5",
    "text/html;q=0.8, application/json",
)
NOT_ACCEPTED = (
    "",
    "*/*",
    "text/html",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html, application/json",
    "application/json;q=0, */*",
    ";;;=,",
)


def post(world, code, answers, **changed):
    return world.client().post(f"/q/{code}", data=answers | changed, headers=JSON)


def kept(world, form):
    return len(list(world.store.iter_responses(form, ResponseFilter())))


def test_the_definition_names_its_choices(world):
    told = world.client().get(f"/q/{world.publish('f28')}", headers=JSON).json

    questions = {q["name"]: q for section in told["sections"] for q in section["questions"]}
    shifts = [choice["name"] for choice in questions["ca"]["choices"]]
    assert shifts == ["ca_sang", "ca_chieu", "ca_dem", "hanh_chinh"]
    assert questions["ca"]["label"]["vi"] == "Anh/chị vừa ăn ca nào?"
    assert questions["ca"]["type"] == "select_one"
    assert questions["du_no"]["type"] == "rating"
    assert (told["id"], told["version"], told["unit"], told["place"]) == (
        "f28",
        1,
        "nam-na",
        "Nhà ăn ca",
    )


def test_the_definition_lists_the_question_behind_other(world):
    told = world.client().get(f"/q/{world.publish('f51')}", headers=JSON).json

    names = [q["name"] for section in told["sections"] for q in section["questions"]]
    assert names.index("dan_toc_other") == names.index("dan_toc") + 1


def test_the_definition_tells_nothing_that_is_for_reviewers_only(world):
    told = world.client().get(f"/q/{world.publish('f51')}", headers=JSON).json

    assert "flags" not in told


@pytest.mark.parametrize("accept", ACCEPTED)
def test_who_asks_for_json_gets_json(world, accept):
    code = world.publish("f28")

    for answer in (
        world.client().get(f"/q/{code}", headers={"Accept": accept}),
        world.client().post(f"/q/{code}", data=MEAL, headers={"Accept": accept}),
        world.client().get("/q/22222", headers={"Accept": accept}),
    ):
        assert answer.mimetype == "application/json"


@pytest.mark.parametrize("accept", NOT_ACCEPTED)
def test_who_does_not_ask_for_json_gets_a_page(world, accept):
    code = world.publish("f28")

    for answer in (
        world.client().get(f"/q/{code}", headers={"Accept": accept}),
        world.client().post(f"/q/{code}", data=MEAL, headers={"Accept": accept}),
        world.client().get("/q/22222", headers={"Accept": accept}),
    ):
        assert answer.mimetype == "text/html"


def test_a_new_response_is_told_with_201(world):
    answer = post(world, world.publish("f28"), MEAL, instance_id=INSTANCE)

    assert answer.status_code == 201
    assert answer.json.keys() == {"instance_id", "receipt", "flags"}
    assert answer.json["instance_id"] == INSTANCE
    assert answer.json["flags"] == []


def test_the_same_response_again_is_told_with_200(world):
    code = world.publish("f28")

    first, again = (post(world, code, MEAL, instance_id=INSTANCE) for _ in range(2))

    assert again.status_code == 200
    assert again.json == first.json


def test_other_answers_under_the_same_id_are_told_with_409(world):
    code = world.publish("f28")
    first = post(world, code, MEAL, instance_id=INSTANCE)

    other = post(world, code, MEAL | {"ngon": "1"}, instance_id=INSTANCE)

    assert other.status_code == 409
    assert other.json.keys() == {"instance_id", "receipt", "flags"}
    assert other.json["instance_id"] == INSTANCE
    assert other.json["flags"] == ["variant"]
    assert other.json["receipt"] != first.json["receipt"]


def test_invalid_answers_are_told_with_422_by_question(world):
    answer = post(world, world.publish("f51"), {"dien_thoai": "12"}, instance_id=INSTANCE)

    assert answer.status_code == 422
    assert answer.json.keys() == {"instance_id", "errors"}
    assert answer.json["instance_id"] == INSTANCE
    assert {"ho_ten", "dien_thoai", "dy_xu_ly", "cam_ket"} <= answer.json["errors"].keys()
    assert "dan_toc" not in answer.json["errors"]
    for texts in answer.json["errors"].values():
        assert [type(text) for text in texts] == [str]
        assert all(texts)


def test_errors_are_told_in_the_language_that_was_asked_for(world):
    code, empty = world.publish("f28"), {"gop_y": ""}

    told = [
        world.client().post(f"/q/{code}{query}", data=posted, headers=JSON).json["errors"]["ca"]
        for query, posted in (("?lang=en", empty), ("", {"_lang": "en"}), ("", empty))
    ]

    assert told[0] == told[1] == ["Please answer this question."]
    assert told[2] != told[0]


def test_other_refusals_are_told_as_one_error(world):
    code, paused, closed = world.publish("f28"), world.publish("f21"), world.publish("f51")
    change_definition(world.store, "f21", "pause", world.clock())
    change_definition(world.store, "f51", "close", world.clock())
    client = world.client()

    refused = [
        (404, client.get("/q/22222", headers=JSON)),
        (404, client.post("/q/22222", data=MEAL, headers=JSON)),
        (404, client.get("/r/2222222222222", headers=JSON)),
        (403, client.post(f"/q/{paused}", data=MEAL, headers=JSON)),
        (403, client.post(f"/q/{code}", data=MEAL, headers=JSON | {"Origin": "http://evil"})),
        (410, client.post(f"/q/{closed}", data=JOINING, headers=JSON)),
        (415, client.post(f"/q/{code}", json=MEAL, headers=JSON)),
        (413, client.post(f"/q/{code}", data={"gop_y": "a" * 500_000}, headers=JSON)),
        (405, client.delete(f"/q/{code}", headers=JSON)),
    ]

    for status, answer in refused:
        assert answer.status_code == status
        assert answer.json.keys() == {"error"}
        assert isinstance(answer.json["error"], str)
        assert answer.json["error"]


@pytest.mark.parametrize(
    "named", ["x", "0", "null", INSTANCE[:-1], INSTANCE + "0", INSTANCE.replace("-", ""), "\0", "ă"]
)
def test_a_malformed_instance_id_is_refused(world, named):
    answer = post(world, world.publish("f28"), MEAL, instance_id=named)

    assert answer.status_code == 422
    assert answer.json["errors"].keys() == {"instance_id"}
    assert kept(world, "f28") == 0


def test_two_instance_ids_are_refused(world):
    answer = post(world, world.publish("f28"), MEAL, instance_id=[INSTANCE, INSTANCE])

    assert answer.status_code == 422
    assert kept(world, "f28") == 0


@pytest.mark.parametrize("named", [INSTANCE.upper(), f"uuid:{INSTANCE}", f" {INSTANCE} "])
def test_an_instance_id_is_the_same_however_it_is_written(world, named):
    code = world.publish("f28")
    post(world, code, MEAL, instance_id=INSTANCE)

    answer = post(world, code, MEAL, instance_id=named)

    assert answer.status_code == 200
    assert kept(world, "f28") == 1


@pytest.mark.parametrize("absent", [{}, {"instance_id": ""}])
def test_without_an_instance_id_the_server_makes_one(world, absent):
    code = world.publish("f28")

    told = [post(world, code, MEAL, **absent) for _ in range(2)]

    assert [answer.status_code for answer in told] == [201, 201]
    ids = [answer.json["instance_id"] for answer in told]
    assert ids[0] != ids[1]
    assert post(world, code, MEAL, instance_id=ids[0]).status_code == 200


def test_the_flag_of_the_trap_is_not_told_to_the_robot(world):
    answer = post(world, world.publish("f28"), MEAL, _website="http://spam")

    (response,) = world.store.iter_responses("f28", ResponseFilter())
    assert answer.status_code == 201
    assert answer.json["flags"] == []
    assert "robot" in response.flags


def test_both_content_types_say_the_same(world):
    code = world.publish("f28")
    types = ("application/x-www-form-urlencoded", "multipart/form-data")

    told = [
        world.client().post(
            f"/q/{code}", data=MEAL | {"instance_id": INSTANCE}, content_type=kind, headers=JSON
        )
        for kind in types
    ]

    assert [answer.status_code for answer in told] == [201, 200]
