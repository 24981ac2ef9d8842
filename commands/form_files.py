"""flask form import, export, validate: forms as XLSForm workbooks, and definitions in YAML."""

from pathlib import Path

import click

from forms.reading import DefinitionError
from forms.xlsform import Finding, Imported
from services.clock import now
from services.publishing.form_files import form_workbook, read_form_file
from services.publishing.imported_forms import NOBODY, find_form, keep_form
from services.trail.audit import Deed

from .acts import Refused, act, json_option, store_for, tell
from .noting import noted_store
from .texts import problem_text

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE)
@json_option
@act
def import_form(file: Path, as_json: bool) -> None:
    """Keep the form of an .xlsx (XLSForm) or YAML file as a draft; `form publish` publishes it."""
    imported = _read(file, as_json=as_json)
    if imported.definition is None:
        raise _refused(imported, as_json=as_json)
    with noted_store(Deed.FORM_CHANGED) as (store, tell_trail):
        draft = keep_form(store, imported.definition, NOBODY, now())
        tell_trail(form=draft.definition, what="import")
    count = len(imported.definition.asking)
    told = {"definition": draft.definition, "questions": count, "findings": _rows(imported)}
    kept = f"{draft.definition}: {count} questions, kept as a draft"
    tell(told, [*_lines(imported), kept], as_json=as_json)


@click.command("export")
@click.argument("code_or_id")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--draft", is_flag=True, help="The draft of the next version.")
@json_option
@act
def export_form(code_or_id: str, file: Path, draft: bool, as_json: bool) -> None:
    """Write a form as an XLSForm workbook, for spreadsheets, ODK and KoboToolbox."""
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError("the name of the file must end in .xlsx")
    with store_for(writing=False) as store:
        definition = find_form(store, code_or_id, draft=draft)
    content = form_workbook(definition)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error
    tell({"file": str(file), "definition": definition.id}, [str(file)], as_json=as_json)


@click.command("validate")
@click.argument("file", type=_FILE)
@json_option
@act
def validate_form(file: Path, as_json: bool) -> None:
    """Check an .xlsx (XLSForm), YAML or JSON file, and say everything with its place."""
    imported = _read(file, as_json=as_json)
    definition = imported.definition
    if definition is None:
        raise _refused(imported, as_json=as_json)
    count = len(definition.asking)
    told: dict[str, object] = {"definition": definition.id, "questions": count}
    if file.suffix.lower() == ".xlsx":
        told["findings"] = _rows(imported)
    line = f"{definition.id}: {count} questions, no mistakes"
    tell(told, [*_lines(imported), line], as_json=as_json)


def _read(file: Path, *, as_json: bool) -> Imported:
    try:
        return read_form_file(file.read_bytes(), file.name)
    except DefinitionError as error:
        if as_json:
            tell({"mistakes": [vars(m) for m in error.mistakes]}, [], as_json=True)
        raise Refused(str(error)) from error


def _refused(imported: Imported, *, as_json: bool) -> Refused:
    if as_json:
        tell({"definition": None, "findings": _rows(imported)}, [], as_json=True)
    return Refused("\n".join(_lines(imported)))


def _rows(imported: Imported) -> list[dict[str, object]]:
    return [
        {
            "sheet": finding.sheet,
            "row": finding.row,
            "column": finding.column,
            "what": problem_text(finding.what),
            "instead": problem_text(finding.instead),
            "blocks": finding.blocks,
        }
        for finding in imported.findings
    ]


def _lines(imported: Imported) -> list[str]:
    return [_line(finding) for finding in imported.findings]


def _line(finding: Finding) -> str:
    place = " ".join(filter(None, (finding.sheet, str(finding.row or ""), finding.column)))
    return f"{place}: {problem_text(finding.what)} → {problem_text(finding.instead)}"
