"""The administrator says what concerns are about, what is promised, and when the agency is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Role
from forum.audit.models import Entry as LedgerEntry
from forum.concerns.forms.admin import spans_of
from forum.concerns.models import Category, Concern, Holiday
from forum.concerns.queries.clocks import calendar_now
from forum.extensions import db
from tests.factories import accounts, concerns
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
CATEGORY = {
    "name_en": "Fireworks", "about_en": "Fireworks at night.", "name_es": "Fuegos artificiales",
    "answer_hours": "48", "update_days": "7", "closing_days": "30",
}  # fmt: skip


@pytest.fixture
def admin(client: Client, saved: Saved) -> Client:
    """An administrator's browser."""
    accounts.sign_in(client, saved(lambda: accounts.person(Role.ADMINISTRATOR)))
    return client


def test_a_category_is_added_changed_and_retired(app: Flask, admin: Client) -> None:
    assert admin.send("/admin/concerns/categories/new", CATEGORY).status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Category).where(Category.slug == "fireworks")).one()
        path, position = f"/admin/concerns/categories/{made.id}", made.position
        assert (made.answer_hours, made.name("es")) == (48, "Fuegos artificiales")
        assert position == max(db.session.scalars(select(Category.position)))
    assert "Fireworks" in admin.page("/admin/concerns/categories").text()
    assert admin.send(path, {"retired": "y", "name_en": "Loud fireworks"}).status_code == 303
    with app.app_context():
        changed = db.session.get_one(Category, made.id)
        assert (changed.retired, changed.slug, changed.position) == (True, "fireworks", position)
        acts = db.session.scalars(select(LedgerEntry.act)).all()
        assert {"concern.category.create", "concern.category.change"} <= set(acts)


@pytest.mark.parametrize(
    "changes",
    [
        {"name_en": ""},
        {"about_en": " "},
        {"answer_hours": "0"},
        {"closing_days": "soon"},
        {"name_en": "Noise"},
    ],
)
def test_what_is_missing_is_asked_for_again(app: Flask, admin: Client, changes: dict[str, str]) -> None:
    answer = admin.send("/admin/concerns/categories/new", CATEGORY | changes)
    assert answer.status_code == 422
    assert "Fireworks at night." in answer.get_data(as_text=True) or "about_en" in changes


def test_a_shorter_promise_holds_for_open_concerns(app: Flask, admin: Client, saved: Saved) -> None:
    made = saved(concerns.concern)
    path = f"/admin/concerns/categories/{made.category_id}"
    assert admin.send(path, {"answer_hours": "1"}).status_code == 303
    with app.app_context():
        due = db.session.get_one(Concern, made.id).due_at
        assert due is not None
        assert made.due_at is not None
        assert due < made.due_at


def test_hours_and_holidays_move_what_is_due(app: Flask, admin: Client, saved: Saved) -> None:
    with time_machine.travel(datetime(2026, 3, 3, 16, tzinfo=UTC), tick=False):
        made = saved(concerns.concern)  # due on Friday the 6th, at ten
    holiday = {"day": "2026-03-06", "name": "Founders' Day"}
    assert admin.send("/admin/concerns/holidays", holiday, form="/holidays").status_code == 303
    with app.app_context():
        assert db.session.get_one(Concern, made.id).due_at == datetime(2026, 3, 9, 14, tzinfo=UTC)
        number = db.session.scalars(select(Holiday.id)).one()
    assert admin.send("/admin/concerns/hours", {"day_0": "10-12, 13-17:30"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Concern, made.id).due_at == datetime(2026, 3, 9, 15, tzinfo=UTC)
        assert calendar_now().hours[0] == ((time(10), time(12)), (time(13), time(17, 30)))
    answer = admin.send("/admin/concerns/holidays", form=f"/{number}/remove")
    assert answer.status_code == 303
    with app.app_context():
        assert db.session.get_one(Concern, made.id).due_at == datetime(2026, 3, 6, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"day_0": "17-9"},
        {"day_0": "9-12, 11-17"},
        {"day_3": "all day"},
        {"day_0": "25-26"},
        {f"day_{n}": "" for n in range(7)},
    ],
)
def test_hours_that_cannot_be_are_refused(app: Flask, admin: Client, changes: dict[str, str]) -> None:
    assert admin.send("/admin/concerns/hours", changes).status_code == 422
    with app.app_context():
        assert calendar_now().hours[0] == ((time(9), time(17)),)


def test_a_day_is_on_the_list_once(app: Flask, admin: Client, saved: Saved) -> None:
    saved(lambda: concerns.holiday(date(2026, 12, 25), "Christmas"))
    again = {"day": "2026-12-25", "name": "Christmas"}
    assert admin.send("/admin/concerns/holidays", again, form="/holidays").status_code == 422


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("", []),
        ("9-17", [(time(9), time(17))]),
        ("9:00–12:30, 13.30 - 17", [(time(9), time(12, 30)), (time(13, 30), time(17))]),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, spans: list[tuple[time, time]]) -> None:
    assert spans_of(typed) == spans
