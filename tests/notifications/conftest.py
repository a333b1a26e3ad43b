"""A message of the tests' own, and people who are numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from forum.core import mail
from forum.core.mail_transport import receipts_path
from forum.core.transactions import unit_of_work
from forum.notifications.models import Notification
from forum.notifications.operations import notify
from forum.notifications.registry import Recipient, register_message, register_recipients, registry

KIND = "test.greeting"


def greet(notification: Notification, recipient: Recipient) -> mail.Message | None:
    """A greeting; nothing when the subject is gone (subject_id 0)."""
    if notification.subject_id == 0:
        return None
    text = f"Hello {recipient.name}"
    return mail.Message(subject="Greetings", text=text, html=f"<p>{text}</p>")


def anybody(person_id: int) -> Recipient | None:
    """Everyone from 1 to 9,999 exists; 500s write Spanish, 900s are not active."""
    if not 1 <= person_id <= 9999:
        return None
    return Recipient(
        id=person_id,
        address=f"p{person_id}@example.org",
        name=f"Person {person_id}",
        language="es" if 500 <= person_id < 600 else "en",
        active=not 900 <= person_id < 1000,
    )


@pytest.fixture
def greetings(context: Flask) -> Iterator[Flask]:
    """The application, able to greet anybody."""
    kept = dict(registry.wordings), registry.resolve
    register_message(KIND, greet)
    register_recipients(anybody)
    receipts_path(context.config["FORUM"]).unlink(missing_ok=True)
    yield context
    registry.wordings, registry.resolve = kept


@pytest.fixture
def tell(greetings: Flask) -> Callable[..., None]:
    """``tell(7)`` notifies person 7 and commits."""

    def run(person_id: int, key: str = "", **fields: Any) -> None:
        with unit_of_work():
            notify(person_id=person_id, kind=KIND, key=key or f"greeting:{person_id}", **fields)

    return run
