"""Boston's year as concerns: every row of it, with its own times, and a database that is none of theirs refused."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.audit.models import Entry as LedgerEntry
from forum.concerns.clocks import pending
from forum.concerns.models import Category, Concern, Entry, Mode, Status
from forum.concerns.queries.clocks import calendar_now, runs_of
from forum.core.transactions import unit_of_work
from forum.demo import concerns, prepare_boston
from forum.demo.concerns import Loaded, Occupied
from forum.demo.town import silent
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood
from forum.notifications.models import Notification
from tests.factories import concerns as make
from tests.factories import neighborhoods

FEW = 300


@pytest.fixture
def boston(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A site whose clock is Boston's."""
    monkeypatch.setitem(
        context.config, "FORUM", replace(context.config["FORUM"], agency_zone="America/New_York")
    )
    return context


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def check(loaded: Loaded, expected: int) -> None:
    assert loaded.concerns == count(Concern) == expected
    assert count(Entry) == 2 * expected
    assert count(Neighborhood) == 26
    assert count(Notification) == 0
    entries = db.session.scalars(select(LedgerEntry).where(LedgerEntry.act == "concern.import")).all()
    assert [entry.detail for entry in entries] == [{"count": expected}]
    references = set(db.session.scalars(select(Concern.reference)))
    assert len(references) == expected


def test_a_slice_of_the_year_is_there_as_it_was(boston: Flask) -> None:
    check(concerns.load(silent, most=FEW), FEW)
    given = Counter(row["status"] for row in concerns.rows()[:FEW])
    status = dict(db.session.execute(select(Concern.status, func.count()).group_by(Concern.status)).all())
    assert status == {Status.CLOSED: given["Closed"], Status.IN_PROGRESS: given["Open"]}
    first = db.session.scalars(select(Concern).order_by(Concern.arrived_at).limit(1)).one()
    assert first.arrived_at.isoformat() == "2015-01-01T05:25:23+00:00"
    assert first.target_at is not None
    assert first.target_at.isoformat() == "2015-01-16T13:30:00+00:00"
    assert first.neighborhood is not None
    assert first.neighborhood.name == "Fenway"


def test_their_clocks_are_what_their_threads_say(boston: Flask) -> None:
    concerns.load(silent, most=FEW)
    calendar = calendar_now()
    for concern in db.session.scalars(select(Concern)):
        left = pending(runs_of(concern, calendar), closed_as=concern.closed_as)
        found = (left[0].kind, left[0].due_at) if left else (None, None)
        assert (concern.due_clock, concern.due_at) == found
        assert concern.warn_at is None


def test_a_database_with_concerns_or_another_towns_areas_is_refused(boston: Flask) -> None:
    with unit_of_work():
        neighborhoods.neighborhood("Logan Square")
    with pytest.raises(Occupied, match="Logan Square"):
        concerns.load(silent, most=1)
    with unit_of_work():
        make.concern(Mode.PUBLIC)
    with pytest.raises(Occupied, match="already"):
        concerns.load(silent, most=1)
    assert count(Concern) == 1


def test_a_site_with_another_clock_is_refused(context: Flask) -> None:
    with pytest.raises(Occupied, match="America/New_York"):
        concerns.load(silent, most=1)


@pytest.mark.once
def test_every_area_and_type_of_the_list_is_in_its_table_or_reported(context: Flask) -> None:
    rows = concerns.rows()
    assert len(rows) == 33_428
    assert {row["neighborhood"] for row in rows} - set(concerns.areas()) == {"", "Boston"}
    assert {row["type"] for row in rows} == set(concerns.types())
    slugs = set(db.session.scalars(select(Category.slug)))
    assert set(concerns.types().values()) <= slugs
    named = {name for meant in concerns.areas().values() for name in meant}
    assert named <= {row["properties"]["name"] for row in _features()}


def _features() -> list[dict[str, dict[str, str]]]:
    found: list[dict[str, dict[str, str]]] = json.loads(concerns.boundaries())["features"]
    return found


@pytest.mark.once
def test_preparing_again_changes_nothing() -> None:
    rows = concerns.rows()
    text = (
        ",".join(prepare_boston.KEPT) + "\n" + "\n".join(",".join(row.values()) for row in rows[:50]) + "\n"
    )
    assert prepare_boston.trimmed(text) == text


@pytest.mark.soak
def test_the_whole_year_is_there_within_a_minute(boston: Flask) -> None:
    began = time.monotonic()
    loaded = concerns.load(silent)
    assert time.monotonic() - began < 60
    check(loaded, 33_428)
    assert loaded.odd == {"no target": 1996, "no area": 1077, "closed before it was opened": 38}
    assert loaded.unmapped == {"Boston": 705}
