"""`flask mail`: is mail set up? And the door for answers that come back."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from forum.cli.mail_receive import command as receive
from forum.core import clock, mail
from forum.core.holders import Holder
from forum.core.mail_transport import Refused, Unreachable, open_transport

group = AppGroup("mail", help="Mail: send a test message, receive answers.")
group.add_command(receive)


@group.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Send a test message to ADDRESS now, past the outbox, and say what the mail server answered."""
    config = current_app.config["FORUM"]
    text = f"Mail from {config.agency_name} at {config.base_url} reaches you.\n"
    message = mail.Message(subject="Test message", text=text, html=f"<p>{text}</p>", to=address)
    now = clock.now()
    try:
        outgoing = mail.compose(message, key=f"mail.test:{now.timestamp()}", at=now)
        with Holder() as holder, open_transport(config, holder) as transport:
            transport.send(outgoing)
    except ValueError as error:
        raise click.ClickException(f"{address}: {error}.") from error
    except (Refused, Unreachable) as error:
        raise click.ClickException(f"The mail server did not take it ({error.word}).") from error
    where = (
        f"handed to {config.smtp_url.rpartition('@')[2]}" if config.smtp_url else "written to instance/mail/"
    )
    click.echo(f"Accepted: {where}.")
