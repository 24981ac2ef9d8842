"""flask response purge: erase what has been kept as long as people were told."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from services.clock import now
from services.erased import LIST_NAME, ErasedList
from services.errors import Refusal
from services.identity import Hasher
from services.publishing.publish import all_versions, find_definition, published_versions
from services.reading.responses import UNTOLD, is_confidential
from services.reading.retentions import retention_of
from services.rights.deadlines import Plan
from services.rights.purging import Outcome, Purger
from services.trail.audit import COMMAND
from storage.soundness import open_keys
from storage.store import Store

from .acts import act, json_option, key_files, settings, store_for, tell
from .texts import translate


@click.command()
@click.argument("definition", required=False)
@click.option("--dry-run", is_flag=True, help="Only say what is due; beside a running server, too.")
@json_option
@act
def purge(definition: str | None, dry_run: bool, as_json: bool) -> None:
    """Erase for good what was kept long enough, of one form or of all; not what is on hold."""
    with store_for(writing=not dry_run) as store:
        forms = _forms(store, definition)
        if dry_run:
            purger = Purger(store, Hasher(b""), now)  # looking makes no key
            told = [_planned(store, purger.plan(form)) for form in forms]
        else:
            told = _purge(store, forms)
    tell(told, [_line(row) for row in told], as_json=as_json)


def _line(row: Mapping[str, object]) -> str:
    """`f28  due 3, soon 0, first 2026-12-01, skipped 0`; what is not so is left out."""
    said = [(name, value) for name, value in row.items() if name != "form"]
    parts = [
        name if value is True else f"{name} {value}"
        for name, value in said
        if value is not False and value != ""
    ]
    return f"{row['form']}  {', '.join(parts)}"


def _forms(store: Store, definition: str | None) -> list[str]:
    if definition is None:
        return [version.definition.id for version in published_versions(store)]
    form = find_definition(store, definition).id
    all_versions(store, form)  # one of the gallery only has no responses
    return [form]


def _purge(store: Store, forms: Sequence[str]) -> list[dict[str, Any]]:
    hasher = Hasher(open_keys(store, key_files(), settings().secret_key).hashing)
    backups = settings().backup_dir
    erased = ErasedList(backups / LIST_NAME, hasher) if backups else None
    purger, told = Purger(store, hasher, now, erased), list[dict[str, Any]]()
    for form in forms:
        try:
            told.append(_done(store, purger.purge(form, COMMAND)))
        except Refusal as refusal:
            if len(forms) == 1:
                raise
            click.echo(translate(refusal.message, refusal.values), err=True)
    return told


def _planned(store: Store, plan: Plan) -> dict[str, Any]:
    return {
        "form": plan.form,
        "due": _number(store, plan.form, len(plan.due)),
        "soon": _number(store, plan.form, plan.soon),
        "first": plan.first.isoformat() if plan.first and _is_told(store, plan.form) else "",
        "skipped": _number(store, plan.form, len(plan.skipped)),
        "held": retention_of(store, plan.form).hold is not None,
    }


def _done(store: Store, outcome: Outcome) -> dict[str, Any]:
    return {
        "form": outcome.form,
        "rows": _number(store, outcome.form, outcome.rows),
        "left": _number(store, outcome.form, outcome.left),
        "skipped": _number(store, outcome.form, len(outcome.skipped)),
        "held": outcome.held,
    }


def _number(store: Store, form: str, count: int) -> int | str:
    """How many; of complaints not even that is told."""
    return count if _is_told(store, form) else UNTOLD


def _is_told(store: Store, form: str) -> bool:
    return not is_confidential(all_versions(store, form)[-1])
