"""The folder that stands for a mail server where none is configured: its messages, for people who try the site.

All staff read them there, so what is private stays out: a letter to who raised a concern would tell who that was. Its
name says so (core/mail.py) and does not match NAME, so it is neither listed nor opened.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

from flask import current_app
from markupsafe import Markup, escape

NAME = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{16}")
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
LARGEST = 1024 * 1024


@dataclass(frozen=True)
class Letter:
    """One message: ``name`` identifies it, ``text`` and ``html`` are its two forms."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str = ""
    html: str = ""
    attachments: tuple[str, ...] = ()

    @property
    def linked_text(self) -> Markup:
        """The text, escaped, with its addresses as links."""
        parts, end = [], 0
        for match in LINK.finditer(self.text):
            url = match.group()
            parts += [escape(self.text[end : match.start()]), Markup('<a href="{0}">{0}</a>').format(url)]
            end = match.end()
        return Markup("").join([*parts, escape(self.text[end:])])


def exists() -> bool:
    """True when mail goes to the folder."""
    return not current_app.config["FORUM"].smtp_url


def newest(count: int) -> list[Letter]:
    """The newest *count* letters, newest first."""
    names = sorted((path.stem for path in _folder().glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True)
    return [letter for name in islice(names, count) if (letter := read(name)) is not None]


def read(name: str) -> Letter | None:
    """The letter of that name; None when there is none."""
    path = _folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file() or path.stat().st_size > LARGEST:
        return None
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return Letter(
        name=name,
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        at=parsedate_to_datetime(str(mail["Date"])),
        text=_form(mail, "plain"),
        html=_form(mail, "html"),
        attachments=tuple(part.get_filename() or part.get_content_type() for part in mail.iter_attachments()),
    )


def _form(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())


def _folder() -> Path:
    folder: Path = current_app.config["FORUM"].instance_dir / "mail"
    return folder
