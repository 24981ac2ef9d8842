"""A large export as long work: made beside the requests, with its manifest beside the result."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from export.manifest import Manifest
from storage.store import Store

from ..erasure.erasing import erasures_of
from .export_order import Order
from .exporting import JOB_KIND, note_taken, write_export
from .job_records import Job
from .jobs import Jobs, Told

ERASURES = "_erasures"
"""Of a job's `about`: how often something of the form had been erased when it began."""
_PIECE = 2**20  # bytes


def begin_export(
    jobs: Jobs,
    order: Order,
    owner: str,
    rows: int,
    around: Callable[[], AbstractContextManager[object]],
) -> Job:
    """Begin it for a person; `around` is entered in the thread that works. Raises Refusal."""
    manifests: list[Manifest] = []
    form = order.view.definition.id

    def work(told: Told) -> Iterator[bytes]:
        with around(), jobs.scratch() as folder:
            path = folder / "export"
            manifests.append(write_export(order, path, told))
            note_taken(order)
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    told(0)
                    yield piece

    return jobs.begin(
        work,
        kind=JOB_KIND,
        owner=owner,
        title=order.view.definition.title.into(order.wish.language),
        file_name=order.file_name,
        total=rows,
        about={
            "definition": form,
            ERASURES: str(erasures_of(order.store, form)),
            **order.about,
        },
        beside=lambda: manifests[-1].content(),
    )


def is_outdated(store: Store, job: Job) -> bool:
    """Whether something that may be in the file has been erased since: it must not leave by it."""
    return job.about.get(ERASURES) != str(erasures_of(store, job.about["definition"]))
