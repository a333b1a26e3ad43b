"""`flask jobs`: the job worker."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

group = AppGroup("jobs", help="Work outside requests: run the worker.")


@group.command("run")
@click.option("--threads", default=2, show_default=True, help="How many jobs run side by side.")
def run(threads: int) -> None:
    """Run jobs until SIGTERM or Ctrl-C; the mail in hand is finished first."""
    current_app.extensions["jobs"].open()  # first, for it leaves out the parts of huey that nobody here needs
    from forum.core.worker import work

    work(current_app._get_current_object(), threads=threads)  # type: ignore[attr-defined]


@group.command("list")
def list_jobs() -> None:
    """List every job and when it comes due."""
    from forum.core.jobs import PERIODIC, REGISTRY

    for name in sorted(REGISTRY):
        item = PERIODIC.get(name)
        when = (
            f"daily at {item.daily}"
            if item and item.daily
            else f"every {item.minutes} min"
            if item
            else "when asked"
        )
        click.echo(f"{name:<32} {when}")
