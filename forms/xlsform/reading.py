"""A workbook as a definition, with all that is not taken as it stands; nothing goes silently."""

from ..problems import N_, Problem
from .building import build
from .choices import read_choices
from .filters import keep_filters, simple_filter
from .findings import Imported, Report
from .form_settings import complete, default_language, own_values, read_settings
from .grids import Grid, read_grids
from .lines import Sheet, plain_heading, sheet_of
from .logic import Asked, keep_what_fits
from .needs import Needs
from .survey import Survey

_NO_SURVEY = Problem(
    N_("The workbook has no sheet called “survey” with the columns type and name.")
)
_NO_LANGUAGE = Problem(N_("The headings name no language."))
_VIETNAMESE = Problem(N_("The texts count as Vietnamese. Write label::English (en) for others."))


def read_workbook(content: bytes) -> Imported:
    """Read an .xlsx file; raises UnfitWorkbook for what is none, or hostile."""
    report = Report()
    grids = read_grids(content, report)
    settings = read_settings(_sheet(grids, "settings", "", report))
    default = default_language({"default_language": settings.get("default_language")})
    survey = _sheet(grids, "survey", default, report)
    if survey is None or not {("type", ""), ("name", "")} <= survey.headings.keys():
        report.block(("survey", 1, ""), _NO_SURVEY)
        return Imported(None, report.found)
    if not settings.get("default_language"):
        _tell_of_language(survey, report)
    asked = keep_what_fits(_asked(grids, survey, default, report), report)
    keep_filters(asked, report)
    own, lines = own_values(_sheet(grids, "phieu", "", report), report)
    questions = [one for one in asked if not one.is_section]
    plain = complete(own, settings, _languages(questions), len(questions), report)
    return Imported(build(plain, asked, lines, report), report.found)


def _sheet(grids: dict[str, Grid], name: str, default: str, report: Report) -> Sheet | None:
    grid = grids.get(name)
    return sheet_of(grid.name, grid.rows, default, report) if grid else None


def _asked(grids: dict[str, Grid], survey: Sheet, default: str, report: Report) -> list[Asked]:
    filters = (simple_filter(line.get("choice_filter")) for line in survey.lines)
    filtering = frozenset(found[0] for found in filters if found)
    sheet = _sheet(grids, "choices", default, report) or Sheet("choices", {}, {})
    choices = read_choices(sheet, filtering, default, report)
    return Survey(Needs(choices, default, report)).read(survey)


def _languages(questions: list[Asked]) -> list[str]:
    """The languages that labels are written in."""
    return [language for one in questions for language in one.plain.get("label") or ()]


def _tell_of_language(survey: Sheet, report: Report) -> None:
    plain = [h for (key, _), h in survey.headings.items() if key == "label"]
    if shown := next((h for h in plain if not plain_heading(h)[1]), ""):
        report.add((survey.name, 1, shown), _NO_LANGUAGE, _VIETNAMESE)
