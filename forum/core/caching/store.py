"""Kept answers, in every coding asked for, and the bounded store that holds them."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from contextlib import suppress
from email.utils import parsedate_to_datetime

from forum.core.caching.generation import Generation
from forum.core.caching.negotiation import encode, tag_for, worth_coding

Headers = list[tuple[str, str]]
Key = tuple[str, str, str, bool]

# What a 304 repeats (RFC 9110 15.4.5), and what a browser's cross-origin reader needs again.
_IN_304 = frozenset(
    {"cache-control", "content-location", "expires", "last-modified", "access-control-allow-origin"}
)
_MADE_HERE = frozenset({"content-length", "content-encoding", "etag", "vary"})
_NOT_KEPT = frozenset({"set-cookie", "x-request-id", "date"})
ENTRY_OVERHEAD = 4096  # bytes counted for headers, keys and objects


class Variant:
    """One coding of an answer, ready to send."""

    __slots__ = ("body", "etag", "headers", "headers_304")

    def __init__(self, body: bytes, etag: str, headers: Headers, headers_304: Headers) -> None:
        self.body = body
        self.etag = etag
        self.headers = headers
        self.headers_304 = headers_304


class Entry:
    """One kept answer: right while *generation* is the current one, at most until *expires* (monotonic seconds)."""

    __slots__ = ("_coded", "_etag", "_headers", "_lock", "_vary", "body", "expires", "generation", "modified", "size",
                 "status", "variants")  # fmt: skip

    def __init__(
        self, status: str, headers: Headers, body: bytes, generation: Generation, expires: float
    ) -> None:
        named = {name.lower(): value for name, value in headers}
        self.status, self.body, self.generation, self.expires = status, body, generation, expires
        self.size = 2 * len(body) + ENTRY_OVERHEAD
        self.variants: dict[str, Variant] = {}
        self.modified = _seconds(named.get("last-modified"))
        self._headers = [
            (name, value) for name, value in headers if name.lower() not in _MADE_HERE | _NOT_KEPT
        ]
        self._etag = named.get("etag") or f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        self._vary = with_encoding(named.get("vary", ""))
        self._coded = {"identity": body}
        self._lock = threading.Lock()

    def take_over(self, before: Entry) -> None:
        """Use the compressed bytes of the answer *before*, when the content stayed the same."""
        if before.body == self.body:
            self.body = before.body
            self._coded = before._coded

    def variant(self, coding: str) -> Variant:
        """The answer in *coding*, compressed at the first call."""
        found = self.variants.get(coding)
        if found is None:
            with self._lock:
                found = self.variants.get(coding) or self._make(coding)
                self.variants[coding] = found
        return found

    def _make(self, coding: str) -> Variant:
        content_type = next((value for name, value in self._headers if name.lower() == "content-type"), "")
        actual = coding if worth_coding(content_type, len(self.body)) else "identity"
        if actual not in self._coded:
            self._coded[actual] = encode(self.body, actual)
        body, etag = self._coded[actual], tag_for(self._etag, actual)
        common = [("ETag", etag), ("Vary", self._vary)]
        headers = [*self._headers, *common, ("Content-Length", str(len(body)))]
        if actual != "identity":
            headers.append(("Content-Encoding", actual))
        short = [(name, value) for name, value in self._headers if name.lower() in _IN_304]
        return Variant(body, etag, headers, [*short, *common])


class Store:
    """Entries by key, the least recently used given up first; bounded in bytes and in number."""

    def __init__(self, max_bytes: int, max_entries: int = 20_000) -> None:
        self.max_bytes, self.max_entries = max_bytes, max_entries
        self.bytes = 0
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Entry | None:
        """The entry of *key*, now the most recently used."""
        entry = self._entries.get(key)
        if entry is not None:
            with suppress(KeyError):  # given up by another thread just now; what we hold is still right
                self._entries.move_to_end(key)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keep *entry*, making room for it."""
        with self._lock:
            before = self._entries.pop(key, None)
            if before is not None:
                self.bytes -= before.size
            if entry.size > self.max_bytes // 8:
                return
            self._entries[key] = entry
            self.bytes += entry.size
            while self.bytes > self.max_bytes or len(self._entries) > self.max_entries:
                _, given_up = self._entries.popitem(last=False)
                self.bytes -= given_up.size

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self.bytes = 0


def with_encoding(vary: str) -> str:
    """The Vary header with Accept-Encoding in it."""
    names = [name.strip() for name in vary.split(",") if name.strip()]
    if not any(name.lower() == "accept-encoding" for name in names):
        names.append("Accept-Encoding")
    return ", ".join(names)


def _seconds(date: str | None) -> float | None:
    return parsedate_to_datetime(date).timestamp() if date else None
