"""Forms that come and go as files: XLSForm workbooks, read in a process of their own, and YAML.

What a workbook cannot say here is listed, never dropped silently (docs/xlsform.md).
"""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import forms
from forms.definition import Definition
from forms.problems import N_
from forms.reading import DefinitionError, Mistake, read_definition
from forms.xlsform import Finding, Imported, write_workbook
from forms.xlsform.grids import LARGEST_FILE
from forms.xlsform.xlsx import TooLongForACell

from ..errors import Refusal

LONGEST_WAIT = 40.0  # seconds; 1,000 questions take about two
_QUEUE = 20.0  # seconds until others have their turn
_ROOT = Path(forms.__file__).parent.parent
# What a process needs to start; our keys and the database's password are not among it.
_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")
_turn = threading.Lock()

_REFUSED = {
    "large": N_("The workbook is too large for a form."),
    "hostile": N_(
        "The workbook holds macros, links to other files or other things that no form has. Save it "
        "anew as “Excel workbook (.xlsx)” without them."
    ),
    "none": N_(
        "The file is no workbook that can be read. Save it as “Excel workbook (.xlsx)”, without a "
        "password."
    ),
}
_SLOW = N_("Reading the workbook took too long and was stopped. Nothing was imported.")
_BROKEN = N_("The workbook could not be read. Nothing was imported.")
_BUSY = N_("Other workbooks are being read. Please try again in a minute.")
_KIND = N_("Please give an .xlsx file, or a definition in YAML.")
_LONG = N_("A text of this form is too long for a cell of a workbook: %(text)s…")


def read_form(content: bytes) -> Imported:
    """Read an XLSForm workbook; raises Refusal for a file that is none, hostile or endless."""
    if len(content) > LARGEST_FILE:
        raise Refusal(_REFUSED["large"])
    if not _turn.acquire(timeout=_QUEUE):
        raise Refusal(_BUSY)
    try:
        told = _read_aside(content)
    finally:
        _turn.release()
    if unfit := told.get("unfit"):
        raise Refusal(_REFUSED[unfit])
    plain = told["definition"]
    definition = None if plain is None else Definition.model_validate(plain)
    return Imported(definition, tuple(map(Finding.of, told["findings"])))


def read_form_file(content: bytes, name: str) -> Imported:
    """The same for a file by its name; YAML and JSON hold definitions as we keep them.

    Raises Refusal, or DefinitionError with the mistakes of a YAML file.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".xlsx":
        return read_form(content)
    if suffix not in (".yaml", ".yml", ".json"):
        raise Refusal(_KIND)
    try:
        return Imported(read_definition(content.decode("utf-8-sig")), ())
    except UnicodeDecodeError as error:
        raise DefinitionError([Mistake("", "the file is not UTF-8; save it so")]) from error


def form_workbook(definition: Definition) -> bytes:
    """The definition as an XLSForm workbook; raises Refusal where a text fits no cell."""
    try:
        return write_workbook(definition)
    except TooLongForACell as error:
        raise Refusal(_LONG, {"text": str(error)}) from error


def _read_aside(content: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "forms.xlsform"],
            input=content,
            capture_output=True,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            timeout=LONGEST_WAIT,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal(_SLOW) from error
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:  # it ended before it could answer: out of memory or time
        raise Refusal(_BROKEN) from error
    return told
