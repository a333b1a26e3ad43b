"""Statements that the driver runs: they read, write and fail as the session's do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Person, Role, Session
from forum.core.db import write_now
from forum.core.inserting import insert_new
from forum.core.prepared import Prepared, PreparedSelect
from forum.core.transactions import begin_write, commit, rollback
from forum.extensions import db
from tests.factories import accounts
from tests.statements import Statements

BY_NAME = PreparedSelect(
    sa.select(Person, Session, Person.created_at)
    .outerjoin(Session, Session.person_id == Person.id)
    .where(Person.name == sa.bindparam("name"))
)
RENAME = Prepared(
    sa.update(Person)
    .where(Person.name == sa.bindparam("old"))
    .values(name=sa.bindparam("new"), confirmed_at=sa.bindparam("at"))
)
MOMENT = datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


@pytest.fixture
def ada(saved: Callable[[Callable[[], Any]], Any]) -> int:
    number: int = saved(lambda: accounts.person(Role.OFFICER, name="Ada Green").id)
    return number


def test_a_row_is_the_same_object_that_a_session_would_make_of_it(app: Flask, ada: int) -> None:
    with app.test_request_context():
        found = BY_NAME.one_or_none(db.session(), name="Ada Green")
        assert found is not None
        person: Any = found[0]
        no_session, created_at = found[1:]
        read = {
            attribute.key: getattr(person, attribute.key) for attribute in sa.inspect(Person).column_attrs
        }
        assert no_session is None
        assert person.answers_to is None  # what hangs on it is read when it is asked for
        assert db.session.get(Person, ada) is person
        assert person not in db.session.dirty
        db.session.remove()
        again = db.session.get_one(Person, ada)
        assert {name: getattr(again, name) for name in read} == read
        assert (again.created_at, again.role) == (created_at, Role.OFFICER)


def test_what_the_session_knows_already_stays_one_object(app: Flask, ada: int) -> None:
    with app.test_request_context():
        known = db.session.get_one(Person, ada)
        assert BY_NAME.scalar(db.session(), name="Ada Green") is known


def test_a_change_to_an_object_that_was_read_so_is_written_and_undone(app: Flask, ada: int) -> None:
    with app.test_request_context(method="POST"):
        begin_write()
        person = BY_NAME.scalar(db.session(), name="Ada Green")
        person.name = "Ben Stone"
        commit()
        begin_write()
        person = BY_NAME.scalar(db.session(), name="Ben Stone")
        person.name = "Cleo Hart"
        rollback()
        assert person.name == "Ben Stone"


def test_nothing_is_found_where_nothing_is_and_several_are_refused(app: Flask, ada: int, saved: Any) -> None:
    saved(lambda: [accounts.person(name="Twin").id, accounts.person(name="Twin").id])
    with app.test_request_context():
        assert BY_NAME.one_or_none(db.session(), name="Nobody") is None
        with pytest.raises(sa.exc.MultipleResultsFound):
            BY_NAME.one_or_none(db.session(), name="Twin")


def test_a_write_says_how_many_rows_it_met_and_binds_by_the_columns_types(app: Flask, ada: int) -> None:
    with app.test_request_context(method="POST"):
        begin_write()
        assert RENAME.run(db.session(), old="Ada Green", new="Ben Stone", at=MOMENT) == 1
        assert RENAME.run(db.session(), old="Ada Green", new="Ben Stone", at=MOMENT) == 0
        commit()
        ben = db.session.get_one(Person, ada)
        assert (ben.name, ben.confirmed_at) == ("Ben Stone", MOMENT)


def test_an_error_is_the_one_that_sqlalchemy_raises(app: Flask, ada: int) -> None:
    with app.test_request_context(method="POST"):
        begin_write()
        with pytest.raises(sa.exc.IntegrityError):
            RENAME.run(db.session(), old="Ada Green", new=None, at=MOMENT)
        rollback()
        assert db.session.get_one(Person, ada).name == "Ada Green"


def test_who_counts_statements_counts_these(app: Flask, ada: int) -> None:
    with app.test_request_context(), Statements() as asked:
        BY_NAME.one_or_none(db.session(), name="Ada Green")
    assert len(asked) == 1


def test_what_was_set_to_what_it_was_is_not_written(app: Flask, ada: int) -> None:
    with app.test_request_context(method="POST"):
        begin_write()
        person = BY_NAME.scalar(db.session(), name="Ada Green")
        with Statements() as asked:
            person.name, person.role = "Ada Green", Role.OFFICER
            write_now(db.session(), person)
            person.name, person.role = "Ben Stone", Role.OFFICER
            write_now(db.session(), person)
        (only,) = asked
        assert "name" in only
        assert "role" not in only
        commit()
        assert db.session.get_one(Person, ada).name == "Ben Stone"


def test_an_object_that_has_to_be_read_again_gets_what_was_read_and_one_that_was_changed_keeps_that(
    app: Flask, ada: int
) -> None:
    with app.test_request_context(method="POST"):
        begin_write()
        known = db.session.get_one(Person, ada)
        db.session.expire_all()
        with Statements() as asked:
            assert BY_NAME.scalar(db.session(), name="Ada Green") is known
            assert (known.role, known.name) == (Role.OFFICER, "Ada Green")
        assert len(asked) == 1
        db.session.expire_all()
        known.name = "Ben Stone"
        with db.session.no_autoflush:
            assert BY_NAME.scalar(db.session(), name="Ada Green") is known
        assert known.name == "Ben Stone"
        rollback()


def test_a_column_of_all_rows_is_read_as_its_type_says(app: Flask, ada: int) -> None:
    created = PreparedSelect(sa.select(Person.created_at).where(Person.id == sa.bindparam("number")))
    with app.test_request_context():
        assert created.column(db.session(), number=ada) == [db.session.get_one(Person, ada).created_at]
        assert created.column(db.session(), number=0) == []


def test_a_savepoint_that_is_undone_undoes_what_the_driver_wrote_in_it(app: Flask, ada: int) -> None:
    with app.test_request_context(method="POST"):
        begin_write()
        person = BY_NAME.scalar(db.session(), name="Ada Green")
        with suppress(ZeroDivisionError), db.session.begin_nested():
            RENAME.run(db.session(), old="Ada Green", new="Ben Stone", at=MOMENT)
            raise ZeroDivisionError
        with suppress(ZeroDivisionError), db.session.begin_nested():
            person.title = "Beat sergeant"
            write_now(db.session(), person)
            raise ZeroDivisionError
        assert person.title == ""
        commit()
        assert (person.name, person.title) == ("Ada Green", "")


def test_after_a_flush_that_failed_nothing_is_written_before_the_rollback(app: Flask, ada: int) -> None:
    with app.test_request_context(method="POST"):
        begin_write()
        db.session.add(Person(email="x", email_folded="x", name=None))
        with pytest.raises(sa.exc.IntegrityError):
            db.session.flush()
        with pytest.raises(sa.exc.PendingRollbackError):
            RENAME.run(db.session(), old="Ada Green", new="Ben Stone", at=MOMENT)
        rollback()
        assert db.session.get_one(Person, ada).name == "Ada Green"


def test_what_was_written_at_once_is_of_no_row_after_a_rollback(app: Flask, ada: int) -> None:
    with app.test_request_context(method="POST"):
        given = {"token_hash": "x" * 64, "person_id": ada, "expires_at": MOMENT, "created_at": MOMENT}
        begin_write()
        first = insert_new(Session, "token_hash", **given)
        assert sa.inspect(first).persistent
        assert insert_new(Session, "token_hash", **given) is None
        rollback()
        assert sa.inspect(first).transient
        begin_write()
        again = insert_new(Session, "token_hash", **given)
        commit()
        assert db.session.scalars(sa.select(Session)).one() is again
