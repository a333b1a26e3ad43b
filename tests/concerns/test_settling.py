"""Of an anonymous and of a confidential concern only days are known: not by its columns, nor by where its rows lie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from werkzeug.datastructures import FileStorage

from forum.accounts.models import Person, Role
from forum.audit.models import Entry as LedgerEntry
from forum.concerns.jobs import open_morning
from forum.concerns.models import Closing, Concern, ConcernPicture, Entry, Mode, Question, Verdict
from forum.concerns.operations.afterwards import answer_afterwards
from forum.concerns.operations.disputing import dispute_concern
from forum.concerns.operations.speaking import make_stricter, write_again
from forum.concerns.operations.submitting import Contact
from forum.concerns.operations.working import close_concern
from forum.core import clock
from forum.core.uploads import read_picture
from forum.extensions import db
from forum.notifications.models import Notification
from tests.concerns.steps import jpeg
from tests.factories import accounts, concerns

Saved = Callable[[Callable[[], Any]], Any]
NOON = datetime(2026, 3, 4, 21, 47, 13, 123456, tzinfo=UTC)
HOUR = "2026, 3, 4, 21, 47"  # with its day: numbers are random, and two of them may read like an hour
DAY = datetime(2026, 3, 4, 6, tzinfo=UTC)  # its beginning in Chicago
MORNING = datetime(2026, 3, 5, 13, tzinfo=UTC)  # seven the next day
IN_DAYS = (Mode.ANONYMOUS, Mode.CONFIDENTIAL)
TABLES = ("concern", "concern_entry", "concern_picture", "concern_dispute", "concern_identity")


def whole(mode: Mode) -> Concern:
    """A concern with a picture, somebody's contact, a reply and a disputed closing."""
    picture = read_picture(FileStorage(BytesIO(jpeg().getvalue())))
    contact = Contact(name="Marisol Quintero", email="marisol@example.org")
    made = concerns.concern(mode, contact=contact, pictures=((picture, "A lamp"),))
    write_again(concern=made, text="It goes on.")
    officer = accounts.person(Role.SUPERVISOR)
    close_concern(actor=officer, concern=made, closed_as=Closing.REFERRED, text="The city does that.")
    dispute_concern(concern=made, words="It is still dark.")
    return made


def kept(app: Flask) -> str:
    """Every row of concerns, the ledger and the outbox."""
    with app.app_context():
        found = [repr(row) for row in db.session.execute(sa.select(Notification.__table__)).all()]
        for table in db.metadata.sorted_tables:
            if table.name in TABLES or table.name == "ledger_entry":
                found += [repr(tuple(row)) for row in db.session.execute(sa.select(table)).all()]
    return "\n".join(found)


@pytest.mark.parametrize("mode", IN_DAYS)
def test_nothing_that_is_kept_knows_the_time_of_day_of_what_its_person_did(
    app: Flask, saved: Saved, mode: Mode
) -> None:
    with time_machine.travel(NOON - timedelta(hours=1), tick=False):
        saved(lambda: accounts.person(Role.SUPERVISOR))
    with time_machine.travel(NOON, tick=False):
        made = saved(lambda: concerns.concern(mode, contact=Contact(email="me@example.org")))
        saved(lambda: write_again(concern=db.session.get_one(Concern, made.id), text="Again."))
        assert HOUR not in kept(app)
        with app.app_context():
            assert db.session.scalars(sa.select(LedgerEntry)).all() == []
            assert db.session.scalars(sa.select(Notification)).all() == []
    with time_machine.travel(MORNING, tick=False), app.app_context():
        open_morning()
        assert [entry.act for entry in db.session.scalars(sa.select(LedgerEntry))] == ["concern.enter"]
        assert len(db.session.scalars(sa.select(Notification)).all()) == 1
        assert HOUR not in kept(app)


def test_a_confidential_concern_is_due_by_its_day_alone(work: Flask) -> None:
    due = set()
    for hour in (7, 15, 23):
        with time_machine.travel(datetime(2026, 3, 3, hour, 17, tzinfo=UTC), tick=False):
            made = concerns.concern(Mode.CONFIDENTIAL)
            due.add((made.due_at, made.warn_at, made.arrived_at))
    assert len(due) == 1


def test_what_is_made_confidential_later_keeps_days_alone_of_what_its_person_did(
    app: Flask, saved: Saved
) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        made = saved(lambda: whole(Mode.PRIVATE))
        time.shift(timedelta(minutes=31))
        saved(lambda: make_stricter(concern=db.session.get_one(Concern, made.id), mode=Mode.CONFIDENTIAL))
        with app.app_context():
            found = db.session.get_one(Concern, made.id)
            assert found.arrived_at == DAY
            own = sa.select(Entry.at).where(Entry.concern_id == made.id, Entry.author == "person")
            assert set(db.session.scalars(own)) == {DAY}
            acts = db.session.scalars(sa.select(LedgerEntry.act)).all()
            assert "concern.mode.change" not in acts  # the next morning writes it
    with time_machine.travel(MORNING, tick=False), app.app_context():
        for _ in range(2):
            open_morning()
        changes = sa.select(LedgerEntry).where(LedgerEntry.act == "concern.mode.change")
        assert [entry.detail for entry in db.session.scalars(changes)] == [{"mode": "confidential"}]


def test_ids_of_its_rows_are_random_and_on_sqlite_nothing_else_numbers_them(app: Flask, saved: Saved) -> None:
    made = saved(lambda: whole(Mode.CONFIDENTIAL))
    with app.app_context():
        for name in (*TABLES, "concern_transfer", "concern_recusal"):
            table = db.metadata.tables[name]
            key = list(table.primary_key.columns)
            if db.engine.dialect.name == "sqlite" and len(key) > 1:
                assert table.dialect_options["sqlite"]["with_rowid"] is False, name
            if len(key) == 1 and db.engine.dialect.name == "sqlite":
                numbers = db.session.execute(sa.text(f"SELECT rowid, {key[0].name} FROM {name}")).all()
                assert all(row == number for row, number in numbers), name
        assert max(db.session.scalars(sa.select(Entry.id).where(Entry.concern_id == made.id))) > 10_000


def test_the_files_of_its_pictures_say_the_day(app: Flask, saved: Saved) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        saved(lambda: whole(Mode.CONFIDENTIAL))
        later = saved(lambda: whole(Mode.PRIVATE))
        time.shift(timedelta(minutes=1))
        saved(lambda: make_stricter(concern=db.session.get_one(Concern, later.id), mode=Mode.CONFIDENTIAL))
    folder = app.config["FORUM"].instance_dir / "concern-pictures"
    files = list(folder.iterdir())
    assert len(files) == 4
    with app.app_context():
        for path in files:  # the disk's clock is not the test's
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            assert written == clock.day_begins(written)


@pytest.fixture
def on_postgresql(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite keeps rows by their random keys")


@pytest.mark.parametrize("mode", IN_DAYS)
@pytest.mark.usefixtures("on_postgresql")
def test_no_row_lies_or_was_written_between_two_whose_time_is_known(
    app: Flask, saved: Saved, mode: Mode
) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        for each in (Mode.PRIVATE, mode, Mode.PRIVATE, mode, Mode.PRIVATE):
            saved(lambda each=each: whole(each))
            time.shift(timedelta(minutes=20))
    with time_machine.travel(MORNING, tick=False), app.app_context():
        hidden = set(db.session.scalars(sa.select(Concern.id).where(Concern.mode == mode)))
        assert bracketed(hidden)  # as they were written
        open_morning()
        assert not bracketed(hidden)
        assert db.session.scalars(sa.select(Concern.stirred_on)).all() == [None] * 5
        for name in TABLES:
            if name != "concern_identity" or mode is Mode.CONFIDENTIAL:
                column = "concern_id" if name == "concern_identity" else "id"
                lie = db.session.scalars(sa.text(f"SELECT {column} FROM {name} ORDER BY ctid")).all()
                # Concerns are marked as settled last, together and in the same order.
                assert lie == sorted(lie, key=lambda id_: (name == "concern" and id_ in hidden, id_)), name


def bracketed(hidden: set[int]) -> list[str]:
    """Tables in which a row of *hidden* was written after one known row and before another."""
    found = []
    for name in TABLES:
        column = "id" if name == "concern" else "concern_id"
        rows = db.session.execute(sa.text(f"SELECT {column}, age(xmin) FROM {name}")).all()
        known = [age for id_, age in rows if id_ not in hidden]
        if known and any(min(known) < age < max(known) for id_, age in rows if id_ in hidden):
            found.append(name)
    return found


@pytest.mark.usefixtures("on_postgresql")
def test_no_answer_afterwards_was_written_with_a_row_of_its_concern(app: Flask, saved: Saved) -> None:
    def close() -> Concern:
        made = concerns.concern(Mode.PRIVATE)
        officer: Person = accounts.person(Role.SUPERVISOR)
        close_concern(actor=officer, concern=made, closed_as=Closing.REFERRED, text="The city does that.")
        return made

    with time_machine.travel(NOON, tick=False):
        made = [saved(close) for _ in range(3)]
        for each in made:
            said = {Question.RESPECT: Verdict.YES, Question.DEALT_WITH: Verdict.NO}
            saved(
                lambda each=each, said=said: answer_afterwards(
                    concern=db.session.get_one(Concern, each.id), said=said
                )
            )
    with time_machine.travel(MORNING, tick=False), app.app_context():
        open_morning()
        shared = "SELECT count(*) FROM concern JOIN concern_afterwards a ON a.xmin = concern.xmin"
        assert db.session.scalar(sa.text(shared)) == 0
        assert db.session.scalar(sa.text("SELECT count(DISTINCT xmin::text) FROM concern_afterwards")) == 1
        lie = db.session.scalars(sa.text("SELECT key FROM concern_afterwards ORDER BY ctid")).all()
        in_order = sa.text("SELECT key FROM concern_afterwards ORDER BY key")
        assert lie == db.session.scalars(in_order).all()


def test_pictures_have_names_that_tell_nothing(app: Flask, saved: Saved) -> None:
    saved(lambda: whole(Mode.ANONYMOUS))
    with app.app_context():
        (name,) = db.session.scalars(sa.select(ConcernPicture.name))
        assert len(name) == 36
