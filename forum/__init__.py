"""Common Ground: a community forum and event site that an agency runs for its town.

``create_app`` reads like a table of contents; docs/architecture.md is the map.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from forum import extensions, wiring
from forum.config import Config
from forum.core import (
    answers,
    assets,
    caching,
    db,
    errors,
    fleeting_limits,
    headers,
    health,
    intake,
    jobs,
    languages,
    limits,
    logging,
    memory,
    metrics,
    migrations,
    pages,
    sessions,
    shared_pages,
    templating,
    transactions,
    uploads,
    writers,
)

ROOT = Path(__file__).resolve().parent.parent


class Site(Flask):
    """Flask, told that no view and no hook of ours is a coroutine: it looks anew at each of a request's twenty."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(config: Config) -> Flask:
    """The application for one installation. *config* is complete (``Config.completed``)."""
    app = Site(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        instance_path=str(config.instance_dir),
    )
    _configure(app, config)
    answers.init_app(app)
    logging.init_app(app)
    headers.init_app(app)
    intake.init_app(app)
    metrics.init_app(app)
    errors.init_app(app)
    sessions.init_app(app)
    _bind_database(app)
    limits.init_app(app)
    fleeting_limits.init_app(app)
    extensions.login.init_app(app)
    extensions.csrf.init_app(app)
    writers.init_app(app)
    languages.init_app(app)
    templating.init_app(app)
    shared_pages.init_app(app)
    uploads.init_app(app)
    jobs.init_app(app)
    memory.init_app(app)
    health.init_app(app)
    pages.init_app(app)
    # Hooks after a request run last to first: what slices add is part of the write, headers and logs follow the commit.
    transactions.init_app(app, errors.database_failure)
    wiring.register(app)
    assets.init_app(app)
    caching.init_app(app)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    if not app.testing:
        memory.settle()
    return app


def _configure(app: Flask, config: Config) -> None:
    config.instance_dir.mkdir(parents=True, exist_ok=True)
    app.debug = config.debug
    app.testing = config.environment == "test"
    app.config.update(
        FORUM=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=db.engine_options(config.database_url),
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME="__Host-session" if config.secure else "session",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form left open overnight still sends; the token ends with the session
        WTF_CSRF_SSL_STRICT=False,  # headers.py checks Origin and Sec-Fetch-Site instead of the Referer
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = (
        True  # as in translations/babel.cfg: a line break is no part of a string
    )


def _bind_database(app: Flask) -> None:
    extensions.db.init_app(app)
    migrations.init_app(app, ROOT / "migrations")
    with app.app_context():
        db.prepare(extensions.db.engine)
