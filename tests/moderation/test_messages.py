"""What is said by mail: which rule and where to read it; never what was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Role
from forum.core.mail import Message, addressed_to
from forum.extensions import db
from forum.moderation.models import Measure, Verdict
from forum.moderation.operations.appealing import add_message, decide_appeal, raise_appeal
from forum.moderation.vocabulary import ModerationNotice
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, registry
from tests.factories.accounts import person
from tests.factories.moderation import Notes, decision, note, reported_case

WORDS = "Pat is a fool."


Saved = Callable[[Callable[[], Any]], Any]


def mail_to(app: Flask, person_id: int, kind: ModerationNotice, language: str = "en") -> Message | None:
    """The mail of the newest notification of *kind* for somebody, as it would go out now."""
    wanted = (
        sa.select(Notification)
        .where(Notification.kind == str(kind), Notification.recipient_id == person_id)
        .order_by(Notification.id.desc())
        .limit(1)
    )
    with app.app_context(), addressed_to(language):
        found = db.session.scalars(wanted).one()
        to = Recipient(id=person_id, address="somebody@example.org", language=language)
        return registry.wordings[str(kind)].renderer(found, to)


def test_the_mails_of_a_case_name_the_rule_and_never_the_words(app: Flask, saved: Saved) -> None:
    def make() -> tuple[int, int, str]:
        author, reader, officer = person(), person(), person(Role.OFFICER, name="Olive Officer")
        made = decision(reported_case(note(author, WORDS), reader, words="Look at Pat."), officer)
        appeal = raise_appeal(actor=author, decision=made, words="It was a joke.")
        reviewer = person(Role.REVIEWER, name="Rita Reviewer")
        add_message(actor=reviewer, appeal=appeal, text="Whom did you mean?")
        decide_appeal(actor=reviewer, appeal=appeal, verdict=Verdict.OVERTURNED, text="Then it is fine.")
        return author.id, reader.id, made.case.code

    author, reader, code = saved(make)
    wanted = {
        (author, ModerationNotice.DECIDED): "number 3: No harassment",
        (reader, ModerationNotice.REPORT_ANSWERED): "It broke rule 3 (No harassment)",
        (author, ModerationNotice.APPEAL_ANSWERED): f"/moderation/{code}",
        (author, ModerationNotice.APPEAL_DECIDED): "The decision was wrong, and is taken back.",
    }
    for (someone, kind), words in wanted.items():
        mail = mail_to(app, someone, kind)
        assert mail is not None
        assert mail.private
        for part in (mail.text, mail.html):
            assert words in part
            for secret in (WORDS, "Look at Pat", "Olive", "Rita", "joke", "Whom", "fine"):
                assert secret not in part


def test_who_reported_what_stays_reads_that_it_stays_in_their_language(app: Flask, saved: Saved) -> None:
    def make() -> int:
        reader = person()
        decision(reported_case(note(person()), reader), person(Role.OFFICER), Measure.KEEP)
        return reader.id

    reader = saved(make)
    english, spanish = (mail_to(app, reader, ModerationNotice.REPORT_ANSWERED, tag) for tag in ("en", "es"))
    assert english is not None
    assert spanish is not None
    assert "It breaks no rule, so it stays." in english.text
    assert "No rompe ninguna regla" in spanish.text


def test_nothing_is_said_about_what_is_gone(app: Flask, saved: Saved, notes: Notes) -> None:
    def make() -> int:
        author = person()
        decision(reported_case(note(author), person()), person(Role.OFFICER))
        return author.id

    author = saved(make)
    notes.things.clear()
    assert mail_to(app, author, ModerationNotice.DECIDED) is None


def test_every_notice_has_words(app: Flask) -> None:
    assert {str(kind) for kind in ModerationNotice} <= registry.wordings.keys()
