"""What an import would do: which events are new, which differ and in what, which the file no longer has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload, undefer

from forum.core.errors import Refusal
from forum.events.importing.fields import anchor
from forum.events.importing.model import ImportedEvent, Override, RowProblem, When
from forum.events.models import Event, EventKind, EventStatus, Occurrence
from forum.events.operations.details import EventDetails, checked_rule
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

# What no file tells: an import leaves these as they are on the site.
OURS = (
    *("language", "step_free", "childcare", "quiet_space", "interpreter", "transit"),
    *("picture", "picture_alt", "rsvp_policy"),
)
_PHONE = re.compile(r"(?:\+?1[-. ])?\(?\d{3}\)?[-. /]{0,2}\d{3}[-. ]{1,2}\d{4}(?: ?(?:x|ext\.?) ?\d+)?")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True)
class Surroundings:
    """Ids by the words a file uses: kinds by slug, neighborhoods by folded name or slug."""

    kinds: Mapping[str, int]
    neighborhoods: Mapping[str, int]


@dataclass(frozen=True)
class Item:
    """One event of the file beside the one on the site, if there is one. `changed` names the fields that differ.

    `overrides` are the single dates that are not yet as the file has them; `status` is what the file has and the
    site has not, or None.
    """

    imported: ImportedEvent
    source_key: str
    details: EventDetails
    existing_id: int | None = None
    changed: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    status: EventStatus | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """What differs, as a person reads it."""
        status = (f"now {self.status}",) if self.status and self.existing_id else ()
        return (
            *self.changed,
            *status,
            *(f"date {override.original:%Y-%m-%d}" for override in self.overrides),
        )


@dataclass
class Plan:
    """What an import does; `gone` are events of the same source that the file lacks (they stay)."""

    new: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    unchanged: list[Item] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def plan_import(events: Iterable[ImportedEvent], *, source: str) -> Plan:
    """Compare `events` with what was imported from `source` before, by key; nothing is changed."""
    around = surroundings()
    known = {event.source_key: event for event in db.session.scalars(imported_from(source))}
    plan = Plan()
    for imported in events:
        key = source_key(source, imported.key)
        existing = known.pop(key, None)
        try:
            item = _item(imported, key, existing, around)
        except Refusal as refusal:
            plan.problems.append(RowProblem(imported.row, imported.title, str(refusal.message)))
            continue
        if existing is None:
            plan.new.append(item)
        else:
            (plan.changed if item.words else plan.unchanged).append(item)
    plan.gone = [event.title for event in known.values()]
    return plan


def source_key(source: str, key: str) -> str:
    """What an imported event is known by for ever; a key too long for the column is hashed."""
    whole = f"{source}:{key}"
    return whole if len(whole) <= 255 else f"{source}:{sha256(key.encode()).hexdigest()}"


def imported_from(source: str) -> Select[Event]:
    """Every event that an earlier import of `source` made, with what a comparison needs."""
    return (
        select(Event)
        .where(Event.source_key.startswith(f"{source}:", autoescape=True))
        .options(undefer(Event.story), selectinload(Event.neighborhoods), selectinload(Event.occurrences))
    )


def surroundings() -> Surroundings:
    """The kinds and the neighborhoods there are."""
    areas = db.session.execute(select(Neighborhood.id, Neighborhood.name, Neighborhood.slug)).all()
    return Surroundings(
        kinds={slug: kind for kind, slug in db.session.execute(select(EventKind.id, EventKind.slug))},
        neighborhoods={word.casefold(): area for area, name, slug in areas for word in (name, slug)},
    )


def _item(imported: ImportedEvent, key: str, existing: Event | None, around: Surroundings) -> Item:
    details = details_of(imported, around, existing)
    rule = checked_rule(details)
    wanted = EventStatus(imported.status)
    if existing is None:
        status = None if wanted == EventStatus.DRAFT else wanted
        return Item(imported, key, details, overrides=imported.overrides, status=status)
    # A file that says "published" does not undo what people here withdrew, postponed or cancelled.
    called_off = wanted in (EventStatus.CANCELLED, EventStatus.POSTPONED)
    return Item(
        imported,
        key,
        details,
        existing.id,
        changed=tuple(_differences(existing, details, rule)),
        overrides=tuple(o for o in imported.overrides if _differs(o, imported, existing)),
        status=wanted if called_off and existing.status == EventStatus.PUBLISHED else None,
    )


def details_of(imported: ImportedEvent, around: Surroundings, existing: Event | None = None) -> EventDetails:
    """`imported` as an operation takes it; what no file tells stays as it is on the `existing` event.

    Refusal where it names a neighborhood that is not there.
    """
    hosts, email, phone = contact_parts(imported.contact)
    kept = {name: getattr(existing, name) for name in OURS} if existing is not None else {}
    capacity = imported.capacity if imported.capacity or existing is None else existing.capacity
    return EventDetails(
        title=imported.title[:200],
        kind_id=around.kinds.get(imported.kind) or around.kinds["other"],
        zone=imported.zone,
        starts_local=anchor(imported.starts),
        ends_local=anchor(imported.ends),
        story=_story(imported),
        all_day=imported.all_day,
        rrule=imported.rrule or None,
        extra_starts=_anchors(imported.extra_dates),
        skipped_starts=_anchors(imported.skipped_dates),
        neighborhood_ids=_areas(imported.neighborhoods, around),
        place_name=imported.place_name[:200],
        place_address=imported.place_address[:255],
        latitude=imported.latitude,
        longitude=imported.longitude,
        online_url=imported.online_url[:500],
        hosts=hosts[:255],
        contact_email=email[:254],
        contact_phone=phone[:60],
        capacity=capacity,
        **kept,
    )


def contact_parts(text: str) -> tuple[str, str, str]:
    """A contact in words as (who, e-mail address, phone number); each may be empty."""
    email, phone = _EMAIL.search(text), _PHONE.search(text)
    who = _PHONE.sub(" ", _EMAIL.sub(" ", text))
    who = re.sub(r"\s+", " ", re.sub(r"\(\s*\)", " ", who)).strip(" ,;:-./@()")
    return who if re.search(r"[^\W\d_]{3}", who) else "", email[0] if email else "", phone[0] if phone else ""


def _story(imported: ImportedEvent) -> str:
    link = f"<{imported.url}>" if imported.url else ""
    return "\n\n".join(filter(None, (imported.story, link)))


def _anchors(days: Sequence[When]) -> tuple[datetime, ...]:
    return tuple(sorted(anchor(day) for day in days))


def _areas(names: Iterable[str], around: Surroundings) -> tuple[int, ...]:
    ids = []
    for name in names:
        if name.casefold() not in around.neighborhoods:
            raise Refusal(_("There is no neighborhood “%(name)s”.", name=name[:80]))
        ids.append(around.neighborhoods[name.casefold()])
    return tuple(dict.fromkeys(ids))


def _differences(event: Event, details: EventDetails, rule: str | None) -> Iterable[str]:
    now: dict[str, Any] = {
        "ends_local": event.starts_local + timedelta(minutes=event.minutes),
        "neighborhood_ids": sorted(area.id for area in event.neighborhoods),
        "extra_starts": sorted(event.extra_starts),
        "skipped_starts": sorted(event.skipped_starts),
        "rrule": event.rrule,
    }
    then: dict[str, Any] = {
        "neighborhood_ids": sorted(details.neighborhood_ids),
        "extra_starts": [start.isoformat() for start in details.extra_starts],
        "skipped_starts": [start.isoformat() for start in details.skipped_starts],
        "rrule": rule,
    }
    for name in (part.name for part in fields(EventDetails)):
        if now.get(name, getattr(event, name, None)) != then.get(name, getattr(details, name)):
            yield name.removesuffix("_local").removesuffix("_ids")


def _differs(override: Override, imported: ImportedEvent, event: Event) -> bool:
    """Whether the date of `override` is not yet as the file has it."""
    occurrence = occurrence_on(event, override.original)
    if occurrence is None:
        return True
    if override.cancelled:
        return not occurrence.cancelled
    starts, ends = times_of(override, imported)
    same_start = occurrence.starts_at.astimezone(event.tz).replace(tzinfo=None) == starts
    same_end = occurrence.ends_at.astimezone(event.tz).replace(tzinfo=None) == ends
    return not (same_start and same_end) or (override.place_name or None) != (occurrence.place_name or None)


def times_of(override: Override, imported: ImportedEvent) -> tuple[datetime, datetime]:
    """When the changed date takes place, naive and local."""
    length = anchor(imported.ends) - anchor(imported.starts)
    starts = anchor(override.starts if override.starts is not None else override.original)
    return starts, anchor(override.ends) if override.ends is not None else starts + length


def occurrence_on(event: Event, original: When) -> Occurrence | None:
    """The occurrence of `event` whose original start is on that local date."""
    day = anchor(original).date()
    return next((one for one in event.occurrences if one.original_date == day), None)
