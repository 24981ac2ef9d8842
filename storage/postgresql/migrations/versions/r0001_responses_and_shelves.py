"""The first schema: responses, and the shelves with their records. Never edited; add another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "responses",
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("instance", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("point", sa.Text, nullable=False),
        sa.Column("submitted_at", moment, nullable=False),
        sa.Column("arrived_at", moment, nullable=False),
        sa.Column("variant", sa.Boolean, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("definition", "id", name="responses_id"),
    )
    for name, columns in (
        ("responses_content", ["definition", "instance", "content"]),
        ("responses_receipt", ["definition", "receipt"]),
    ):
        op.create_index(name, "responses", columns, unique=True)
    op.create_index(
        "responses_first",
        "responses",
        ["definition", "instance"],
        unique=True,
        postgresql_where=sa.text("NOT variant"),
    )
    op.create_index("responses_arrival", "responses", ["definition", "arrived_at", "id"])
    op.create_index(
        "responses_group",
        "responses",
        ["definition", "unit", "place", "arrived_at", "id"],
        postgresql_include=["point"],
    )
    op.create_table(
        "shelves",
        sa.Column("shelf", sa.Text, primary_key=True),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.Uuid, nullable=False),
    )
    op.create_table(
        "shelf_records",
        sa.Column("shelf", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("added", sa.BigInteger, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("shelf", "key", name="shelf_records_key"),
    )
