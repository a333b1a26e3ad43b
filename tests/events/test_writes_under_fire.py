"""What was acknowledged is there exactly once, whenever the site is killed; what was not is there once or not at all.

An officer's telephone notes are the hard case: unlike an answer of one's own, a note sent twice would be two notes, so
each is sent once and never again, and its ledger entry must share its fate.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from forum.accounts.models import Role
from tests.events.fire import sound
from tests.factories import accounts
from tests.factories import events as make
from tests.servers.town import Browser, Town, backend, running_town

OFFICERS = 12


def test_no_acknowledged_note_is_lost_or_doubled_by_a_kill() -> None:
    with running_town(backend()) as town:
        burn(town, notes=300, kills=3, seed=1)


@pytest.mark.soak
def test_ten_thousand_acknowledged_notes_survive_fifty_kills() -> None:
    with running_town(backend()) as town:
        burn(town, notes=10_000, kills=50, seed=2)


def burn(town: Town, *, notes: int, kills: int, seed: int) -> None:
    """Send until *notes* are acknowledged, kill the site *kills* times meanwhile, then compare."""
    path, officers = town.make(prepare)
    desk = Desk(town, [town.browser(officer) for officer in officers], path, notes)
    desk.run(kills, random.Random(seed))
    engine = sa.create_engine(town.database_url)
    with engine.connect() as connection:
        kept = Counter(connection.execute(sa.text("SELECT name FROM rsvp")).scalars())
        entries = sa.text("SELECT subject_id FROM ledger_entry WHERE act = 'rsvp.phone_in'")
        recorded = Counter(connection.execute(entries).scalars())
        ids = set(connection.execute(sa.text("SELECT id FROM rsvp")).scalars())
        taken = connection.execute(sa.text("SELECT places_taken FROM occurrence")).scalar_one()
    assert [name for name in desk.acknowledged if kept[name] != 1] == []
    assert [name for name, times in kept.items() if times != 1] == []
    assert kept.keys() - desk.acknowledged <= desk.unanswered
    assert recorded == Counter(ids), "a note and its ledger entry are one"
    assert taken == len(ids)
    assert sound(engine) == []
    assert len(desk.acknowledged) >= notes
    engine.dispose()
    print(f"{len(desk.acknowledged)} acknowledged, {len(desk.unanswered)} unanswered, {kills} kills")


def prepare() -> tuple[str, list[int]]:
    event = make.event(capacity=None)
    officers = [accounts.person(Role.OFFICER).id for _ in range(OFFICERS)]
    return f"/desk/events/{event.id}/dates/{event.occurrences[0].original_date}/roster/callers", officers


class Desk:
    """Officers at their telephones, each sending one note after another."""

    def __init__(self, town: Town, browsers: list[Browser], path: str, notes: int) -> None:
        self.town, self.browsers, self.path, self.notes = town, browsers, path, notes
        self.acknowledged, self.unanswered, self.failed = set[str](), set[str](), list[str]()
        self.up = threading.Event()

    def run(self, kills: int, dice: random.Random) -> None:
        self.up.set()
        threads = [
            threading.Thread(target=self._work, args=(number, browser), daemon=True)
            for number, browser in enumerate(self.browsers)
        ]
        for thread in threads:
            thread.start()
        for kill in range(1, kills + 1):
            while len(self.acknowledged) < kill * self.notes // (kills + 1) and not self.failed:
                time.sleep(0.001)
            time.sleep(dice.random() * 0.02)
            self.up.clear()
            self.town.site.kill()
            self.town.site.start()
            self.up.set()
        for thread in threads:
            thread.join()
        assert self.failed == []

    def _work(self, number: int, browser: Browser) -> None:
        note = 0
        while len(self.acknowledged) < self.notes and not self.failed:
            note += 1
            name = f"Caller {number}-{note}"
            status = browser.post(self.path, {"name": name, "party_size": 1})[0]
            if status == 303:
                self.acknowledged.add(name)
            elif status is None:
                self.unanswered.add(name)
                time.sleep(0.01)
                self.up.wait(120)
            else:
                self.failed.append(f"{status} for {name}\n{browser.log_end()}")
        browser.close()
