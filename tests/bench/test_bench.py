"""Floors start, loads are counted, targets are told apart; short, so that `make bench` works when it is needed."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from bench import fallback, load, report, scenarios, servers, town

pytestmark = pytest.mark.once


@pytest.mark.parametrize(("floor", "method"), (("bare", "GET"), ("page", "GET"), ("insert", "POST")))
def test_each_floor_answers_a_load_without_errors(floor: str, method: str, tmp_path: Path) -> None:
    with servers.floor(floor, tmp_path) as server:
        found = load.run(server.url, [load.Request("/", method)], seconds=1, connections=4)
        assert found.errors == 0
        assert found.rate > 0
        assert found.p50 <= found.p99
        assert len(server.memory()) == servers.WORKERS
        if floor == "insert":
            rows = (
                sqlite3.connect(tmp_path / "insert.db").execute("SELECT count(*) FROM answer").fetchone()[0]
            )
            assert rows > 0


def test_both_generators_send_what_is_asked_and_count_errors(tmp_path: Path) -> None:
    with servers.floor("insert", tmp_path) as server:
        requests = [load.Request("/", "POST", {"X-Odd": 'a"b'}, "answer=going"), load.Request("/nowhere")]
        raw = [load._raw(server.url, request) for request in requests]
        plain = fallback.run(server.port, raw, 1, 4)
        assert 0.3 < plain["errors"] / (plain["rate"] * 1) < 0.7
        if shutil.which("wrk"):
            found = load.run(server.url, requests, seconds=1, connections=4)
            assert 0.3 < found.errors / (found.rate * 1) < 0.7


def test_load_stays_on_this_machine() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1 only"):
        load.run("http://example.org/", [load.Request("/")], seconds=1)


def test_a_missed_target_is_told() -> None:
    rows = [
        report.ratio("fast", 200, 100, "floor", 1.5),
        report.ratio("slow", 100, 100, "floor", 1.5),
        report.limit("heavy", 401, "MB", 400),
    ]
    assert [row.good for row in rows] == [True, False, False]
    table = report.table(rows)
    assert table.count("MISSED") == 2
    assert len({len(line) for line in table.splitlines()}) == 1


def test_every_line_of_the_speed_table_has_a_scenario() -> None:
    assert list(scenarios.ALL) == [
        "visitor",
        "signed-in",
        "feed",
        "change",
        "rsvp",
        "roster",
        "concerns",
        "discussions",
        "search",
        "mail",
        "large",
        "memory",
    ]


def test_events_multiply_into_the_past_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town, "LARGE", 300)
    path = tmp_path / "small.db"
    database = sqlite3.connect(path)
    database.executescript(
        """
        CREATE TABLE event (id INTEGER PRIMARY KEY, uid, source_key, title, status, rrule, extra_starts, skipped_starts,
            materialized_until, published_at, created_at, starts_local, kind_id, updated_at);
        CREATE TABLE event_neighborhood (event_id, neighborhood_id);
        CREATE TABLE occurrence (id INTEGER PRIMARY KEY, event_id, original_date, original_start, starts_at, ends_at,
            listed, kind_id, moved, cancelled, reason, sequence, updated_at, places_taken, places_offered, waiting,
            next_ticket, walk_ins);
        INSERT INTO event (id, title, created_at, kind_id) VALUES (7, 'a', '2026-01-01', 1), (9, 'b', '2026-01-01', 1);
        INSERT INTO event_neighborhood VALUES (7, 3);
        """
    )
    database.close()
    town._multiply(path)
    database = sqlite3.connect(path)
    assert database.execute("SELECT count(*), count(DISTINCT uid) FROM event").fetchone() == (300, 298)
    assert database.execute("SELECT count(*) FROM event_neighborhood").fetchone() == (150,)
    newest = database.execute(
        "SELECT count(*), max(starts_at) < datetime('now', '-59 days') FROM occurrence"
    ).fetchone()
    assert newest == (298, 1)
