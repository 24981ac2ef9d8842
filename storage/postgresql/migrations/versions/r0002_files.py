"""Uploaded files. Never edited; add another."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("definition", "name", name="files_name"),
    )
    # Pictures and PDF files are packed already: trying to pack them again costs time only.
    op.execute("ALTER TABLE files ALTER COLUMN content SET STORAGE EXTERNAL")
