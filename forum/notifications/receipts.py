"""What the mail server has accepted, noted by the courier the instant it said so (forum/core/mail_smtp.py).

A line appended to a file takes microseconds where a commit takes milliseconds. Together with the courier, which
outlives a killed worker until the line is written, a kill -9 of the worker makes nobody's mail come twice. If the whole
machine dies between the server's 250 and the line, it may; it then carries the same Message-ID, by which mailboxes drop
the second.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import current_app

from forum.core.mail_transport import receipts_path

LARGE = 64 * 1024


def has(message_id: str) -> bool:
    """True when the server is known to have accepted *message_id*."""
    line = f"{message_id}\n".encode()
    return any(line in _read(path) for path in _files())


def trim() -> None:
    """Put the file aside once it has grown, in the place of the one before; call when nothing is being sent.

    Every line is in the database by then, but for those of a run that began a moment ago: these are kept until the
    next time.
    """
    path, aside = _files()
    if path.exists() and path.stat().st_size > LARGE:
        os.replace(path, aside)


def _files() -> tuple[Path, Path]:
    path = receipts_path(current_app.config["FORUM"])
    return path, path.with_name(f"{path.name}-before")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
