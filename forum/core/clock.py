"""The only place that reads the time. Stored times are aware UTC; people see the agency's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def agency_zone() -> ZoneInfo:
    """The zone of the agency whose site this is."""
    zone: ZoneInfo = current_app.config["FORUM"].zone
    return zone


def today(zone: ZoneInfo | None = None) -> date:
    """Today's date in *zone* (the agency's by default)."""
    return now().astimezone(zone or agency_zone()).date()


def to_local(moment: datetime, zone: ZoneInfo | None = None) -> datetime:
    """The same moment on the wall clock of *zone* (the agency's by default), still aware."""
    return moment.astimezone(zone or agency_zone())


def day_begins(moment: datetime | None = None) -> datetime:
    """When the agency's day of *moment* (now by default) began (aware, UTC)."""
    return to_utc(datetime.combine(to_local(moment or now()).date(), time()), agency_zone())


def day_ends(moment: datetime | None = None) -> datetime:
    """When the agency's day of *moment* (now by default) ends: the beginning of the next (aware, UTC)."""
    after = to_local(moment or now()).date() + timedelta(days=1)
    return to_utc(datetime.combine(after, time()), agency_zone())


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment of a naive wall-clock time.

    A time that a clock change skips moves forward by the gap; one that comes twice is the first (RFC 5545 3.3.5).
    """
    if local.tzinfo is not None:
        raise ValueError("to_utc takes a naive local time")
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def seconds_to_midnight(zone: ZoneInfo) -> float:
    """How long *zone*'s day still lasts, in seconds (a day with a clock change is not 24 hours long)."""
    moment = now()
    tomorrow = moment.astimezone(zone).date() + timedelta(days=1)
    return (datetime.combine(tomorrow, time(), tzinfo=zone).astimezone(UTC) - moment).total_seconds()
