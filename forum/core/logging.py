"""What is written to the log, and what never is.

One line of JSON a request in production, readable lines elsewhere, on standard error. No query string, no token from a
path, no e-mail, no network address, and nothing at all of addresses that leave no trace (core/untraced.py): a log is
kept, copied and read by more people than the database is. Every line of a request carries its id, which the answer
tells too (unless the answer is a visitor's copy that others will get).
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, has_request_context, request

from forum.core.current import this_g, this_request
from forum.core.untraced import is_untraced

EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
IPV4 = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
# Either four colons or more, or a double one between hexadecimal groups: a time of day has neither.
IPV6 = re.compile(
    r"(?<![\w:])(?:(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:)+(?::[0-9a-f]{1,4})+)(?![\w:])",
    re.I,
)
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# Names of route arguments that are secrets.
SECRET_ARGUMENTS = frozenset({"code", "nonce", "token"})
QUIET = frozenset({"assets.serve", "health.healthz", "health.readyz", "metrics.scrape", "static"})
log = structlog.get_logger("forum.access")


def init_app(app: Flask) -> None:
    """Set up logging for this process and install the request hooks; call before every other hook is installed."""
    config = app.config["FORUM"]
    set_up(json_lines=config.production, level=config.log_level)
    access = config.environment in ("production", "development")
    trusted = config.trusted_proxies > 0

    @app.before_request
    def begin() -> None:
        g = this_g()
        g.began = time.perf_counter()
        g.request_id = _request_id(trusted)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        g, request = this_g(), this_request()
        if "request_id" in g and not request.environ.get("forum.cacheable"):
            response.headers["X-Request-Id"] = g.request_id
        if access and request.endpoint not in QUIET and "began" in g and not is_untraced():
            milliseconds = round((time.perf_counter() - g.began) * 1000, 1)
            log.info(
                "request",
                method=request.method,
                path=safe_path(),
                status=response.status_code,
                ms=milliseconds,
            )
        return response


def set_up(*, json_lines: bool, level: str) -> None:
    """Send structlog and the standard library's loggers through the same processors to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [structlog.processors.format_exc_info, scrub]
    last.append(
        structlog.processors.JSONRenderer() if json_lines else structlog.dev.ConsoleRenderer(colors=False)
    )
    threshold = getattr(logging, level.upper(), logging.INFO)
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        foreign_pre_chain=shared,
    )
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for old in [item for item in root.handlers if getattr(item, "is_forums", False)]:
        root.removeHandler(old)
    handler.is_forums = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(max(threshold, logging.WARNING))


def safe_path() -> str:
    """The request's path as a log may have it: secrets become their names, unknown paths keep their first part."""
    rule = request.url_rule
    if rule is None:
        first = request.path.lstrip("/").partition("/")
        return f"/{first[0][:24]}{'/…' if first[1] else ''}"
    if SECRET_ARGUMENTS & set(rule.arguments):
        return rule.rule
    return request.path


def scrub(_logger: Any, _method: str, event: Any) -> Any:
    """Take e-mails, addresses and secret paths out of every line, whoever wrote it."""
    if "path" in event and has_request_context():
        event["path"] = safe_path()
    for name, value in event.items():
        if isinstance(value, str) and name not in ("timestamp", "level"):
            event[name] = scrubbed(value)
    return event


def scrubbed(text: str) -> str:
    """*text* without e-mail and network addresses."""
    if "@" in text:
        text = EMAIL.sub("[e-mail]", text)
    text = IPV4.sub("[address]", text)
    return IPV6.sub("[address]", text) if text.count(":") > 1 else text


def _request_id(trusted: bool) -> str:
    """A new random id, or the one that a trusted proxy in front gave."""
    given = request.headers.get("X-Request-Id", "") if trusted else ""
    return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
