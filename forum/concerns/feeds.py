"""Public concerns for feed readers (RFC 4287; INTEROP 38, 39): nobody is their author but the agency.

What staff wrote has its moment. What the person did has its day alone, as on the page, and words that only they and the
desk read move nothing: a neighbor who saw somebody write at that minute learns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from markupsafe import Markup, escape

from forum.concerns.models import Author, Concern, Entry
from forum.concerns.words import status_words
from forum.core import clock
from forum.core.feeds import AtomEntry


def concern_entries(
    concerns: Iterable[Concern], last: Mapping[int, Sequence[Entry]], *, base_url: str, language: str
) -> list[AtomEntry]:
    """An entry for each of *concerns*; *last* holds by id its last step and the last words that are for everybody."""
    return [_entry(concern, last.get(concern.id, ()), base_url, language) for concern in concerns]


def _entry(concern: Concern, last: Sequence[Entry], base_url: str, language: str) -> AtomEntry:
    address = f"{base_url}/concerns/{concern.reference}"
    area = concern.neighborhood.name if concern.neighborhood else ""
    where = ", ".join(part for part in (concern.place, area) if part)
    standing = status_words(concern.status)
    return AtomEntry(
        id=address,
        title=concern.title,
        url=address,
        updated=max(map(_moment, last), default=_day(concern.arrived_at)),
        published=_day(concern.arrived_at),
        summary=f"{standing}: {where}" if where else standing,
        html=_html(concern.story, *(said.text for said in last if said.public)),
        categories=(concern.category.name(language),),
    )


def _moment(said: Entry) -> datetime:
    return _day(said.at) if said.author is Author.PERSON else said.at


def _day(moment: datetime) -> datetime:
    """When its day began on the agency's clock."""
    return clock.to_utc(datetime.combine(clock.to_local(moment).date(), time()), clock.agency_zone())


def _html(*texts: str) -> str:
    """Plain words as paragraphs: what people write about a concern has no markup."""
    parts = [part.strip() for text in texts for part in text.split("\n\n") if part.strip()]
    return "".join(f"<p>{escape(part).replace(chr(10), Markup('<br>'))}</p>" for part in parts)
