"""Whether the database has the newest schema, and bringing it there."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from forum.extensions import db


class LazyMigrate:
    """Stands for Flask-Migrate until it is used: Alembic is half a second and 12 MB that no web worker needs."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._folder = folder

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=str(self._folder))  # puts itself in our place
        return getattr(self._app.extensions["migrate"], name)


def init_app(app: Flask, folder: Path) -> None:
    """Let ``flask db`` and Flask-Migrate's functions find the migrations in *folder*."""
    app.extensions["migrate"] = LazyMigrate(app, folder)


def upgrade_if_needed() -> bool:
    """Run what migrations are missing; True when there were any."""
    if current_revision() == newest_revision():
        return False
    from flask_migrate import upgrade

    upgrade()
    return True


def current_revision() -> str | None:
    """The revision the database says it has; None when it is empty."""
    engine = db.engine
    if not sa.inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def has_a_model(name: str | None, kind: str, _parents: Any = None) -> bool:
    """Alembic's ``include_name``: all but what each database alone has to search in (migration 0024)."""
    return not (name or "").startswith(
        {"table": "search_index", "index": "ix_search_entry_vector"}.get(kind, "-")
    )


@lru_cache(maxsize=1)
def newest_revision() -> str:
    """The last of the numbered files; tests/architecture holds that file names and revisions agree."""
    folder = Path(current_app.root_path).parent / "migrations" / "versions"
    return max(path.stem for path in folder.glob("[0-9]*.py"))
