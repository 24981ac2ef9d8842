"""The tables as the statements see them; the migrations make them, and a test compares the two.

Fit for hash partitions and distributed engines: the definition's id is in every unique key of the
responses, ids are random, and no sequence is drawn from.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

METADATA = MetaData()

# `document` is the whole response (storage/records.py); the columns beside it are what keys and
# filters need. `variant` says: not the first of its instance. That is decided by the partial unique
# key, so that of two senders at once exactly one is first, on whatever process each of them is.
# `waiting` says: it waits for a place; `withdrawn`: it is in no list, taken back or restricted.
# `written` and `name_key` are what search and sort by name look at (storage/response_filter.py).
# `arrived_at` orders; of anonymous forms it is the full hour only (see adding.py).
RESPONSES = Table(
    "responses",
    METADATA,
    Column("definition", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("instance", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("point", Text, nullable=False),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("arrived_at", DateTime(timezone=True), nullable=False),
    Column("variant", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Column("waiting", Boolean, nullable=False, server_default=false()),
    Column("found_by", ARRAY(Text), nullable=False, server_default="{}"),
    Column("state", Text, nullable=False, server_default=""),
    Column("version", BigInteger, nullable=False, server_default="0"),
    Column("assigned", Text, nullable=False, server_default=""),
    Column("flags", ARRAY(Text), nullable=False, server_default="{}"),
    Column("written", Text, nullable=False, server_default=""),
    Column("name_key", LargeBinary, nullable=False, server_default=text("'\\xff'")),
    Column("document", JSONB, nullable=False),
    PrimaryKeyConstraint("definition", "id", name="responses_id"),
    Index("responses_content", "definition", "instance", "content", unique=True),
    Index("responses_receipt", "definition", "receipt", unique=True),
    Index(
        "responses_first",
        "definition",
        "instance",
        unique=True,
        postgresql_where=text("NOT variant"),
    ),
    Index("responses_arrival", "definition", "arrived_at", "id"),
    Index(
        "responses_group",
        "definition",
        "unit",
        "place",
        "arrived_at",
        "id",
        postgresql_include=["point", "withdrawn"],
    ),
    Index("responses_waiting", "definition", "arrived_at", "id", postgresql_where=text("waiting")),
    Index("responses_found_by", "found_by", postgresql_using="gin"),
    Index("responses_state", "definition", "state", "arrived_at", "id"),
)

# How many have a place and how many wait for it; places that nobody has or wants have no row.
PLACES = Table(
    "places",
    METADATA,
    Column("definition", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("taken", BigInteger, nullable=False),
    Column("waiting", BigInteger, nullable=False),
    PrimaryKeyConstraint("definition", "name", name="places_name"),
)

# What was uploaded, under the name that its response gives, and the hour when it was last put.
FILES = Table(
    "files",
    METADATA,
    Column("definition", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column(
        "kept_at", DateTime(timezone=True), nullable=False, server_default=text("'1970-01-01Z'")
    ),
    PrimaryKeyConstraint("definition", "name", name="files_name"),
)

# One row per shelf. Every change takes the next `turn` (so changes of a shelf stand in line, and
# keys have an order) and draws a new `mark`, by which readers know whether theirs is the latest.
SHELVES = Table(
    "shelves",
    METADATA,
    Column("shelf", Text, primary_key=True),
    Column("turn", BigInteger, nullable=False),
    Column("mark", Uuid, nullable=False),
)

RECORDS = Table(
    "shelf_records",
    METADATA,
    Column("shelf", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("document", JSONB, nullable=False),
    PrimaryKeyConstraint("shelf", "key", name="shelf_records_key"),
)
