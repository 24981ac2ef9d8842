"""Responses by their priority score, worked out while they stream: it may need what is sealed."""

from collections.abc import Sequence
from heapq import nlargest

from forms.definition import Definition
from forms.problems import N_
from forms.response import Response
from forms.scoring import Score, score
from storage.store import Store

from ..errors import Refusal
from .responses import View, page

MOST_RANKED = 5_000


def score_of(versions: Sequence[Definition], response: Response) -> Score:
    """What the response counts by the version that was answered."""
    asked = versions[min(response.version, len(versions)) - 1]
    return score(asked, response.answers, response.submitted_at.date())


def page_by_score(
    store: Store, view: View, versions: Sequence[Definition], *, offset: int, limit: int
) -> tuple[int, tuple[Response, ...]]:
    """One page, the highest score first and of equal ones the oldest; raises Refusal for too many.

    Only ids are held while it streams: thousands of opened responses would fill the memory.
    """
    total, _ = page(store, view, offset=0, limit=0)
    if total > MOST_RANKED:
        raise Refusal(
            N_("Only %(most)s responses can be sorted by points. Please narrow the list first."),
            {"most": MOST_RANKED},
        )
    definition = view.definition.id
    scored = (
        (score_of(versions, response).points, -place, response.id)
        for place, response in enumerate(store.iter_responses(definition, view.where))
    )
    wanted = nlargest(offset + limit, scored)[offset:]
    found = (store.response(definition, response_id) for _, _, response_id in wanted)
    return total, tuple(response for response in found if response)
