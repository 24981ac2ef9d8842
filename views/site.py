"""What all views of one application share; put together in app.py, read through `site()`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import current_app

from config import Config
from federation.units import UnitTree
from services.demonstration.filling import SETTING as DEMO
from services.erased import ErasedList
from services.erasure.erasing import Eraser
from services.erasure.requests import RequestBook
from services.identity import Hasher
from services.offering.openings import OpeningCounter
from services.organization.devices import Devices
from services.organization.sign_in import SignInDesk
from services.organization.units import Trees
from services.outgoing.jobs import Jobs
from services.receiving.pacing import Pace
from services.receiving.receive import Receiver
from services.review.cases import CaseDesk
from services.trail.audit import Audit
from services.upkeep.daily import DailyBackup
from storage.spool import Spool
from storage.store import Store

from .assets import Assets
from .pages import PageCache

EXTENSION = "phieu"


@dataclass(frozen=True)
class Site:
    """The store and the acts around it, with the clock they are given."""

    config: Config
    store: Store
    hasher: Hasher
    receiver: Receiver
    desk: SignInDesk
    now: Callable[[], datetime]
    base_url: str
    assets: Assets
    pages: PageCache
    jobs: Jobs
    backups: DailyBackup | None = None
    erased: ErasedList | None = None
    trees: Trees = field(default_factory=Trees)
    pace: Pace = field(default_factory=Pace)
    openings: OpeningCounter = field(default_factory=OpeningCounter)

    @property
    def today(self) -> date:
        return self.now().date()

    @property
    def tree(self) -> UnitTree:
        """The federation as it is today."""
        return self.trees.of(self.store, self.today)

    @property
    def devices(self) -> Devices:
        return Devices(self.hasher)

    @property
    def audit(self) -> Audit:
        return Audit(self.store, self.hasher, Spool(self.config.data_dir))

    @property
    def cases(self) -> CaseDesk:
        return CaseDesk(self.store, self.hasher, self.erased)

    @property
    def eraser(self) -> Eraser:
        return Eraser(self.store, self.hasher, self.erased)

    @property
    def requests(self) -> RequestBook:
        return RequestBook(self.store, self.config.holidays)

    @property
    def is_demo(self) -> bool:
        return self.store.settings.get(DEMO) is not None


def site() -> Site:
    found: Site = current_app.extensions[EXTENSION]
    return found
