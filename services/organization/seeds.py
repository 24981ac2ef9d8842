"""Start a federation's tree with units that are known beforehand: data in federation/seeds/."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import federation
from federation.history import History
from federation.units import ROOT, Change, Unit, UnitKind
from forms.problems import N_
from storage.store import Store

from ..errors import NotFound
from .units import history_of, keep_changes

FOLDER = Path(federation.__file__).parent / "seeds"


@dataclass(frozen=True)
class Seed:
    """A root's name and the units below it, with the document that names them."""

    source: str
    root: str
    units: tuple[Unit, ...]


@cache
def seeds() -> Mapping[str, Seed]:
    """All seeds by the name of their file."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.yaml"))}


def _read(path: Path) -> Seed:
    plain: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    kind, since = UnitKind(plain["kind"]), plain["from"]
    units = (Unit(key, name, ROOT, kind, since=since) for key, name in plain["places"].items())
    return Seed(plain["source"], plain["root"], tuple(units))


def find_seed(name: str) -> Seed:
    """The seed of this name; raises NotFound."""
    seed = seeds().get(name)
    if seed is None:
        raise NotFound(
            N_("There is no seed %(name)s; there are: %(names)s."),
            {"name": name[:40], "names": ", ".join(seeds())},
        )
    return seed


def sown(history: History, seed: Seed, today: date) -> History:
    """The history with the units of a seed that were not there; what is there stays as it is.

    A root that stands alone gets its name from the seed.
    """
    if set(history.units) == {ROOT}:
        history = history.changed(ROOT, Change(today, name=seed.root))
    for unit in seed.units:
        if unit.id not in history.units:
            history = history.with_unit(unit)
    return history


def sow(store: Store, seed: Seed, today: date) -> tuple[Unit, ...]:
    """Add the units of a seed to a store; gives those that were added or changed."""
    with store.exclusive():
        before = history_of(store)
        return keep_changes(store, before, sown(before, seed, today))
