"""`flask demo`: the demonstration town, from nothing to an address in a browser."""

from __future__ import annotations

import json
import sys
import time

import click
from flask import current_app
from flask.cli import AppGroup

from forum.cli import serve as serving
from forum.config import Config
from forum.core import search

group = AppGroup("demo", help="The demonstration town.")


@group.command("serve")
def serve() -> None:
    """Migrate, load the town at the first start, and serve it until Ctrl-C."""
    config: Config = current_app.config["FORUM"]
    if config.production:
        raise click.ClickException(
            "The demonstration town does not belong into a production site. FORUM_ENVIRONMENT=demonstration tries it."
        )
    serving.require_free_port(config)
    prepare()
    serving.supervise(config, _announcement(config))


@group.command("load")
def load() -> None:
    """Migrate and load the town, without serving it."""
    prepare()


@group.command("report")
def report() -> None:
    """Say what was decided about the dirty rows of the town's calendar, as it would be loaded today."""
    from forum.core import clock
    from forum.demo import report as reporting
    from forum.demo.calendar import calendar_for

    click.echo(reporting.report(calendar_for(clock.today())), nl=False)


@group.command("load-concerns")
def load_concerns() -> None:
    """Load Boston's 33,428 requests of 2015 as concerns, into an empty database of their own.

    \b
    FORUM_INSTANCE_DIR=instance-boston FORUM_AGENCY_ZONE=America/New_York flask demo load-concerns
    """
    from forum.core.migrations import upgrade_if_needed
    from forum.demo import concerns

    config: Config = current_app.config["FORUM"]
    if config.production:
        raise click.ClickException("Another city's requests do not belong into a production site.")
    upgrade_if_needed()
    started = time.monotonic()
    try:
        loaded = concerns.load(_Progress())
    except concerns.Occupied as occupied:
        raise click.ClickException(
            f"{occupied} Choose an empty one: FORUM_INSTANCE_DIR=instance-boston"
        ) from occupied
    click.echo(
        f"{loaded.concerns:,} concerns in {loaded.areas} areas ({time.monotonic() - started:.0f} s). No mail was sent."
    )
    for what, count in loaded.odd.most_common():
        click.echo(f"  {count:>6,}  {what}")
    for name, count in loaded.unmapped.most_common():
        click.echo(f"  {count:>6,}  in “{name}”, which no boundary has as its name")


@group.command("load-forum")
@click.option(
    "--hundredth", is_flag=True, help="The same town a hundredth the size: 10,000 posts in 500 topics."
)
def load_forum(hundredth: bool) -> None:
    """Load a million made-up posts in 50,000 topics, into an empty database of their own.

    \b
    FORUM_INSTANCE_DIR=instance-forum flask demo load-forum
    """
    from forum.core.migrations import upgrade_if_needed
    from forum.demo import crowd

    config: Config = current_app.config["FORUM"]
    if config.production:
        raise click.ClickException("Made-up posts do not belong into a production site.")
    upgrade_if_needed()
    started = time.monotonic()
    try:
        posts = crowd.load(_Progress(), 100 if hundredth else 1)
    except crowd.Occupied as occupied:
        raise click.ClickException(
            f"{occupied} Choose an empty one: FORUM_INSTANCE_DIR=instance-forum"
        ) from occupied
    search.settle()
    click.echo(f"{posts:,} posts ({time.monotonic() - started:.0f} s). No mail was sent.")


def prepare() -> None:
    """Bring the database to the newest schema and the town into it, unless both are there."""
    from forum.core.migrations import upgrade_if_needed
    from forum.demo import town

    upgrade_if_needed()
    if not town.is_loaded():
        click.echo(
            "First start: loading the demonstration town, a real city's meetings with its people replaced ..."
        )
        started = time.monotonic()
        town.load(_Progress())
        click.echo(f"The town is loaded ({time.monotonic() - started:.0f} s).")


class _Progress:
    """One line that counts up on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self.terminal = sys.stdout.isatty()
        self.said = ""
        self.at = 0.0

    def __call__(self, done: int, total: int, text: str) -> None:
        finished, now = done >= total, time.monotonic()
        if text == self.said and not finished and now - self.at < (0.1 if self.terminal else 2.0):
            return
        self.said, self.at = text, now
        line = f"  {text}: {done:,} of {total:,}"
        click.echo(f"\r\033[K{line}" if self.terminal else line, nl=finished or not self.terminal)


def _announcement(config: Config) -> str:
    """The address and who may sign in, as a table."""
    lines = ["", f"The demonstration town is at {config.base_url}   (Ctrl-C stops it)", ""]
    path = config.instance_dir / "demo-accounts.json"
    if path.exists():
        accounts = json.loads(path.read_text())
        width = max(len(account["email"]) for account in accounts)
        lines += [f"  {a['role']:<20} {a['email']:<{width}}  {a['password']}" for a in accounts]
        lines += ["", f"These accounts are also in {path}."]
    if not config.smtp_url:
        lines.append(f"Mail is not sent anywhere: staff read it at {config.base_url}/desk/mail.")
    return "\n".join([*lines, ""])
