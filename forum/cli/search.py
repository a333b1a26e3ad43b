"""`flask search`: the index that search looks in."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from forum.core import search

group = AppGroup("search", help="Search: make its index anew.")


@group.command("rebuild")
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be given more than once.")
def rebuild(kinds: tuple[str, ...]) -> None:
    """Make the index anew from what there is. The site may be read and written meanwhile.

    What acts leave in the index is what this makes; it is for a new version that keeps words otherwise, and for doubt.
    """
    unknown = sorted(set(kinds) - set(search.kinds))
    if unknown:
        raise click.ClickException(
            f"No such kind: {', '.join(unknown)}. There are: {', '.join(search.kinds)}."
        )
    done = search.rebuild(lambda word, count: click.echo(f"  {word}: {count:,}"), kinds or None)
    search.settle()
    click.echo(f"{done:,} things can be found.")
