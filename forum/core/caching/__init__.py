"""What visitors see, kept in front of Flask: a WSGI middleware keyed by path, query and language, in each coding.

**Who is served from it.** GET and HEAD requests that carry none of these cookies: the session cookie, ``follows``,
``lang``. A visitor's CSRF token lives in a cookie of another name (forum.core.sessions), so the session cookie is there
exactly when a sign-in or a waiting message is: one fact in one cookie, and nothing that could disagree with it.

**What is kept.** Only what the Flask side marks by ``environ["forum.cacheable"] = True`` (forum.core.headers: a
public view, nothing personal read or written). A second look here refuses a ``Set-Cookie``, ``no-store``,
``private``, a redirect that is not a plain path, and an answer that repeats a ``Host`` other than the configured one.
A page may depend on path, query, language and whether htmx asks (``HX-Request``); on no other header.

**How long.** While the database's generation (forum.core.caching.generation) is the one known before rendering began;
at most 60 s; never past the agency's midnight. The generation is read at most every half second by one thread of
the process. While one thread renders a page anew, others get the copy before it, if that was right 1.5 s ago: nobody
sees anything older than 2 s, and a slow page does not stop the process. While the database is away, copies serve for
60 s.

**Coding.** Public answers are compressed once (Brotli or gzip) and kept with their identity form; each coding has an
ETag of its own. Private pages are not compressed at all: they hold a CSRF token next to text that the request chose,
and the length of a compressed page tells such a secret letter by letter (BREACH).
"""

from __future__ import annotations

from flask import Flask

from forum.core import clock, languages
from forum.core.caching.generation import GenerationWatch, reader_for
from forum.core.caching.middleware import VisitorCache
from forum.core.caching.store import Store

__all__ = ["BYPASS_COOKIES", "VisitorCache", "bypass_cookies", "init_app"]

# Besides the session cookie: each makes pages differ between visitors.
BYPASS_COOKIES = ("follows", languages.COOKIE)
MEGABYTES = 48  # a process; two workers and the job worker stay under 400 MB together


def bypass_cookies(app: Flask) -> tuple[str, ...]:
    """Every cookie name whose presence sends a request past the cache, with and without the ``__Host-`` prefix."""
    names = [app.config["SESSION_COOKIE_NAME"], *BYPASS_COOKIES]
    return tuple(sorted({spelling for name in names for spelling in _spellings(name)}))


def init_app(app: Flask) -> None:
    """Put the cache in front of *app*; tests look for a commit at every request, servers every half second."""
    config = app.config["FORUM"]
    if config.debug:
        return  # a kept page would name the stylesheet of before the last edit
    watch = GenerationWatch(reader_for(config.database_url), interval=0.0 if app.testing else 0.5)
    cache = VisitorCache(
        app.wsgi_app,
        watch=watch,
        store=Store(max_bytes=MEGABYTES * 1024 * 1024),
        languages=tuple(config.languages),
        cookies=bypass_cookies(app),
        base_url=config.base_url,
        seconds_of_day_left=lambda: clock.seconds_to_midnight(config.zone),
    )
    app.extensions["visitor_cache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]


def _spellings(name: str) -> tuple[str, str]:
    plain = name.removeprefix("__Host-")
    return plain, f"__Host-{plain}"
