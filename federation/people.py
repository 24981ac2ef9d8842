"""People who work with the server, and their grants."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person is for the federation.

    Quản trị, người lập biểu mẫu, chủ tịch CĐCS, ủy ban kiểm tra, ban nữ công, người điền hộ (tổ
    trưởng), người xem tổng hợp.
    """

    ADMIN = "admin"
    ORGANIZER = "organizer"
    CHAIR = "chair"
    INSPECTOR = "inspector"
    WOMEN = "women"
    HELPER = "helper"
    VIEWER = "viewer"


@dataclass(frozen=True)
class Grant:
    """A role in a unit and everything below it, from the day `since` to the day `until`, both in.

    None is no limit.
    """

    role: Role
    unit: str
    since: date | None = None
    until: date | None = None

    def holds(self, today: date) -> bool:
        """Whether it gives anything on this day."""
        begun = self.since is None or self.since <= today
        return begun and (self.until is None or today <= self.until)

    @property
    def key(self) -> str:
        """What names it among the grants of one person."""
        return f"{self.role}:{self.unit}"


@dataclass(frozen=True)
class Link:
    """A one-time link that sets the password; `token` is the SHA-256 of the secret in it."""

    token: str
    until: datetime


MOST_SAVED = 30


@dataclass(frozen=True)
class Saved:
    """A list of responses that a person keeps under a name: what its address asks of a form."""

    form: str
    name: str
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Person:
    """An account. `name` signs in; `password` is an argon2id hash, empty until one is set.

    A `temporary` password was given by somebody else and must be changed before anything else.
    """

    name: str
    full_name: str
    password: str
    grants: tuple[Grant, ...] = ()
    active: bool = True
    temporary: bool = False
    link: Link | None = None
    saved: tuple[Saved, ...] = ()


@dataclass(frozen=True)
class SignIn:
    """One signed-in browser; `token` is the SHA-256 of the secret in its cookie.

    `seen` is about when it last asked for a page; `device` is what it said it is.
    """

    token: str
    person: str
    since: datetime
    seen: datetime | None = None
    device: str = ""

    @property
    def key(self) -> str:
        """What names it on the pages: enough to tell it from others, too little to be it."""
        return self.token[:16]
