"""What to know of a form before it is published: errors keep it back, warnings ask for a look.

Pure: the size of its page and what earlier versions hold come as arguments.
"""

from collections.abc import Iterator, Mapping, Sequence

from .cleaning import fold
from .definition import Definition
from .editing.plain import Plain, questions
from .editing.texts import TEXTS
from .editing.words import said
from .expressions import Expression, ExpressionError, parse
from .findings import Finding, Place, Room, error, warning
from .kept_said import disagreements
from .misfits import misfits
from .mistakes import findings_of
from .next_version import check_next
from .problems import N_, Problem
from .reachable import contradiction, impossible_choice
from .reading import DefinitionError, build_definition
from .unfinished import unfinished

MOST_QUESTIONS_ON_A_PHONE = 20
LARGEST_PAGE = 14_000  # bytes of the page, compressed
_EXPRESSIONS = ("relevant", "required", "constraint", "calculation")
_CALLED = ("title", "heading", "label")  # sections, the alarm, questions and marks
_WORDS = ("label", "hint", "constraint_message", "item")
# Luật 91/2025/QH15 Điều 2, Nghị định 356/2025/NĐ-CP Điều 4: folded words of sensitive matters.
_SENSITIVE = (
    "dan toc", "ton giao", "chung toc", "quan diem chinh tri", "benh", "suc khoe", "khuyet tat",
    "hiv", "mang thai", "thu nhap", "tien luong", "tai khoan ngan hang", "so tai khoan", "ho ngheo",
    "tien an", "van tay", "bao luc", "quay roi", "sinh san",
)  # fmt: skip
_SECONDS: Mapping[str, int] = {
    "text": 12, "multiline": 20, "integer": 8, "decimal": 8, "money": 10, "phone": 12,
    "citizen_id": 20, "date": 12, "month": 8, "select_one": 6, "select_multiple": 9, "list": 10,
    "rating": 4, "consent": 4, "note": 4, "calculate": 0, "image": 25, "signature": 15,
    "repeat": 50,
}  # fmt: skip
_NOTICE_SECONDS = 15


def preflight(
    plain: Plain, earlier: Sequence[Definition] = (), page_bytes: int | None = None
) -> list[Finding]:
    """All findings, errors first; `earlier` are the published versions, oldest first."""
    errors, definition = _errors(plain)
    if definition is not None:
        errors += check_next(earlier, definition)
    told = list(disagreements(plain))
    errors += [*unfinished(plain), *(found for found in told if found.severity == "error")]
    warnings = [
        *(found for found in told if found.severity == "warning"),
        *_unreachable(plain),
        *_translations(plain),
        *_sensitive(plain),
        *_near_names(plain),
        *_length(plain, page_bytes),
    ]
    return [*errors, *warnings]


def is_ready(findings: Sequence[Finding]) -> bool:
    """Whether nothing keeps the form from being published."""
    return all(finding.severity != "error" for finding in findings)


def _errors(plain: Plain) -> tuple[list[Finding], Definition | None]:
    hidden = list(_reads_hidden(plain))
    try:
        return hidden, build_definition(plain)
    except DefinitionError as mistakes:
        return [*findings_of(mistakes.mistakes, plain), *hidden], None


def _asked(plain: Plain) -> Iterator[Plain]:
    return (question for question in questions(plain) if not question.get("hidden"))


def _by_name(plain: Plain) -> dict[str, Plain]:
    return {question["name"]: question for question in questions(plain)}


def _reads_hidden(plain: Plain) -> Iterator[Finding]:
    hidden = {name: q for name, q in _by_name(plain).items() if q.get("hidden")}
    for at, section in enumerate(plain["sections"]):
        place = Place("section", section=at)
        yield from _reading(section, place, hidden)
        for question in section["questions"]:
            if not question.get("hidden"):
                yield from _reading(question, Place("condition", question["name"]), hidden)
    for rule in (*plain.get("flags", ()), plain.get("alarm") or {}):
        yield from _reading(rule, Place("marks"), hidden)


def _reading(holder: Plain, place: Place, hidden: Mapping[str, Plain]) -> Iterator[Finding]:
    parsed = [_parsed(holder.get(setting)) for setting in (*_EXPRESSIONS, "when")]
    read = [expression.names for expression in parsed if expression]
    for names in [*read, frozenset({holder.get("filter", "")})]:
        for name in sorted(names & hidden.keys()):
            yield error(
                N_("“%(hidden)s” is hidden, but “%(question)s” depends on it."),
                place,
                hidden=said(hidden[name]),
                question=said(holder, next((w for w in _CALLED if w in holder), "label")),
            )


def _parsed(source: object) -> Expression | None:
    if not isinstance(source, str):
        return None
    try:
        return parse(source)
    except ExpressionError:
        return None


def _unreachable(plain: Plain) -> Iterator[Finding]:
    by_name = _by_name(plain)
    for at, section in enumerate(plain["sections"]):
        outer = [section["relevant"]] if section.get("relevant") else []
        if outer:
            place = Place("section", section=at)
            yield from _never(outer, outer, section, "title", place, by_name)
        for question in (q for q in section["questions"] if not q.get("hidden")):
            yield from misfits(question, by_name)
            if question.get("relevant"):
                own = [question["relevant"]]
                place = Place("condition", question["name"])
                yield from _never(own, [*outer, *own], question, "label", place, by_name)


def _never(
    own: list[str],
    together: list[str],
    holder: Plain,
    words: str,
    place: Place,
    by_name: Mapping[str, Plain],
) -> Iterator[Finding]:
    if pick := impossible_choice(own[0], by_name):
        yield warning(
            N_(
                "“%(what)s” is never asked: it needs an answer to “%(question)s” that cannot be"
                " given."
            ),
            place,
            what=said(holder, words),
            question=said(by_name[pick.question]),
        )
    elif name := contradiction(together, by_name):
        yield warning(
            N_("“%(what)s” is never asked: “%(question)s” would need two answers at once."),
            place,
            what=said(holder, words),
            question=said(by_name[name]),
        )


def missing_texts(plain: Plain, language: str) -> Iterator[tuple[Place, object]]:
    """Where a text has no words in a language, and what the place is called."""
    for name in TEXTS:
        if _lacks(plain, name, language):
            yield Place("texts"), said(plain, "title")
    notice = plain.get("notice", {})
    parts = [(notice, "summary")]
    parts += [(part, word) for part in notice.get("parts", ()) for word in ("heading", "text")]
    if any(_lacks(holder, word, language) for holder, word in parts):
        yield Place("notice"), Problem(N_("Notice"))
    alarm = plain.get("alarm") or {}
    if any(_lacks(alarm, word, language) for word in ("heading", "text")):
        yield Place("marks"), said(alarm, "heading")
    for at, section in enumerate(plain["sections"]):
        if _lacks(section, "title", language):
            yield Place("section", section=at), said(section, "title")
        for question in (q for q in section["questions"] if not q.get("hidden")):
            room = _lacking_room(question, language)
            if room:
                yield Place(room, question["name"]), said(question)


def _lacking_room(question: Plain, language: str) -> Room | None:
    own = any(_lacks(question, word, language) for word in _WORDS)
    if own or any(_lacks(child, "label", language) for child in question.get("questions", ())):
        return "question"
    choices = (c for c in question.get("choices", ()) if not c.get("hidden"))
    return "choices" if any(_lacks(c, "label", language) for c in choices) else None


def _lacks(holder: Plain, name: str, language: str) -> bool:
    return bool(holder.get(name)) and not holder[name].get(language)


def _translations(plain: Plain) -> Iterator[Finding]:
    for language in plain.get("languages", ["vi", "en"]):
        missing = list(missing_texts(plain, language))
        if missing:
            place, where = missing[0]
            yield warning(
                N_("%(count)s places have no words in %(language)s yet, the first is “%(what)s”."),
                place,
                count=len(missing),
                language=language,
                what=where,
            )


def _sensitive(plain: Plain) -> Iterator[Finding]:
    for question in _asked(plain):
        if question.get("sensitive") or question["type"] in ("consent", "note", "calculate"):
            continue
        label = f" {fold(said(question).into('vi'))} "
        if found := next((word for word in _SENSITIVE if word in label), ""):
            yield warning(
                N_(
                    "“%(question)s” sounds like sensitive data (%(word)s). Mark it sensitive if it"
                    " is: then it is encrypted, and people may leave it."
                ),
                Place("question", question["name"]),
                question=said(question),
                word=_as_written(said(question).into("vi"), found),
            )


def _as_written(label: str, found: str) -> str:
    """The word with its tones: folding keeps the number of letters in Vietnamese."""
    at = fold(label).find(found)
    plain = " ".join(label.split())
    return plain[at : at + len(found)].lower() if len(fold(label)) == len(plain) else found


def _near_names(plain: Plain) -> Iterator[Finding]:
    """Names that one slip of the finger makes of each other: whoever reads files mixes them up."""
    seen: dict[str, str] = {}
    by_name = _by_name(plain)
    for name in by_name:
        if len(name) < 5 or name.rstrip("0123456789") != name:
            continue
        shorter = {name[:at] + name[at + 1 :] for at in range(len(name))}
        twin = next((seen[key] for key in (name, *sorted(shorter)) if key in seen), "")
        if twin:
            yield warning(
                N_(
                    "The names %(name)s and %(other)s are nearly the same: in files one is taken"
                    " for the other."
                ),
                Place("question", name),
                name=name,
                other=twin,
            )
        seen |= dict.fromkeys([name, *shorter], name)


def seconds_needed(plain: Plain) -> int:
    """How long answering takes, roughly, when every question is asked."""
    asked = sum(_SECONDS.get(question["type"], 10) for question in _asked(plain))
    return asked + _NOTICE_SECONDS


def _length(plain: Plain, page_bytes: int | None) -> Iterator[Finding]:
    asked = [q for q in _asked(plain) if q["type"] not in ("note", "consent", "calculate")]
    if len(asked) > MOST_QUESTIONS_ON_A_PHONE and not plain.get("steps"):
        yield warning(
            N_(
                "The form asks %(count)s questions at once. On a phone that is long: leave some"
                " out, or show one section at a time."
            ),
            Place("texts"),
            count=len(asked),
        )
    if page_bytes is not None and page_bytes > LARGEST_PAGE:
        yield warning(
            N_(
                "The page weighs %(size)s KB; more than %(most)s KB is slow where the signal is"
                " weak."
            ),
            Place("form"),
            size=round(page_bytes / 1_000),
            most=LARGEST_PAGE // 1_000,
        )
    minutes, promised = seconds_needed(plain) / 60, int(plain.get("minutes", 2))
    if minutes > promised + 1:
        yield warning(
            N_("Answering takes about %(minutes)s minutes; the form promises %(promised)s."),
            Place("texts"),
            minutes=round(minutes),
            promised=promised,
        )
