"""What the bytes depend on besides the event."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from babel.numbers import get_territory_currencies
from flask import current_app
from flask_babel import force_locale

RENDERER = 1  # raise it when the same event would make different bytes


@dataclass(frozen=True)
class Site:
    """The installation as feeds name it; ``language`` is that of words that are not the event's own."""

    base_url: str
    agency: str
    language: str
    country: str = "US"  # ISO 3166

    @classmethod
    def current(cls, language: str | None = None) -> Site:
        """The current application's, in *language* or the agency's."""
        config = current_app.config["FORUM"]
        return cls(
            config.base_url, config.agency_name, language or config.languages[0], config.agency_country
        )

    @property
    def made(self) -> str:
        """What stored bytes were made with: when it differs, they are made anew. At most 64 characters."""
        text = "\n".join((self.base_url, self.agency, self.language))
        return f"{RENDERER}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"

    @property
    def currency(self) -> str:
        """What people pay with in the agency's country today (ISO 4217)."""
        tender: list[str] = get_territory_currencies(self.country)
        return tender[0] if tender else "USD"

    def event_url(self, event_id: int, slug: str, day: date | None = None) -> str:
        """The page of an event, or of one occurrence by its original local date."""
        url = f"{self.base_url}/events/{event_id}-{slug}"
        return url if day is None else f"{url}/{day.isoformat()}"

    @contextmanager
    def words(self) -> Iterator[None]:
        """Within the block gettext speaks the feed's language, whoever's request this is."""
        with force_locale(self.language.replace("-", "_")):
            yield
