"""The middleware: answers a visitor from the store, or asks the application once and keeps what it may."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from forum.core.caching.generation import OUTAGE, Generation, GenerationWatch
from forum.core.caching.negotiation import Memo, preferred_coding, unchanged
from forum.core.caching.store import Entry, Headers, Key, Store
from forum.core.languages import negotiate

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGIApp = Callable[[Environ, StartResponse], Iterable[bytes]]

LONGEST_KEY = 1024  # characters of path and query; longer addresses are answered, not kept
LARGEST_BODY = 4 * 1024 * 1024
MAX_AGE = 60.0
PATIENCE = 2.0  # seconds to wait for another thread that renders the same page


class _Flight:
    """One rendering under way, and what came of it."""

    __slots__ = ("done", "entry")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.entry: Entry | None = None


class VisitorCache:
    """WSGI middleware; see the package's docstring for what is kept, for whom and how long."""

    def __init__(
        self,
        app: WSGIApp,
        *,
        watch: GenerationWatch,
        store: Store,
        languages: tuple[str, ...],
        cookies: tuple[str, ...],
        base_url: str = "",
        seconds_of_day_left: Callable[[], float] = lambda: MAX_AGE,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self.watch, self.store = app, watch, store
        self._languages = Memo(lambda header: negotiate(header, languages))
        self._codings = Memo(preferred_coding)
        # A comma too: some servers join repeated Cookie headers with one. Seeing too many cookies is the safe mistake.
        self._personal = re.compile(
            rf"(?:^|[;,])\s*(?:{'|'.join(map(re.escape, cookies))})\s*(?:[=;,]|$)"
        ).search
        self._host = urlsplit(base_url).netloc.encode()
        self._day_left = seconds_of_day_left
        self._tick = tick
        self._flights: dict[Key, _Flight] = {}
        self._flights_lock = threading.Lock()
        self._never: dict[
            str, None
        ] = {}  # paths whose last answer was not to be kept: nobody waits for those

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            try:
                return self.app(environ, start_response)
            finally:
                self.watch.soon()
        cookie = environ.get("HTTP_COOKIE")
        if (cookie is not None and self._personal(cookie)) or "HTTP_AUTHORIZATION" in environ:
            # For pages shared between readers, and for those that are but a frame.
            environ["forum.generation"] = environ["forum.looked"] = self.watch.exact()
            return self.app(environ, start_response)
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        key = (
            path,
            query,
            self._languages[environ.get("HTTP_ACCEPT_LANGUAGE", "")],
            "HTTP_HX_REQUEST" in environ,
        )
        now = self._tick()
        generation = self.watch.look(now)
        entry = self.store.get(key)
        if entry is not None and entry.expires > now and self.watch.fresh(entry.generation, now):
            return self._send(entry, environ, start_response)
        environ["forum.looked"] = generation
        if generation is None or path in self._never or len(path) + len(query) > LONGEST_KEY:
            return self._pass(key, environ, start_response, generation)
        return self._renew(key, entry, environ, start_response, generation)

    def forget(self) -> None:
        """Drop every kept answer, and what is known of the database."""
        self.store.clear()
        self.watch.forget()

    def _send(self, entry: Entry, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        variant = entry.variant(self._codings[environ.get("HTTP_ACCEPT_ENCODING", "")])
        tags, since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
        # The lists are copied: whoever stands further out may add headers to the one it gets.
        if (
            (tags or since)
            and entry.status[:3] == "200"
            and unchanged(tags, since, variant.etag, entry.modified)
        ):
            start_response("304 NOT MODIFIED", variant.headers_304.copy())
            return []
        start_response(entry.status, variant.headers.copy())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]  # lists, as in core/answers.py

    def _renew(
        self,
        key: Key,
        before: Entry | None,
        environ: Environ,
        start_response: StartResponse,
        generation: Generation,
    ) -> Iterable[bytes]:
        """Render *key* in one thread; the others send the copy before, else wait for the new one, else render too."""
        with self._flights_lock:
            flight = self._flights.get(key)
            leading = flight is None
            if flight is None:
                flight = self._flights[key] = _Flight()
        if leading:
            try:
                return self._pass(key, environ, start_response, generation, flight)
            finally:
                with self._flights_lock:
                    self._flights.pop(key, None)
                flight.done.set()
        if before is not None and self.watch.bearable(before.generation, self._tick()):
            return self._send(before, environ, start_response)
        flight.done.wait(PATIENCE)
        made = flight.entry
        if made is not None and self.watch.bearable(made.generation, self._tick()):
            return self._send(made, environ, start_response)
        return self._pass(key, environ, start_response, generation)

    def _pass(
        self,
        key: Key,
        environ: Environ,
        start_response: StartResponse,
        generation: Generation | None,
        flight: _Flight | None = None,
    ) -> Iterable[bytes]:
        """Ask the application; keep and send its answer when it may be kept, else hand it through untouched."""
        method = environ["REQUEST_METHOD"]
        environ["REQUEST_METHOD"] = "GET"  # a HEAD fills the store as well, so both tell the same headers
        environ["forum.whole"] = True  # feeds leave conditions and coding to us
        status, headers, body = _ask(self.app, environ)
        environ["REQUEST_METHOD"] = method
        if status[0] == "5" and (kept := self._rescue(key)) is not None:
            _close(body)
            return self._send(kept, environ, start_response)
        if not self._may_keep(environ, status, headers):
            self._remember_never(key[0])
            start_response(status, headers)
            return _without_body(body) if method == "HEAD" else body
        try:
            content = b"".join(body)
        finally:
            _close(body)
        # Without a generation the answer is sent in its coding like any other, and forgotten.
        known = generation or Generation(None, float("-inf"))
        entry = Entry(status, headers, content, known, self._tick() + min(MAX_AGE, self._day_left()))
        if generation is not None:
            self._keep(key, entry, environ)
        if flight is not None:
            flight.entry = entry
        return self._send(entry, environ, start_response)

    def _keep(self, key: Key, entry: Entry, environ: Environ) -> None:
        before = self.store.get(key)
        if before is not None:
            entry.take_over(before)
        # Whoever asked under a foreign name gets the answer; nobody else does.
        host = environ.get("HTTP_HOST", "").encode("latin-1", "replace")
        short_enough = len(key[0]) + len(key[1]) <= LONGEST_KEY
        if short_enough and (not host or host == self._host or host not in entry.body):
            self.store.put(key, entry)
            self._never.pop(key[0], None)

    def _may_keep(self, environ: Environ, status: str, headers: Headers) -> bool:
        if environ.get("forum.cacheable") is not True or status[:3] not in ("200", "301", "308"):
            return False
        named = {name.lower(): value for name, value in headers}
        control = named.get("cache-control", "")
        if "set-cookie" in named or "no-store" in control or "private" in control or named.get("vary") == "*":
            return False
        target = named.get("location")
        if target is not None and (not target.startswith("/") or target.startswith("//")):
            return False
        return int(named.get("content-length", 0)) <= LARGEST_BODY

    def _rescue(self, key: Key) -> Entry | None:
        """The last good answer, when it is not older than an outage may last."""
        kept = self.store.get(key)
        return kept if kept is not None and self._tick() - kept.generation.confirmed_at <= OUTAGE else None

    def _remember_never(self, path: str) -> None:
        if len(path) <= LONGEST_KEY:
            if len(self._never) >= 4096:
                self._never.clear()
            self._never[path] = None


def _ask(app: WSGIApp, environ: Environ) -> tuple[str, Headers, Iterable[bytes]]:
    """The application's answer before anything of it is sent."""
    told: list[Any] = []

    def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
        told[:] = [status, headers]
        return _no_write

    body = app(environ, start)
    if not told:  # a generator says its status with the first chunk
        body = list(body)
    return told[0], told[1], body


def _no_write(_data: bytes) -> None:
    raise NotImplementedError("write() is not offered; return an iterable")


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


def _without_body(body: Iterable[bytes]) -> Iterable[bytes]:
    _close(body)
    return ()
