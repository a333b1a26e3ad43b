"""Closed concerns and their pictures are forgotten in time; open ones never."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from forum.accounts.models import Role
from forum.concerns import pictures
from forum.concerns.jobs import purge
from forum.concerns.models import Closing, Concern, ConcernPicture, Mode
from forum.concerns.operations.following import follow_concern
from forum.concerns.operations.working import add_note, close_concern
from forum.core import clock
from forum.core.uploads import read_picture
from forum.extensions import db
from tests.factories import accounts, concerns

Saved = Callable[[Callable[[], Any]], Any]


def picture() -> Any:
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    data.seek(0)
    return read_picture(FileStorage(data, filename="secret.png"))


def make() -> tuple[int, int]:
    officer = accounts.person(Role.OFFICER)
    closed, open_ = (
        concerns.concern(Mode.PUBLIC, person=accounts.person(), pictures=((picture(), "A red car"),))
        for _ in range(2)
    )
    add_note(actor=officer, concern=closed, text="Seen before.")
    follow_concern(actor=accounts.person(), concern=closed, me_too=True, mails=True)
    close_concern(
        actor=officer,
        concern=closed,
        closed_as=Closing.DONE,
        text="A bump was built.",
        evidence="Seen on Monday, on Sheffield.",
    )
    return closed.id, open_.id


def rows() -> dict[str, int]:
    tables = [table for table in db.metadata.sorted_tables if "concern_id" in table.columns]
    count = sa.func.count()
    return {table.name: db.session.scalar(select(count).select_from(table)) or 0 for table in tables}


def test_pictures_go_after_their_days_and_concerns_after_theirs(app: Flask, saved: Saved) -> None:
    closed, open_ = saved(make)
    with app.app_context():
        files = set(db.session.scalars(select(ConcernPicture.name)))
        (kept,) = db.session.scalars(
            select(ConcernPicture.name).where(ConcernPicture.concern_id == open_)
        ).all()

    def at(days: int) -> set[int]:
        with time_machine.travel(clock.now() + timedelta(days=days)), app.app_context():
            purge()
            return set(db.session.scalars(select(Concern.id)))

    assert at(89) == {closed, open_}
    assert all(folder(app).joinpath(name).exists() for name in files)
    assert at(91) == {closed, open_}
    assert {name for name in files if folder(app).joinpath(name).exists()} == {kept}
    assert at(364) == {closed, open_}
    assert at(366) == {open_}
    with app.app_context():
        assert rows()["concern_note"] == rows()["concern_follow"] == 0
        assert rows()["concern_entry"] == rows()["concern_identity"] == rows()["concern_picture"] == 1


def folder(app: Flask) -> Any:
    with app.app_context():
        return pictures.folder()
