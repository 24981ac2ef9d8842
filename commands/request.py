"""flask request …: the register of data requests."""

from typing import Any

import click

from federation.requests import due_on
from services.clock import now
from services.erasure.requests import RequestBook

from .acts import act, columns, json_option, settings, store_for, tell

group = click.Group("request", help="Requests about personal data (form FA3).")


@group.command("list")
@click.option("--all", "with_done", is_flag=True, help="Also those that are done.")
@json_option
@act
def list_requests(with_done: bool, as_json: bool) -> None:
    """List the requests, what is due first at the top; those about confidential forms are not told.

    Names and numbers of the people stand in their forms only.
    """
    today = now().date()
    with store_for(writing=False) as store:
        book = RequestBook(store, settings().holidays)
        told: list[dict[str, Any]] = []
        for one in book.all():
            due = book.due(one)
            if one.confidential or not (due or with_done):
                continue
            told.append(
                {
                    "id": one.id,
                    "receipt": one.receipt,
                    "unit": one.unit,
                    "way": one.way.value,
                    "received_at": one.received_at.isoformat(timespec="seconds"),
                    "kinds": {kind.value: due_on(one, kind).isoformat() for kind in one.kinds},
                    "open": [kind.value for kind in one.open_kinds],
                    "next_due": due.on.isoformat() if due else "",
                    "next": (due.kind.value if due.kind else "first_answer") if due else "",
                    "overdue": bool(due and due.days_left(today) < 0),
                    "steps": len(one.steps),
                }
            )
    shown = [
        {
            "due": line["next_due"] or "–",
            "next": ("! " if line["overdue"] else "") + line["next"],
            "asked": " ".join(line["open"] or line["kinds"]),
            "unit": line["unit"],
            "receipt": line["receipt"] or line["id"],
        }
        for line in told
    ]
    tell(told, columns(shown) if shown else [], as_json=as_json)
