"""Definitions for property tests: every kind of question, every setting, texts of all scripts."""

from hypothesis import strategies as st

from forms.definition import Definition
from forms.types import QUESTION_TYPES

STRANGE = (
    "=1+1", "012", "1e3", "true", "null", "NaN", "-", "[]", '"x"', "_x0041_", "\x07chuông",
    "hai\r\ndòng\tmột", "e\u0302\u0301", "🌾🧑\u200d🌾", "مرحبا \u202eabc", "ꪼꪕ ꪎꪳ", "Hmoob Ntsuab",
    "\ufffe", "  ", "${x}", "a::b", "\u2028", "x" * 300,
)  # fmt: skip
LANGUAGES = ("vi", "en", "hmn", "blt", "zh-Hans")
MODELS = {model.model_fields["type"].default: model for model in QUESTION_TYPES}
NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True).filter(lambda n: n != "don_vi")
WORDS = st.one_of(
    st.sampled_from(STRANGE),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12),
).filter(lambda text: text.strip())
TEXTS = st.dictionaries(st.sampled_from(LANGUAGES), WORDS, min_size=1, max_size=3)
CONDITIONS = st.sampled_from(
    ["1 = 1", "true()", " today() > '2026-01-01' ", "sum(1, 2) = 3", "count('a', '') + 1 > 0"]
)
CALCULATIONS = st.sampled_from(["1 + 1", "sum(1, 2)", "concat('a', 'b')"])
CONSTRAINTS = st.sampled_from([". != 7", "regex(., 'a+b')", "(. > 1) or . = 0", ". <= 9", "true()"])


def maybe(strategy):
    return st.one_of(st.none(), strategy)


def _settings(draw, kind, inside):
    plain = {"hint": draw(maybe(TEXTS)), "autocomplete": draw(st.sampled_from(["", "off", "true"]))}
    if kind != "calculate":
        plain["constraint"] = draw(maybe(CONSTRAINTS))
        plain["constraint_message"] = draw(maybe(TEXTS))
    if kind not in ("calculate", "signature"):
        required = st.booleans() if inside else st.one_of(st.booleans(), CONDITIONS)
        plain["required"] = draw(required)
    if not inside:
        plain["relevant"] = draw(maybe(CONDITIONS))
        plain["hidden"] = draw(st.booleans())
    plain["audio"] = draw(st.sampled_from([{}, {"vi": "cau-1.mp3", "hmn": "a.ogg"}]))
    return {key: value for key, value in plain.items() if value is not None}


def _own(draw, kind, inside):
    own = {
        **dict.fromkeys(("integer", "decimal", "money"), _numbers),
        **dict.fromkeys(("text", "multiline"), _lengths),
        **dict.fromkeys(("select_one", "select_multiple", "list"), _choosing),
        "date": _ages,
        "month": lambda draw, *_: {"future": draw(st.booleans())},
        "citizen_id": lambda draw, *_: {"passport": draw(st.booleans()), "sex": draw(maybe(NAMES))},
        "consent": lambda draw, *_: {"purpose": draw(st.sampled_from(["process", "sensitive"]))},
        "image": lambda draw, *_: {"most": 1, "smallest": draw(maybe(st.just((9, 12))))},
        "calculate": lambda draw, *_: {"calculation": draw(CALCULATIONS)},
        "repeat": _rows,
    }
    return own[kind](draw, kind, inside) if kind in own else {}


def _numbers(draw, kind, inside):
    return {"least": draw(maybe(st.integers(-5, 5))), "most": draw(maybe(st.integers(6, 10**6)))}


def _lengths(draw, kind, inside):
    lengths = draw(st.sampled_from([{}, {"shortest": 2}, {"shortest": 1, "longest": 90}]))
    looks = {"appearance": draw(st.sampled_from(["", "name"]))} if kind == "text" else {}
    return lengths | looks


def _ages(draw, kind, inside):
    ages = {"youngest": draw(maybe(st.integers(0, 18))), "oldest": draw(maybe(st.just(99)))}
    return {"year_only": draw(st.booleans()), "future": draw(st.booleans()), **ages}


def _choosing(draw, kind, inside):
    return {"choices": _choices(draw, inside)}


def _rows(draw, kind, inside):
    children = _questions(draw, 2, inside=True)
    return {"questions": children, "most": draw(st.integers(3, 20)), "item": draw(TEXTS)}


def _choices(draw, inside):
    names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,6}", fullmatch=True)
    found = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    choices = [
        {"name": name, "label": draw(TEXTS), "alone": draw(st.booleans()), "image": image}
        for name in found
        for image in [draw(st.sampled_from(["", "ca-sang.svg"]))]
    ]
    choices[-1]["other"] = not inside and draw(st.booleans())
    choices[0]["hidden"] = len(choices) > 1 and draw(st.booleans())
    return choices


INSIDE = sorted(MODELS.keys() - {"consent", "note", "calculate", "image", "signature", "repeat"})


def _questions(draw, most, *, inside=False):
    kinds = st.sampled_from(INSIDE if inside else list(MODELS))
    names = draw(st.lists(NAMES, min_size=1, max_size=most, unique=True))
    questions = []
    for name in names:
        kind = draw(kinds)
        settings = _settings(draw, kind, inside) | _own(draw, kind, inside)
        label = {"vi": name} if kind == "calculate" and draw(st.booleans()) else draw(TEXTS)
        questions.append({"type": kind, "name": name, "label": label, **settings})
    return questions


def _filters(draw, questions):
    """Some choices go with the answer to an earlier question."""
    earlier = []
    for question in questions:
        if earlier and "choices" in question and draw(st.booleans()):
            question["filter"], names = draw(st.sampled_from(earlier))
            fits = st.lists(st.sampled_from([*names, "k.2"]), max_size=2, unique=True)
            for choice in question["choices"]:
                choice["fits"] = draw(fits)
        if question["type"] in ("select_one", "list"):
            names = [choice["name"] for choice in question["choices"]]
            earlier.append((question["name"], names))


@st.composite
def definitions(draw):
    """Whole definitions; what a validator refuses is left out."""
    questions = _questions(draw, 8)
    _filters(draw, questions)
    if all(question["type"] == "note" for question in questions):
        questions.append({"type": "text", "name": "zz", "label": {"vi": "Câu hỏi"}})
    cuts = sorted({0, *draw(st.lists(st.integers(0, len(questions) - 1), max_size=3))})
    sections = [
        {
            "title": draw(maybe(TEXTS)),
            "relevant": draw(maybe(CONDITIONS)),
            "questions": questions[start:end],
        }
        for start, end in zip(cuts, [*cuts[1:], None], strict=True)
    ]
    parts = st.lists(st.fixed_dictionaries({"heading": TEXTS, "text": TEXTS}), max_size=3)
    flag = st.fixed_dictionaries({"when": CONDITIONS, "code": st.just("gap"), "label": TEXTS})
    alarm = st.fixed_dictionaries(
        {"when": CONDITIONS, "heading": TEXTS, "text": TEXTS, "staff_heading": TEXTS}
    )
    return {
        "id": draw(st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True)),
        "code": draw(st.sampled_from(["", "F28", "012"])),
        **{key: draw(TEXTS) for key in ("title", "summary", "promise", "next_steps", "closing")},
        "poster": draw(maybe(TEXTS)),
        "minutes": draw(st.integers(1, 60)),
        "languages": draw(st.permutations(LANGUAGES))[: draw(st.integers(1, 3))],
        "audience": draw(st.sampled_from(["worker", "unit"])),
        "anonymous": draw(st.booleans()),
        "open": draw(st.booleans()),
        "steps": False,
        "notice": {
            "version": draw(st.integers(1, 9)),
            "summary": draw(TEXTS),
            "parts": draw(parts),
        },
        "sections": sections,
        "alarm": draw(maybe(alarm)),
        "flags": draw(st.lists(flag, max_size=2)),
        "once": draw(st.sampled_from([None, {"per": "unit"}])),
    }


def valid(plain):
    """The definition of generated data, or None where its parts do not fit together."""
    try:
        return Definition.model_validate(plain)
    except ValueError:
        return None
