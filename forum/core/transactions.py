"""One transaction a request: an unsafe method that ends below 400 commits, everything else rolls back.

Operations are decorated with :func:`operation`. The first one of a request ends the read that came before and begins
the write (IMMEDIATE on SQLite), so what it checks it checks under the lock. A GET can never write; on PostgreSQL what a
request reads before it writes is read without a transaction (core/postgresql.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import structlog
from flask import Flask, Response, g, has_request_context
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from forum.core.current import this_g, this_request
from forum.core.db import begin_anew, commit_at_once
from forum.extensions import db

P = ParamSpec("P")
R = TypeVar("R")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
log = structlog.get_logger(__name__)


class WriteRefused(RuntimeError):
    """Raised when something tries to write during a safe request: a programming error."""


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function as a write. It runs inside the request's transaction, or inside :func:`unit_of_work`."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        begin_write()
        return function(*args, **kwargs)

    run.is_operation = True  # type: ignore[attr-defined]  # read by tests/architecture
    return run


def begin_write() -> None:
    """End the read so far and begin a write; does nothing inside one. What was loaded is read again when used."""
    if this_g().get("writing"):
        return
    if has_request_context() and (request := this_request()).method in SAFE_METHODS:
        raise WriteRefused(f"{request.method} {request.path} may not write")
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise WriteRefused("something was changed outside an operation")
    reading = session.in_transaction()
    g.writing = True
    if reading:
        begin_anew(session)


def after_commit(callback: Callable[[], None]) -> None:
    """Run *callback* once this unit of work is durable; a rollback forgets it."""
    g.setdefault("after_commit", []).append(callback)


def after_rollback(callback: Callable[[], None]) -> None:
    """Run *callback* when this unit of work is undone (a file written for it must go); a commit forgets it."""
    g.setdefault("after_rollback", []).append(callback)


def commit(how: Callable[[Session], None] = Session.commit) -> None:
    """Make the unit of work durable, then run what waits for that. A callback's failure is logged, never raised."""
    try:
        how(db.session())
    except BaseException:
        rollback()
        raise
    here = this_g()
    here.writing = False
    here.pop("after_rollback", None)
    _run("after_commit")


def finish_writing() -> None:
    """Make the unit of work durable before the answer is worded, so that nobody waits for the database meanwhile.

    For the busiest views, once nothing can be refused any more. What was read stays readable, as it was written.
    """
    commit(_keeping_what_was_read)


def _keeping_what_was_read(session: Session) -> None:
    if commit_at_once(session):
        return
    session.expire_on_commit = False
    try:
        session.commit()
    finally:
        session.expire_on_commit = True


def rollback() -> None:
    """Undo the unit of work."""
    db.session.rollback()
    g.writing = False
    g.pop("after_commit", None)
    _run("after_rollback")


def _run(waiting: str) -> None:
    for callback in g.pop(waiting, []):
        try:
            callback()
        except Exception:
            log.exception("a callback failed", waiting=waiting)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Commit at the end of the block, roll back when it raises: for commands and jobs, inside an app context."""
    begin_write()
    try:
        yield
    except BaseException:
        rollback()
        raise
    commit()


def init_app(app: Flask, on_failure: Callable[[SQLAlchemyError], Response]) -> None:
    """Install the hook. What is registered before it dresses the answer once the database is free for others again."""

    @app.after_request
    def finish(response: Response) -> Response:
        if not this_g().get("writing"):
            return response
        if this_request().method in SAFE_METHODS or response.status_code >= 400:
            rollback()
            return response
        try:
            commit()
        except SQLAlchemyError as error:
            # Raising here would answer 500 and still send the cookie: a sign-in or a "saved" would outlive the commit.
            g.drop_cookies = True
            return on_failure(error)
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        if this_g().get("writing"):
            rollback()


@event.listens_for(Session, "before_flush")
def refuse_stray_writes(session: Session, _context: Any, _instances: Any) -> None:
    """A flush outside an operation is a bug: it would escape the lock, the audit and the method rule."""
    if (session.new or session.dirty or session.deleted) and not g.get("writing"):
        raise WriteRefused("a write must go through an operation")
