"""`flask db`: Flask-Migrate's own commands, imported with Alembic only when one is asked for."""

from __future__ import annotations

from flask_migrate.cli import db as group  # type: ignore[import-not-found]  # the stubs leave it out

__all__ = ["group"]
