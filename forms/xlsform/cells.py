"""Values in cells: a text stands as it is, everything else as JSON, such that both read back.

Excel holds no control signs, at most 32,767 characters, and reads `_x0041_` as a sign of its own.
"""

import json
import re
from typing import Any

LONGEST_CELL = 32_767
_FOREIGN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPED = re.compile("_(x[0-9A-Fa-f]{4}_)")


def plain_cell(text: str) -> str:
    """The text as far as a cell can hold it, for people to read."""
    return _FOREIGN.sub("", text).strip()


def written(value: Any) -> str:
    """Any value of a definition as the text of a cell."""
    if isinstance(value, str) and value == plain_cell(value) != "" and not _is_json(value):
        return value
    whole = json.dumps(value, ensure_ascii=False)
    if _FOREIGN.search(whole):
        whole = json.dumps(value)  # every sign beyond ASCII as \uXXXX
    return _ESCAPED.sub(r"\\u005f\1", whole)


def read(cell: str) -> Any:
    """The value that `written` wrote; JSON that nests without end is a text."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
