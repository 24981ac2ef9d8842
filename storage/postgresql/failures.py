"""What the driver's errors mean to a caller, and after which of them an act may be tried again.

The numbers are SQLSTATEs (PostgreSQL's documentation, appendix A), or the first two signs of one.
"""

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from ..errors import StoreBusy, StoreError, StoreFailed, StoreReadOnly
from .address import Address

READ_ONLY = "25006"
LOCK_NOT_AVAILABLE = "55P03"
# Serialization failure and deadlock: the database undid the act and asks for it again.
_UNDONE = {"40001", "40P01"}
_REASONS = {
    "08": "the connection was lost",
    "22": "a value cannot be stored as it is",
    "28": "it refuses this user or password",
    "3D000": "there is no such database",
    "42501": "this user lacks a right that the store needs",
    "42P01": "its tables are missing",
    "42P07": "tables of the same names are there already, made by something else",
    "53100": "its disk is full",
    "53": "it is out of memory or connections",
    "57": "it is stopping or starting, or it broke off the act",
    "58": "its disk fails",
    READ_ONLY: "it can only be read now",
}


def was_undone(error: SQLAlchemyError) -> bool:
    """Whether nothing of the act was kept, by the database's own word."""
    return _state(error) in _UNDONE


def was_cut_off(error: SQLAlchemyError) -> bool:
    """Whether the connection broke: the act may have been kept or not."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def meaning(error: SQLAlchemyError, address: Address, *, read_only: bool = False) -> StoreError:
    """The error for callers; its text holds no password and no answer."""
    state = _state(error)
    if state == READ_ONLY and read_only:
        return StoreReadOnly("opened for reading only")
    if state == LOCK_NOT_AVAILABLE:
        return StoreBusy(f"database {address.shown}: another process is changing it; try again")
    return StoreFailed(f"database {address.shown}: {_reason(error, state, address)}")


def _reason(error: SQLAlchemyError, state: str, address: Address) -> str:
    if isinstance(error, NoFreeConnection):
        return "all connections are in use"
    if was_cut_off(error):
        return _REASONS["08"]
    if found := _REASONS.get(state) or _REASONS.get(state[:2]):
        return found
    if state:
        return f"it refused (SQLSTATE {state})"
    driver = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(driver, psycopg.OperationalError):  # it could not be reached: libpq says why
        return address.without_secrets(" ".join(str(driver).split("\n")[0].split()))
    return f"it refused ({type(driver or error).__name__})"


def _state(error: SQLAlchemyError) -> str:
    driver = error.orig if isinstance(error, DBAPIError) else None
    return (driver.sqlstate or "") if isinstance(driver, psycopg.Error) else ""
