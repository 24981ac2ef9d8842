"""A draft: a form that is being edited, with every change since, so that each can be taken back.

A change remembers the smallest part of the plain data that differs, before and after.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

Plain = dict[str, Any]
MOST_STEPS = 100
LARGEST_LOG = 400_000  # characters of all changes together; the newest one stays in any case

Kind = Literal["act", "undo", "redo"]


@dataclass(frozen=True)
class Change:
    """One part of plain data: where it stands, and the pieces that were exchanged there.

    `path` leads to a value; where that is a list, `start` says from which place on the items of
    `before` became those of `after`. Otherwise each holds one value.
    """

    path: tuple[str | int, ...]
    before: tuple[Any, ...]
    after: tuple[Any, ...]
    start: int | None = None

    @property
    def inverse(self) -> "Change":
        return replace(self, before=self.after, after=self.before)

    def applied(self, plain: Plain) -> Plain:
        """The data after the change; nothing in `plain` is touched."""
        exchanged: Plain = _exchanged(plain, self.path, self)
        return exchanged


@dataclass(frozen=True)
class Step:
    """What one act did: by whom, when, and how to take it back. `what` is the act's name."""

    kind: Kind
    what: str
    change: Change
    at: datetime
    by: str


@dataclass(frozen=True)
class Draft:
    """The next version of a form, or a new form, on the way.

    `definition` is its id, and the draft's key: a form has one draft at a time. `gallery` is the
    ready-made form it was copied from; `version` the published version it follows, 0 for none.
    `revision` grows with every change.
    """

    definition: str
    owner: str
    plain: Plain
    changed_at: datetime
    by: str
    gallery: str = ""
    version: int = 0
    revision: int = 1
    steps: tuple[Step, ...] = field(default=())

    @property
    def undoable(self) -> Step | None:
        """The step that undoing would take back."""
        done, _ = _stacks(self.steps)
        return done[-1] if done else None

    @property
    def redoable(self) -> Step | None:
        _, undone = _stacks(self.steps)
        return undone[-1] if undone else None

    def changed(self, plain: Plain, what: str, by: str, at: datetime) -> "Draft":
        """The draft after an act; the same one where nothing is different."""
        change = change_between(self.plain, plain)
        return self if change is None else self._after(Step("act", what, change, at, by), plain)

    def undone(self, by: str, at: datetime) -> "Draft":
        """The draft without its last act; the same one where there is none."""
        return self._back(self.undoable, "undo", by, at)

    def redone(self, by: str, at: datetime) -> "Draft":
        return self._back(self.redoable, "redo", by, at)

    def _back(self, step: Step | None, kind: Kind, by: str, at: datetime) -> "Draft":
        if step is None:
            return self
        change = step.change.inverse
        return self._after(Step(kind, step.what, change, at, by), change.applied(self.plain))

    def _after(self, step: Step, plain: Plain) -> "Draft":
        return replace(
            self,
            plain=plain,
            changed_at=step.at,
            by=step.by,
            revision=self.revision + 1,
            steps=_bounded((*self.steps, step)),
        )

    def as_of(self, revision: int) -> Plain | None:
        """The plain data at an earlier revision, or None where that is forgotten."""
        back = self.revision - revision
        if not 0 <= back <= len(self.steps):
            return None
        plain = self.plain
        for step in reversed(self.steps[len(self.steps) - back :]):
            plain = step.change.inverse.applied(plain)
        return plain

    def since(self, revision: int) -> tuple[Step, ...]:
        """The steps after a revision that are remembered."""
        back = max(self.revision - revision, 0)
        return self.steps[max(len(self.steps) - back, 0) :] if back else ()


def _stacks(steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """What can be undone and what can be redone, the next one last; oldest steps may be gone."""
    done: list[Step] = []
    undone: list[Step] = []
    for step in steps:
        if step.kind == "act":
            done.append(step)
            undone.clear()
        elif step.kind == "undo":
            if done:
                done.pop()
            undone.append(step)
        else:
            if undone:
                undone.pop()
            done.append(step)
    return done, undone


def _bounded(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    kept, size = 0, 0
    for step in reversed(steps):
        size += len(json.dumps([step.change.before, step.change.after], ensure_ascii=False))
        if kept and (size > LARGEST_LOG or kept >= MOST_STEPS):
            break
        kept += 1
    return steps[len(steps) - kept :]


def change_between(before: Plain, after: Plain) -> Change | None:
    """The smallest change that makes one of the other, or None."""
    path: list[str | int] = []
    old: Any = before
    new: Any = after
    while old != new:
        differing = list(_differing(old, new))
        if len(differing) != 1:
            return _at(tuple(path), old, new)
        path.append(step := differing[0])
        old, new = old[step], new[step]
    return None


def _differing(old: Any, new: Any) -> Iterator[str | int]:
    """The places at which two containers of the same shape differ; none for other shapes."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and list(old) == list(new):
        yield from (key for key in old if old[key] != new[key])
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        yield from (at for at, item in enumerate(old) if item != new[at])


def _at(path: tuple[str | int, ...], old: Any, new: Any) -> Change:
    if not isinstance(old, list) or not isinstance(new, list):
        return Change(path, (old,), (new,))
    shorter, start = min(len(old), len(new)), 0
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    return Change(path, tuple(before), tuple(after), start)


def _exchanged(here: Any, path: tuple[str | int, ...], change: Change) -> Any:
    if path:
        copy = here.copy()
        copy[path[0]] = _exchanged(here[path[0]], path[1:], change)
        return copy
    if change.start is None:
        return change.after[0]
    end = change.start + len(change.before)
    return [*here[: change.start], *change.after, *here[end:]]
