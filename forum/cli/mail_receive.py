"""`flask mail receive`: the door for answers that come back, as a pipe or an LMTP server (RFC 2033).

docs/deployment.md has what to write into Postfix.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext

from forum.core import mail_lmtp
from forum.core.mail_receive import MAX_BYTES
from forum.events.replies.receiving import Receipt, Status, receive, takes

# Where Postfix's local(8) writes the envelope's recipient: as it was before any alias, then after.
RECIPIENT_VARIABLES = ("ORIGINAL_RECIPIENT", "RECIPIENT")
# RFC 5321 4.2 with RFC 3463.
REPLIES = {
    Status.OK: "250 2.0.0",
    Status.DATA_ERROR: "554 5.6.0",
    Status.NO_USER: "550 5.1.1",
    Status.TEMPORARY: "451 4.3.0",
}
AWAY = Receipt(Status.TEMPORARY, "The site cannot take letters just now; please try again later.")
log = structlog.get_logger(__name__)


@click.command("receive")
@click.argument("recipients", nargs=-1)
@click.option("--sender", default=None, help="The envelope's sender; empty for a bounce.")
@click.option(
    "--lmtp", default="", metavar="HOST:PORT|unix:PATH", help="Serve LMTP there instead of reading a letter."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@with_appcontext
def command(recipients: tuple[str, ...], sender: str | None, lmtp: str, dry_run: bool) -> None:
    """Read one letter from standard input, for RECIPIENTS (or those of its headers), and count the answer in it.

    Ends with the codes of sysexits.h: 0 done, 65 not readable, 67 no such address, 75 try again later.
    """
    if not current_app.config["FORUM"].mail_reply_address:
        raise click.ClickException(
            "FORUM_MAIL_REPLY_ADDRESS is not set: no invitation asks for answers by mail."
        )
    if lmtp:
        serve(lmtp)
        return
    given = recipients or tuple(filter(None, map(os.environ.get, RECIPIENT_VARIABLES)))[:1]
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    receipt = received(data, given, sender if sender is not None else os.environ.get("SENDER"), dry_run)
    if dry_run or receipt.status is not Status.OK:
        click.echo(receipt.words)  # Postfix puts it into the letter that goes back
    click.get_current_context().exit(int(receipt.status))


def received(data: bytes, recipients: tuple[str, ...], sender: str | None, dry_run: bool = False) -> Receipt:
    """What came of it; any failure of ours asks the mail server to keep the letter and come again."""
    try:
        return receive(data, recipients=recipients, sender=sender, dry_run=dry_run)
    except Exception as error:
        log.error("mail not taken", error=type(error).__name__, exc_info=error)
        return AWAY


def serve(address: str) -> None:
    """Serve LMTP at *address* until SIGTERM or SIGINT."""
    try:
        asyncio.run(_serve(address, current_app._get_current_object()))  # type: ignore[attr-defined]
    except (OSError, ValueError) as error:
        raise click.ClickException(f"Cannot listen at {address}: {error}.") from error


async def _serve(address: str, app: Flask) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)

    def knows(recipient: str) -> bool:
        with app.app_context():
            return takes(recipient)

    def take(data: bytes, recipient: str, sender: str) -> str:
        with app.app_context():
            receipt = received(data, (recipient,), sender)
        return f"{REPLIES[receipt.status]} {receipt.words}"

    server = await mail_lmtp.start(address, largest=MAX_BYTES, knows=knows, takes=take)
    click.echo(f"Takes answers at {address}.")
    await ended.wait()
    server.close()
