"""The URL of the database: what is understood, and that its password gets nowhere."""

import traceback

import pytest
from postgresql_server import fresh_database

from storage.errors import StoreError
from storage.postgresql import PostgresqlStore
from storage.postgresql.address import read_address
from storage.postgresql.connections import Database

SECRET = "m4t-kh4u/b1#m?t"
ESCAPED = "m4t-kh4u%2Fb1%23m%3Ft"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:p@db.example:5433/phieu", "db.example:5433/phieu"),
        ("postgres://u@db.example/phieu", "db.example/phieu"),
        ("postgresql+psycopg:///phieu", "localhost/phieu"),
        ("postgresql:///phieu?host=/run/postgresql", "/run/postgresql/phieu"),
        ("postgresql://[::1]:5433/phieu", "::1:5433/phieu"),
    ],
)
def test_urls_as_libpq_knows_them_are_understood(text: str, shown: str) -> None:
    address = read_address(text)

    assert address.shown == shown
    assert address.url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "text",
    [
        f"mysql://u:{SECRET}@db/phieu",
        f"postgresql+asyncpg://u:{SECRET}@db/phieu",
        "postgresql://u:m4t@kh4u@db/phieu",
        f"postgresql://u:{ESCAPED}@db:{ESCAPED}/phieu",
        "db.example/phieu",
    ],
)
def test_another_url_is_refused_with_what_to_write_instead(text: str) -> None:
    with pytest.raises(StoreError, match=r"write postgresql://user:password@host") as caught:
        read_address(text)

    assert "kh4u" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://u:{ESCAPED}@127.0.0.1:1/phieu",
        f"postgresql://u@127.0.0.1:1/phieu?password={ESCAPED}",
        f"postgresql://u:{ESCAPED}@127.0.0.1:1/phieu?sslmode=never",
        f"postgresql://u:{ESCAPED}@nowhere.invalid/phieu",
        f"postgresql://u:{ESCAPED}@127.0.0.1:1/phieu?no_such_option=1",
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_the_password(text: str) -> None:
    with pytest.raises(StoreError) as caught:
        PostgresqlStore(text)

    told = "".join(traceback.format_exception(caught.value))
    assert "m4t" not in told
    assert "/phieu: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_text_about_a_store_shows_the_password() -> None:
    with fresh_database() as url:
        address = read_address(url.replace("postgres@", f"postgres:{ESCAPED}@"))
        database = Database(address)
        store = PostgresqlStore(url.replace("postgres@", f"postgres:{ESCAPED}@"))

        texts = [repr(address), str(address.url), repr(store), repr(vars(database))]
        works = store.refusal()
        store.close()

    assert address.secrets == {"password": SECRET}
    assert [text for text in texts if "m4t" in text] == []
    assert works == ""


def test_a_database_that_is_not_there_is_named() -> None:
    with fresh_database() as url, pytest.raises(StoreError, match="no_such_database"):
        PostgresqlStore(url.replace("phieu_test_", "no_such_database_"))
