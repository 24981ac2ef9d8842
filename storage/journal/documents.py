"""Documents as JSON: what can be kept, and copies that share nothing; knows no file or table."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import orjson

from .errors import NotStorable

Document: TypeAlias = dict[str, Any]
Tables: TypeAlias = dict[str, dict[int, Document]]

META = "_meta"  # the folded file's own table
_STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_DEEPEST = 250  # orjson stops at 254 levels, of which line and snapshot need a few


class Change(NamedTuple):
    """One step of a commit: store or remove a document, or a whole table.

    `doc_id` None means the table itself: `document` {} empties it, None drops it.
    `text` is the document's JSON.
    """

    table: str
    doc_id: int | None
    document: Document | None
    text: bytes


def changed(table: str, doc_id: int, document: Mapping[str, Any] | None) -> Change:
    """Build the change that stores `document`, or removes it where it is None."""
    check_table(table)
    if type(doc_id) is not int or not -(2**63) <= doc_id < 2**63:
        raise NotStorable(f"{doc_id!r} cannot be a document's id: it must be a 64-bit int.")
    if document is None:
        return Change(table, doc_id, None, b"null")
    return Change(table, doc_id, *encode(document))


def emptied(table: str) -> Change:
    """Build the change that leaves the table there, without documents."""
    check_table(table)
    return Change(table, None, {}, b"{}")


def dropped(table: str) -> Change:
    """Build the change that removes the table."""
    return Change(table, None, None, b"null")


def check_table(table: str) -> None:
    """Refuse table names that the folded file could not keep."""
    if not isinstance(table, str) or table == META or _str_problem(table):
        raise NotStorable(f"{table!r} cannot be a table's name.")


def encode(document: Mapping[str, Any]) -> tuple[Document, bytes]:
    """Return the document as it will come back from disk, sharing nothing, and its JSON.

    orjson turns NaN into null and a UUID into text without a word; comparing the result
    with the original finds such losses at a tenth of the price of walking every document.
    """
    plain = dict(document)
    try:
        text = orjson.dumps(((plain,),), option=_STRICT)[2:-2]
    except TypeError as error:
        problem = _problem(plain, "the document", 0) or str(error)
        raise NotStorable(f"Not stored: {problem}.") from error
    kept: Document = orjson.loads(text)
    if kept != plain and (loss := _problem(plain, "the document", 0)):
        raise NotStorable(f"Not stored: {loss}.")
    return kept, text


def copied(document: Document) -> Document:
    """Copy a document so far down that its reader cannot reach ours."""
    return {
        key: _copied(value) if isinstance(value, dict | list) else value
        for key, value in document.items()
    }


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return copied(value)
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value


def _problem(value: Any, where: str, depth: int) -> str | None:
    """Name the first value that JSON cannot keep, and where it stands."""
    if depth > _DEEPEST:
        return "it is nested too deeply"
    if isinstance(value, dict):
        return _dict_problem(value, where, depth)
    if isinstance(value, list | tuple):
        found = (_problem(item, f"{where}[{n}]", depth + 1) for n, item in enumerate(value))
        return next(filter(None, found), None)
    problem = _scalar_problem(value)
    return problem and f"{where} {problem}"


def _dict_problem(value: Mapping[Any, Any], where: str, depth: int) -> str | None:
    for key, item in value.items():
        if not isinstance(key, str):
            return f"{where} has the key {key!r}, which is not text"
        if problem := _str_problem(key):
            return f"{where} has a key that {problem}"
        if problem := _problem(item, f"{where}[{key!r}]", depth + 1):
            return problem
    return None


def _scalar_problem(value: Any) -> str | None:
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        return _str_problem(value)
    if isinstance(value, int):
        return None if -(2**63) <= value < 2**64 else "is an int of more than 64 bits"
    if type(value) is float:
        return None if math.isfinite(value) else f"is {value}, which JSON does not know"
    return f"is of type {type(value).__name__}, which JSON does not know"


def _str_problem(value: str) -> str | None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return "contains half a character (a lone surrogate)"
    return None
