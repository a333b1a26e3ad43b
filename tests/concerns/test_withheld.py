"""A public concern taken from the public pages and brought back: nothing slips out, nothing is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import time_machine
from flask import Flask

from forum.accounts.models import Person, Role
from forum.concerns.acts import ConcernNotice
from forum.concerns.models import Concern, Entry, Mode
from forum.concerns.operations.following import follow_concern
from forum.concerns.operations.merging import merge_concern
from forum.extensions import db
from forum.notifications.models import Notification
from tests.concerns.test_desk_case import Desk
from tests.factories import accounts, concerns

Saved = Callable[[Callable[[], Any]], Any]


def withheld(desk: Desk) -> None:
    """Take the concern of *desk* from the public pages."""
    desk.send("/withhold", **{"withhold-reason": "names_somebody"})


def test_what_is_said_while_a_concern_is_withheld_stands_on_its_page_once_it_is_back(
    app: Flask, saved: Saved
) -> None:
    desk = Desk(app, saved, Mode.PUBLIC, Role.SUPERVISOR)
    visitor, address = app.test_client(), desk.url.removeprefix("/desk")
    withheld(desk)
    assert desk.client.page(desk.url).form("/answer")["answer-public"]
    desk.send("/answer", action="send", **{"answer-text": "A lamp was ordered."})
    fields = {"answer-text": "For your eyes alone.", "answer-public": None}
    desk.send("/answer", action="send", **fields)
    assert visitor.get(address).status_code == 404
    desk.send("/show")
    words = visitor.get(address).get_data(as_text=True)
    assert "A lamp was ordered." in words
    assert "For your eyes alone." not in words


def test_followers_hear_nothing_of_a_withheld_concern(app: Flask, saved: Saved) -> None:
    desk = Desk(app, saved, Mode.PUBLIC, Role.SUPERVISOR)

    def follow() -> None:
        follower, concern = accounts.person(), db.session.get_one(Concern, desk.id)
        follow_concern(actor=follower, concern=concern, me_too=False, mails=True)

    saved(follow)
    withheld(desk)
    desk.send("/answer", action="send", **{"answer-text": "A lamp was ordered."})
    assert not [row for row in desk.rows(Notification) if row.kind == ConcernNotice.CONCERN_FOLLOWED]


def test_a_withheld_answer_does_not_become_public_through_a_merged_concern(app: Flask, saved: Saved) -> None:
    desk = Desk(app, saved, Mode.PUBLIC, Role.SUPERVISOR)

    def merged() -> str:
        other = concerns.concern(Mode.PUBLIC)
        merge_concern(
            actor=db.session.get_one(Person, desk.person_id),
            concern=other,
            into=db.session.get_one(Concern, desk.id),
        )
        return other.reference

    other = saved(merged)
    withheld(desk)
    fields = {"answer-text": "A lamp was ordered.", "answer-also": other}
    desk.send("/answer", action="send", **fields)
    said = [row for row in desk.rows(Entry) if row.text == "A lamp was ordered."]
    assert {row.concern_id: row.public for row in said}[desk.id]
    assert not any(row.public for row in said if row.concern_id != desk.id)


def test_a_feed_changes_when_a_concern_is_brought_back(app: Flask, saved: Saved) -> None:
    with time_machine.travel(datetime(2030, 3, 4, 12, tzinfo=UTC), tick=False) as time:
        desk, visitor = Desk(app, saved, Mode.PUBLIC, Role.SUPERVISOR), app.test_client()
        time.shift(60)
        withheld(desk)
        time.shift(60)
        without = visitor.get("/concerns.atom")
        time.shift(60)
        desk.send("/show")
        time.shift(60)
        back = visitor.get("/concerns.atom", headers={"If-Modified-Since": without.headers["Last-Modified"]})
    assert back.status_code == 200
