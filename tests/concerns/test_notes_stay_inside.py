"""What the desk writes for itself, and who stands behind a concern, is on no page, in no feed, export or mail that
anybody else gets. Every address there is is opened; a new kind of mail fails until it is sent here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.concerns.acts import ConcernNotice
from forum.concerns.jobs import open_morning, warn
from forum.concerns.models import About, Closing, Concern, Mode, Status
from forum.concerns.operations.disputing import dispute_concern
from forum.concerns.operations.following import ask_to_follow, follow_concern
from forum.concerns.operations.handing import step_back
from forum.concerns.operations.recusing import recuse
from forum.concerns.operations.speaking import write_again
from forum.concerns.operations.submitting import Contact
from forum.concerns.operations.working import (
    add_note,
    answer_concern,
    assign_concern,
    change_status,
    close_concern,
)
from forum.concerns.queries.desk import undecided_of
from forum.core import clock
from forum.extensions import db
from forum.notifications import jobs
from forum.notifications.models import Delivery, Notification
from forum.notifications.registry import registry
from tests.factories import concerns
from tests.factories.site import Everything, everything
from tests.test_access import addresses, browser

Saved = Callable[[Callable[[], Any]], Any]
NOTE, IDENTITY = "Zyxnote", "Qvxname"
OUTSIDE = ("visitor", "other resident", "resident", "partner", "administrator", "auditor")


def marked() -> Everything:
    """One of everything, and a concern of every mode with a marked note; whose they are is marked too."""
    site = everything()
    owner = db.session.get_one(Person, site.people["resident"])
    for mode in Mode:
        contact = Contact(
            name=f"{IDENTITY} {mode}", email=f"{IDENTITY}.{mode}@example.org", phone=f"{IDENTITY} 555"
        )
        made = concerns.concern(mode, contact=contact, title=f"Concern told in {mode}")
        site.values[str(mode)] = made.reference
        if mode is Mode.PUBLIC:
            follow_concern(
                actor=db.session.get_one(Person, site.people["partner"]),
                concern=made,
                me_too=True,
                mails=True,
            )
    site.values["own"] = concerns.concern(Mode.PRIVATE, person=owner).reference
    reviewer = db.session.get_one(Person, site.people["reviewer"])
    for made in db.session.scalars(select(Concern)).all():
        add_note(actor=reviewer, concern=made, text=f"{NOTE} about this one.")
    return site


def worked(site: Everything) -> None:
    """Everything that is told by mail happens to every concern."""
    officer = db.session.get_one(Person, site.people["reviewer"])
    for made in db.session.scalars(select(Concern).where(Concern.status != Status.CLOSED)).all():
        answer_concern(actor=officer, concern=made, text="We look into it.")
        change_status(actor=officer, concern=made, status=Status.IN_PROGRESS)
        if made.is_listed:
            ask_to_follow(concern=made, email="new@example.org", language="en", me_too=True, mails=True)
        if db.session.scalars(undecided_of(made.id)).first() is not None:
            continue
        close_concern(
            actor=officer,
            concern=made,
            closed_as=Closing.DONE,
            text="A bump was built.",
            evidence="Seen on Monday, on Sheffield.",
        )


def hidden(site: Everything) -> None:
    """A name leaves one concern to reviewers alone, and another to nobody."""
    reviewer, boss = (db.session.get_one(Person, site.people[role]) for role in ("reviewer", "supervisor"))
    contact = Contact(name=IDENTITY, email=f"{IDENTITY}@example.org")
    left = concerns.concern(Mode.CONFIDENTIAL, contact=contact)
    add_note(actor=reviewer, concern=left, text=NOTE)
    step_back(actor=reviewer, concern=left, person=boss, named=True)
    unread = concerns.concern(Mode.PRIVATE, about=About.COMPLAINT, category="officer", contact=contact)
    recuse(actor=None, concern=unread, people=[reviewer])


def wrote(site: Everything) -> None:
    """Its person writes again to who has a concern, and disputes how it was closed."""
    reviewer, officer = (db.session.get_one(Person, site.people[role]) for role in ("reviewer", "officer"))
    made = concerns.concern(Mode.PRIVATE, contact=Contact(name=IDENTITY, email=f"{IDENTITY}@example.org"))
    add_note(actor=reviewer, concern=made, text=NOTE)
    assign_concern(actor=reviewer, concern=made, to=officer)
    write_again(concern=made, text="It goes on.")
    close_concern(actor=reviewer, concern=made, closed_as=Closing.NO_POWER, text="It is not ours.")
    dispute_concern(concern=made, words="It is yours.")


@pytest.mark.parametrize("role", OUTSIDE)
def test_no_page_feed_or_export_shows_a_note_or_whose_a_concern_is(
    app: Flask, saved: Saved, role: str
) -> None:
    site: Everything = saved(marked)
    client, token = browser(app, site, role)
    asked = [("GET", site.address(rule, app)) for method, rule in addresses(app) if method == "GET"]
    asked += [
        ("POST", site.address(rule, app))
        for method, rule in addresses(app)
        if method == "POST" and rule.endpoint.startswith("concerns")
    ]
    asked += [("GET", f"/concerns/{site.values[str(mode)]}") for mode in Mode]
    asked += [("GET", f"/concerns/{site.values['own']}")]
    # In small letters, which a search takes alike: what a page says again of the address is no find.
    words = (NOTE.lower(), IDENTITY.lower())
    asked += [("GET", f"/concerns{form}?q={word}") for form in ("", ".atom") for word in words]
    told = []
    for method, path in asked:
        answer = client.get(path) if method == "GET" else client.post(path, data={"csrf_token": token})
        body = answer.get_data(as_text=True)
        told += [(method, path) for mark in (NOTE, IDENTITY) if mark in body]
    assert told == []


def test_no_mail_holds_a_note_or_whose_a_concern_is(app: Flask, saved: Saved) -> None:
    with time_machine.travel(clock.now() - timedelta(days=1), tick=False):
        site = saved(marked)
    with app.app_context():
        open_morning()
        jobs.deliver()
        last = db.session.scalar(select(func.max(Concern.warn_at)).where(Concern.mode != Mode.ANONYMOUS))
    assert last is not None
    with time_machine.travel(last + timedelta(minutes=1), tick=False), app.app_context():
        warn()
        jobs.deliver()
    saved(lambda: worked(site))
    saved(lambda: hidden(site))
    saved(lambda: wrote(site))
    with app.app_context():
        open_morning()
        jobs.deliver()
        delivered = select(Notification.kind).where(Notification.delivery == Delivery.DELIVERED)
        assert set(ConcernNotice) - set(db.session.scalars(delivered)) == set()
        assert {str(kind) for kind in ConcernNotice} <= registry.wordings.keys()
    letters = list((Path(app.instance_path) / "mail").glob("*.eml"))
    assert len(letters) > 10
    for letter in letters:
        head, _, body = letter.read_text().partition("\n\n")
        assert NOTE not in head + body
        assert IDENTITY not in body
        assert IDENTITY not in "\n".join(line for line in head.splitlines() if not line.startswith("To:"))


def test_the_marks_are_found_where_they_may_be(app: Flask, saved: Saved) -> None:
    """So that the tests above cannot pass for want of a mark."""
    saved(marked)
    with app.app_context():
        for table, mark in (("concern_note", NOTE), ("concern_identity", IDENTITY)):
            rows = db.session.execute(select(db.metadata.tables[table])).all()
            assert sum(mark in repr(tuple(row)) for row in rows) >= 3
