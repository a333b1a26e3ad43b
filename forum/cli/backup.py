"""`flask backup`: one consistent copy of a SQLite database while the site runs."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app


def run(target: str) -> None:
    """Copy the database to TARGET, which must not exist yet, and check the copy."""
    url = sa.make_url(current_app.config["FORUM"].database_url)
    if url.get_backend_name() != "sqlite":
        raise click.ClickException("This copies SQLite databases; for PostgreSQL use pg_dump.")
    copy = Path(target)
    if copy.exists():
        raise click.ClickException(f"{copy} exists already and is not overwritten.")
    partial = copy.with_name(f"{copy.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        _copy(str(url.database), partial)
        os.rename(partial, copy)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise click.ClickException(f"The backup failed, and nothing is left of it: {error}.") from error
    click.echo(f"{copy}: {copy.stat().st_size:,} bytes, checked.")


def _copy(source: str, partial: Path) -> None:
    database = sqlite3.connect(source, timeout=30)
    try:
        database.execute("VACUUM INTO ?", (str(partial),))
    finally:
        database.close()
    os.chmod(partial, 0o600)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    check = sqlite3.connect(partial)
    try:
        if check.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise sqlite3.DatabaseError("the copy is not whole")
    finally:
        check.close()
