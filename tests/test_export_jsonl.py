"""JSON Lines: one object per response, with nothing that anonymous or sensitive answers hide."""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from export.jsonl import jsonl_lines
from export.table import META
from forms.response import Response
from forms.types import Value

INSTANCE, RECEIPT = "3f0c8a52-6d5b-4c7e-9d53-0a8b7f5f2c11", "7FKGHJ2345678"


def response(answers: Mapping[str, Value], **changes: Any) -> Response:
    kept: dict[str, Any] = {
        "id": "random",
        "definition": "f1",
        "version": 2,
        "instance": INSTANCE,
        "content": "hash-of-content",
        "receipt": RECEIPT,
        "unit": "che",
        "place": "Nhà ăn",
        "point": "7FK722",
        "submitted_at": datetime(2026, 11, 24, 8, 5, 9, tzinfo=timezone(timedelta(hours=7))),
        "language": "en",
        "answers": answers,
        "flags": ("late",),
    }
    return Response(**kept | changes)


def lines(*responses: Response, anonymous: bool = False, masked: tuple[str, ...] = ()) -> list[str]:
    return list(
        jsonl_lines(
            responses,
            anonymous=anonymous,
            masked=frozenset(masked),
            unit_name={"che": "Công ty Chè"}.__getitem__,
        )
    )


def test_each_response_is_one_object_on_one_line():
    answers: list[dict[str, Value]] = [{"a": "dòng 1\ndòng 2"}, {"a": "x\r\ny"}, {}]

    written = lines(*map(response, answers))

    assert [line.count("\n") for line in written] == [1, 1, 1]
    assert all(line.endswith("}\n") and "\r" not in line for line in written)
    assert [json.loads(line)["answers"] for line in written] == answers


def test_an_object_has_the_instance_id_our_columns_and_the_answers():
    (line,) = lines(response({"ten": "Giàng A Páo"}))

    assert json.loads(line) == {
        "instance_id": INSTANCE,
        "_receipt": RECEIPT,
        "_unit": "che",
        "_unit_name": "Công ty Chè",
        "_place": "Nhà ăn",
        "_submitted_at": "2026-11-24T08:05:09+07:00",
        "_lang": "en",
        "_version": 2,
        "_state": "new",
        "_flags": ["late"],
        "answers": {"ten": "Giàng A Páo"},
    }
    assert list(json.loads(line)) == ["instance_id", *META, "answers"]


def test_answers_keep_their_kinds_and_accents():
    answers: dict[str, Value] = {"so": -5, "he_so": 2.5, "qua": ["gao", "tien"], "cccd": "0120"}

    (line,) = lines(response({**answers, "ten": "Lò Thị Phương"}))

    assert json.loads(line)["answers"] == {**answers, "ten": "Lò Thị Phương"}
    assert '"ten":"Lò Thị Phương"' in line


@pytest.mark.parametrize("value", ["tim", 3, ["om", "ngheo"]])
def test_masked_answers_read_three_stars_whatever_their_kind(value):
    (line,) = lines(response({"benh": value, "ten": "A"}), masked=("benh", "khac"))

    assert json.loads(line)["answers"] == {"benh": "***", "ten": "A"}


def test_anonymous_responses_leave_without_instance_id_and_receipt():
    (line,) = lines(response({"a": "x"}), anonymous=True)
    written = json.loads(line)

    assert written.get("instance_id") is None
    assert written.get("_receipt") is None
    assert INSTANCE not in line
    assert RECEIPT not in line
    assert written["answers"] == {"a": "x"}


def test_inner_ids_hashes_and_codes_stay_inside():
    (line,) = lines(response({"a": "x"}))

    assert not [word for word in ("random", "hash-of-content", "7FK722") if word in line]


def test_an_export_leaves_the_texts_of_the_store_as_small_as_they_were():
    kept = response({"ho_ten": f"Lò Thị {len(INSTANCE)}", "noi_o": ["bản Nậm Ét", "xã Tủa Sín"]})
    texts = [kept.place, *kept.answers["noi_o"], kept.answers["ho_ten"]]  # type: ignore[misc]
    before = list(map(sys.getsizeof, texts))

    lines(kept)

    assert list(map(sys.getsizeof, texts)) == before


def test_responses_are_read_one_by_one():
    read = []

    def source() -> Iterator[Response]:
        for number in range(100):
            read.append(number)
            yield response({"a": number})

    first = next(jsonl_lines(source(), anonymous=False, masked=frozenset(), unit_name=str))

    assert json.loads(first)["answers"] == {"a": 0}
    assert read == [0]
