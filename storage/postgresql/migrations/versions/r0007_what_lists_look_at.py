"""What lists filter, search and sort by, as columns. Never edited; add another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from storage.response_filter import name_key, written

revision = "0007"
down_revision = "0006"

_BATCH = 1_000
_NEXT = sa.text(
    "SELECT definition, id, place, receipt, document->'answers' AS answers FROM responses"
    " WHERE (definition, id) > (:definition, :id) ORDER BY definition, id LIMIT :batch"
).columns(answers=JSONB)
_FILL = sa.text(
    "UPDATE responses SET written = :written, name_key = :name_key"
    " WHERE definition = :definition AND id = :id"
)


def upgrade() -> None:
    for column in (
        _text("state"),
        _text("assigned"),
        _text("written"),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("flags", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("name_key", sa.LargeBinary, nullable=False, server_default=sa.text("'\\xff'")),
    ):
        op.add_column("responses", column)
    op.execute(
        "UPDATE responses SET state = document->>'state',"
        " version = (document->>'version')::bigint,"
        " flags = ARRAY(SELECT jsonb_array_elements_text("
        "coalesce(document->'flags', '[]'::jsonb)))"
    )
    _fill()
    op.create_index("responses_state", "responses", ["definition", "state", "arrived_at", "id"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _fill() -> None:
    connection = op.get_bind()
    last = {"definition": "", "id": ""}
    while rows := connection.execute(_NEXT, {**last, "batch": _BATCH}).all():
        connection.execute(
            _FILL,
            [
                {
                    "definition": row.definition,
                    "id": row.id,
                    "written": written(row.receipt, row.place, row.answers),
                    "name_key": name_key(row.answers),
                }
                for row in rows
            ],
        )
        last = {"definition": rows[-1].definition, "id": rows[-1].id}
