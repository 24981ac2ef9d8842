"""Acts on what reviewers see first: marks on responses, and the alarm that cannot wait."""

from ..cleaning import clean_line
from ..problems import FLAGS, N_
from .errors import EditError
from .inputs import Inputs
from .picking import needed_condition
from .plain import Kept, Plain, folded_name, put, put_texts, questions

MOST_MARKS = 20
ALARM_TEXTS = ("heading", "text", "staff_heading")
_TOLD_ALONG = ("select_one", "list")
_ALARM_LINES = frozenset({"heading", "staff_heading"})


def mark_of(plain: Plain, code: str) -> Plain:
    """The mark of this code; raises EditError when it is not there."""
    for mark in plain.get("flags", ()):
        if mark["code"] == code:
            found: Plain = mark
            return found
    raise EditError(N_("This mark is no longer in the form."))


def put_mark(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Put in the words of the mark `mark` and when it is set; without a code it is a new one."""
    code = inputs.raw("mark")
    mark = mark_of(plain, code) if code else {}
    when = needed_condition(plain, inputs)
    texts = inputs.texts("label")
    put_texts(mark, "label", {language: clean_line(text) for language, text in texts.items()})
    if not mark.get("label", {}).get("vi") and code not in FLAGS:
        raise EditError(N_("A mark needs words in Vietnamese."), field="label.vi")
    mark["when"] = when
    if not code:
        marks = plain.setdefault("flags", [])
        if len(marks) >= MOST_MARKS:
            raise EditError(N_("A form can have %(most)s marks; it is full."), {"most": MOST_MARKS})
        marks.append({"code": _fresh_code(plain, mark["label"]["vi"]), **mark})


def remove_mark(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """No longer set the mark `mark`; responses that have it keep it."""
    mark = mark_of(plain, inputs.raw("mark"))
    put(plain, "flags", [other for other in plain["flags"] if other is not mark], [])


def put_alarm(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Put in when the alarm is raised, what it says to whom, and which answer it `tells`."""
    alarm: Plain = {**(plain.get("alarm") or {}), "when": needed_condition(plain, inputs)}
    for setting in ALARM_TEXTS:
        texts = inputs.texts(setting)
        is_line = setting in _ALARM_LINES
        put_texts(
            alarm, setting, {k: clean_line(text) if is_line else text for k, text in texts.items()}
        )
        if not alarm.get(setting, {}).get("vi"):
            raise EditError(N_("Please write this in Vietnamese."), field=f"{setting}.vi")
    if inputs.has("tells"):
        tells = inputs.raw("tells")
        if tells and tells not in {question["name"] for question in tellable(plain)}:
            raise EditError(N_("Please choose the question on which it depends."), field="tells")
        put(alarm, "tells", tells, "")
    plain["alarm"] = alarm


def tellable(plain: Plain) -> list[Plain]:
    """The questions of which one answer may be told along: nothing sensitive, nothing typed."""
    return [
        question
        for question in questions(plain)
        if question["type"] in _TOLD_ALONG
        and not (question.get("hidden") or question.get("sensitive"))
    ]


def remove_alarm(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """No answer of this form raises an alarm any longer."""
    plain.pop("alarm", None)


def _fresh_code(plain: Plain, label: str) -> str:
    taken = {mark["code"] for mark in plain.get("flags", ())} | FLAGS.keys()
    wanted = folded_name(label, "dau")
    wanted = (wanted if wanted[0].isalpha() else f"dau_{wanted}")[:36]
    number, code = 1, wanted
    while code in taken:
        number += 1
        code = f"{wanted}_{number}"
    return code
