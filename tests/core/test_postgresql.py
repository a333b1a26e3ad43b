"""On PostgreSQL a request that reads has no transaction: plans stay, nothing can be written, and writes begin anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from forum.accounts.models import Person
from forum.core.caching.generation import reader_for
from forum.core.db import engine_options, prepare
from forum.core.transactions import begin_write, commit
from forum.extensions import db
from tests.conftest import BACKEND
from tests.factories import accounts

pytestmark = pytest.mark.skipif(BACKEND != "postgresql", reason="SQLite has no server")
NAME = sa.select(Person.name)
RENAMED = sa.update(Person).values(name="Ben Stone")
PID = sa.select(sa.func.pg_backend_pid())
ASKED_OFTEN = sa.select(Person.name.label("asked_often"))
PLANNED = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS asked_often%'")


@pytest.fixture
def ada(saved: Callable[[Callable[[], Any]], Any]) -> int:
    number: int = saved(lambda: accounts.person(name="Ada Green").id)
    return number


def test_what_the_server_has_planned_for_one_request_is_there_for_the_next(app: Flask, ada: int) -> None:
    for _ in range(7):  # the driver lets the server plan what it has asked for five times
        with app.test_request_context():
            assert db.session.scalar(ASKED_OFTEN) == "Ada Green"
    with app.test_request_context():
        assert db.session.scalar(PLANNED) == 1


def test_a_request_that_reads_can_write_nothing_even_past_the_operations(app: Flask, ada: int) -> None:
    with app.test_request_context(), pytest.raises(sa.exc.DBAPIError, match="read-only"):
        db.session.execute(RENAMED)
    with app.test_request_context():
        assert db.session.scalar(NAME) == "Ada Green"


def test_a_request_that_reads_leaves_no_transaction_open_while_it_renders(app: Flask, ada: int) -> None:
    with app.test_request_context():
        db.session.scalar(NAME)
        pid = db.session.scalar(PID)
        with db.engine.connect() as somebody_else:
            state = sa.text("SELECT state FROM pg_stat_activity WHERE pid = :pid")
            assert somebody_else.scalar(state, {"pid": pid}) == "idle"


def test_what_reads_first_and_then_writes_does_so_in_one_transaction_on_the_same_connection(
    app: Flask, ada: int
) -> None:
    with app.test_request_context(method="POST"):
        pid = db.session.scalar(PID)
        begin_write()
        db.session.execute(RENAMED)
        assert db.session.scalar(PID) == pid
        with db.engine.connect() as somebody_else:
            assert somebody_else.scalar(NAME) == "Ada Green"
        commit()
        with db.engine.connect() as somebody_else:
            assert somebody_else.scalar(NAME) == "Ben Stone"


def test_a_connection_that_a_request_has_read_with_is_one_like_any_other_afterwards(
    app: Flask, ada: int
) -> None:
    with app.test_request_context():
        pid = db.session.scalar(PID)
    with app.app_context():
        with db.engine.connect() as connection:
            assert connection.scalar(PID) == pid
            connection.execute(RENAMED)
            connection.rollback()
        assert db.session.scalar(NAME) == "Ada Green"


def test_a_connection_that_the_server_has_ended_is_not_used(app: Flask, ada: int) -> None:
    with app.test_request_context():
        pid = db.session.scalar(PID)
    end = sa.text("SELECT pg_terminate_backend(:pid, 5000)")
    apart = sa.create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=sa.NullPool)
    with apart.connect() as somebody_else:
        assert somebody_else.scalar(end, {"pid": pid})
    with app.test_request_context():
        assert db.session.scalar(PID) != pid


def test_what_a_request_reads_is_no_commit_to_who_watches_for_them(app: Flask, ada: int) -> None:
    read = reader_for(app.config["SQLALCHEMY_DATABASE_URI"])

    def unchanged_by_a_request() -> bool:
        before = read()
        with app.test_request_context():
            db.session.scalar(NAME)
        return read() == before

    try:  # PostgreSQL counts the commits of all its databases, and other tests commit beside this one
        assert any(unchanged_by_a_request() for _attempt in range(200))
    finally:
        read.close()  # type: ignore[attr-defined]


def test_a_migration_of_what_is_asked_often_costs_one_answer_not_all(app: Flask) -> None:
    with app.app_context():
        elsewhere, url = db.engine, db.engine.url.render_as_string(hide_password=False)
    engine = sa.create_engine(url, **engine_options(url) | {"pool_size": 1, "max_overflow": 0})
    prepare(engine)

    def ask() -> None:
        with app.test_request_context(), Session(engine) as session:
            session.execute(sa.text("SELECT * FROM changing")).all()

    def change(statement: str) -> None:
        with elsewhere.begin() as somebody_else:
            somebody_else.execute(sa.text(statement))

    change("CREATE TABLE changing (words text)")
    try:
        for _ in range(7):  # by now the server has planned it
            ask()
        change("ALTER TABLE changing ALTER words TYPE varchar(20)")
        with pytest.raises(sa.exc.DBAPIError, match="cached plan"):
            ask()
        ask()
    finally:
        engine.dispose()
        change("DROP TABLE changing")
