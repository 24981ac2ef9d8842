"""What stands before a paper form that is typed in: the counter, day and sheet, the last ones."""

from flask import url_for
from flask_babel import gettext

from federation.access import Act
from forms.definition import Definition
from forms.response import Response as Answered
from forms.types.base import Inputs
from qr.codes import grouped
from services.publishing.publish import all_versions
from services.reading import responses
from services.reading.likeness import Like, alike
from services.receiving.paper_batch import FILLED_ON, SHEET, SIGNED, Batch
from services.review.correcting import is_open_to_reviewers

from ..language import problem_text
from ..security import csrf_token
from ..session import flashed, me
from ..site import site
from ..worker.walking import Shown
from .review_panel import may_review


def alike_to(response: Answered) -> tuple[Like, ...]:
    """Who may have sent the same before, as far as this person may read that."""
    definition = all_versions(site().store, response.definition)[-1]
    store, tree, today = site().store, site().tree, site().today
    if not responses.may_read(me(), definition, tree, today):
        return ()
    return alike(store, responses.view_for(store, definition, me(), tree, today=today), response)


def batch_block(
    definition: Definition, batch: Batch, inputs: Inputs, shown: Shown
) -> dict[str, object]:
    """What templates/worker/_entry.html reads."""
    found = [site().store.response(definition.id, response_id) for response_id in batch.last]
    last = [response for response in found if response is not None and not response.is_withdrawn]
    newest = last[0] if last and last[0].id == batch.last[0] else None
    return {
        "csrf": csrf_token(),
        "title": gettext("Form no. %(number)s of this pile", number=batch.count + 1),
        "counter": _counter(batch),
        "told": [text for _, text in flashed()],
        "warnings": _warnings(newest) if newest else [],
        "signed": None if definition.anonymous else SIGNED in inputs,
        "filled_on": next(iter(inputs.get(FILLED_ON, ())), "")[:40],
        "sheet": None if definition.anonymous else next(iter(inputs.get(SHEET, ())), "")[:60],
        "starts": not shown.checked.problems,
        "errors": {
            name: problem_text(shown.checked.problems[name])
            for name in (FILLED_ON, SHEET, SIGNED)
            if name in shown.checked.problems
        },
        "last": [_entry(definition, response) for response in last],
        "back_href": url_for("entry.show_start", definition=definition.id),
    }


def _counter(batch: Batch) -> str:
    if not batch.count:
        return ""
    if not batch.alike:
        return gettext("Kept so far: %(count)s", count=batch.count)
    return gettext(
        "Kept so far: %(count)s · %(fresh)s new, %(alike)s perhaps sent twice",
        count=batch.count,
        fresh=batch.fresh,
        alike=batch.alike,
    )


def _warnings(newest: Answered) -> list[dict[str, str]]:
    """What to look at of the paper before, each with where it can be seen; nothing is blocked."""
    ways = {
        "id": gettext("The paper before: another response has the same ID number."),
        "phone": gettext("The paper before: another response has the same phone number."),
        "name": gettext("The paper before: another response has the same name and birth date."),
    }
    by_way = {like.by: like.response for like in reversed(alike_to(newest))}
    told = [{"text": ways[by], "href": _response_href(one)} for by, one in by_way.items()]
    if "variant" in newest.flags:
        text = gettext("The paper before was sent twice with different answers; both are kept.")
        told.append({"text": text, "href": ""})
    return told


def _response_href(response: Answered) -> str:
    return url_for("chair.show_response", definition=response.definition, response_id=response.id)


def _entry(definition: Definition, response: Answered) -> dict[str, object]:
    """No name: it is found by its sheet, its time and its code."""
    view = responses.view_for(
        site().store, definition, me(), site().tree, today=site().today, act=Act.REVIEW_RESPONSES
    )
    may_mend = (
        is_open_to_reviewers(definition)
        and may_review(view, response)
        and view.where.accepts(response)
    )
    return {
        "time": f"{response.submitted_at:%H:%M}",
        "sheet": response.sheet,
        "code_groups": grouped(response.receipt),
        "href": url_for("correcting.ask", definition=definition.id, response_id=response.id)
        if may_mend
        else "",
    }
