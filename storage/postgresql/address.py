"""Where the database is: the URL an operator wrote, read so that its password cannot get out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from ..errors import StoreError

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
DRIVER = "postgresql+psycopg"
_EXPECTED = (
    "PHIEU_DATABASE_URL: write postgresql://user:password@host:port/database"
    " (in the password %40 for @, %2F for /)"
)
_SECRET = ("password", "sslpassword")


@dataclass(frozen=True)
class Address:
    """A database; `shown` may be told to anybody, the rest stays out of every text."""

    shown: str
    url: URL = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)

    def without_secrets(self, text: str) -> str:
        for secret in filter(None, self.secrets.values()):
            text = text.replace(secret, "…")
        return text


def names_database(text: str) -> bool:
    return text.partition("://")[0] in SCHEMES


def read_address(text: str) -> Address:
    """Read a URL as libpq knows it; raises StoreError with what to write instead."""
    # A second @ is a password that was not escaped: its rest would be taken for the host's name.
    if not names_database(text) or text.count("@") > 1:
        raise StoreError(_EXPECTED)
    try:
        url = make_url(text).set(drivername=DRIVER)
    except (SQLAlchemyError, ValueError):
        raise StoreError(_EXPECTED) from None  # the parser's error may quote the password
    secrets = {name: _only(url.query[name]) for name in _SECRET if name in url.query}
    if url.password is not None:
        secrets["password"] = str(url.password)
    host = url.host or _only(url.query.get("host", "localhost"))
    port = f":{url.port}" if url.port else ""
    return Address(
        shown=f"{host}{port}/{url.database or ''}",
        url=url._replace(password=None).difference_update_query(_SECRET),
        secrets=secrets,
    )


def _only(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ",".join(value)
