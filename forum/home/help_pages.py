"""The site's own words as search keeps them: each page of the footer, in each language of the installation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import lazy_gettext as _l

from forum.core import languages
from forum.core.search import Entry, Found, Kind

# In this order and never in another: an entry is known by its place here. Whoever has more adds them in wiring.
pages: dict[str, Any] = {
    "home.about": _l("About this site"),
    "home.privacy": _l("What we keep about you"),
    "home.accessibility": _l("Accessibility"),
}
LANGUAGES = 50  # places for languages of one page
# These pages have no day of their own; whatever has one is newer.
AT = datetime(2000, 1, 1, tzinfo=UTC)


def all_ids() -> list[int]:
    """Page by page, language by language."""
    offered = range(len(languages.offered()))
    return [LANGUAGES * place + language for place in range(len(pages)) for language in offered]


def entries(ids: Sequence[int]) -> Iterator[Entry]:
    """What each of these pages says."""
    for id_ in set(ids) & set(all_ids()):
        endpoint, language = _which(id_)
        title, text = _words_of(endpoint, language)
        yield Entry(subject_id=id_, title=title, text=text, at=AT, language=language)


def load(_viewer: Any, ids: Sequence[int]) -> dict[int, Found]:
    """The ways to these pages, each under its title; everybody reads them."""
    there = set(all_ids())
    return {id_: _found(*_which(id_)) for id_ in ids if id_ in there}


def _found(endpoint: str, language: str) -> Found:
    with languages.written_in(language):
        title = str(pages[endpoint])
    return Found(url=url_for(endpoint), title=title, meta=(languages.language_name(language),))


def _which(id_: int) -> tuple[str, str]:
    place, language = divmod(id_, LANGUAGES)
    return list(pages)[place], languages.offered()[language][0]


def _words_of(endpoint: str, language: str) -> tuple[str, str]:
    """The title and the text of a page, as a visitor reads it in *language*."""
    # In a context of its own, which ends without touching the unit of work that asks.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context(), app.test_request_context(), languages.written_in(language):
        page = _Main()
        page.feed(str(current_app.view_functions[endpoint]()))
        return str(pages[endpoint]), " ".join(page.words)


class _Main(HTMLParser):
    """Collects the words of the main part, without its heading."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, _attributes: Any) -> None:
        if tag in ("main", "h1"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open == ["main"] and data.strip():
            self.words.append(" ".join(data.split()))


KIND = Kind(
    word="page",
    label=_l("About this site"),
    one=_l("About this site"),
    entries=entries,
    ids=all_ids,
    load=load,
)
