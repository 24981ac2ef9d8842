"""What a form is beside its questions: our own sheet, else the settings sheet and our defaults."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..definition import Definition
from ..editing.fresh import empty_form
from ..problems import N_, Problem
from ..unfinished import GAP
from .findings import Report
from .languages import code_of
from .lines import Line, Sheet
from .names import allowed_definition
from .plain_rows import Path, nested, path_of, value_of

FORMAT = 1
_LEFT = Problem(N_("It is left out."))
_NEWER = Problem(N_("A newer version of this program wrote the workbook."))
_WHAT_IS_KNOWN = Problem(N_("What is known here is read."))
_KEY = N_("There is no key “%(key)s” here.")
_TWICE = N_("The key “%(key)s” stands twice.")
_FIRST = Problem(N_("The first one counts."))
_DIFFERS = N_("The sheet “phieu” says otherwise: “%(value)s”.")
_OURS_COUNTS = Problem(N_("The sheet “phieu” counts. Change it there."))
_SETTING = N_("There is no setting “%(setting)s” here for a form.")
_NO_ID = Problem(N_("The form has no id that can be used."))
_ID = N_("Its id is %(id)s.")
_NO_TITLE = Problem(N_("The form has no title."))
_UNTITLED = Problem(N_("It is called “Biểu mẫu mới” (new form)."))
_NO_NOTICE = Problem(N_("The workbook has no notice on personal data."))
_COMPLETE = Problem(
    N_(
        "A standard notice stands there; as the purpose it names the title of the form. Say the "
        "purpose exactly before publishing, and ask for consent where the form asks for personal "
        "data."
    )
)
_PURPOSE = {
    "vi": "Dùng cho việc nêu ở tên biểu mẫu: “%s”.",
    "en": "For what the title of the form says: “%s”.",
}
_NO_TEXT = N_("The workbook does not say these: %(keys)s.")
_STANDARD = Problem(N_("Standard texts stand there. Please read them before publishing."))
_TEXTS = ("summary", "promise", "next_steps", "closing")
# What a workbook says itself, or what nobody would take from a form in which nothing is asked.
_OF_A_NEW_FORM = frozenset({"id", "title", "minutes", "sections"})
_KNOWN = frozenset({"form_title", "form_id", "default_language", "namespaces"})


def default_language(settings: Mapping[str, str]) -> str:
    """The language of texts whose heading names none."""
    return code_of(settings.get("default_language", "")) or "vi"


def read_settings(sheet: Sheet | None) -> Line:
    """The one row of the settings sheet."""
    if sheet is None or not sheet.lines:
        return Line(sheet.name if sheet else "settings", 2, {})
    return sheet.lines[0]


def own_values(sheet: Sheet | None, report: Report) -> tuple[dict[str, Any], dict[Path, Line]]:
    """What our own sheet says, and the row of every path in it."""
    values: dict[Path, Any] = {}
    lines: dict[Path, Line] = {}
    for line in sheet.lines if sheet else ():
        path = path_of(line)
        if not path or (path[0] not in Definition.model_fields and path != ("format",)):
            what = Problem(_KEY, {"key": line.get("key")[:60]})
            report.add(line.place("key"), what, _LEFT)
        elif path in values:
            report.add(line.place("key"), Problem(_TWICE, {"key": line.get("key")[:60]}), _FIRST)
        elif path == ("format",):
            if value_of(line) != FORMAT:
                report.add(line.place("value"), _NEWER, _WHAT_IS_KNOWN)
        else:
            values[path], lines[path] = value_of(line), line
    return nested(values), lines


def complete(
    own: dict[str, Any],
    settings: Line,
    languages: Iterable[str],
    questions: int,
    report: Report,
) -> dict[str, Any]:
    """All that a form needs beside its sections; tells where our defaults stand in."""
    _tell_differences(own, settings, report)
    plain = dict(own)
    default = default_language({"default_language": settings.get("default_language")})
    if "title" not in plain:
        title = settings.get("form_title")
        if not title:
            report.add(settings.place("form_title"), _NO_TITLE, _UNTITLED)
        plain["title"] = {default: title} if title else {"vi": "Biểu mẫu mới", "en": "New form"}
    if "id" not in plain:
        plain["id"] = _id(settings, next(iter(plain["title"].values())), report)
    plain.setdefault("languages", list(dict.fromkeys([default, *languages])))
    minutes = plain.setdefault("minutes", max(1, min(60, round(questions / 5))))
    if "notice" not in plain:
        report.add(("phieu", 0, "notice"), _NO_NOTICE, _COMPLETE)
    standard = _standard(plain["title"], minutes)
    if "notice" in plain:  # what goes with the standard notice would contradict it
        standard = {key: standard[key] for key in _TEXTS}
    if unsaid := [key for key in _TEXTS if key not in plain]:
        what = Problem(_NO_TEXT, {"keys": ", ".join(unsaid)})
        report.add(("phieu", 0, ""), what, _STANDARD)
    return {**standard, **plain}


def _tell_differences(own: Mapping[str, Any], settings: Line, report: Report) -> None:
    for key, _ in settings.cells:
        if key not in _KNOWN:
            report.add(settings.place(key), Problem(_SETTING, {"setting": key}), _LEFT)
    title = own.get("title")
    known = {"form_id": [own.get("id")], "form_title": list(title.values()) if title else []}
    for key, values in known.items():
        said = settings.get(key)
        if said and any(values) and said not in values:
            what = Problem(_DIFFERS, {"value": values[0]})
            report.add(settings.place(key), what, _OURS_COUNTS)


def _id(settings: Line, title: str, report: Report) -> str:
    said = settings.get("form_id")
    made = allowed_definition(said or title, fallback="bieu-mau")
    if made != said:
        report.add(settings.place("form_id"), _NO_ID, Problem(_ID, {"id": made}))
    return made


def _standard(title: Mapping[str, str], minutes: int) -> dict[str, Any]:
    """The texts of a form that says nothing of its own: those that a new form begins with."""
    texts = empty_form("x")
    promise = {
        "vi": f"{minutes} phút · không cần đăng nhập",
        "en": f"{minutes} minutes · no login",
    }
    settings = {key: texts[key] for key in texts.keys() - _OF_A_NEW_FORM}
    notice = _with_purpose(texts["notice"], title)
    return {**settings, "summary": dict(title), "promise": promise, "notice": notice}


def _with_purpose(notice: Mapping[str, Any], title: Mapping[str, str]) -> dict[str, Any]:
    """The notice with the title of the form where the purpose is still to be told."""
    anyhow = next(iter(title.values()))
    said = {
        language: words.replace("%s", title.get(language, anyhow))
        for language, words in _PURPOSE.items()
    }
    parts = []
    for part in notice["parts"]:
        text = {
            language: GAP.sub(lambda _gap: said.get(language, said["vi"]), words)  # noqa: B023 - used at once
            for language, words in part["text"].items()
        }
        parts.append({**part, "text": text})
    return {**notice, "parts": parts}
