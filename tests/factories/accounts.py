"""People, teams and open sessions. Call inside a unit of work (the fixtures ``work`` and ``saved``)."""

from __future__ import annotations

from itertools import count
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.addresses import fold
from forum.accounts.models import Person, Role, Team
from forum.accounts.operations.sessions import start_session
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.extensions import db

PASSWORD = "quiet maple lantern"
# Hashed once, cheaply: a sign-in with it is quick, and makes the hash anew as it would any outdated one.
CHEAP_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_numbers = count(1)


def person(role: Role = Role.RESIDENT, **columns: Any) -> Person:
    """A confirmed person whose password is PASSWORD; ``confirmed_at=None`` makes one who is waiting."""
    number = next(_numbers)
    given = {
        "email": f"{role}-{number}@example.org",
        "name": f"{str(role).capitalize()} {number}",
        "password_hash": CHEAP_HASH,
        "confirmed_at": clock.now(),
        **columns,
    }
    made = Person(role=role, email_folded=fold(given["email"]), **given)
    db.session.add(made)
    db.session.flush()
    return made


def team(**columns: Any) -> Team:
    """A team."""
    made = Team(**{"name": f"Team {next(_numbers)}", **columns})
    db.session.add(made)
    db.session.flush()
    return made


def sign_in(client: FlaskClient, someone: Person | int, *, stay: bool = False) -> FlaskClient:
    """Open a session of *someone* (a committed person, or an id) in *client*, without the form."""
    app: Flask = client.application
    person_id = someone if isinstance(someone, int) else someone.id
    with app.app_context(), unit_of_work():
        found = db.session.get_one(Person, person_id)
        start_session(found, proof=found.password_hash, stay=stay, device="Test browser")
        token = found.session_token
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = token
        session.permanent = stay
    return client
