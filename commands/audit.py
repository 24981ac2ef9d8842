"""flask audit …: the audit trail: read it, prove it, take it along."""

from datetime import date, datetime
from pathlib import Path

import click

from export.csv import csv_chunks
from forms.problems import N_
from services.clock import VIETNAM
from services.errors import Refusal
from services.identity import Hasher
from services.reading.trail_reading import (
    COLUMNS,
    Wanted,
    entry_document,
    entry_line,
    entry_row,
    open_entries,
)
from services.trail.audit import Deed, remembered_ends
from services.trail.chain import Chain, break_problem
from storage.whole_file import write_whole

from .acts import Refused, act, columns, json_option, key_files, store_for, tell
from .noting import leave_note
from .texts import translate
from .unit import Day

group = click.Group("audit", help="The audit trail: who saw, changed or exported what.")


def _begin(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM) if day else None


@group.command("list")
@click.option("--since", type=Day(), help="Only from this day on, such as 2026-11-24.")
@click.option("--who", default="", help="A sign-in name, or worker, command, server.")
@click.option("--act", "deed", default="", help="What was done, such as exported.")
@json_option
@act
def list_entries(since: date | None, who: str, deed: str, as_json: bool) -> None:
    """List the lines, oldest first; those about confidential forms are not told."""
    if deed and deed not in set(Deed):
        raise click.UsageError(f"{deed!r} is no act; there are: {', '.join(sorted(Deed))}")
    with store_for(writing=False) as store:
        found = list(open_entries(store, Wanted(who, deed, _begin(since))))
    leave_note(Deed.TRAIL_READ, rows=len(found))
    rows = [
        {
            "number": entry.number,
            "at": entry.at.isoformat(timespec="seconds"),
            "who": entry.who,
            "act": entry.act,
            "about": " ".join(f"{name}={value}" for name, value in entry.about.items()),
        }
        for entry in found
    ]
    told = [entry_document(entry) for entry in found]
    tell(told, columns(rows) if rows else [], as_json=as_json)


@group.command()
@json_option
@act
def verify(as_json: bool) -> None:
    """Prove that no line was changed, moved or taken out; works beside a running server.

    `storage check` compares with the newest backup, too.
    """
    keys = key_files()
    if not keys.fingerprint():
        raise Refusal(N_("There are no keys yet: start the server once."))
    with store_for(writing=False) as store:
        ends = remembered_ends(store)  # first: the trail may grow meanwhile
        entries = store.trail.all()
    broken = Chain(Hasher(keys.hashing())).first_break(entries, ends)
    told = {
        "entries": len(entries),
        "first": entries[0].number if entries else None,
        "last": entries[-1].number if entries else None,
        "broken": None
        if broken is None
        else {
            "wrong": broken.wrong,
            "number": broken.number,
            "at": broken.at.isoformat() if broken.at else None,
        },
    }
    if broken is None:
        whole = translate(N_("The trail is whole: %(count)s lines."), {"count": len(entries)})
        tell(told, [whole], as_json=as_json)
        return
    tell(told, [], as_json=as_json)
    raise Refused(break_problem(broken))


@group.command()
@click.option("-o", "output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "kind", type=click.Choice(["csv", "jsonl"]), help="Else by the ending.")
@json_option
@act
def export(output: Path, kind: str | None, as_json: bool) -> None:
    """Write the whole trail into a new file, with its seals; not what is confidential."""
    if output.exists():
        raise Refusal(N_("%(path)s exists already."), {"path": output})
    with store_for(writing=False) as store:
        found = list(open_entries(store, Wanted()))
    leave_note(Deed.TRAIL_EXPORTED, rows=len(found), file=output.name)
    is_lines = (kind or output.suffix.removeprefix(".")) == "jsonl"
    csv = csv_chunks(list(COLUMNS), map(entry_row, found))
    chunks = map(entry_line, found) if is_lines else csv
    write_whole(output, (chunk.encode() for chunk in chunks))
    tell({"file": str(output), "rows": len(found)}, [f"{output}: {len(found)}"], as_json=as_json)
