"""`flask config`: whether the settings can serve."""

from __future__ import annotations

import dataclasses

import click
from flask import current_app
from flask.cli import AppGroup

SECRET = frozenset({"secret_key", "database_url", "redis_url", "smtp_url"})
group = AppGroup("config", help="Settings: say what is wrong with them.")


@group.command("check")
def check() -> None:
    """Say what is wrong with the FORUM_* settings, or list them. Without a word when loading them already failed."""
    config = current_app.config["FORUM"]
    problems = config.problems()
    for problem in problems:
        click.echo(problem)
    if problems:
        raise SystemExit(1)
    for field in dataclasses.fields(config):
        value = getattr(config, field.name)
        shown = ("set" if value else "not set") if field.name in SECRET else value
        click.echo(f"FORUM_{field.name.upper():<24} {shown}")
    click.echo("These settings can serve.")
