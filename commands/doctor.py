"""flask doctor: look at the whole installation and say what needs care."""

import click

from config import HERE
from forms.problems import N_
from services.clock import now
from services.upkeep.dangers import dangers
from services.upkeep.examining import Grade, Place, examine

from .acts import Refused, act, json_option, key_files, settings, tell
from .texts import translate

_SIGNS = {Grade.GOOD: "✓", Grade.NOTICE: "·", Grade.FAULT: "✗"}


@click.command()
@json_option
@act
def doctor(as_json: bool) -> None:
    """Look at settings, rights, disk, store, keys and backups, and at what is unsafe.

    Works beside a running server.
    """
    config = settings()
    place = Place(
        config.data_dir, config.database_url, config.public_url, config.backup_dir, key_files()
    )
    found = [*examine(place, now()), *dangers(config, now(), HERE / "requirements.txt")]
    told = [
        {"about": f.about, "grade": f.grade, "text": translate(f.text, f.values)} for f in found
    ]
    lines = [
        f"{_SIGNS[f.grade]} {row['about']}: {row['text']}"
        for f, row in zip(found, told, strict=True)
    ]
    tell(told, lines, as_json=as_json)
    faults = sum(f.grade == Grade.FAULT for f in found)
    if faults:
        raise Refused(translate(N_("Faults found: %(count)s"), {"count": faults}))
