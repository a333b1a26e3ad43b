"""Which language a page is in: the reader's choice (a cookie), else what the browser asks for, else English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations, Translations
from flask import Flask, after_this_request, current_app, g, has_request_context, request
from flask_babel import Domain, force_locale, get_locale, get_translations, refresh
from werkzeug.wrappers import Response

from forum.core.current import this_g, this_request
from forum.extensions import babel

R = TypeVar("R", bound=Response)
COOKIE = "lang"
YEAR = 365 * 24 * 3600
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})


def page_language() -> str:
    """The tag of the language this answer is written in, e.g. ``es``."""
    if not has_request_context():
        return str(g.get("language", "en"))
    here = this_g()
    if "language" not in here:
        here.language = _choose()
    return str(here.language)


def switch(tag: str) -> bool:
    """Give this answer, and the pages after it, in *tag*; False when this installation does not offer that."""
    if tag not in _languages():
        return False
    g.language = tag
    refresh()
    after_this_request(lambda response: remember(response, tag))
    return True


def remember(response: R, tag: str) -> R:
    """Set the cookie of the language that somebody chose."""
    response.set_cookie(COOKIE, tag, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def text_direction(language: str) -> str:
    """``rtl`` or ``ltr``."""
    return "rtl" if language.split("-")[0].split("_")[0] in RIGHT_TO_LEFT else "ltr"


def offered() -> list[tuple[str, str]]:
    """The languages of this installation as (tag, its own name)."""
    return [(tag, _own_name(tag)) for tag in _languages()]


@cache
def _own_name(tag: str) -> str:
    return capitalized(Locale.parse(tag, sep="-").display_name or tag)


def date_locale() -> str:
    """The locale that dates, times and weeks follow: the page's language as the agency's country writes it."""
    locale = get_locale()
    return f"{locale.language if locale else 'en'}_{current_app.config['FORUM'].agency_country}"


def language_name(tag: str) -> str:
    """The name of language *tag* in the page's own language; the tag itself when nobody knows it."""
    page = Locale.parse(page_language(), sep="-")
    try:
        # As a list of languages has it: to parse «tl» makes it the «fil» of the Philippines.
        return page.languages.get(tag) or Locale.parse(tag, sep="-").get_display_name(page) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def capitalized(name: str) -> str:
    """*name* as it stands alone: its first letter is large, and what else is large stays so."""
    return name[:1].upper() + name[1:]


def own_language(tag: str) -> str | None:
    """The language of this installation that is *tag*, or what it begins with (``es`` for ``es-MX``); else None."""
    wanted = (tag.lower(), tag.lower().split("-")[0])
    return next((language for language in _languages() if language.lower() in wanted), None)


@contextmanager
def written_in(language: str) -> Iterator[None]:
    """Within the block, inside a request, words and dates are in *language*, a tag with a catalog, whoever reads."""
    before = g.get("language")
    with force_locale(language.replace("-", "_")):
        g.language = language
        try:
            yield
        finally:
            g.pop("language", None)
            if before is not None:
                g.language = before


class PageDomain(Domain):
    """Finds the catalog once a page: Flask-Babel asks for the locale by name at each of a page's hundreds of strings.

    It is kept where ``force_locale`` puts it aside and brings it back.
    """

    def get_translations(self) -> Translations | NullTranslations:
        """The catalog of the page's language."""
        page = this_g().get("_flask_babel") if g else None
        if page is None:
            return super().get_translations()
        found: Translations | NullTranslations | None = getattr(page, "babel_translations", None)
        if found is None:
            locale = getattr(page, "babel_locale", None)
            if locale is None:
                locale = page.babel_locale = _locale(page_language())
            found = self.cache.get((str(locale), self.domain[0])) or super().get_translations()
            page.babel_translations = found
        return found


def catalog() -> Translations | NullTranslations:
    """The catalog of the page's language, in a few steps once the page has found it."""
    found: Translations | NullTranslations | None = getattr(
        this_g().get("_flask_babel"), "babel_translations", None
    )
    return get_translations() if found is None else found


@cache
def _locale(tag: str) -> Locale:
    """Made of its tag once: each request that says a word needs it."""
    return Locale.parse(tag.replace("-", "_"))


def _languages() -> tuple[str, ...]:
    return tuple(current_app.config["FORUM"].languages)


def _choose() -> str:
    request = this_request()
    path, languages = request.path, _languages()
    feed = path.endswith((".ics", ".atom")) or path.startswith("/embed/")
    chosen = request.args.get("lang") if feed else request.cookies.get(COOKIE)
    if chosen in languages:
        return str(chosen)
    if feed:  # one address, one text: what fetches a feed is a server in another country as often as a phone
        return languages[0]
    return negotiate(request.headers.get("Accept-Language", ""), languages)


def negotiate(header: str, languages: tuple[str, ...]) -> str:
    """The best of *languages* for an Accept-Language *header* (RFC 9110 12.5.4), by primary tag; else the first."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(header.split(",")[:12]):
        tag, _, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        wanted.append((-quality, position, tag.strip().lower()))
    for quality, _, tag in sorted(wanted):
        if quality == 0:
            continue
        for language in languages:
            if tag == language.lower() or tag.split("-")[0] == language.lower():
                return language
    return languages[0]


def init_app(app: Flask) -> None:
    """Bind Flask-Babel to the choice above and to the agency's zone."""
    config = app.config["FORUM"]
    own = str(Path(__file__).resolve().parent.parent / "translations")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(filter(None, (own, config.translations)))
    babel.init_app(
        app,
        locale_selector=lambda: _locale(page_language()),
        timezone_selector=lambda: config.agency_zone,
    )
    babel.domain_instance = PageDomain(domain=app.config.get("BABEL_DOMAIN", "messages"))
