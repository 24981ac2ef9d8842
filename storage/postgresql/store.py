"""The Store contract on PostgreSQL: the parts joined."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import func, select

from federation.breaches import Breach
from federation.headcounts import Headcount
from federation.people import Person, SignIn
from federation.requests import DataRequest
from federation.retentions import FormRetention
from federation.units import Unit
from forms.campaign import Campaign
from forms.draft import Draft
from forms.export_profile import ExportProfile
from forms.offer import Offer
from forms.publication import Openings, PublishedVersion, ScanPoint
from forms.response import Response

from .. import records
from ..checked import checked_changes, checked_form
from ..errors import StoreError
from ..places import Claim
from ..shelf_contract import Shelf, Trail
from ..store import Added, Notice, Setting, Tries
from . import adding, changing, files
from .address import read_address
from .connections import Database
from .locks import ExclusiveLock
from .migrating import migrate, require_schema
from .responses import ResponseReads
from .shelf import SqlShelf
from .trail import SqlTrail


class PostgresqlStore(ResponseReads):
    """Store, for any number of processes on one database."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Open the database; its schema is brought up to date, or must be so for reading only."""
        database = Database(read_address(url), read_only=read_only)
        try:
            if read_only:
                require_schema(database)
            else:
                migrate(database)
        except BaseException:
            database.close()
            raise
        super().__init__(database)
        self._lock = ExclusiveLock(database)
        self.units: Shelf[Unit] = SqlShelf(database, records.UNITS)
        self.headcounts: Shelf[Headcount] = SqlShelf(database, records.HEADCOUNTS)
        self.people: Shelf[Person] = SqlShelf(database, records.PEOPLE)
        self.sign_ins: Shelf[SignIn] = SqlShelf(database, records.SIGN_INS)
        self.versions: Shelf[PublishedVersion] = SqlShelf(database, records.VERSIONS)
        self.drafts: Shelf[Draft] = SqlShelf(database, records.DRAFTS)
        self.points: Shelf[ScanPoint] = SqlShelf(database, records.POINTS)
        self.offers: Shelf[Offer] = SqlShelf(database, records.OFFERS)
        self.openings: Shelf[Openings] = SqlShelf(database, records.OPENINGS)
        self.campaigns: Shelf[Campaign] = SqlShelf(database, records.CAMPAIGNS)
        self.settings: Shelf[Setting] = SqlShelf(database, records.SETTINGS)
        self.requests: Shelf[DataRequest] = SqlShelf(database, records.REQUESTS)
        self.retentions: Shelf[FormRetention] = SqlShelf(database, records.RETENTIONS)
        self.profiles: Shelf[ExportProfile] = SqlShelf(database, records.PROFILES)
        self.breaches: Shelf[Breach] = SqlShelf(database, records.BREACHES)
        self.trail: Trail = SqlTrail(database)
        self.tries: Shelf[Tries] = SqlShelf(database, records.TRIES)

    def __repr__(self) -> str:
        return f"PostgresqlStore({self._database.address.shown})"

    def exclusive(self) -> AbstractContextManager[object]:
        return self._lock.held()

    def add_response(self, response: Response, claims: Sequence[Claim] = ()) -> Added:
        return adding.add_response(self._database, response, claims)

    def change_response(
        self, expected: Response, new: Response, claims: Sequence[Claim] | None = None
    ) -> bool:
        return changing.change_response(self._database, expected, new, claims)

    def promote(
        self, definition: str, limits: Mapping[str, int], at: datetime
    ) -> tuple[Response, ...]:
        return changing.promote(self._database, definition, limits, at)

    def change_responses(
        self, definition: str, changes: Iterable[tuple[Response, Response]]
    ) -> int:
        return changing.change_responses(self._database, checked_changes(definition, changes))

    def forget_changed(self, definition: str) -> None:
        # A row's old version is out of reach of every statement at once, and autovacuum clears its
        # page; docs/decisions/0009 says what that means for the database's own log and backups.
        self._database.refuse_reader()

    def load_responses(self, definition: str, responses: Iterable[Response]) -> int:
        return adding.load_responses(
            self._database, definition, checked_form(definition, responses)
        )

    def put_file(
        self, definition: str, name: str, content: bytes, at: datetime | None = None
    ) -> None:
        files.put_file(self._database, definition, name, content, at)

    def replace_file(self, definition: str, name: str, content: bytes) -> bool:
        return files.replace_file(self._database, definition, name, content)

    def file(self, definition: str, name: str) -> bytes | None:
        return files.file(self._database, definition, name)

    def remove_file(
        self, definition: str, name: str, *, kept_before: datetime | None = None
    ) -> None:
        files.remove_file(self._database, definition, name, kept_before)

    def iter_files(self, definition: str) -> Iterator[str]:
        return files.iter_files(self._database, definition)

    def refusal(self) -> str:
        # A database in recovery (a standby) says "on" here, too.
        question = select(func.current_setting("transaction_read_only"))
        try:
            self._database.refuse_reader()
            state = self._database.run(lambda connection: connection.scalar(question))
        except StoreError as error:
            return str(error)
        shown = self._database.address.shown
        return f"database {shown}: it can only be read now" if state == "on" else ""

    def notices(self) -> tuple[Notice, ...]:
        return ()  # the database keeps its own log of its disk

    def close(self) -> None:
        self._database.close()
