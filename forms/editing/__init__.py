"""Editing a form: pure acts on a definition as plain data, which need not be valid yet.

Knows no storage and no pages; an act takes what was posted and gives the form after it.
"""

from .acts import ACTS, act
from .errors import EditError
from .inputs import Inputs
from .plain import Kept, Plain

__all__ = ["ACTS", "EditError", "Inputs", "Kept", "Plain", "act"]
