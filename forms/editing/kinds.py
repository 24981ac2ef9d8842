"""The kinds of questions that can be added, with the texts a new one begins with.

A kind is a question type, or one of its common uses: a person's name is a text, yes or no a choice.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ..problems import N_
from .errors import EditError
from .plain import Plain

NEW_LABEL = {"vi": "Câu hỏi mới", "en": "New question"}
_FIRST_CHOICES = [
    {"name": "lua_chon_1", "label": {"vi": "Lựa chọn 1", "en": "Choice 1"}},
    {"name": "lua_chon_2", "label": {"vi": "Lựa chọn 2", "en": "Choice 2"}},
]
_YES_NO = [
    {"name": "co", "label": {"vi": "Có", "en": "Yes"}},
    {"name": "khong", "label": {"vi": "Không", "en": "No"}},
]
_PROCESS = {
    "vi": "Tôi đã đọc thông báo và đồng ý để Công đoàn dùng thông tin trong phiếu này.",
    "en": "I have read the notice and agree that the union uses what I wrote here.",
}
_SENSITIVE = {
    "vi": "Tôi đồng ý để Công đoàn dùng các câu trả lời được đánh dấu nhạy cảm trong phiếu này.",
    "en": "I agree that the union uses the answers marked sensitive in this form.",
}
_PERSON = [
    {
        "type": "text",
        "name": "ho_ten",
        "label": {"vi": "Họ và tên", "en": "Full name"},
        "appearance": "name",
    },
    {
        "type": "date",
        "name": "ngay_sinh",
        "label": {"vi": "Ngày sinh", "en": "Date of birth"},
        "year_only": True,
    },
]

# By the groups in which they are offered; a label of its own where the use is plain.
KINDS: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "text"},
    "multiline": {"type": "multiline"},
    "select_one": {"type": "select_one", "choices": _FIRST_CHOICES},
    "select_multiple": {"type": "select_multiple", "choices": _FIRST_CHOICES},
    "yes_no": {"type": "select_one", "choices": _YES_NO},
    "list": {"type": "list", "choices": _FIRST_CHOICES},
    "rating": {"type": "rating"},
    "integer": {"type": "integer"},
    "decimal": {"type": "decimal"},
    "money": {"type": "money"},
    "date": {"type": "date"},
    "month": {"type": "month"},
    "name": {
        "type": "text",
        "label": {"vi": "Họ và tên", "en": "Full name"},
        "appearance": "name",
        "autocomplete": "name",
    },
    "phone": {"type": "phone", "label": {"vi": "Số điện thoại", "en": "Phone number"}},
    "citizen_id": {"type": "citizen_id", "label": {"vi": "Số căn cước", "en": "ID number"}},
    "image": {"type": "image", "label": {"vi": "Ảnh", "en": "Photo"}},
    "signature": {"type": "signature", "label": {"vi": "Chữ ký", "en": "Signature"}},
    "repeat": {
        "type": "repeat",
        "label": {"vi": "Những người trong gia đình", "en": "People in your family"},
        "questions": _PERSON,
    },
    "note": {"type": "note", "label": {"vi": "Lời dẫn", "en": "Note"}},
    "consent": {"type": "consent", "label": _PROCESS, "purpose": "process", "required": True},
    "consent_sensitive": {"type": "consent", "label": _SENSITIVE, "purpose": "sensitive"},
    "calculate": {
        "type": "calculate",
        "label": {"vi": "Kết quả tính", "en": "Result"},
        "calculation": "0",
    },
}


def new_question(kind: str, languages: list[str]) -> Plain:
    """A question of this kind without a name, its texts in these languages; raises EditError."""
    if kind not in KINDS:
        raise EditError(N_("Please choose a kind of question."), field="kind")
    question: Plain = {"label": NEW_LABEL, **deepcopy(dict(KINDS[kind]))}
    question["label"] = {
        language: text for language, text in question["label"].items() if language in languages
    }
    return question
