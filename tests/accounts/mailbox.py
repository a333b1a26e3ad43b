"""The mail the site has written: delivers the outbox and reads what it put into the folder."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from forum.notifications import jobs


def mail_to(app: Flask, address: str) -> list[EmailMessage]:
    """Every message to *address* so far, oldest first."""
    with app.app_context():
        jobs.deliver()
    found: list[EmailMessage] = []
    folder = Path(app.instance_path) / "mail"
    for path in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        if message["To"] == address:
            found.append(message)
    return found


def text_of(message: EmailMessage) -> str:
    """The plain part."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(message: EmailMessage) -> str:
    """The first address in the plain part that carries a token, whole."""
    return re.findall(r"https?://\S+\.[0-9a-f]{32}", text_of(message))[0]


def path_in(message: EmailMessage) -> str:
    """The same without scheme and host."""
    return "/" + link_in(message).split("/", 3)[3]
