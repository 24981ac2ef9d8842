"""How Alembic reaches the database: over the connection that migrating.py hands it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
