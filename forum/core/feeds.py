"""Feeds over HTTP: validators, conditions, coding and the headers calendar clients need; and Atom documents.

A public feed's whole answer goes to the visitor cache, which compresses it once and answers conditions; for who comes
past the cache, and for private feeds, the same is done here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree import ElementTree

from flask import Response, g, request
from werkzeug.http import dump_options_header, http_date

from forum.core.caching.negotiation import encode, preferred_coding, tag_for, unchanged, worth_coding

CALENDAR = "text/calendar; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
_NAMESPACE = "http://www.w3.org/2005/Atom"


def feed_response(
    body: bytes,
    *,
    content_type: str,
    last_modified: datetime | None,
    filename: str | None = None,
    private: bool = False,
    max_age: int = 300,
) -> Response:
    """Answer the current GET or HEAD with *body*, or 304 when the client has it (RFC 9110 13).

    *last_modified* (aware) is the newest change, deletions included; None where no moment may be said, and the ETag
    alone tells of changes. *filename* makes it a download. A *private* feed
    is kept by nobody and seen by no robot; a public one may be kept *max_age* seconds and read by any site's scripts.
    The session is neither read nor written, so the answer varies with the coding alone.
    """
    g.sessionless = True
    response = Response(body, content_type=content_type)
    response.headers.update(_headers(last_modified, filename, private, max_age))
    etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    if request.environ.get("forum.whole") and not private:
        response.headers["ETag"] = etag
        return response
    coding = preferred_coding(request.headers.get("Accept-Encoding", ""))
    if not worth_coding(content_type, len(body)):
        coding = "identity"
    response.headers["ETag"] = tag_for(etag, coding)
    tags, since = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
    modified = last_modified.timestamp() if last_modified else None
    if unchanged(tags, since, response.headers["ETag"], modified):
        return _bare(response)
    if coding != "identity":
        response.set_data(encode(body, coding))
        response.headers["Content-Encoding"] = coding
    return response


def _headers(
    last_modified: datetime | None, filename: str | None, private: bool, max_age: int
) -> dict[str, str]:
    headers = {
        "Vary": "Accept-Encoding",
        "Cache-Control": "private, no-store" if private else f"public, max-age={max_age}",
    }
    if last_modified is not None:
        headers["Last-Modified"] = http_date(last_modified.astimezone(UTC))
    if filename:
        headers["Content-Disposition"] = dump_options_header("attachment", {"filename": filename})
    if private:
        headers |= {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
    else:
        headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return headers


def _bare(response: Response) -> Response:
    """*response* as a 304: its validators, no body (RFC 9110 15.4.5)."""
    response.status_code = 304
    response.set_data(b"")
    for name in ("Content-Type", "Content-Length", "Content-Disposition"):
        response.headers.pop(name, None)
    return response


@dataclass(frozen=True, kw_only=True)
class AtomEntry:
    """One entry. *id* and *url* are absolute; *html* is sanitised, with absolute addresses in it; times are aware."""

    id: str
    title: str
    url: str
    updated: datetime
    published: datetime | None = None
    summary: str = ""
    html: str = ""
    categories: tuple[str, ...] = field(default=())


def atom(
    *,
    feed_id: str,
    title: str,
    self_url: str,
    alternate_url: str,
    updated: datetime,
    entries: Iterable[AtomEntry],
    author: str,
    subtitle: str = "",
    language: str = "en",
) -> bytes:
    """An Atom document (RFC 4287). *author* is a name, never an address; *updated* counts if newer than all entries.

    Ids are absolute IRIs that never change; ``self`` is the address asked for. The same content gives the same bytes.
    """
    listed = list(entries)
    newest = max([updated, *(entry.updated for entry in listed)])
    feed = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": language})
    _texts(feed, id=feed_id, title=title, subtitle=subtitle, updated=_rfc3339(newest))
    ElementTree.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": self_url})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": alternate_url})
    _texts(ElementTree.SubElement(feed, "author"), name=author)
    for entry in listed:
        _add(feed, entry)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="utf-8") + b"\n"


def _add(feed: ElementTree.Element, entry: AtomEntry) -> None:
    element = ElementTree.SubElement(feed, "entry")
    published = _rfc3339(entry.published) if entry.published else ""
    _texts(element, id=entry.id, title=entry.title, updated=_rfc3339(entry.updated), published=published)
    ElementTree.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": entry.url})
    for category in entry.categories:
        ElementTree.SubElement(element, "category", {"term": clean(category)})
    _texts(element, summary=entry.summary)
    if entry.html:
        ElementTree.SubElement(element, "content", {"type": "html"}).text = clean(entry.html)


def _texts(parent: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        if text or name == "title":  # a title is required, even an empty one
            ElementTree.SubElement(parent, name).text = clean(text)


def clean(text: str) -> str:
    """*text* without the characters that XML 1.0 cannot hold (2.2); one of them would break the whole feed."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
