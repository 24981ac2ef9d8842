"""People who work with the server, and their grants."""

from dataclasses import dataclass
from datetime import datetime
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
    """A role in a unit and everything below it."""

    role: Role
    unit: str


@dataclass(frozen=True)
class Person:
    """An account. `name` signs in; `password` is an argon2id hash."""

    name: str
    full_name: str
    password: str
    grants: tuple[Grant, ...] = ()
    active: bool = True


@dataclass(frozen=True)
class SignIn:
    """One signed-in browser; `token` is the SHA-256 of the secret in its cookie."""

    token: str
    person: str
    since: datetime
