"""A next version harms no answer: destructive edits are refused, or done so that nothing shifts."""

import csv
import io
import uuid

import pytest
from drafting import changed, copied, following, frozen, point_of
from kinds import made
from sending import JSON, send

from forms.gallery import gallery
from forms.next_version import check_next
from forms.reading import build_definition
from services.errors import Refusal
from services.publishing.versions import freeze, versions_of

FIRST = """
- {type: text, name: ho_ten, label: {vi: Họ và tên, en: Name}}
- type: select_one
  name: ca
  label: {vi: Ca nào, en: Which shift}
  choices:
    - {name: sang, label: {vi: Ca sáng, en: Morning}}
    - {name: dem, label: {vi: Ca đêm, en: Night}}
    - {name: khac, label: {vi: Khác, en: Other}, other: true}
- {type: multiline, name: vi_sao, label: {vi: Vì sao, en: Why}, relevant: "${ca} = 'dem'"}
- {type: integer, name: tuoi, label: {vi: Tuổi, en: Age}}
"""
SECOND = "- {type: text, name: gop_y, label: {vi: Góp ý, en: Remarks}}"
BEFORE = {"ho_ten": "Lò Thị Phương", "ca": "dem", "vi_sao": "Xa nhà", "tuoi": "31", "gop_y": "Tốt"}


@pytest.fixture
def asked(world):
    """A form of two sections that was published and answered once; gives its code."""
    with world.store.exclusive():
        freeze(world.store, made(FIRST, SECOND), world.clock())
    code = point_of(world, "f99")
    send(world, code, BEFORE)
    return code


def said(client, url):
    return list(csv.DictReader(io.StringIO(client.get(url).text.lstrip("\ufeff"))))


def exported(world, **style):
    query = "&".join(f"{name}={value}" for name, value in style.items())
    return said(world.signed_in("chu-tich"), f"/responses/f99.csv?{query}")


def queued(world, code, **answers):
    """What a phone kept from version 1 and sends after version 2 came."""
    kept = {"instance_id": str(uuid.uuid4()), "_version": "1", "_queued_at": "2026-11-24T08:00:00"}
    posted = kept | BEFORE | answers
    answer = world.client().post(f"/q/{code}", data=posted, headers=JSON)
    assert answer.status_code == 201, answer.text
    return answer.json


def same(row):
    return {name: row[name] for name in BEFORE}


ACTS = {
    "delete": [("hide", {"name": "vi_sao"})],
    "rename": [("edit", {"name": "ho_ten", "label__vi": "Tên của anh/chị"})],
    "reorder": [("move_choice", {"name": "ca", "choice": "dem", "way": "up"})],
    "remove choice": [("paste_choices", {"name": "ca", "list": "Ca sáng\nKhác"})],
    "condition": [("condition", {"name": "vi_sao", "question__0": "ca", "comparison__0": "is",
                                 "value__0": "sang"})],
    "language": [("remove_language", {"language": "en"})],
    "section": [("move", {"name": "tuoi", "section": "1"})],
    "drop section": [("remove_section", {"section": "0"})],
    "insert": [("add", {"kind": "text", "section": "0", "label__vi": "Tổ"})],
    "all of them": [
        ("hide", {"name": "vi_sao"}),
        ("move", {"name": "tuoi", "section": "1"}),
        ("paste_choices", {"name": "ca", "list": "Ca chiều\nCa sáng"}),
        ("add", {"kind": "text", "section": "0", "label__vi": "Vì sao"}),
        ("remove_language", {"language": "en"}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("acts", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("split", ["", "1"])
def test_answers_stand_in_their_columns_after_every_edit(world, asked, acts, split):
    draft = following(world, "f99")
    for what, values in acts:
        draft = changed(world, draft, what, **values)
    version = frozen(world, draft)

    told = queued(world, asked, ho_ten="Giàng A Páo", ca="khac", ca_other="Ca gãy")
    rows = exported(world, split_choices=split)

    assert (version.number, told["flags"]) == (2, ["queued", "old_version"])
    assert [row["_version"] for row in rows] == ["1", "1"]
    assert same(rows[0]) == BEFORE
    assert (rows[1]["ho_ten"], rows[1]["ca"], rows[1]["ca_other"]) == (
        "Giàng A Páo",
        "khac",
        "Ca gãy",
    )


def test_labels_of_hidden_choices_and_questions_stay_readable(world, asked):
    draft = changed(world, following(world, "f99"), "hide", name="vi_sao")
    draft = changed(world, draft, "paste_choices", name="ca", list="Ca sáng")
    frozen(world, draft)

    rows = exported(world, header="label")
    shown = world.signed_in("chu-tich").get("/responses/f99").text

    assert rows[0]["Ca nào"] == "Ca đêm"
    assert rows[0]["Vì sao"] == "Xa nhà"
    assert "Ca đêm" in shown


def test_the_page_shows_the_new_version_at_once(world, asked):
    before = world.client().get(f"/q/{asked}").text
    draft = changed(world, following(world, "f99"), "hide", name="tuoi")
    draft = changed(world, draft, "hide", name="vi_sao")
    draft = changed(world, draft, "paste_choices", name="ca", list="Ca sáng\nCa chiều")
    frozen(world, draft)

    after = world.client().get(f"/q/{asked}").text
    told = world.client().get(f"/q/{asked}", headers=JSON).json

    assert 'name="tuoi"' in before
    assert 'name="_version" value="2"' in after
    assert 'name="tuoi"' not in after
    assert "Ca đêm" not in after
    assert "Ca chiều" in after
    assert "tuoi" not in str(told)
    assert "dem" not in [c["name"] for c in told["sections"][0]["questions"][1]["choices"]]


def test_a_hidden_question_or_choice_takes_no_new_answer(world, asked):
    draft = changed(world, following(world, "f99"), "hide", name="tuoi")
    frozen(world, changed(world, draft, "paste_choices", name="ca", list="Ca sáng"))

    told = send(world, asked, {"ho_ten": "Lò Văn Pánh", "ca": "sang", "tuoi": "40"})
    refused = world.client().post(f"/q/{asked}", data={"ca": "dem"}, headers=JSON)

    assert told["flags"] == []
    assert exported(world)[1]["tuoi"] == ""
    assert "ca" in refused.json["errors"]


def plain(**changes):
    definition = made(FIRST, SECOND, **changes)
    return definition.model_dump(mode="json", exclude_defaults=True)


def edited(edit, **changes):
    new = plain(**changes)
    edit(new["sections"][0]["questions"])
    return build_definition(new)


def gone(questions):
    del questions[0]


def retyped(questions):
    questions[3] |= {"type": "text"}


def reused(questions):
    questions[0]["label"], questions[3]["label"] = questions[3]["label"], questions[0]["label"]


def choice_gone(questions):
    del questions[1]["choices"][0]


def choices_swapped(questions):
    first, second = questions[1]["choices"][:2]
    first["label"], second["label"] = second["label"], first["label"]


@pytest.mark.parametrize("edit", [gone, retyped, reused, choice_gone, choices_swapped])
def test_what_would_mix_up_or_lose_answers_is_refused(world, asked, edit):
    new = edited(edit)

    with pytest.raises(Refusal), world.store.exclusive():
        freeze(world.store, new, world.clock())

    assert len(versions_of(world.store, "f99")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"anonymous": True},
        {"readers": "inspectors"},
        {"readers": "women"},
        {"audience": "unit"},
        {"id": "f98"},
        {"workflow": [{"name": "khac", "label": {"vi": "x"}, "kind": "new"},
                      {"name": "xong", "label": {"vi": "x"}, "kind": "accepted"}]},
    ],
)  # fmt: skip
def test_what_people_were_promised_is_not_loosened(changes):
    assert check_next([made(FIRST, SECOND)], made(FIRST, SECOND, **changes))


def test_what_counts_once_goes_on_counting_once():
    once = gallery()["f22"]
    without = once.model_copy(update={"once": None})

    assert once.once is not None
    assert check_next([once], without)
    assert check_next([without], once) == ()


@pytest.mark.parametrize(
    ("old", "new", "fits"),
    [
        ("text", "multiline", True),
        ("multiline", "text", True),
        ("integer", "decimal", True),
        ("decimal", "integer", False),
        ("text", "integer", False),
        ("integer", "money", False),
        ("text", "phone", False),
        ("phone", "text", False),
        ("date", "month", False),
    ],
)
def test_a_name_keeps_its_kind_or_a_compatible_one(old, new, fits):
    first, second = (made(f"- {{type: {kind}, name: x, label: {{vi: X}}}}") for kind in (old, new))

    assert (check_next([first], second) == ()) is fits


def test_every_earlier_version_counts_and_not_only_the_last(world, asked):
    draft = changed(world, following(world, "f99"), "hide", name="tuoi")
    frozen(world, draft)
    new = following(world, "f99").plain
    new["sections"][0]["questions"] = new["sections"][0]["questions"][:3]

    found = check_next(
        [v.definition for v in versions_of(world.store, "f99")], build_definition(new)
    )

    assert [finding.place.question for finding in found] == ["tuoi"]


def test_versions_are_numbered_and_share_the_prefix_of_their_receipts(world, asked):
    for _ in range(3):
        frozen(world, changed(world, following(world, "f99"), "duplicate", name="gop_y"))

    versions = versions_of(world.store, "f99")

    assert [version.number for version in versions] == [1, 2, 3, 4]
    assert len({version.prefix for version in versions}) == 1


def test_the_notice_is_numbered_by_its_text(world):
    draft = copied(world)
    frozen(world, draft)
    same_text = frozen(world, changed(world, following(world, "f22-2"), "hide", name="bo_phan"))
    other = changed(world, following(world, "f22-2"), "notice", summary__vi="Câu khác hẳn.")
    other_text = frozen(world, other)

    numbers = [v.definition.notice.version for v in versions_of(world.store, "f22-2")]
    digests = {v.definition.notice.digest for v in (same_text, other_text)}

    assert numbers == [1, 1, 2]
    assert len(digests) == 2


def test_consent_names_the_notice_that_was_read(world):
    frozen(world, copied(world, "f51"))
    code = point_of(world, "f51-2")
    frozen(world, changed(world, following(world, "f51-2"), "notice", summary__vi="Câu khác."))
    page = world.client().get(f"/q/{code}").text

    assert "Câu khác." in page
    assert 'name="_version" value="2"' in page
