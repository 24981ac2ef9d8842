"""Ready-made export profiles of ready-made forms: one YAML file per form, a list of profiles."""

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from ...export_profile import ExportProfile, profile_id
from ...reading import read_text

FOLDER = Path(__file__).parent
_PROFILE = TypeAdapter(ExportProfile)


@cache
def ready_profiles(form: str) -> tuple[ExportProfile, ...]:
    """Those of a form of the gallery, by its id; none for other forms."""
    known = {path.stem: path for path in FOLDER.glob("*.yaml")}
    if form not in known:
        return ()
    found = read_text(known[form].read_text("utf-8"))
    return tuple(
        _PROFILE.validate_python({**one, "form": form, "id": profile_id(one["title"])})
        for one in found
    )
