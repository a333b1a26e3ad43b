"""What an event's page shows."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import ngettext
from flask_login import current_user

from forum.core import clock
from forum.events import policy
from forum.events.feeds.jsonld import event_jsonld
from forum.events.feeds.links import add_links
from forum.events.feeds.site import Site
from forum.events.models import Answer, Event, Occurrence, Place, Rsvp, RsvpPolicy
from forum.events.queries import answers, lists, single
from forum.events.recurrence import describe
from forum.events.recurrence.rules import ends
from forum.events.sections import sections_for
from forum.events.views import after_page, rows
from forum.events.views.offer import offer_to
from forum.extensions import db

OTHER_DATES = 6


def context(
    event: Event, occurrence: Occurrence, dates: list[Occurrence], *, single_date: bool
) -> dict[str, Any]:
    """Template variables of ``events/event.html``: *occurrence* is the date shown, *dates* those to come."""
    site = Site.current()
    others = [date for date in dates if date.id != occurrence.id][:OTHER_DATES]
    return {
        "event": event,
        "sections": sections_for(event),
        "occurrence": occurrence,
        "single_date": single_date,
        "kind": rows.kind_mark(event.kind),
        "start": rows.local_start(occurrence),
        "last_day": rows.last_day(occurrence),
        "when": rows.when_words(occurrence),
        "place": _place(event, occurrence),
        "repeats": describe(event.rrule, event.starts_local, event.tz) if event.rrule else "",
        "others": [_date(other) for other in others],
        "goes_on": _goes_on(event),
        "status": rows.status_words(occurrence),
        "is_off": rows.is_off(occurrence),
        "is_over": occurrence.ends_at <= clock.now(),
        "moved_from": occurrence.original_start if occurrence.moved else None,
        "ask": _ask(occurrence),
        "after": after_page.context(event, occurrence),
        "areas": rows.neighborhood_links(event),
        "add": add_links(event, occurrence, site),
        "jsonld": event_jsonld(event, occurrence, site) if event.is_public else "",
        "origin": site.base_url,  # never the request's host: the page is kept for others
        "canonical": site.event_url(event.id, event.slug, occurrence.original_date if single_date else None),
        "page_url": rows.occurrence_url(occurrence),
    }


def _goes_on(event: Event) -> dict[str, Any] | None:
    """The series that took over the later dates; None where there is none."""
    if not event.is_series or (event.rrule is not None and ends(event.rrule, event.tz)[0] is None):
        return None  # what a split left behind ends on a day
    following = db.session.scalars(single.goes_on_as(event)).first()
    if following is None:
        return None
    url = url_for("events.event", event_id=following.id, slug=following.slug)
    return {"title": following.title, "url": url, "first": following.starts_local}


def answer_to(occurrence_id: int) -> dict[str, Any]:
    """The reader's own answer to a date, their place in line and their offer, each None where there is none."""
    if not current_user.is_authenticated:
        return {"mine": None, "position": None, "offer": None}
    mine = db.session.scalars(single.answer_of(current_user, occurrence_id)).first()
    return {"mine": mine, "position": position(mine), "offer": offer_to(mine)}


def _ask(occurrence: Occurrence) -> dict[str, Any]:
    """What the answer's panel shows of the date, in plain values: it outlives the request (core/shared_pages.py)."""
    event, now = occurrence.event, clock.now()
    takes_answers, over = policy.takes_answers(occurrence, now), occurrence.ends_at <= now
    return {
        "occurrence_id": occurrence.id,
        "start": rows.local_start(occurrence),
        "takes_answers": takes_answers,
        "just_come": event.rsvp_policy == RsvpPolicy.NONE and not rows.is_off(occurrence) and not over,
        "places": occurrence.places,
        "taken": occurrence.places_taken,
        "offered": occurrence.places_offered,
        "waiting": occurrence.waiting,
        "going": rows.going_words(occurrence),
        "residents": _residents(occurrence) if occurrence.places_taken else "",
        "is_full": rows.is_full(occurrence),
        "rsvp_url": rows.rsvp_url(occurrence),
    }


def _residents(occurrence: Occurrence) -> str:
    """«3 residents of Eastside, 1 resident of Midtown»: of who comes and wants to be shown so. Never a name."""
    shown = db.session.execute(answers.residents_shown(occurrence.id))
    return ", ".join(
        ngettext("%(num)s resident of %(area)s", "%(num)s residents of %(area)s", count, area=area)
        for area, count in shown
    )


def position(mine: Rsvp | None) -> int | None:
    """One's place in line, from 1; None when not waiting."""
    if mine is None or mine.answer != Answer.GOING or mine.place != Place.WAITING:
        return None
    return db.session.scalar(lists.line_position(mine))


def _place(event: Event, occurrence: Occurrence) -> dict[str, Any]:
    own = occurrence.place_name is not None
    return {
        "name": occurrence.place_name if own else event.place_name,
        "address": occurrence.place_address if own else event.place_address,
        "was": event.place_name if own else "",
    }


def _date(occurrence: Occurrence) -> dict[str, Any]:
    status, tone = rows.status_words(occurrence)
    return {
        "day": rows.local_start(occurrence).date(),
        "when": rows.when_words(occurrence),
        "status": status,
        "tone": tone,
        "url": rows.occurrence_url(occurrence),
        "off": rows.is_off(occurrence),
    }
