"""What the mail server has accepted, noted by the courier the instant it said so (forum/core/mail_smtp.py).

A line appended to a file takes microseconds where a commit takes milliseconds. Together with the courier, which
outlives a killed worker until the line is written, a kill -9 of the worker makes nobody's mail come twice. If the whole
machine dies between the server's 250 and the line, it may; it then carries the same Message-ID, by which mailboxes drop
the second.
"""

from __future__ import annotations

from flask import current_app

from forum.core.mail_transport import receipts_path

LARGE = 64 * 1024


def has(message_id: str) -> bool:
    """True when the server is known to have accepted *message_id*."""
    try:
        return f"{message_id}\n".encode() in receipts_path(current_app.config["FORUM"]).read_bytes()
    except FileNotFoundError:
        return False


def trim() -> None:
    """Empty the file once it has grown; call when nothing is being sent, for then every line is in the database too."""
    path = receipts_path(current_app.config["FORUM"])
    if path.exists() and path.stat().st_size > LARGE:
        path.unlink(missing_ok=True)
