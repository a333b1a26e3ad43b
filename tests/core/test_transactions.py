"""Units of work: what was read before a write is read again under its lock; what was written can be told at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Person
from forum.core.transactions import WriteRefused, begin_write, finish_writing, rollback, unit_of_work
from forum.extensions import db
from tests.factories import accounts
from tests.statements import Statements

RENAMED = sa.update(Person).values(name="Ben Stone")


def test_what_was_read_before_a_write_is_read_again(
    app: Flask, saved: Callable[[Callable[[], Any]], Any]
) -> None:
    number = saved(lambda: accounts.person(name="Ada Green")).id
    with app.test_request_context(method="POST"):
        person = db.session.get_one(Person, number)
        assert person.name == "Ada Green"
        with db.engine.begin() as somebody_else:
            somebody_else.execute(RENAMED)
        assert person.name == "Ada Green"
        begin_write()
        assert person.name == "Ben Stone"
        rollback()


def test_what_is_finished_is_durable_and_stays_readable_without_a_question(
    app: Flask, saved: Callable[[Callable[[], Any]], Any]
) -> None:
    number = saved(lambda: accounts.person(name="Ada Green")).id
    with app.test_request_context(method="POST"):
        begin_write()
        person = db.session.get_one(Person, number)
        person.name = "Ben Stone"
        finish_writing()
        with Statements() as asked:
            assert person.name == "Ben Stone"
        assert asked == []
        with db.engine.connect() as somebody_else:
            assert somebody_else.scalar(sa.select(Person.name)) == "Ben Stone"
        begin_write()  # and what is written next is a unit of work of its own
        person.name = "Cleo Hart"
        rollback()
        assert db.session.get_one(Person, number).name == "Ben Stone"


def test_others_write_once_what_was_written_is_finished_and_the_rest_of_the_request_reads_it(
    app: Flask, saved: Callable[[Callable[[], Any]], Any]
) -> None:
    number = saved(lambda: accounts.person(name="Ada Green")).id
    with app.test_request_context(method="POST"):
        begin_write()
        db.session.get_one(Person, number).name = "Cleo Hart"
        finish_writing()
        with app.app_context(), unit_of_work():  # which waits for its turn
            db.session.execute(RENAMED)
        assert db.session.scalar(sa.select(Person.name)) == "Ben Stone"


def test_a_request_that_only_reads_may_not_write(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(WriteRefused):
        begin_write()
