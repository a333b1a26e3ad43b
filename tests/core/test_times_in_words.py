"""Times as people write them, in the language of the page."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from forum.core.templating import time_range


@pytest.mark.parametrize(
    ("language", "start", "end", "words"),
    [
        ("en", "18:00", "19:30", "6 to 7:30 pm"),
        ("en", "18:30", "19:30", "6:30 to 7:30 pm"),
        ("en", "09:00", "12:00", "9 am to noon"),
        ("en", "11:30", "13:00", "11:30 am to 1 pm"),
    ],
)
def test_full_hours_have_no_minutes_in_english(
    site_app: Flask, language: str, start: str, end: str, words: str
) -> None:
    with site_app.test_request_context(headers={"Accept-Language": language}):
        assert time_range(_at(start), _at(end)) == words


def _at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-12-03T{clock}")


def test_other_languages_keep_theirs(site_app: Flask) -> None:
    with site_app.test_request_context(headers={"Accept-Language": "es"}):
        assert ":00" in time_range(_at("18:00"), _at("19:30"))
