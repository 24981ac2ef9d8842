"""Reading definitions: YAML and JSON become the same form; a mistake names its place and a cure."""

import copy
import json
import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Definition
from forms.gallery import gallery
from forms.reading import DefinitionError, Mistake, build_definition, read_definition, read_text

TEXT = """\
id: f99
title: {vi: Bữa ăn ca}
summary: {vi: Hai phút.}
promise: {vi: Không hỏi tên.}
notice: {summary: {vi: Không thu thập tên.}}
next_steps: {vi: Nhà ăn sẽ đọc.}
closing: {vi: Cảm ơn anh/chị.}
sections:
  - questions:
      - {type: select_one, name: ca, label: {vi: Ca}, choices: [{name: dem, label: {vi: Đêm}}]}
      - {type: text, name: ho_ten, label: {vi: Họ tên}, required: true}
      - {type: multiline, name: benh, label: {vi: Bệnh}, sensitive: true}
      - {type: integer, name: so, label: {vi: Số}, relevant: "${ca} = 'dem'"}
      - {type: consent, name: dy, label: {vi: Đồng ý}, purpose: sensitive}
"""
PLAIN = read_text(TEXT)
often = settings(max_examples=150, deadline=None)


def mistakes(plain: object) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        read_definition(plain) if isinstance(plain, str) else build_definition(plain)
    assert str(caught.value) == "\n".join(map(str, caught.value.mistakes))
    return [str(mistake) for mistake in caught.value.mistakes]


def changed(change: Callable[[Any, list[Any]], object]) -> Any:
    """The definition after a change of it or of its questions."""
    plain = copy.deepcopy(PLAIN)
    change(plain, plain["sections"][0]["questions"])
    return plain


def test_a_definition_is_read_from_yaml():
    definition = read_definition(TEXT)

    assert [q.name for q in definition.questions] == ["ca", "ho_ten", "benh", "so", "dy"]
    assert definition.by_name["so"].relevant.source == "${ca} = 'dem'"
    assert definition.title.into("en") == "Bữa ăn ca"


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda d, q: d.pop("closing"), "closing: is missing; add it"),
        (lambda d, q: d.update(tilte=1), "tilte: is not known here; check the spelling"),
        (lambda d, q: d.update(id="F 99"), "id: must look like ^[a-z]"),
        (lambda d, q: d.update(title="Bữa ăn"), "title: write one text per language, for example"),
        (lambda d, q: d.update(title={}), "title: "),
        (lambda d, q: d.update(title={"vi": " "}), "title.vi: must not be empty"),
        (lambda d, q: d.update(title={"vi": 12}), "title.vi: write a text"),
        (lambda d, q: d.update(title={"Việt": "x"}), "title.Việt.[key]: must look like"),
        (lambda d, q: d.update(minutes="lâu"), "minutes: write a whole number"),
        (lambda d, q: d.update(minutes=0), "minutes: "),
        (lambda d, q: d.update(sections=[]), "sections: "),
        (lambda d, q: d.update(sections="ca"), "sections: write a list"),
        (lambda d, q: d.update(sections=["ca"]), "sections[0]: write a mapping"),
        (lambda d, q: d.update(audience="all"), "audience: write one of 'worker' or 'unit'"),
        (lambda d, q: q[1].pop("label"), "sections[0].questions[1] (ho_ten).label: is missing"),
        (lambda d, q: q[1].update(lable=1), "sections[0].questions[1] (ho_ten).lable: is not kn"),
        (lambda d, q: q[1].pop("type"), "sections[0].questions[1] (ho_ten): has no type; add"),
        (lambda d, q: q[1].update(type="txt"), "questions[1] (ho_ten): type 'txt' is not known; "),
        (lambda d, q: q[1].update(name="họ"), "questions[1] (họ).name: must look like ^[A-Za-z]"),
        (lambda d, q: q[1].update(required=3), "(ho_ten).required: write true or false, or an exp"),
        (lambda d, q: q[1].update(required="co"), "(ho_ten).required: character 1: 'co' is no fun"),
        (lambda d, q: q[1].update(longest=0), "questions[1] (ho_ten).longest: "),
        (lambda d, q: q[1].update(shortest=300), "(ho_ten): shortest is larger than longest; swap"),
        (lambda d, q: q[3].update(least=2, most=1), "(so): least is larger than most; swap them"),
        (lambda d, q: q[3].update(most=10**16), "questions[3] (so).most: "),
        (lambda d, q: q[0].update(choices=[]), "questions[0] (ca).choices: "),
        (
            lambda d, q: q[0]["choices"].append(q[0]["choices"][0]),
            "questions[0] (ca): choice names stand twice: dem; rename one of each",
        ),
        (lambda d, q: q[0]["choices"][0].update(name=""), "choices[0] ().name: must look like"),
        (lambda d, q: q.append(q[0]), "question names stand twice: ca; rename one of each"),
        (lambda d, q: q[1].update(name="don_vi"), "don_vi is the server's own; choose another"),
        (
            lambda d, q: (q[0]["choices"][0].update(other=True), q[1].update(name="ca_other")),
            "question names stand twice: ca_other",
        ),
        (lambda d, q: q[3].update(relevant=True), "(so).relevant: write an expression such as"),
        (lambda d, q: q[3].update(relevant="${ca} ="), "(so).relevant: character 8: expected a qu"),
        (
            lambda d, q: q[3].update(relevant="${cc} = 'dem'"),
            "question so: relevant reads cc, which is no earlier question; move it up or correct",
        ),
        (lambda d, q: q.reverse(), "question so: relevant reads ca, which is no earlier question"),
        (lambda d, q: q[3].update(relevant="${so} = '1'"), "relevant reads so, which is no earl"),
        (
            lambda d, q: d.update(flags=[{"when": "${x} = ''", "code": "x"}]),
            "${x} = '': no question is named x",
        ),
        (lambda d, q: d.update(notice={}), "notice.summary: is missing; add it"),
        (
            lambda d, q: q[2].update(required=True),
            "question benh is sensitive and required; sensitive questions may always be left: ",
        ),
        (
            lambda d, q: q[4].update(purpose="process"),
            "sensitive questions need a consent with purpose `sensitive`; add one at the end",
        ),
        (
            lambda d, q: q.insert(2, q.pop()),
            "question benh is sensitive and stands after the consent for it; move the consent to",
        ),
        (lambda d, q: q[4].update(purpose="all"), "(dy).purpose: write one of 'process', 'sensit"),
    ],
)
def test_a_mistake_names_its_place_and_what_to_do(change, mistake):
    (found,) = mistakes(changed(change))

    assert mistake in found
    assert not found.endswith(": ")


def test_ages_the_wrong_way_round_are_a_mistake():
    born = {"type": "date", "name": "s", "label": {"vi": "S"}, "youngest": 75, "oldest": 15}

    (found,) = mistakes(changed(lambda d, q: q.insert(0, born)))

    assert found == ("sections[0].questions[0] (s): youngest is larger than oldest; swap them")


def test_a_form_has_only_so_many_files():
    photos = [{"type": "image", "name": f"anh{n}", "label": {"vi": "A"}} for n in range(4)]

    three = build_definition(changed(lambda d, q: q.extend(photos[:3])))
    (found,) = mistakes(changed(lambda d, q: q.extend(photos)))

    assert three.most_file_bytes == 60_000_000
    assert found == "more than 12 files in one form; lower `most` of its image questions"


def test_a_mistake_inside_a_repeat_names_its_place():
    child = {"type": "text", "name": "ten", "lable": 1}
    family = {"type": "repeat", "name": "nha", "label": {"vi": "N"}, "questions": [child]}

    found = mistakes(changed(lambda d, q: q.append(family)))

    start = "sections[0].questions[5] (nha).questions[0] (ten)"
    assert [text.partition(": ")[0] for text in found] == [f"{start}.label", f"{start}.lable"]


def test_all_mistakes_are_told_at_once():
    plain = changed(lambda d, q: (d.pop("title"), q[0].pop("label"), q[1].update(type="so")))

    found = mistakes(plain)

    assert [text.split(": ")[0] for text in found] == [
        "title",
        "sections[0].questions[0] (ca).label",
        "sections[0].questions[1] (ho_ten)",
    ]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (TEXT + "title: {vi: Lại}\n", "line 15: 'title' stands twice; remove one"),
        (TEXT.replace("ca, label", "ca, name: x, label"), "line 10: 'name' stands twice; remove"),
        (TEXT + "code: &c F99\nflags: *c\n", "line 16: write the text out; no *aliases"),
        (TEXT + "open:\n\ttrue\n", "line 16, column 1: not YAML: found character '\\t'"),
        (TEXT + "code: [", "line 15, column 8: not YAML: "),
        (TEXT + "code: !!python/none ''\n", "line 15, column 7: not YAML: could not determine"),
        (TEXT + "code: \x00\n", "not YAML: "),
        (TEXT + "code: " + "[" * 5_000, "not YAML: "),
        ("", "a definition is a mapping with id, title, sections …"),
        ("[1, 2]", "a definition is a mapping"),
        ("phiếu", "a definition is a mapping"),
        ('{"id": "a", "id": "b"}', "line 1: 'id' stands twice; remove one"),
        ("x" * 3_000_000, "longer than 2,000,000 characters"),
    ],
)
def test_a_text_that_cannot_be_read_names_the_line(text, mistake):
    (found,) = mistakes(text)

    assert found.startswith(mistake)


def test_a_text_too_long_is_refused_before_it_is_parsed():
    begun = time.perf_counter()

    assert mistakes(TEXT + "#" * 3_000_000) == ["longer than 2,000,000 characters"]
    assert time.perf_counter() - begun < 1


def test_words_that_yaml_takes_for_something_else_stay_words():
    read = read_text("{a: no, b: on, c: yes, d: Off, e: Y, no: f, on: 2026-11-20, x: true, y: 12}")

    words = {"a": "no", "b": "on", "c": "yes", "d": "Off", "e": "Y", "no": "f", "on": "2026-11-20"}
    assert read == words | {"x": True, "y": 12}


def test_such_words_may_be_labels_and_names():
    plain = TEXT.replace("{vi: Họ tên}", "{vi: no, no: on}").replace("name: dem", "name: no")

    definition = read_definition(plain.replace("'dem'", "'no'"))

    assert definition.by_name["ho_ten"].label.root == {"vi": "no", "no": "on"}
    assert definition.by_name["ca"].choices[0].name == "no"


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_is_read_like_yaml(indent, ascii_only):
    plain = changed(lambda d, q: d.update(title={"vi": "Bữa ăn 🍚: https://a/b"}))

    text = json.dumps(plain, indent=indent, ensure_ascii=ascii_only)

    assert read_definition(text) == build_definition(plain)
    assert read_definition(text).title.into("vi") == "Bữa ăn 🍚: https://a/b"


@pytest.mark.parametrize("definition", [*gallery().values(), read_definition(TEXT)])
def test_a_definition_survives_json_and_yaml(definition):
    plain = definition.model_dump(mode="json", exclude_defaults=True)

    assert build_definition(plain) == definition
    assert read_definition(orjson.dumps(plain).decode()) == definition
    assert read_definition(yaml.safe_dump(plain, allow_unicode=True)) == definition
    assert Definition.model_validate_json(definition.model_dump_json()) == definition


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)
keys = ["id", "title", "notice", "sections", "flags", "alarm", "languages", "minutes", "open"]
settings_ = ["type", "name", "label", "hint", "relevant", "choices", "least", "longest", "required"]


@often
@given(plain=junk)
def test_any_data_is_a_definition_or_a_list_of_mistakes(plain):
    assert mistakes(plain if not isinstance(plain, str) else [plain])


@often
@given(key=st.sampled_from(keys), at=st.integers(0, 4), name=st.sampled_from(settings_), new=junk)
def test_junk_at_any_place_is_a_mistake_there_or_does_no_harm(key, at, name, new):
    for plain in (
        changed(lambda d, q: d.update({key: new})),
        changed(lambda d, q: q[at].update({name: new})),
        changed(lambda d, q: q.insert(at, new)),
    ):
        try:
            definition = build_definition(plain)
        except DefinitionError as error:
            assert all(mistake.text for mistake in error.mistakes)  # noqa: PT017 - or it is read
        else:
            assert build_definition(definition.model_dump(mode="json")) == definition


@often
@given(text=st.text(st.characters()) | st.text("{}[]:,-&*!|>'\"%@`#? \n\tab1~<=", max_size=30))
def test_any_text_is_read_or_is_a_list_of_mistakes(text):
    try:
        read_definition(text)
    except DefinitionError as error:
        assert {type(mistake) for mistake in error.mistakes} == {Mistake}  # noqa: PT017 - or read
