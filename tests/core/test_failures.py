"""What a person reads when the database says no."""

from __future__ import annotations

import sqlite3

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from forum.core.errors import database_failure

pytestmark = pytest.mark.once


def full() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@pytest.mark.parametrize(
    ("error", "status", "words"),
    (
        (IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")), 422, "Nothing was changed"),
        (OperationalError("INSERT", {}, full()), 507, "Our storage is full"),
        (
            OperationalError("SELECT", {}, sqlite3.OperationalError("locked")),
            503,
            "everything saved before is safe",
        ),
    ),
)
def test_a_failed_write_says_what_is_safe(
    app: Flask, error: SQLAlchemyError, status: int, words: str
) -> None:
    with app.test_request_context("/account", method="POST"):
        answered = database_failure(error)
    assert answered.status_code == status
    assert words in answered.get_data(as_text=True)
    assert answered.headers["Cache-Control"] == "no-store"
