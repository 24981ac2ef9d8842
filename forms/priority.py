"""Points for what a welfare form tells, as an aid to its reviewer; they never decide alone."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .expressions import Condition
from .localized import Localized

CAP = 100


class Points(BaseModel):
    """Points where a condition holds of the answers; of one `group` only the highest count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: Condition
    points: int = Field(ge=1, le=CAP)
    label: Localized
    group: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{0,40}$")] = ""
