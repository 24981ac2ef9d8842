"""Responses that their senders took back, told from the others without reading documents."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "responses",
        sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.drop_index("responses_group", "responses")
    op.create_index(
        "responses_group",
        "responses",
        ["definition", "unit", "place", "arrived_at", "id"],
        postgresql_include=["point", "withdrawn"],
    )
