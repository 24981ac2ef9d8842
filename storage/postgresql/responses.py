"""What can be asked of the responses: filters as SQL, one by its keys, pages, counts, streams."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from forms.response import Response

from ..places import NOBODY, Place
from ..records import read_response
from ..response_filter import Order, ResponseFilter
from .connections import Database, is_storable
from .places import look
from .schema import RESPONSES

AT_ONCE = 500  # rows that a stream holds in memory
_LARGEST = 2**63 - 1
_TEXTS: ARRAY[Any] = ARRAY(Text)

_KEPT = RESPONSES.c
_SAME_FORM = _KEPT.definition == bindparam("definition")
_BY_ID = select(_KEPT.document).where(_SAME_FORM, _KEPT.id == bindparam("key"))
_BY_RECEIPT = select(_KEPT.document).where(_SAME_FORM, _KEPT.receipt == bindparam("key"))
_BY_POINT = (
    select(_KEPT.point, func.count().label("answers"))
    .where(_SAME_FORM, ~_KEPT.withdrawn)
    .group_by(_KEPT.point)
)
_BY_GROUP = (
    select(_KEPT.unit, _KEPT.place, func.count().label("answers"))
    .where(_SAME_FORM, ~_KEPT.withdrawn)
    .group_by("unit", "place")
)
WAITING = (
    select(_KEPT.document).where(_SAME_FORM, _KEPT.waiting).order_by(_KEPT.arrived_at, _KEPT.id)
)
# All days are those of Vietnam (+07:00), whatever the session's time zone is.
_DAY = cast(func.timezone(literal(timedelta(hours=7)), _KEPT.submitted_at), Date)
_BY_DAY = (
    select(_KEPT.unit, _KEPT.place, _DAY.label("day"), func.count().label("answers"))
    .where(_SAME_FORM, ~_KEPT.withdrawn)
    .group_by("unit", "place", "day")
)
_FORMS = select(_KEPT.definition).distinct()


def accepted(definition: str, where: ResponseFilter) -> ColumnElement[bool]:
    """A filter as a condition; sets go as arrays, so the statement's text stays the same."""
    wanted = [_KEPT.definition == definition]
    if where.units is not None:
        wanted.append(_KEPT.unit == func.any(_texts(sorted(where.units))))
    if where.groups is not None:
        groups = sorted(where.groups)
        pairs = (
            func.unnest(
                _texts([unit for unit, _ in groups]), _texts([place for _, place in groups])
            )
            .table_valued("unit", "place")
            .render_derived()
        )
        wanted.append(tuple_(_KEPT.unit, _KEPT.place).in_(select(pairs.c.unit, pairs.c.place)))
    if not where.withdrawn:
        wanted.append(~_KEPT.withdrawn)
    if where.confided_to is not None:
        wanted.append(_confided(where.confided_to))
    if where.since is not None:
        wanted.append(_KEPT.submitted_at >= where.since)
    if where.until is not None:
        wanted.append(_KEPT.submitted_at < where.until)
    if where.hashes is not None:
        wanted.append(_KEPT.found_by.bool_op("&&")(_texts(sorted(where.hashes))))
    return and_(*wanted, *_narrowed(where))


def _narrowed(where: ResponseFilter) -> Iterator[ColumnElement[bool]]:
    """What a person chose to see of a list."""
    if where.until is not None:
        yield _KEPT.submitted_at < where.until
    if where.states is not None:
        yield _KEPT.state == func.any(_texts(sorted(where.states)))
    if where.places is not None:
        yield _KEPT.place == func.any(_texts(sorted(where.places)))
    if where.versions is not None:
        yield _KEPT.version == func.any(literal(sorted(where.versions), ARRAY(BigInteger)))
    if where.flags is not None:
        yield _KEPT.flags.bool_op("&&")(_texts(sorted(where.flags)))
    if where.assigned is not None:
        yield _KEPT.assigned == where.assigned
    for question, choice in sorted(where.choices):
        # A list contains its elements, and a text itself.
        answer = _KEPT.document["answers"][question]
        yield func.coalesce(answer.contains(literal(choice, JSONB)), false())
    for word in where.words:
        has_it = func.strpos(_KEPT.written, word.text) > 0
        yield or_(has_it, _KEPT.unit == func.any(_texts(sorted(word.units))))


def _confided(name: str) -> ColumnElement[bool]:
    """Response.is_confided_to; what is empty is not in the document."""
    document = _KEPT.document
    among_concerned = func.coalesce(document["concerned"].contains([name]), false())
    is_reader = func.coalesce(document["reader"].astext, "") == name
    is_named = func.coalesce(document["named"].astext, "") == "true"
    return or_(
        and_(is_named, ~among_concerned),
        and_(~is_named, is_reader, literal(bool(name))),
    )


def _texts(texts: list[str]) -> ColumnElement[Any]:
    return literal(texts, _TEXTS)


def _in_order(wanted: ColumnElement[bool], order: Order) -> Select[Any]:
    columns: tuple[ColumnElement[Any], ...] = (_KEPT.arrived_at, _KEPT.id)
    if order is Order.NEWEST:
        columns = tuple(column.desc() for column in columns)
    if order is Order.NAME:
        columns = (_KEPT.name_key, *columns)
    return select(_KEPT.document).where(wanted).order_by(*columns)


class ResponseReads:
    """The reading half of the Store contract, for responses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def response(self, definition: str, response_id: str) -> Response | None:
        return self._one(_BY_ID, definition, response_id)

    def response_by_receipt(self, definition: str, receipt: str) -> Response | None:
        return self._one(_BY_RECEIPT, definition, receipt)

    def _one(self, statement: Select[Any], definition: str, key: str) -> Response | None:
        if not is_storable(definition, key):
            return None
        keys = {"definition": definition, "key": key}
        document = self._database.run(lambda connection: connection.scalar(statement, keys))
        return None if document is None else read_response(document)

    def iter_responses(
        self, definition: str, where: ResponseFilter, *, newest_first: bool = False
    ) -> Iterator[Response]:
        order = Order.NEWEST if newest_first else Order.WAITING
        statement = _in_order(accepted(definition, where), order)
        with self._database.snapshot() as connection:
            streaming = connection.execution_options(yield_per=AT_ONCE)
            with streaming.execute(statement) as rows:
                for row in rows:
                    yield read_response(row.document)

    def page_responses(
        self,
        definition: str,
        where: ResponseFilter,
        *,
        offset: int,
        limit: int,
        order: Order = Order.NEWEST,
    ) -> tuple[int, tuple[Response, ...]]:
        wanted = accepted(definition, where)
        # An offset may come from an address line; beyond PostgreSQL's numbers there is nothing.
        start = min(offset, _LARGEST)
        page = _in_order(wanted, order).offset(start).limit(limit)
        total = select(func.count()).select_from(RESPONSES).where(wanted)
        documents, count = self._database.run(
            lambda connection: (
                connection.scalars(page).all(),
                connection.execute(total).scalar_one(),
            )
        )
        return count, tuple(map(read_response, documents))

    def count_by_point(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[str, int]:
        rows = self._counted(_BY_POINT, definition, since, before)
        return {row.point: row.answers for row in rows}

    def count_by_group(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[tuple[str, str], int]:
        rows = self._counted(_BY_GROUP, definition, since, before)
        return {(row.unit, row.place): row.answers for row in rows}

    def _counted(
        self,
        statement: Select[Any],
        definition: str,
        since: datetime | None,
        before: datetime | None,
    ) -> Sequence[Any]:
        if since is not None:
            statement = statement.where(_KEPT.submitted_at >= since)
        if before is not None:
            statement = statement.where(_KEPT.submitted_at < before)
        asked = {"definition": definition}
        return self._database.run(lambda connection: connection.execute(statement, asked).all())

    def waiting(self, definition: str) -> tuple[Response, ...]:
        asked = {"definition": definition}
        documents = self._database.run(lambda connection: connection.scalars(WAITING, asked).all())
        return tuple(map(read_response, documents))

    def count_by_day(self, definition: str) -> Mapping[tuple[str, str, date], int]:
        asked = {"definition": definition}
        rows = self._database.run(lambda connection: connection.execute(_BY_DAY, asked).all())
        return {(row.unit, row.place, row.day): row.answers for row in rows}

    def places(self, definition: str, names: Iterable[str]) -> Mapping[str, Place]:
        wanted = dict.fromkeys(filter(is_storable, names), NOBODY)
        return wanted | self._database.run(lambda connection: look(connection, definition, wanted))

    def forms_with_responses(self) -> tuple[str, ...]:
        found = self._database.run(lambda connection: connection.scalars(_FORMS).all())
        return tuple(sorted(found))
