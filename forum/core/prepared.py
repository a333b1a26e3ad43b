"""Statements that are made once and run by the database's driver: for what each request asks, and the busiest writes.

SQLAlchemy takes 50 microseconds of the processor to run a statement and 250 to make a row of it an object, the database
ten. Where a write lock is held meanwhile, that is how many people can answer in a second (docs/speed.md). What is run
here is written like any other statement, goes through the same transaction and column types, and is heard by the same
listeners. It is for statements that run in most requests; everywhere else the session is quick enough. It sees what was
flushed, and flushes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import InstanceState, Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state

Process = Callable[[Any], Any]


@dataclass(frozen=True)
class _Made:
    """A statement in the words of one database. ``order`` names its parameters where it takes them by place."""

    sql: str
    order: tuple[str, ...] | None
    fixed: dict[str, Any]
    defaults: tuple[tuple[str, Process], ...]
    binds: tuple[tuple[str, Process], ...]
    options: dict[str, Any]  # of the driver's execute()

    def parameters(self, given: dict[str, Any]) -> Any:
        values = {**self.fixed, **given}
        for name, default in self.defaults:
            values[name] = default(None)
        for name, bind in self.binds:
            values[name] = bind(values[name])
        return values if self.order is None else [values[name] for name in self.order]


class Prepared:
    """A statement, or one for each database by its name.

    *columns* are those that an INSERT without values of its own is given.
    """

    def __init__(self, statement: Any, columns: Sequence[str] | None = None) -> None:
        self.statement = statement
        self._columns = list(columns) if columns is not None else None
        self._made: dict[str, _Made] = {}

    def run(self, session: Session, **given: Any) -> int:
        """Run it in the unit of work of *session* and return how many rows it met."""
        return int(self._ask(_connection(session), given).rowcount)

    def number(self, session: Session, **given: Any) -> int | None:
        """Run an INSERT of one row that returns its number on PostgreSQL, and give that; None when none was written."""
        cursor = self._ask(_connection(session), given)
        if cursor.rowcount == 0:
            return None
        return int(cursor.fetchone()[0] if cursor.description else cursor.lastrowid)

    def words(self, dialect: sa.Dialect) -> Any:
        """The statement for the database that speaks *dialect*."""
        return self.statement[dialect.name] if isinstance(self.statement, dict) else self.statement

    def _ask(self, connection: sa.Connection, given: dict[str, Any]) -> Any:
        """The driver's cursor; its errors become those that SQLAlchemy makes of them."""
        dialect = connection.dialect
        made = self._made.get(dialect.name) or self._make(dialect)
        parameters = made.parameters(given)
        for heard in connection.dispatch.before_cursor_execute:
            heard(connection, None, made.sql, parameters, None, False)
        driver: Any = connection.connection.driver_connection
        try:
            return driver.execute(made.sql, parameters, **made.options)
        except dialect.loaded_dbapi.Error as error:
            if dialect.is_disconnect(error, driver, None):
                connection.invalidate(error)
            kind = dialect.loaded_dbapi.Error
            raise sa.exc.DBAPIError.instance(
                made.sql, None, error, kind, hide_parameters=True, dialect=dialect
            ) from error

    def _make(self, dialect: sa.Dialect) -> _Made:
        compiled: Any = self.words(dialect).compile(dialect=dialect, column_keys=self._columns)
        bound = {name: parameter for parameter, name in compiled.bind_names.items()}  # each once
        processes = (
            (name, parameter.type.dialect_impl(dialect).bind_processor(dialect))
            for name, parameter in bound.items()
        )
        made = self._made[dialect.name] = _Made(
            compiled.string,
            tuple(compiled.positiontup) if compiled.positional else None,
            {name: value for name, value in compiled.params.items() if value is not None},
            tuple(_default(column) for column in compiled.prefetch),
            tuple((name, process) for name, process in processes if process is not None),
            self._options(dialect),
        )
        return made

    def _options(self, dialect: sa.Dialect) -> dict[str, Any]:
        """With the statement's option ``as_bytes`` PostgreSQL sends bytes as they are, not in hexadecimal digits, which
        is its usual way: a megabyte of those takes four times as long to read."""
        wanted = self.words(dialect).get_execution_options().get("as_bytes")
        return {"binary": True} if wanted and dialect.name == "postgresql" else {}


class PreparedSelect(Prepared):
    """A SELECT of models and columns, or a union of columns, as it would be given to a session."""

    def __init__(self, statement: sa.Select[*tuple[Any, ...]] | sa.CompoundSelect[*tuple[Any, ...]]) -> None:
        super().__init__(statement)
        self._session_statement: Any = statement
        self._wanted: list[tuple[Any, tuple[str, ...]]] = []
        self._columns_read: list[Any] = []
        self._results: dict[str, tuple[tuple[int, Process], ...]] = {}

    def one_or_none(self, session: Session, **given: Any) -> Sequence[Any] | None:
        """The only row, with its models as objects of *session*; None when there is none.

        An object that *session* knows already and has to read again gets what was read. When it knows one that is still
        good it reads the row itself, and renews them when told to; several rows are its error, MultipleResultsFound.
        """
        connection = _connection(session)
        cursor = self._ask(connection, given)
        found = cursor.fetchall()
        if not found:
            return None
        placed = (
            self._placed(session, self._values(connection.dialect, cursor, found[0]))
            if len(found) == 1
            else None
        )
        return placed or session.execute(self._session_statement, given).one_or_none()

    def all(self, session: Session, **given: Any) -> list[tuple[Any, ...]]:
        """Every row of a question for columns, also of a union."""
        connection = _connection(session)
        cursor = self._ask(connection, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        processes = self._processes(connection.dialect, cursor)
        if not processes:  # as they are, which is so for texts and numbers
            return rows
        return [_processed(row, processes) for row in rows]

    def column(self, session: Session, **given: Any) -> list[Any]:
        """What the first column of each row holds."""
        return [row[0] for row in self.all(session, **given)]

    def scalar(self, session: Session, **given: Any) -> Any:
        """The first of what the only row holds; None when there is no row."""
        row = self.one_or_none(session, **given)
        return None if row is None else row[0]

    def _make(self, dialect: sa.Dialect) -> _Made:
        columns: list[Any] = []
        wanted: list[tuple[Any, tuple[str, ...]]] = []
        if isinstance(self._session_statement, sa.CompoundSelect):
            self._columns_read = list(self._session_statement.selected_columns)
            return super()._make(dialect)
        for one in self._session_statement.column_descriptions:
            if one["expr"] is one.get("entity"):  # columns of tables have none
                mapper = sa.inspect(one["entity"])
                attributes = [a for a in mapper.column_attrs if not a.deferred]
                columns += [attribute.columns[0] for attribute in attributes]
                wanted.append((mapper, tuple(attribute.key for attribute in attributes)))
            else:
                columns.append(one["expr"])
                wanted.append((None, ("",)))
        self._wanted, self._columns_read = wanted, columns  # at once: another thread may be reading its own
        if any(mapper is not None for mapper, _names in wanted):
            self.statement = self._session_statement.with_only_columns(*columns, maintain_column_froms=True)
        return super()._make(dialect)

    def _values(self, dialect: sa.Dialect, cursor: Any, row: Sequence[Any]) -> list[Any]:
        """What the columns' types make of a row that the driver gave."""
        return list(_processed(row, self._processes(dialect, cursor)))

    def _processes(self, dialect: sa.Dialect, cursor: Any) -> tuple[tuple[int, Process], ...]:
        processes = self._results.get(dialect.name)
        if processes is None:
            made = (
                (
                    place,
                    column.type.dialect_impl(dialect).result_processor(dialect, cursor.description[place][1]),
                )
                for place, column in enumerate(self._columns_read)
            )
            processes = tuple((place, process) for place, process in made if process is not None)
            self._results[dialect.name] = processes
        return processes

    def _placed(self, session: Session, values: list[Any]) -> list[Any] | None:
        """What the row holds; None when the session has one of its objects, and need not read it again."""
        found: list[Any] = []
        read: list[tuple[InstanceState[Any], dict[str, Any]]] = []
        rest = iter(values)
        for mapper, names in self._wanted:
            held: Any = dict(zip(names, rest, strict=False))
            if mapper is None:
                found.append(held[""])
            elif held["id"] is None:  # joined, where there was nothing to join
                found.append(None)
            else:
                key = mapper.identity_key_from_primary_key((held["id"],))
                row = session.identity_map.get(key)
                if row is None:
                    row = mapper.class_manager.new_instance()
                state: InstanceState[Any] = instance_state(row)
                if state.key is not None and (state.modified or not state.expired):
                    return None
                state.key = key
                read.append((state, held))
                found.append(row)
        for state, held in read:
            _fill(session, state, held)
        return found


def _processed(row: Sequence[Any], processes: Sequence[tuple[int, Process]]) -> tuple[Any, ...]:
    values = list(row)
    for place, process in processes:
        values[place] = process(values[place])
    return tuple(values)


def _connection(session: Session) -> sa.Connection:
    """What *session* is connected by: kept while its transaction lasts, for asking takes as long as a query does.

    Within a savepoint the session is asked: it sets one when it is first asked there.
    """
    found: sa.Connection | None = session.info.get("connection")
    return found if found is not None and not session.in_nested_transaction() else session.connection()


@event.listens_for(Session, "after_begin")
def _keep(session: Session, _transaction: SessionTransaction, connection: sa.Connection) -> None:
    session.info["connection"] = connection


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("connection", None)


@event.listens_for(Session, "after_rollback")
def _broken(session: Session) -> None:
    """A flush that failed leaves the session waiting for a rollback: it says so to who asks it for a connection."""
    session.info.pop("connection", None)


def _fill(session: Session, state: InstanceState[Any], held: dict[str, Any]) -> None:
    """As a session fills an object from a row, a new one or one that expired: what was not read is read when it is
    asked for."""
    state.dict.update(held)
    if state.session_id is None:
        session.identity_map.add(state)
        state.session_id = session.hash_key
    else:
        state._commit(state.dict, held)


def _default(column: sa.Column[Any]) -> tuple[str, Process]:
    """What a column holds where nothing is given for it: always the same, or what a function says."""
    given: Any = column.default or column.onupdate
    return column.key, given.arg if given.is_callable else lambda _context: given.arg
