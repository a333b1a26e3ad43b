"""What PostgreSQL needs to answer soon: requests that read without a transaction, and connections that are there.

A request that only read used to pay for BEGIN and ROLLBACK, two round trips, and at a rollback the driver forgets the
statements that the server has planned: each was planned anew for the next page. At the server's usual isolation each
statement sees what was committed before it, within a transaction or without. So what a request reads before it writes
is read without one, and nothing has to be ended. Outside of a transaction the server refuses to write at all.
"""

from __future__ import annotations

import select
import time
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, SessionTransaction

TRUSTED = 10.0  # seconds for which a connection that says nothing is taken to be there
STALE = "cached plan must not change result type"  # the server's words


def prepare(engine: Engine) -> None:
    """Set up each new connection of *engine*, and ask those that waited long whether they are still there."""

    @event.listens_for(engine, "connect")
    def set_up(driver: Any, _record: Any) -> None:
        driver.autocommit = True
        driver.execute("SET default_transaction_read_only = on")
        driver.autocommit = False
        driver.read_only = False  # a transaction may write, as it says where it begins

    _give_up_stale_plans(engine)

    @event.listens_for(engine, "checkin")
    def note(_driver: Any, record: Any) -> None:
        record.info["given_back"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(driver: Any, record: Any, _fairy: Any) -> None:
        if not _is_there(engine, driver, record.info.get("given_back")):
            raise sa.exc.InvalidatePoolError
        if driver.autocommit:  # as a request that read has left it
            driver.autocommit = False


def write_from_now(session: Session, connection: sa.Connection) -> None:
    """Let what *session* does next be a transaction; what it has read is read again when used."""
    driver: Any = connection.connection.driver_connection
    if driver.autocommit:
        session.expire_all()
        driver.autocommit = False
    else:
        session.rollback()


@event.listens_for(Session, "after_begin")
def _begin(_session: Session, _transaction: SessionTransaction, connection: sa.Connection) -> None:
    """Without a transaction where a request reads; commands, jobs and all that writes have one."""
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        reads = has_request_context() and not g.get("writing")
        if driver.autocommit is not reads:
            driver.autocommit = reads


def _give_up_stale_plans(engine: Engine) -> None:
    """Close connections whose plans return what a migration has changed since: they would answer with errors alone."""
    dialect: Any = engine.dialect
    ended = dialect.is_disconnect
    dialect.is_disconnect = lambda error, connection, cursor: (
        STALE in str(error) or ended(error, connection, cursor)
    )


def _is_there(engine: Engine, driver: Any, given_back: float | None) -> bool:
    """Whether a connection can be used. A server that ended it has said so, which costs no round trip to hear."""
    if given_back is None:
        return True
    heard = select.poll()
    try:
        heard.register(driver.fileno(), select.POLLIN)
        if time.monotonic() - given_back < TRUSTED and not heard.poll(0):
            return True
        return bool(engine.dialect.do_ping(driver))
    except engine.dialect.loaded_dbapi.Error:
        return False
