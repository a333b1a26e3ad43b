"""The clock of the queue."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from forum.moderation.working_days import after_working_days

pytestmark = pytest.mark.once
ZONE = ZoneInfo("America/Chicago")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23T10:30", 1, "2026-11-24T10:30"),
        ("2026-11-27T10:30", 1, "2026-11-30T10:30"),  # over a weekend
        ("2026-11-28T10:30", 1, "2026-12-01T00:00"),  # on a Saturday: from Monday's beginning
        ("2026-11-25T10:30", 1, "2026-11-27T10:30"),  # over Thanksgiving
        ("2026-10-30T10:30", 1, "2026-11-02T10:30"),  # over a change of the clock
    ],
)
def test_weekends_and_holidays_do_not_count(start: str, days: int, end: str) -> None:
    assert after_working_days(local(start), days, ZONE, {date(2026, 11, 26)}) == local(end)


def test_a_calendar_without_working_days_ends() -> None:
    from datetime import timedelta

    every = {date(2026, 1, 1) + timedelta(days=n) for n in range(1000)}
    assert after_working_days(local("2026-01-01T10:00"), 1, ZONE, every) > local("2026-12-31T10:00")
