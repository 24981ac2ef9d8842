"""What every store refuses before it does anything: names that are none, forbidden changes."""

import re
from collections.abc import Iterable, Iterator, Sequence

from forms.response import Response

from .errors import StoreError
from .places import Claim

_FORM = re.compile(r"[a-z][a-z0-9-]{0,30}")
_FILE = re.compile(r"[0-9a-f]{32}-[0-9]{2}\.(jpg|png|pdf)")


def is_file_name(name: str) -> bool:
    return bool(_FILE.fullmatch(name))


def checked_file(definition: str, name: str = "") -> None:
    """Raise StoreError unless these are a definition's id and a file's name (or no name)."""
    if not _FORM.fullmatch(definition) or (name and not is_file_name(name)):
        raise StoreError(f"{definition!r}, {name!r} cannot be a form and its file")


def check_change(expected: Response, new: Response, claims: Sequence[Claim] | None) -> None:
    """Raise StoreError for a change that would make another response of it, or take places."""
    for name in ("id", "definition", "instance", "receipt"):
        if getattr(expected, name) != getattr(new, name):
            raise StoreError(f"the {name} of a response never changes")
    places = (new.claims, new.waits_for)
    if claims is None and places not in (((), ()), (expected.claims, expected.waits_for)):
        raise StoreError("a response gets its places from the store")


def checked_changes(
    definition: str, changes: Iterable[tuple[Response, Response]]
) -> dict[str, tuple[Response, Response]]:
    """The changes by the id of their response; raises StoreError for one that must not be."""
    checked: dict[str, tuple[Response, Response]] = {}
    for expected, new in changes:
        check_change(expected, new, None)
        if expected.definition != definition or expected.id in checked:
            raise StoreError(f"a response of {expected.definition} is changed twice or elsewhere")
        if (expected.claims, expected.waits_for) != (new.claims, new.waits_for):
            raise StoreError("places are not given up by the way")
        checked[expected.id] = (expected, new)
    return checked


def checked_form(definition: str, responses: Iterable[Response]) -> Iterator[Response]:
    """The responses, each of this definition; raises StoreError at one that is not."""
    for response in responses:
        if response.definition != definition:
            raise StoreError(f"a response of {response.definition} among those of {definition}")
        yield response
