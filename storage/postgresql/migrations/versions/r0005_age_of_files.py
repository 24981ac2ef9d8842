"""When a file was last put, so that one which no response ever named can be swept."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "files",
        sa.Column(
            "kept_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("'1970-01-01Z'"),
        ),
    )
