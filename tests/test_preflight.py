"""What is said of a form before it is published: in organizers' words, with its place."""

import re
from pathlib import Path

import pytest
from flask_babel import force_locale
from kinds import made

from forms import mistakes
from forms.cleaning import is_readable
from forms.draft import Draft
from forms.editing import Inputs, Kept, act
from forms.editing.fresh import empty_form
from forms.editing.plain import as_plain, question_of
from forms.findings import Place
from forms.gallery import gallery
from forms.mistakes import findings_of
from forms.preflight import is_ready, preflight
from forms.reading import DefinitionError, Mistake, build_definition
from views.builder.preflight import examined
from views.builder.words import said_of

ROOT = Path(__file__).resolve().parent.parent
BASE = """
- type: select_one
  name: ca
  label: {vi: Ca nào, en: Which shift}
  choices:
    - {name: sang, label: {vi: Ca sáng, en: Morning}}
    - {name: dem, label: {vi: Ca đêm, en: Night}}
- {type: text, name: vi_sao, label: {vi: Vì sao, en: Why}}
- {type: integer, name: so_gio, label: {vi: Số giờ, en: Hours}}
"""


def plain():
    both = {"vi": "x", "en": "x"}
    texts = dict.fromkeys(("summary", "promise", "next_steps", "closing"), both)
    return as_plain(made(BASE, **texts, notice={"summary": both}))


def of(asked, form=None, **settings):
    """The form with these settings of one question."""
    form = form or plain()
    question_of(form, asked).update(settings)
    return form


def found(form, severity="error", **more):
    return [f for f in preflight(form, **more) if f.severity == severity]


@pytest.mark.parametrize("form", list(gallery()))
def test_ready_made_forms_can_all_be_published(form):
    findings = preflight(as_plain(gallery()[form]), [gallery()[form]])

    assert is_ready(findings)
    assert len(findings) <= 4


# What the ready-made forms are warned of and keep all the same: form, question, and why.
LOOKED_AT = {
    ("f21", "thu_nhap"): "income is not in Nghị định 356/2025 Điều 4; points need it of everybody",
    ("f21", "giay_to"): "what paper is sent is up to the sender; every file is encrypted",
    ("f25", "dn_ho_tro"): "names are permanent; the two columns stand side by side, labelled",
    ("fa1", "dtts"): "a total, which belongs to nobody",
}


def test_ready_made_forms_are_warned_only_of_what_was_looked_at(world):
    warned = set()
    with world.app.test_request_context():
        for form, definition in gallery().items():
            plain = as_plain(definition) | {"id": f"{form}-2"}
            findings = examined(Draft(plain["id"], "", plain, world.clock(), ""))
            assert is_ready(findings)
            warned |= {(form, f.place.question or f.message) for f in findings}

    assert warned == LOOKED_AT.keys()


def test_a_whole_form_has_nothing_to_mend():
    assert preflight(plain()) == []


@pytest.mark.parametrize(
    ("form", "said", "place"),
    [
        (empty_form("Trống"), "is empty", Place("section", section=0)),
        (of("vi_sao", relevant="${ca} = "), "cannot be read", Place("condition", "vi_sao")),
        (of("vi_sao", relevant="${khong} = 'x'"), "asked later", Place("condition", "vi_sao")),
        (of("vi_sao", relevant="${so_gio} > 3"), "asked later", Place("condition", "vi_sao")),
        (of("so_gio", constraint=". > ${nope}"), "not in this form", Place("condition", "so_gio")),
        (of("so_gio", least=5, most=2), "smallest value", Place("question", "so_gio")),
        (of("vi_sao", name="ca"), "same name", Place("form")),
        (of("vi_sao", sensitive=True), "need a tick of consent", Place("form")),
        (of("vi_sao", sensitive=True, required=True), "may", Place("question", "vi_sao")),
        (of("ca", choices=[{"name": "x", "label": {"vi": "X"}, "hidden": True}]), "hidden",
         Place("choices", "ca")),
        (of("ca", choices=[]), "does not fit", Place("question", "ca")),
        (of("vi_sao", label={}), "does not fit", Place("question", "vi_sao")),
        (of("ca", of("vi_sao", relevant="${ca} = 'dem'"), hidden=True), "is hidden, but",
         Place("condition", "vi_sao")),
    ],
)  # fmt: skip
def test_an_error_says_what_is_wrong_and_where(form, said, place):
    errors = found(form)

    assert any(said in f.message and f.place == place for f in errors), errors
    assert not is_ready(preflight(form))


def test_circles_of_logic_are_found():
    form = plain()
    for name, other in (("a", "b"), ("b", "a")):
        form["sections"][0]["questions"].append(
            {
                "type": "calculate",
                "name": name,
                "label": {"vi": name},
                "calculation": f"${{{other}}} + 1",
            }
        )

    (error,) = found(form)

    assert "circle" in error.message
    assert error.values["names"].into("vi") == "“a”, “b”"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("${ca} = 'trua'", "cannot be given"),
        ("${ca} = 'trua' and ${so_gio} > 1", "cannot be given"),
        ("${ca} = 'sang' and ${ca} = 'dem'", "two answers"),
        ("${vi_sao} != '' and ${ca} = 'sang'", "two answers"),
    ],
)
def test_questions_that_nobody_is_ever_asked_are_found(condition, said):
    form = of("vi_sao", relevant="${ca} = 'dem'")
    form["sections"][0]["questions"].append(
        {
            "type": "text",
            "name": "them",
            "label": {"vi": "Thêm", "en": "More"},
            "relevant": condition,
        }
    )

    (warning,) = found(form, "warning")

    assert said in warning.message
    assert warning.place == Place("condition", "them")


@pytest.mark.parametrize(
    "condition",
    ["${ca} = 'trua' or ${ca} = 'dem'", "${ca} != 'trua'", "${ca} = 'sang' or ${ca} = 'dem'"],
)
def test_what_can_be_asked_is_not_called_unreachable(condition):
    assert found(of("vi_sao", relevant=condition), "warning") == []


def test_missing_translations_are_counted_by_language():
    form = plain() | {"languages": ["vi", "hmn"]}

    (warning,) = found(form, "warning")

    assert (warning.values["language"], warning.values["count"]) == ("hmn", 10)


def test_a_missing_translation_leads_to_its_place():
    form = of("vi_sao", label={"vi": "Vì sao"})

    (warning,) = found(form, "warning")

    assert (warning.values["count"], warning.place) == (1, Place("question", "vi_sao"))


@pytest.mark.parametrize(
    "label", ["Dân tộc", "Tôn giáo của anh/chị", "Anh/chị có bệnh gì", "THU NHẬP"]
)
def test_labels_that_sound_sensitive_are_named(label):
    (warning,) = found(of("vi_sao", label={"vi": label, "en": "x"}), "warning")

    assert warning.place == Place("question", "vi_sao")
    assert warning.values["word"] in label.lower()


def test_names_that_are_nearly_the_same_are_named():
    form = of("vi_sao", name="so_gioo")

    (warning,) = found(form, "warning")

    assert {warning.values["name"], warning.values["other"]} == {"so_gio", "so_gioo"}


def test_long_and_heavy_forms_are_told():
    form = plain()
    for _ in range(30):
        form = act(form, Kept(), "duplicate", Inputs.of(name="vi_sao"))

    messages = [f.message for f in found(form, "warning", page_bytes=20_000)]

    assert [m[:16] for m in messages] == [
        "The form asks %(",
        "The page weighs ",
        "Answering takes ",
    ]


def raised(folder):
    """The texts of all mistakes in these modules, as the code writes them."""
    for path in folder:
        text = path.read_text("utf-8")
        for call in re.findall(r"raise ValueError\(\s*((?:f?\"[^\"]*\"\s*)+)", text):
            yield "".join(re.findall(r'"([^"]*)"', call))


def filled(text):
    """The text as it may come out, with what stands for its gaps."""
    for place in ("question 9", "question 9: required"):
        yield re.sub(r"\{[^}]*\}", "9", text.replace("{place}", place))


def is_said(text):
    return any(re.search(saying.pattern, text) for saying in mistakes._SAYINGS)


def test_every_mistake_of_a_definition_has_words_for_organizers():
    modules = [
        ROOT / "forms" / name for name in ("definition.py", "dependencies.py", "workflow.py")
    ]
    modules += sorted((ROOT / "forms" / "types").glob("*.py"))
    unsaid = {"workflow:", "the name {UNIT_INPUT}"}  # no act of the builder can make these
    texts = [t for t in raised(modules) if not t.startswith(tuple(unsaid))]

    nameless = [text for text in texts if not any(map(is_said, filled(text)))]

    assert len(texts) > 25
    assert nameless == []


def test_unknown_mistakes_lead_to_their_place_without_english(world):
    form = plain()
    strange = [
        Mistake("sections[0].questions[1] (vi_sao).longest", "must be less than 7"),
        Mistake("notice.summary", "is missing; add it"),
        Mistake("", "something new"),
    ]

    with world.app.test_request_context(), force_locale("vi"):
        said = [said_of(finding) for finding in findings_of(strange, form)]

    assert "Vì sao" in said[0]
    assert all("must be" not in text and "something" not in text for text in said)


@pytest.mark.parametrize("form", list(gallery()))
def test_every_finding_can_be_said_in_both_languages(world, form):
    """Drop things at random places until the form is broken: whatever is found has words."""
    whole = as_plain(gallery()[form])
    whole["sections"][0]["questions"] = whole["sections"][0]["questions"][1:]
    whole["languages"] = ["vi", "en", "hmn"]
    for question in whole["sections"][-1]["questions"]:
        question["relevant"] = "${khong_co} = 'x'"

    with world.app.test_request_context():
        for language in ("vi", "en"):
            with force_locale(language):
                texts = [said_of(finding) for finding in preflight(whole, [gallery()[form]])]
            assert texts
            assert all("%(" not in text and is_readable(text) for text in texts)
    with pytest.raises(DefinitionError):
        build_definition(whole)


def test_a_thousand_questions_are_examined_in_time():
    form = plain()
    form["sections"][0]["questions"] = [
        {"type": "text", "name": f"cau_{n}", "label": {"vi": f"Câu {n}"},
         **({"relevant": f"${{cau_{n - 1}}} = 'x'"} if n else {})}
        for n in range(1_000)
    ]  # fmt: skip

    assert is_ready(preflight(form))
