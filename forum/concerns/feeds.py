"""Public concerns for feed readers (RFC 4287; INTEROP 38, 39): nobody is their author but the agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from forum.concerns.models import Concern, Entry
from forum.concerns.words import status_words
from forum.core.feeds import AtomEntry


def concern_entries(
    concerns: Iterable[Concern], last: Mapping[int, Entry], *, base_url: str, language: str
) -> list[AtomEntry]:
    """An entry for each of *concerns*; *last* holds by id what was last written about one for everybody."""
    return [_entry(concern, last.get(concern.id), base_url, language) for concern in concerns]


def _entry(concern: Concern, last: Entry | None, base_url: str, language: str) -> AtomEntry:
    address = f"{base_url}/concerns/{concern.reference}"
    area = concern.neighborhood.name if concern.neighborhood else ""
    where = ", ".join(part for part in (concern.place, area) if part)
    standing = status_words(concern.status)
    return AtomEntry(
        id=address,
        title=concern.title,
        url=address,
        updated=concern.changed_at,
        published=concern.arrived_at,
        summary=f"{standing}: {where}" if where else standing,
        html=_html(concern.story, last.text if last else ""),
        categories=(concern.category.name(language),),
    )


def _html(*texts: str) -> str:
    """Plain words as paragraphs: what people write about a concern has no markup."""
    parts = [part.strip() for text in texts for part in text.split("\n\n") if part.strip()]
    return "".join(f"<p>{escape(part).replace(chr(10), Markup('<br>'))}</p>" for part in parts)
