"""The schema's versions: brought up to date at opening; a newer one than ours is refused."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ..errors import StoreError
from .connections import Database
from .locks import MIGRATING, hold

_FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Bring the schema to our version; of several openers at once one does it, others wait."""
    with database.transaction() as connection:
        if _is_current(connection, database.address.shown):
            return
        hold(connection, MIGRATING)
        # Alembic looks again, now alone: it does nothing where the one before us did it all.
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_schema(database: Database) -> None:
    """Raise StoreError unless the schema is ours; changes nothing."""
    with database.transaction() as connection:
        if not _is_current(connection, database.address.shown):
            raise StoreError(
                f"database {database.address.shown}: its schema is missing or older than this"
                " program; start the server once, it brings the schema up to date"
            )


def _is_current(connection: Connection, shown: str) -> bool:
    script = ScriptDirectory.from_config(_config())
    found = set(MigrationContext.configure(connection).get_current_heads())
    known = {revision.revision for revision in script.walk_revisions()}
    if found - known:
        raise StoreError(
            f"database {shown}: its schema ({', '.join(sorted(found - known))}) is newer than this"
            " program; install the newer program, or use another database"
        )
    return found == set(script.get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
