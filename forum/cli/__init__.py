"""`flask` command groups, thin over operations. A group's module is imported when one of its commands is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext

# Each module has a module-level ``group`` (or, for a single command, ``command``) and its own help text.
GROUPS = {
    "accounts": "People: make the first administrator.",
    "audit": "The ledger: verify its seals, seal what is new.",
    "config": "Settings: say what is wrong with them.",
    "db": "The database schema: upgrade, downgrade, current.",
    "demo": "The demonstration town.",
    "events": "Events: import them from files.",
    "jobs": "Work outside requests: run the worker.",
    "mail": "Mail: send a test message, receive answers.",
    "neighborhoods": "Neighborhoods: import their boundaries.",
    "search": "Search: make its index anew.",
}


class LazyGroup(click.Group):
    """A command group whose module is imported at its first use, so that web workers never pay for it."""

    def _real(self) -> click.Group:
        group: click.Group = import_module(f"forum.cli.{self.name}").group
        return group

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The real group's context, so that its own options and callback count."""
        return self._real().make_context(info_name, args, parent, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._real().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._real().get_command(ctx, cmd_name)


class LazyCommand(click.Command):
    """A single command whose module is imported when it runs."""

    def invoke(self, ctx: click.Context) -> object:
        run = with_appcontext(import_module(f"forum.cli.{self.name}").run)
        return ctx.invoke(run, **ctx.params)


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Whether this process is ``flask ... --help``, which must answer before there are any settings."""
    program = Path(arguments[0])
    is_flask = program.stem == "flask" or (program.name == "__main__.py" and program.parent.name == "flask")
    return is_flask and "--help" in arguments[1:]


def without_settings() -> Flask:
    """An application that has the command line alone: it reads no settings, opens no database and writes nothing."""
    app = Flask("forum", static_folder=None)
    register(app)
    return app


def register(app: Flask) -> None:
    """Add every group to *app*'s command line."""
    for name, words in GROUPS.items():
        app.cli.add_command(LazyGroup(name, help=words))
    app.cli.add_command(
        LazyCommand("serve", help="Serve the site: web processes and the job worker together.")
    )
    target = click.Argument(["target"], type=click.Path(dir_okay=False))
    app.cli.add_command(
        LazyCommand("backup", params=[target], help="Copy a SQLite database to TARGET as it runs.")
    )
