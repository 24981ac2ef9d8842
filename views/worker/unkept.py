"""The page again when the store could not keep what was sent: nothing that was typed is lost."""

import logging
from collections.abc import Callable

from werkzeug.wrappers import Response

from forms.definition import Definition
from forms.types.base import Inputs
from storage.errors import StoreError

from ..refusals import wants_json
from ..site import site
from .walking import Shown, unkept

_log = logging.getLogger("phieu")


def page_again(
    error: StoreError, definition: Definition, inputs: Inputs, draw: Callable[[Shown], Response]
) -> Response:
    """What `draw` makes of it; programs are told by the one table (errors.py)."""
    if wants_json():
        raise error
    _log.error("the store refused: %s", error)
    return draw(unkept(definition, inputs, site().now().date()))
