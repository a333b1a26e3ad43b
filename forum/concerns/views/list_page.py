"""What the list of public concerns shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from forum.concerns.models import Concern, Status
from forum.concerns.queries.categories import every
from forum.concerns.queries.public import COUNTED, OPEN, ConcernFilters, Key, counted, listed_page
from forum.concerns.views.thread_rows import TONES
from forum.concerns.words import status_words
from forum.core import clock
from forum.core.intake import LARGEST_ID
from forum.core.languages import page_language
from forum.extensions import db
from forum.neighborhoods.queries import neighborhood_options

PAGE = 20
SHOWN = (Status.RECEIVED, Status.IN_PROGRESS, Status.WAITING, Status.ANSWERED, Status.CLOSED)


@dataclass(frozen=True, kw_only=True)
class ConcernRow:
    """One public concern in a list, in words."""

    reference: str
    url: str
    title: str
    category: str
    where: tuple[str, ...]
    status: str
    tone: str
    iso: str
    age: str
    others: str


def context(filters: ConcernFilters, args: Mapping[str, str]) -> dict[str, Any]:
    """Template variables of ``concerns/list_concerns.html``; *args* may hold ``after`` or ``before``, a row's key."""
    before = _key(args.get("before", ""))
    after = None if before else _key(args.get("after", ""))
    rows = list(db.session.scalars(listed_page(filters, after=after, before=before).limit(PAGE + 1)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    chosen: dict[str, Any] = dict(filters.as_args())
    if before:
        rows.reverse()
    return {
        "rows": concern_rows(rows),
        "filters": filters,
        "count": count_words(counted(filters)),
        "areas": [("", _("All neighborhoods")), *neighborhood_options()],
        "categories": categories(filters),
        "statuses": status_chips(filters, "concerns_public.list_concerns"),
        "newer_url": _edge_url(filters, rows, "before") if (more if before else after) else None,
        "older_url": _edge_url(filters, rows, "after") if (more if not before else True) else None,
        "is_filtered": bool(filters.as_args()),
        "map_url": url_for("concerns_public.concern_map", **chosen),
        "feed_args": filters.as_args(),
    }


def concern_rows(concerns: Iterable[Concern]) -> list[ConcernRow]:
    """The lines of a list."""
    language, today = page_language(), clock.today()
    return [_row(concern, language, today) for concern in concerns]


def others_words(count: int) -> str:
    """«3 others say the same», or nothing."""
    return ngettext("%(num)s other says the same", "%(num)s others say the same", count) if count else ""


def count_words(count: int) -> str:
    """«14 concerns», counted no further than a thousand."""
    if count > COUNTED:
        return _("More than 1,000 concerns")
    return ngettext("%(num)s concern", "%(num)s concerns", count)


def _row(concern: Concern, language: str, today: date) -> ConcernRow:
    area, day = concern.neighborhood, clock.to_local(concern.arrived_at).date()
    return ConcernRow(
        reference=concern.reference,
        url=url_for("concerns_public.concern", reference=concern.reference),
        title=concern.title,
        category=concern.category.name(language),
        where=tuple(part for part in (concern.place, area.name if area else "") if part),
        status=status_words(concern.status),
        tone=TONES.get(concern.status, "accent"),
        iso=day.isoformat(),
        age=_age(today - day),
        others=others_words(concern.others_count),
    )


def _age(old: timedelta) -> str:
    """In days and more: the page is kept, and nobody is to know the minute."""
    if old < timedelta(days=1):
        return _("raised today")
    return _("raised %(ago)s", ago=format_timedelta(-old, granularity="day", add_direction=True))


def categories(filters: ConcernFilters) -> list[tuple[str, str]]:
    """(slug, name) of what a public concern may be about."""
    language = page_language()
    named = [
        (category.slug, category.name(language))
        for category in db.session.scalars(every())
        if not category.concerns_staff and (not category.retired or category.slug == filters.category)
    ]
    return [("", _("All kinds")), *named]


def status_chips(filters: ConcernFilters, endpoint: str) -> list[dict[str, Any]]:
    """Links to *endpoint* that narrow it to where concerns stand."""
    chosen: dict[str, Any] = filters.as_args()
    chosen.pop("status", None)
    offered = [("", _("All")), (OPEN, _("Open")), *((s, status_words(s)) for s in SHOWN)]
    return [
        {
            "label": label,
            "url": url_for(endpoint, **chosen, status=str(status) or None),
            "current": status == filters.status,
        }
        for status, label in offered
    ]


def _edge_url(filters: ConcernFilters, rows: list[Concern], side: str) -> str | None:
    if not rows:
        return None
    edge = rows[-1] if side == "after" else rows[0]
    key = f"{edge.public_changed_at:%Y%m%dT%H%M%S%f}-{edge.id}"
    chosen: dict[str, Any] = {**filters.as_args(), side: key}
    return url_for("concerns_public.list_concerns", **chosen)


def _key(text: str) -> Key | None:
    stamp, _hyphen, row = text.partition("-")
    try:
        key = datetime.strptime(f"{stamp}+0000", "%Y%m%dT%H%M%S%f%z"), int(row[:12])
    except ValueError:
        return None
    return key if 0 <= key[1] <= LARGEST_ID else None
