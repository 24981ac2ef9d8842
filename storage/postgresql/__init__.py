"""The store on PostgreSQL, for several processes or machines; knows SQLAlchemy Core, no ORM."""

from .store import PostgresqlStore

__all__ = ["PostgresqlStore"]
