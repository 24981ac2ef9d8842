"""Acts on what belongs to the whole form: its texts, its notice, its languages, how it is asked."""

from ..cleaning import clean_line
from ..problems import N_
from .errors import EditError
from .inputs import LANGUAGE, Inputs
from .plain import Kept, Plain, put, put_texts

NEEDED_TEXTS = ("title", "summary", "promise", "next_steps", "closing")
TEXTS = ("title", "summary", "promise", "poster", "next_steps", "closing")
_LINES = ("title", "promise", "poster")
MOST_LANGUAGES, MOST_PARTS = 8, 20


def put_form_texts(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Put in the texts of the form, the minutes it promises, and whether it goes in steps."""
    for name in TEXTS:
        if texts := inputs.texts(name):
            if name in _LINES:
                texts = {language: clean_line(text) for language, text in texts.items()}
            put_texts(plain, name, texts)
            if name in NEEDED_TEXTS and not plain.get(name, {}).get("vi"):
                raise EditError(N_("This text is needed in Vietnamese."), field=f"{name}.vi")
    if inputs.has("minutes"):
        minutes = inputs.number("minutes")
        if minutes is None or not 1 <= minutes <= 60:
            raise EditError(
                N_("Please write a number from %(least)s to %(most)s."),
                {"least": 1, "most": 60},
                field="minutes",
            )
        put(plain, "minutes", minutes, 2)
    if inputs.has("steps"):
        wish = inputs.raw("steps")
        put(plain, "steps", "question" if wish == "question" else wish == "1", False)


def put_notice(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Put in the texts of the notice; a part that says nothing any more goes."""
    notice = plain["notice"]
    if texts := inputs.texts("summary"):
        put_texts(notice, "summary", texts)
        if not notice.get("summary", {}).get("vi"):
            raise EditError(N_("This text is needed in Vietnamese."), field="summary.vi")
    parts = []
    for at, part in enumerate([*notice.get("parts", ()), {}]):
        heading, text = inputs.texts(f"heading.{at}"), inputs.texts(f"text.{at}")
        part = dict(part)
        put_texts(part, "heading", heading)
        put_texts(part, "text", text)
        if bool(part.get("heading")) != bool(part.get("text")):
            wanting = "text" if part.get("heading") else "heading"
            raise EditError(
                N_("A part of the notice has a heading and a text."), field=f"{wanting}.{at}.vi"
            )
        if part.get("heading"):
            parts.append(part)
    if len(parts) > MOST_PARTS:
        raise EditError(N_("A notice can have %(most)s parts."), {"most": MOST_PARTS})
    put(notice, "parts", parts, [])


def add_language(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """Offer the form in one more `language`; its texts are then missing until they are written."""
    code, languages = inputs.line("language"), list(plain.get("languages", ["vi", "en"]))
    if not LANGUAGE.fullmatch(code):
        raise EditError(N_("Please write the language's code, such as hmn."), field="language")
    if code in languages:
        return
    if len(languages) >= MOST_LANGUAGES:
        raise EditError(
            N_("A form can have %(most)s languages."), {"most": MOST_LANGUAGES}, field="language"
        )
    put(plain, "languages", [*languages, code], ["vi", "en"])


def remove_language(plain: Plain, kept: Kept, inputs: Inputs) -> None:
    """No longer offer a `language`; its texts are kept, should it come back."""
    code, languages = inputs.line("language"), list(plain.get("languages", ["vi", "en"]))
    if code == "vi":
        raise EditError(N_("Vietnamese is the language that counts; it stays."))
    put(plain, "languages", [known for known in languages if known != code], ["vi", "en"])
