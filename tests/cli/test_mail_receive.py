"""`flask mail receive` as a mail server pipes to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from forum.core.transactions import unit_of_work
from forum.events.invitee import address_for
from forum.events.models import Answer, Rsvp
from forum.events.operations.rsvp import answer
from forum.extensions import db
from tests.events.replies.corpus import letter
from tests.factories import accounts
from tests.factories import events as make

Pipe = Callable[..., Result]


@pytest.fixture
def invited(app: Flask) -> Iterator[tuple[str, bytes]]:
    """The address of an invitation and a letter that accepts it."""
    before = app.config["FORUM"]
    app.config["FORUM"] = dataclasses.replace(before, mail_reply_address="rsvp@town.example")
    with app.app_context():
        with unit_of_work():
            rsvp = answer(actor=accounts.person(), occurrence=make.occurrence(), answer=Answer.MAYBE)
        made = address_for(rsvp.id), letter("outlook", rsvp)
    yield made
    app.config["FORUM"] = before


@pytest.fixture
def pipe(app: Flask) -> Pipe:
    def run(data: bytes, *arguments: str, **environment: Any) -> Result:
        return app.test_cli_runner().invoke(args=["mail", "receive", *arguments], input=data, env=environment)

    return run


def answers(app: Flask) -> list[str]:
    with app.app_context():
        return [str(rsvp.answer) for rsvp in db.session.query(Rsvp)]


def test_a_piped_reply_counts_and_is_silent(app: Flask, invited: tuple[str, bytes], pipe: Pipe) -> None:
    address, data = invited
    done = pipe(data, "--sender", "rosa@example.org", "--", address)
    assert (done.exit_code, done.stdout, answers(app)) == (0, "", ["going"])


def test_the_environment_names_the_recipient_where_no_argument_does(
    app: Flask, invited: tuple[str, bytes], pipe: Pipe
) -> None:
    address, data = invited
    forged = pipe(data, ORIGINAL_RECIPIENT="rsvp+1.0@town.example", RECIPIENT=address)
    assert (forged.exit_code, answers(app)) == (67, ["maybe"])
    assert pipe(data, ORIGINAL_RECIPIENT=address).exit_code == 0
    assert answers(app) == ["going"]


def test_exit_codes_are_those_of_sysexits(app: Flask, invited: tuple[str, bytes], pipe: Pipe) -> None:
    address, data = invited
    assert pipe(data, "rsvp+1.0@town.example").exit_code == 67
    refused = pipe(b"x" * 6_000_000, address)
    assert (refused.exit_code, "5 MB" in refused.stdout) == (65, True)
    with app.app_context():
        db.session.execute(db.text("ALTER TABLE ledger_entry RENAME TO away"))
        db.session.commit()
    try:
        assert pipe(data, address).exit_code == 75
    finally:
        with app.app_context():
            db.session.execute(db.text("ALTER TABLE away RENAME TO ledger_entry"))
            db.session.commit()
    assert answers(app) == ["maybe"]
    assert pipe(data, address).exit_code == 0


def test_a_dry_run_tells_and_keeps_nothing(app: Flask, invited: tuple[str, bytes], pipe: Pipe) -> None:
    address, data = invited
    told = pipe(data, "--dry-run", address)
    assert (told.exit_code, "counted" in told.stdout, answers(app)) == (0, True, ["maybe"])


def test_without_a_reply_address_it_says_what_is_missing(app: Flask, pipe: Pipe) -> None:
    done = pipe(b"")
    assert (done.exit_code, "FORUM_MAIL_REPLY_ADDRESS" in done.output) == (1, True)
