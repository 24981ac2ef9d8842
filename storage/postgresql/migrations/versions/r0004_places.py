"""Places that only so many may have, and responses that wait for one. Never edited; add another."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "places",
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("taken", sa.BigInteger, nullable=False),
        sa.Column("waiting", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("definition", "name", name="places_name"),
    )
    op.add_column(
        "responses",
        sa.Column("waiting", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_index(
        "responses_waiting",
        "responses",
        ["definition", "arrived_at", "id"],
        postgresql_where=sa.text("waiting"),
    )
