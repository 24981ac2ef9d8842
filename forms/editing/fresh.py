"""A form with a title and nothing asked: what starting empty begins with."""

from functools import cache
from pathlib import Path

from ..cleaning import clean_line, is_readable
from ..gallery import read_ready_made
from ..problems import N_
from .errors import EditError
from .plain import Plain, folded_name

LONGEST_TITLE = 120
_EMPTY = Path(__file__).parent / "empty.yaml"
_LONGEST_ID = 27  # room for a number behind it


def empty_form(title: str) -> Plain:
    """The form of this title, its id made of it; raises EditError."""
    title = clean_line(title) if is_readable(title) else ""
    if not title:
        raise EditError(N_("Please give the form a title."), field="title")
    if len(title) > LONGEST_TITLE:
        raise EditError(
            N_("Please shorten this to %(longest)s characters; it has %(length)s now."),
            {"longest": LONGEST_TITLE, "length": len(title)},
            field="title",
        )
    wanted = folded_name(title, "bieu-mau").replace("_", "-")
    if not wanted[0].isalpha():
        wanted = f"phieu-{wanted}"
    plain: Plain = read_ready_made(_empty())
    return {"id": wanted[:_LONGEST_ID].strip("-"), **plain, "title": {"vi": title}}


@cache
def _empty() -> str:
    return _EMPTY.read_text("utf-8")
