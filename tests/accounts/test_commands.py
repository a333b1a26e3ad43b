"""The first administrator of a fresh installation."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Person, Role
from forum.extensions import db
from tests.factories.accounts import person

COMMAND = ["accounts", "create-administrator", "--email", "Root@Example.org", "--name", " Rae  Root "]


def run(app: Flask, password: str, command: list[str] = COMMAND) -> Any:
    return app.test_cli_runner().invoke(args=command, input=f"{password}\n")


def test_an_administrator_made_on_the_command_line_can_sign_in(app: Flask, client: Any) -> None:
    result = run(app, "seven green bottles")
    assert result.exit_code == 0, result.output
    assert "seven green bottles" not in result.output
    with app.app_context():
        found = db.session.scalars(sa.select(Person)).one()
        assert (found.name, found.role) == ("Rae Root", Role.ADMINISTRATOR)
    fields = {"email": "root@example.org", "password": "seven green bottles"}
    assert client.send("/account/sign-in", fields).status_code == 303
    assert client.get("/admin/people").status_code == 200


@pytest.mark.parametrize(
    ("password", "command"),
    [
        ("password1", COMMAND),
        ("short", COMMAND),
        ("root@example.org", COMMAND),
        ("seven green bottles", [*COMMAND[:3], "not an address", *COMMAND[4:]]),
        ("seven green bottles", [*COMMAND[:5], "   "]),
    ],
)
def test_what_nobody_could_register_with_is_refused_in_words(
    app: Flask, password: str, command: list[str]
) -> None:
    result = run(app, password, command)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_an_address_that_is_taken_is_refused(app: Flask, saved: Any) -> None:
    saved(lambda: person(email="root@example.org"))
    result = run(app, "seven green bottles")
    assert result.exit_code == 1
    assert "has an account already" in result.output
