"""The keyed hashes by which an encrypted ID or phone number is found. Never edited; add another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "responses",
        sa.Column("found_by", ARRAY(sa.Text), nullable=False, server_default="{}"),
    )
    op.create_index("responses_found_by", "responses", ["found_by"], postgresql_using="gin")
