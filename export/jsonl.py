"""JSON Lines: one object per response, made for other programs and for reading back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from json import JSONEncoder
from typing import Any

from forms.response import Response

from .table import MASK

# Not orjson: with each text it reads, Python keeps its bytes for good, and a store its texts.
_written = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def jsonl_lines(
    responses: Iterable[Response],
    *,
    anonymous: bool,
    masked: frozenset[str],
    unit_name: Callable[[str], str],
) -> Iterator[str]:
    """One line per response; answers of the `masked` questions read ***.

    Anonymous forms leave without instance id and receipt: both are only hashes there, and would
    still tell two exports' rows apart.
    """
    for response in responses:
        yield _written(_object(response, anonymous, masked, unit_name)) + "\n"


def _object(
    response: Response, anonymous: bool, masked: frozenset[str], unit_name: Callable[[str], str]
) -> Mapping[str, Any]:
    return {
        "instance_id": None if anonymous else response.instance,
        "_receipt": None if anonymous else response.receipt,
        "_unit": response.unit,
        "_unit_name": unit_name(response.unit),
        "_place": response.place,
        "_submitted_at": response.submitted_at.isoformat(timespec="seconds"),
        "_lang": response.language,
        "_version": response.version,
        "_state": response.state,
        "_flags": list(response.flags),
        "answers": {
            name: MASK if name in masked else response.answers[name] for name in response.answers
        },
    }
