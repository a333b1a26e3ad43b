"""Disputes and their outcomes are counted in public, and tell of nobody and of no moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Role
from forum.concerns.models import Closing, Concern, Mode, Outcome
from forum.concerns.operations.deciding import decide_dispute
from forum.concerns.operations.disputing import dispute_concern, withdraw_concern
from forum.concerns.operations.working import close_concern
from forum.concerns.queries.afterwards import FEWEST
from forum.concerns.queries.disputes import Months
from tests.factories import accounts, concerns
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
OCTOBER = datetime(2026, 10, 14, 16, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 20, 16, tzinfo=UTC)
FEW = f"Fewer than {FEWEST} disputes"


def closed(mode: Mode, **changes: Any) -> Concern:
    made = concerns.concern(mode, **changes)
    close_concern(
        actor=accounts.person(Role.OFFICER), concern=made, closed_as=Closing.NO_POWER, text="Not ours."
    )
    return made


def disputed(mode: Mode, outcome: Outcome | None = None, **changes: Any) -> Concern:
    made = closed(mode, **changes)
    dispute_concern(concern=made, words="It is yours.")
    if outcome is not None:
        boss = accounts.person(Role.SUPERVISOR)
        decide_dispute(actor=boss, concern=made, outcome=outcome, text="We looked.")
    return made


def rows(client: Client) -> dict[str, list[str]]:
    """The cells of the table by the name of the row."""
    found = client.page("/concerns/disputes").root.iterfind(".//tbody/tr[th]")
    return {
        " ".join(row.find("th").itertext()): [" ".join(cell.itertext()) for cell in row.findall("td")]
        for row in found
    }


def test_public_ones_are_counted_one_by_one_and_others_from_ten_on(client: Client, saved: Saved) -> None:
    with time_machine.travel(OCTOBER, tick=False) as time:

        def make() -> None:
            closed(Mode.PUBLIC)
            disputed(Mode.PUBLIC, Outcome.OVERTURNED, title="The lamp is dark")
            disputed(Mode.PUBLIC, Outcome.UPHELD)
            disputed(Mode.PUBLIC)
            withdraw_concern(concern=concerns.concern(Mode.PUBLIC))
            for _each in range(FEWEST - 1):
                disputed(Mode.ANONYMOUS)

        saved(make)
        time.move_to(NOVEMBER)
        found = rows(client)
        assert found["Public concerns"] == ["4", "3", "1", "1", "1"]
        assert found["All other concerns"] == [f"{FEW}: too few to show"]
        page = client.page("/concerns/disputes").text()
        assert "3 closings of public concerns were disputed; opened again: 1." in page
        assert "The lamp is dark Wednesday, October 14, 2026 It was opened again" in page
        time.move_to(OCTOBER)
        saved(lambda: disputed(Mode.PRIVATE, Outcome.UPHELD))
        time.move_to(NOVEMBER)
        assert rows(client)["All other concerns"] == [str(FEWEST), str(FEWEST), "0", "1", str(FEWEST - 1)]


def test_what_happens_this_month_moves_no_figure(client: Client, saved: Saved) -> None:
    with time_machine.travel(OCTOBER, tick=False) as time:
        made = saved(lambda: disputed(Mode.PUBLIC))
        time.move_to(NOVEMBER)
        before = rows(client)
        assert before["Public concerns"] == ["1", "1", "0", "0", "1"]

        def acts() -> None:
            boss = accounts.person(Role.SUPERVISOR)
            decide_dispute(actor=boss, concern=made, outcome=Outcome.UPHELD, text="We looked.")
            for _each in range(FEWEST):
                disputed(Mode.PRIVATE)

        saved(acts)
        assert rows(client) == before
        time.move_to(NOVEMBER + timedelta(days=14))
        saved(lambda: concerns.concern(Mode.PUBLIC))  # pages are kept for a minute, or until somebody writes
        assert rows(client)["Public concerns"] == ["1", "1", "0", "1", "0"]
        assert rows(client)["All other concerns"][0] == str(FEWEST)


@pytest.mark.once
@pytest.mark.parametrize(
    ("now", "days", "first", "after"),
    [
        ("2026-11-20T16:00", 365, "2026-05-01", "2026-11-01"),
        ("2026-06-30T16:00", 365, "2025-12-01", "2026-06-01"),
        ("2026-01-01T16:00", 365, "2025-07-01", "2026-01-01"),
        ("2026-11-20T16:00", 90, "2026-09-01", "2026-11-01"),
        ("2026-11-20T16:00", 30, "2026-10-01", "2026-11-01"),
    ],
)
def test_six_whole_months_are_counted_or_as_many_as_are_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch, now: str, days: int, first: str, after: str
) -> None:
    kept = dataclasses.replace(app.config["FORUM"], concern_keep_days=days)
    monkeypatch.setitem(app.config, "FORUM", kept)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    with app.app_context(), time_machine.travel(moment, tick=False):
        months = Months.lately()
    assert (months.first.isoformat(), months.after.isoformat()) == (first, after)
