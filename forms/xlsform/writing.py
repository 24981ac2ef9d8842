"""A definition as the sheets of an XLSForm workbook.

What the usual columns cannot say exactly goes into columns of our own: the writer asks the reader
what it would understand, and adds the rest. So a new setting of a question travels by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..definition import Definition, Section
from ..localized import Localized
from ..types import Question
from ..types.choices import Choice
from ..types.dates import Month
from ..types.repeat import Repeat
from .bounds import without_bounds
from .cells import plain_cell, written
from .choices import choice_settings, own_choice_column
from .dialect import SETTINGS, columns_of
from .filters import COLUMN, filter_cells
from .findings import Report
from .form_settings import FORMAT
from .kinds import NEAREST, TEXT, TICK
from .languages import heading
from .lines import TRANSLATED, Key, Line, own_column
from .plain_rows import rows_of
from .questions import standard_settings
from .sections import standard_section
from .xlsx import workbook_of

Cells = dict[Key, str]
NAMESPACE = 'phieu="urn:phieu-cong-doan"'
_TICKED = Localized({"vi": "Tôi đồng ý", "en": "I agree"})
_FIRST = ("type", "list_name", "name", "label", "hint", "required", "relevant", "constraint")
_LAST = ("constraint_message", "calculation", "appearance", "parameters")


def write_workbook(definition: Definition) -> bytes:
    """The definition as an .xlsx file that ODK, KoboToolbox and `read_workbook` take."""
    writer = _Writer(definition)
    survey = list(writer.survey())
    choices = list(writer.choices())
    languages = _languages(definition, [*survey, *choices])
    return workbook_of(
        {
            "survey": _table(survey, languages, "type"),
            "choices": _table(choices, languages, "list_name"),
            "settings": _settings(definition),
            "phieu": [["key", "language", "value"], *map(list, rows_of(_rest(definition)))],
        }
    )


def own_fields(model: Question | Section | Choice) -> dict[str, Any]:
    """The settings that are not as they are anyway."""
    return model.model_dump(mode="json", exclude_defaults=True)


class _Writer:
    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._lists: dict[tuple[Choice, ...], str] = {}
        self._ticks = False
        self._months = frozenset(q.name for q in definition.questions if isinstance(q, Month))

    def survey(self) -> Iterator[Cells]:
        taken = set(self._definition.by_name)
        for number, section in enumerate(self._definition.sections, start=1):
            name = f"phan_{number}"
            while name in taken:
                name += "_"
            yield self._opening(section, name)
            for question in section.questions:
                yield from self._question(question)
            yield {("type", ""): "end_group"}

    def _opening(self, section: Section, name: str) -> Cells:
        plain = own_fields(section)
        del plain["questions"]
        cells: Cells = {("type", ""): "begin_group", ("name", ""): name}
        if not any(isinstance(question, Repeat) for question in section.questions):
            cells["appearance", ""] = "field-list"
        _put(cells, {**plain, **columns_of(plain, self._months)})
        return _completed(cells, plain, standard_section(_line(cells)))

    def _question(self, question: Question) -> Iterator[Cells]:
        plain = own_fields(question)
        children = plain.pop("questions", None)
        plain.pop("choices", None)
        if isinstance(question, Repeat):  # a workbook that says nothing means more than ours do
            plain["most"] = question.most
        nearest = NEAREST.get(question.type, TEXT)
        cells: Cells = {("type", ""): f"{nearest.type} {self._list(question)}".strip()}
        looks = [nearest.appearance, str(plain.get("appearance", ""))]
        cells["appearance", ""] = " ".join(filter(None, looks))
        cells["parameters", ""] = nearest.parameters
        filtered = cells["choice_filter", ""] = filter_cells(question)
        shown = {**plain, **columns_of(plain, self._months)}
        if plain["label"] == {"vi": question.name} and question.type == "calculate":
            del shown["label"], plain["label"]
        _put(cells, shown)
        understood = _understood(cells, plain) | ({"filter": plain["filter"]} if filtered else {})
        yield _completed(cells, plain, understood)
        if children is not None and isinstance(question, Repeat):
            for child in question.questions:
                yield from self._question(child)
            yield {("type", ""): "end_repeat"}
        for companion in question.companions():
            yield from self._question(companion)

    def _list(self, question: Question) -> str:
        nearest = NEAREST.get(question.type, TEXT)
        self._ticks = self._ticks or nearest.choices == TICK
        choices: tuple[Choice, ...] = getattr(question, "choices", ())
        return self._lists.setdefault(choices, question.name) if choices else nearest.choices

    def choices(self) -> Iterator[Cells]:
        names = {name: choices for choices, name in self._lists.items()}
        for name, choices in names.items():
            for choice in choices:
                plain = own_fields(choice)
                cells: Cells = {("list_name", ""): name}
                _put(cells, plain)
                cells[COLUMN, ""] = " ".join(choice.fits)
                understood = choice_settings(_line(cells)) | (
                    {"fits": plain["fits"]} if choice.fits else {}
                )
                yield _completed(cells, plain, understood, own_choice_column)
        if self._ticks:
            cells = {("list_name", ""): TICK, ("name", ""): "1"}
            for language in self._definition.languages:
                cells["label", language] = _TICKED.root.get(language) or _TICKED.into(language)
            yield cells


def _put(cells: Cells, plain: Mapping[str, Any]) -> None:
    """The settings that the usual columns know, for people and programs to read."""
    for key in ("name", *SETTINGS):
        if plain.get(key):
            cells[key, ""] = plain_cell(plain[key])
    for key, texts in (("label", plain.get("title")), *plain.items()):
        if key in ("label", "hint", "constraint_message") and texts:
            for language, text in texts.items():
                cells[key, language] = plain_cell(text)


def _understood(cells: Cells, plain: Mapping[str, Any]) -> dict[str, Any]:
    understood = standard_settings(_line(cells), Report()) or {}
    if "constraint" in understood:
        own = without_bounds(understood.pop("constraint"), plain)
        understood |= {"constraint": own} if own else {}
    return understood


def _completed(
    cells: Cells,
    meant: Mapping[str, Any],
    understood: Mapping[str, Any],
    column: Callable[[str], str] = own_column,
) -> Cells:
    """The cells, and what the reader would not take from them."""
    for key in {**meant, **understood}:
        if meant.get(key) != understood.get(key) or (key in meant) > (key in understood):
            cells[column(key), ""] = written(meant.get(key))
    return cells


def _line(cells: Cells) -> Line:
    return Line("", 0, {key: text for key, text in cells.items() if text})


def _rest(definition: Definition) -> dict[str, Any]:
    """All but the sections; what is as it is anyway stands there, too, for people to change."""
    whole = definition.model_dump(mode="json", exclude={"sections"})
    brief = definition.model_dump(mode="json", exclude={"sections"}, exclude_defaults=True)
    kept = {key: brief.get(key, value) for key, value in whole.items() if value is not None}
    return {"format": FORMAT, **kept}


def _languages(definition: Definition, rows: Iterable[Cells]) -> list[str]:
    used: dict[str, None] = dict.fromkeys(definition.languages)
    for cells in rows:
        used |= {language: None for _, language in cells if language}
    return list(used)


def _table(rows: list[Cells], languages: list[str], needed: str) -> list[list[str]]:
    """Headings and rows; a column of texts stands there in every language."""
    used = {key: None for cells in rows for (key, _), text in cells.items() if text}
    names = {needed: None, "name": None, "label": None} | used
    ordered = [key for key in _FIRST if key in names]
    ordered += [key for key in _LAST if key in names]
    ordered += [key for key in names if key not in ordered]
    columns = [
        (key, language)
        for key in ordered
        for language in (languages if key in TRANSLATED else [""])
    ]
    heads = [f"{key}::{heading(language)}" if language else key for key, language in columns]
    return [heads, *([cells.get(column, "") for column in columns] for cells in rows)]


def _settings(definition: Definition) -> list[list[str]]:
    cells = {
        "form_title": plain_cell(definition.title.into(definition.languages[0])),
        "form_id": definition.id,
        "default_language": heading(definition.languages[0]),
        "namespaces": NAMESPACE,
    }
    return [list(cells), list(cells.values())]
