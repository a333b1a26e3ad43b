"""Runs migrations on the database of the current application."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context
from flask import current_app, g

from forum.core.migrations import has_a_model

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata


def run() -> None:
    """Migrate in one transaction, so that a killed migration leaves the old schema or the new one.

    On SQLite foreign keys are off meanwhile: batch mode makes a table anew, and dropping the old one would silently
    delete the rows that reference it. They are checked before the commit.
    """
    g.writing = True
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                _migrate(connection, sqlite)
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                    raise RuntimeError(f"the migration would leave broken references: {broken[:5]}")
        finally:
            if sqlite:
                _foreign_keys(connection, on=True)
    g.writing = False


def _migrate(connection: sa.Connection, sqlite: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=sqlite,
        compare_type=True,
        include_name=has_a_model,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    context.run_migrations()


def _foreign_keys(connection: sa.Connection, *, on: bool) -> None:
    """Outside any transaction, where alone the pragma works."""
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


run()
