"""Mail: from a template in the reader's language to the bytes of one message (RFC 5322, MIME, RFC 3834).

``render`` is called by the slices' message functions, ``compose`` by the deliverer. No picture, no tracking, no script.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from flask import current_app, render_template

from forum.core import mail_mime, tokens
from forum.core.languages import written_in

PRIVATE = "-private"  # ends the name of a letter that staff do not read


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that comes with a message. *content_type* may carry parameters: ``text/calendar; method=CANCEL``."""

    filename: str
    content_type: str
    data: bytes
    alternative: bool = False  # True: another form of the same text (iMIP, RFC 6047), not a file beside it


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is said to one person. *to* is left empty for the person's own address.

    *sender* is who the person sees it is from, where that is not FORUM_MAIL_FROM: an address that takes answers.
    Bounces go to FORUM_MAIL_FROM all the same. *private*: to whom it goes says too much for staff to read it where a
    folder stands for a mail server.
    """

    subject: str
    text: str
    html: str
    to: str = ""
    sender: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message ready to be handed over: envelope, identity and bytes. The same key always gives the same identity."""

    sender: str
    recipient: str
    message_id: str  # with its angle brackets
    name: str  # a file name without an ending, sorted by time
    content: bytes


def render(template: str, *, subject: str, reason: str, private: bool = False, **context: Any) -> Message:
    """The message of ``templates/mail/<template>.txt`` and ``.html``, which extend ``mail/base.txt`` and ``.html``.

    *reason* is one sentence, already translated: why this person gets this. Run inside :func:`addressed_to`.
    """
    config = current_app.config["FORUM"]
    known = {
        "subject": subject,
        "reason": reason,
        "site_name": config.agency_name,
        "site_url": config.base_url,
        "emergency_number": config.agency_emergency_number,
        **context,
    }
    text = render_template(f"mail/{template}.txt", **known)
    html = render_template(f"mail/{template}.html", **known)
    return Message(subject=subject, text=_tidy(text), html=html, private=private)


@contextmanager
def addressed_to(language: str) -> Iterator[None]:
    """Translate and make URLs for a reader of *language*, outside any request; links carry the configured address.

    A request context of its own, because Flask-Babel keeps a forced language on the application otherwise, where the
    worker's other threads would read it.
    """
    config = current_app.config["FORUM"]
    chosen = language if language in config.languages else "en"
    with current_app.test_request_context("/", base_url=config.base_url), written_in(chosen):
        yield


def compose(message: Message, *, key: str, at: datetime) -> Outgoing:
    """The bytes of *message*; *key* makes its Message-ID, *at* is its Date.

    ValueError when the recipient's address cannot stand in a header. Line breaks in a header become spaces.
    """
    config = current_app.config["FORUM"]
    identity = tokens.keyed_hash(key, "message-id")[:40]
    mail = EmailMessage(policy=SMTP)
    name, sender = _sender(config)
    mail["From"] = _address(name, message.sender or sender)
    mail["To"] = _address("", message.to)
    mail["Subject"] = _one_line(message.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{identity}@{config.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 5
    mail["X-Auto-Response-Suppress"] = "All"
    for name, value in message.headers.items():
        mail[name] = _one_line(value)
    head = mail.as_bytes().removesuffix(b"\r\n")  # the empty line after them
    return Outgoing(
        sender=sender,
        recipient=str(_address("", message.to).addr_spec),
        message_id=f"<{identity}@{config.domain}>",
        name=f"{at:%Y%m%dT%H%M%S}-{identity[:16]}{PRIVATE if message.private else ''}",
        content=head + mail_mime.body(message, identity),
    )


def addressed(message: Message, address: str) -> Message:
    """*message* to its own address if it names one, else to *address*."""
    return message if message.to else replace(message, to=address)


def _sender(config: Any) -> tuple[str, str]:
    name, address = parseaddr(config.mail_from)
    return name or config.agency_name, address or config.mail_from


def _address(name: str, address: str) -> Address:
    """A header's address; the domain goes out in its ASCII form (RFC 5891). ValueError when it is none."""
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(ord(character) < 33 for character in address):
        raise ValueError("not an e-mail address")
    try:
        return Address(_one_line(name), local, domain.encode("idna").decode())
    except Exception as error:  # the parser raises errors of several families on hostile input
        raise ValueError("not an e-mail address") from error


def _one_line(value: str) -> str:
    """*value* without what would begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def _tidy(text: str) -> str:
    """At most one empty line in a row, none at the ends; control characters other than line breaks are left out."""
    lines: list[str] = []
    for line in text.splitlines():
        stripped = "".join(c for c in line if c.isprintable()).rstrip()
        if stripped or (lines and lines[-1]):
            lines.append(
                "-- " if stripped == "--" else stripped
            )  # RFC 3676 4.3: the signature's mark ends in a blank
    return "\n".join(lines).strip() + "\n"
