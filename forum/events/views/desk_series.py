"""Before many dates of a series change: what moves, what stays, what goes, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _

from forum.core import clock, templating
from forum.events.forms.desk import FOLLOWING, MoveForm
from forum.events.models import Event, Occurrence
from forum.events.operations.details import EventDetails, details_of, details_since, moved_series
from forum.events.operations.schedule import DatePlan, keeps_time, pattern_of
from forum.events.operations.series import plan_series, splits
from forum.events.queries import series
from forum.events.views import rows
from forum.events.views.public import day_or_404
from forum.extensions import db

SHOWN = 12  # dates of each sort; the rest is a number


def since_of(event: Event) -> date | None:
    """The date in ``?since=`` from which on a form changes the series; None: all of it. 404 when it is not in it."""
    if "since" not in request.args:
        return None
    day = day_or_404(request.args["since"])
    if not event.is_series or day not in {occurrence.original_date for occurrence in event.occurrences}:
        abort(404)
    return day if splits(event, day) else None


def asked(name: str) -> bool:
    """Which button was pressed."""
    return request.form.get("then") == name


def move_details(occurrence: Occurrence, form: MoveForm) -> tuple[EventDetails, date | None]:
    """What the series becomes when *form* is meant for more than *occurrence*, and from which date on."""
    event, change = occurrence.event, form.changes()
    following = form.scope.data == FOLLOWING
    whole = details_since(event, occurrence.original_date) if following else details_of(event)
    start, end = change["starts_local"], change["ends_local"]
    if event.all_day:
        start = datetime.combine(start, datetime.min.time())
        end = start + timedelta(minutes=event.minutes)
    details = moved_series(whole, occurrence.original_start, start, end)
    name, address = change["place_name"] or "", change["place_address"] or ""
    if (name, address) != (event.place_name, event.place_address):
        details = replace(details, place_name=name, place_address=address, latitude=None, longitude=None)
    return details, occurrence.original_date if following else None


def preview(
    event: Event, details: EventDetails, since: date | None, *, anchor: date | None = None, **more: Any
) -> str | None:
    """The page that says what the change does before it is done; None where no date would be another."""
    plan = plan_series(event, details, since)
    changed = _Changes(event, details, plan, anchor)
    parted = since is not None and splits(event, since)
    if not (parted or changed.moves or plan.kept or plan.gone or plan.new):
        return None
    return render_template(
        "events/desk_series.html",
        event=event,
        since=since if parted else None,
        sorts=changed.sorts(),
        told=changed.told() if event.is_public else 0,
        untold=changed.untold() if event.is_public else 0,
        typed=[pair for pair in request.form.items(multi=True) if pair[0] not in ("csrf_token", "then")],
        **more,
    )


class _Changes:
    """A plan in words."""

    def __init__(self, event: Event, details: EventDetails, plan: DatePlan, anchor: date | None) -> None:
        self.event, self.details, self.plan, self.anchor = event, details, plan, anchor
        stays = plan.stays
        self.alone = [date for date, _start in stays if not self._follows(date)]
        follows = [(date, start) for date, start in stays if self._follows(date)]
        self.moves = [(date, start) for date, start in follows if self._differs(date, start)]

    def sorts(self) -> list[dict[str, Any]]:
        """What becomes of which dates: heading, lines, and how many more there are."""
        found = [
            _sort(_("These dates move"), (self._move_words(date, start) for date, start in self.moves)),
            _sort(_("These stay as they were changed by themselves"), map(self._exception_words, self.alone)),
            _sort(_("These are cancelled, because people answered"), map(self._words, self.plan.kept)),
            _sort(_("These go; nobody answered"), map(self._words, self.plan.gone)),
            _sort(_("These are new"), map(self._start_words, self.plan.new)),
        ]
        return [sort for sort in found if sort["count"]]

    def told(self) -> int:
        """How many people get a mail."""
        return sum(db.session.scalar(count) or 0 for count in series.people_reached(self._reached()))

    def untold(self) -> int:
        """How many answers have nobody to mail to."""
        return db.session.scalar(series.answers_unreached(self._reached())) or 0

    def _reached(self) -> set[int]:
        """Ids of the dates to come that are another for who answered."""
        now, was = clock.now(), (self.event.place_name, self.event.place_address)
        reached = [date for date, _start in self.moves]
        if was != (self.details.place_name, self.details.place_address):
            reached += [date for date, _start in self.plan.stays if date.place_name is None]
        reached += self.plan.kept
        return {date.id for date in reached if date.ends_at > now and not date.cancelled}

    def _follows(self, date: Occurrence) -> bool:
        """Whether a date takes the time that the rule says."""
        alone = (
            date.moved and date.original_date != self.anchor and not keeps_time(date, pattern_of(self.event))
        )
        return not (alone or date.cancelled)

    def _differs(self, date: Occurrence, start: datetime) -> bool:
        length = timedelta(minutes=self.details.minutes)
        return (rows.local_start(date), rows.local_end(date)) != (start, start + length)

    def _words(self, date: Occurrence) -> str:
        return f"{templating.date_long(rows.local_start(date))}, {rows.when_words(date)}"

    def _exception_words(self, date: Occurrence) -> str:
        return f"{self._words(date)} ({_('Cancelled') if date.cancelled else _('Moved')})"

    def _start_words(self, start: datetime) -> str:
        if self.details.all_day:
            return templating.date_long(start)
        end = start + timedelta(minutes=self.details.minutes)
        return f"{templating.date_long(start)}, {templating.time_range(start, end)}"

    def _move_words(self, date: Occurrence, start: datetime) -> str:
        going = f" ({rows.going_words(date)})" if date.places_taken else ""
        before, after = self._words(date), self._after_words(date, start)
        return _("%(before)s → %(after)s", before=before, after=after) + going

    def _after_words(self, date: Occurrence, start: datetime) -> str:
        """The day is said again only where it is another."""
        if self.details.all_day or rows.local_start(date).date() != start.date():
            return self._start_words(start)
        return templating.time_range(start, start + timedelta(minutes=self.details.minutes))


def _sort(heading: str, words: Iterable[str]) -> dict[str, Any]:
    lines = list(words)
    return {"heading": heading, "lines": lines[:SHOWN], "more": len(lines[SHOWN:]), "count": len(lines)}
