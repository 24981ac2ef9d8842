"""Our question types beside the nearest type of XLSForm, in both directions."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..problems import N_, Problem


@dataclass(frozen=True)
class Nearest:
    """How XLSForm says a type; `choices` names a list that only XLSForm needs."""

    type: str
    appearance: str = ""
    parameters: str = ""
    choices: str = ""


TICK = "phieu_tick"
TEXT = Nearest("text")
NEAREST: Mapping[str, Nearest] = {
    "text": TEXT,
    "multiline": Nearest("text", "multiline"),
    "integer": Nearest("integer"),
    "decimal": Nearest("decimal"),
    "money": Nearest("integer", "thousands-sep"),
    "phone": Nearest("text", "numbers"),
    "citizen_id": TEXT,
    "date": Nearest("date"),
    "month": Nearest("date", "month-year"),
    "select_one": Nearest("select_one"),
    "select_multiple": Nearest("select_multiple"),
    "list": Nearest("select_one", "minimal"),
    "rating": Nearest("range", "rating", "start=1 end=5 step=1"),
    # A box to tick whose value is 1, as ours is; acknowledge says OK.
    "consent": Nearest("select_multiple", choices=TICK),
    "note": Nearest("note"),
    "calculate": Nearest("calculate"),
    "image": Nearest("image", parameters="max-pixels=2000"),
    "signature": Nearest("image", "signature", "max-pixels=2000"),
    "repeat": Nearest("begin_repeat"),
}

# The words of XLSForm that mean the same, `_` for every blank between them.
WORDS = {
    "int": "integer",
    "string": "text",
    "photo": "image",
    "select1": "select_one",
    "select_one_from": "select_one",
    "add_select_one_prompt_using": "select_one",
    "add_select_multiple_prompt_using": "select_multiple",
    "select_all_that_apply_from": "select_multiple",
    "select_all_that_apply": "select_multiple",
    "begin_looped_group": "begin_repeat",
    "end_looped_group": "end_repeat",
    "datetime": "datetime",
    "acknowledge": "acknowledge",
    "trigger": "acknowledge",
}
KNOWN = frozenset(
    (
        *("text", "integer", "decimal", "date", "note", "calculate", "image", "range"),
        *("select_one", "select_multiple"),
    )
)
_FRAMES = frozenset({"begin_group", "end_group", "begin_repeat", "end_repeat"})
APPEARANCES: Mapping[tuple[str, str], str] = {
    ("text", "multiline"): "multiline",
    ("date", "month-year"): "month",
    ("select_one", "minimal"): "list",
    ("select_one", "autocomplete"): "list",
    ("select_one", "search"): "list",
    ("image", "signature"): "signature",
}
# Looks that change nothing an answer says; ours are decided by the page.
SILENT = frozenset(
    (
        *("multiline", "minimal", "autocomplete", "search", "signature", "month-year", "name"),
        *("numbers", "thousands-sep", "field-list", "rating", "quick", "horizontal", "compact"),
        *("horizontal-compact", "columns", "columns-pack", "likert", "no-calendar", "new"),
        *("new-front", "selfie"),
    )
)

_TEXT = N_("It becomes a text that people type.")
_DAY = N_("It becomes a date without the time of day.")
_FILE = N_("It becomes photos or PDF files.")
_TYPED = N_("It becomes a number that people type.")
_OK = N_("It becomes a question with the one answer “OK”.")
BECOMES: Mapping[str, tuple[str, Problem]] = {
    "barcode": ("text", Problem(_TEXT)),
    "time": ("text", Problem(_TEXT)),
    "email": ("text", Problem(_TEXT)),
    "datetime": ("date", Problem(_DAY)),
    "file": ("image", Problem(_FILE)),
    "range": ("integer", Problem(_TYPED)),
    "acknowledge": ("select_one", Problem(_OK)),
}
# Filled by the phone without a question; our responses have their own time and unit.
METADATA = frozenset(
    (
        *("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "audit"),
        *("phone_number", "username", "start-geopoint", "background-audio"),
        "background-geopoint",
    )
)


def word_of(said: str) -> tuple[str, str, bool]:
    """`select one from ds or other` → select_one, ds, True."""
    words = said.split()
    other = False
    for ending in (["or_other"], ["or", "other"], ["or", "specify", "other"]):
        if [word.lower() for word in words[-len(ending) :]] == ending:
            words, other = words[: -len(ending)], True
    for length in range(min(len(words), 6), 1, -1):
        word = "_".join(words[:length]).lower()
        if WORDS.get(word, word) in KNOWN | _FRAMES:
            return WORDS.get(word, word), " ".join(words[length:]), other
    word = words[0].lower() if words else ""
    return WORDS.get(word, word), " ".join(words[1:]), other
