"""/healthz: this process answers. /readyz: it can serve: database, newest schema, mail on its way."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
import structlog
from flask import Blueprint, Flask, Response, jsonify

from forum.core import migrations
from forum.core.access import public_uncached
from forum.extensions import db

blueprint = Blueprint("health", __name__)
log = structlog.get_logger(__name__)

# Name to a function that returns what is wrong in a word, or "" when nothing is. Slices add theirs through wiring.
CHECKS: dict[str, Callable[[], str]] = {}


@blueprint.get("/healthz")
@public_uncached
def healthz() -> Response:
    """200 whenever the process can answer at all; asks nothing else."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public_uncached
def readyz() -> tuple[Response, int]:
    """200 with each check's result, or 503 when one fails. Says words, never details."""
    results = {name: _run(name, check) for name, check in CHECKS.items()}
    status = 200 if all(word == "ok" for word in results.values()) else 503
    return jsonify(results), status


def database_answers() -> str:
    """Empty when the database answers a query."""
    db.session.execute(sa.text("SELECT 1"))
    return ""


def schema_is_newest() -> str:
    """Empty when no migration is missing."""
    return "" if migrations.current_revision() == migrations.newest_revision() else "behind"


def _run(name: str, check: Callable[[], str]) -> str:
    try:
        return check() or "ok"
    except Exception as error:
        log.warning("not ready", check=name, error=type(error).__name__)
        return "failed"


def init_app(app: Flask) -> None:
    """Register the addresses and the checks of the core."""
    CHECKS.setdefault("database", database_answers)
    CHECKS.setdefault("schema", schema_is_newest)
    app.register_blueprint(blueprint)
