"""Accept-Encoding and the conditions of a request (RFC 9110 12.5.3 and 13), remembered by header."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import brotli  # type: ignore[import-untyped]  # it ships no types

IDENTITY = "identity"
SUFFIX = {IDENTITY: "", "gzip": "-gz", "br": "-br"}
COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/geo+json",
    "application/atom+xml",
    "application/xml",
    "application/ld+json",
    "image/svg",
)
SMALLEST = 600  # bytes; below that a coding saves less than its headers cost
_TAG = re.compile(r'(?:W/)?"([^"]*)"')


class Memo(dict[str, str]):
    """A function of a header, remembered for the last *limit* short spellings: browsers send few, attackers many."""

    def __init__(self, compute: Callable[[str], str], limit: int = 1000) -> None:
        super().__init__()
        self._compute, self._limit = compute, limit

    def __missing__(self, header: str) -> str:
        value = self._compute(header)
        if len(header) <= 200:
            if len(self) >= self._limit:
                self.clear()
            self[header] = value
        return value


def preferred_coding(accept_encoding: str) -> str:
    """``br``, ``gzip`` or ``identity``: the best of those that the header accepts; identity is always to be had."""
    accepted: dict[str, float] = {}
    for part in accept_encoding.split(",")[:20]:
        name, _, parameters = part.partition(";")
        accepted[name.strip().lower()] = _quality(parameters)
    others = accepted.get("*", 0.0)
    gzip_ = max(accepted.get("gzip", others), accepted.get("x-gzip", 0.0))
    brotli_ = accepted.get("br", others)
    if max(gzip_, brotli_) <= 0 or accepted.get(IDENTITY, 0.0) > max(gzip_, brotli_):
        return IDENTITY
    return "br" if brotli_ >= gzip_ else "gzip"


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0


def encode(body: bytes, coding: str) -> bytes:
    """*body* in *coding*; the same bytes always give the same bytes."""
    if coding == "gzip":
        return gzip.compress(body, 5, mtime=0)
    if coding == "br":
        return bytes(brotli.compress(body, quality=5))
    return body


def worth_coding(content_type: str, length: int) -> bool:
    """Whether compressing pays: text, and not tiny."""
    return length >= SMALLEST and content_type.startswith(COMPRESSIBLE)


def tag_for(etag: str, coding: str) -> str:
    """The ETag of the same content in *coding*: codings differ in their bytes, so in their tags (RFC 9110 8.8.3.3)."""
    return f'{etag[:-1]}{SUFFIX[coding]}"'


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the list (or ``*``) names *etag* in the weak comparison (RFC 9110 13.1.2)."""
    if if_none_match.strip() == "*":
        return True
    opaque = etag.removeprefix("W/")[1:-1]
    return opaque in _TAG.findall(if_none_match)


def unchanged(
    if_none_match: str | None, if_modified_since: str | None, etag: str, modified: float | None
) -> bool:
    """Whether the client's copy is current. The date counts only without If-None-Match (RFC 9110 13.2.2).

    *modified* is in seconds since the epoch; None when the answer has no Last-Modified.
    """
    if if_none_match is not None:
        return if_none_match == etag or matches(if_none_match, etag)
    if if_modified_since is None or modified is None:
        return False
    try:
        return int(modified) <= parsedate_to_datetime(if_modified_since).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return False
