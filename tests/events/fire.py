"""A stampede on one date's places, its history, and the check of that history afterwards."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from forum.accounts.models import Role
from forum.events.models import Answer
from tests.factories import accounts
from tests.factories import events as make
from tests.servers.town import Browser, Town

LONGEST_OUTAGE = 60.0  # seconds a resident keeps trying
SNAPSHOT = sa.text(
    "SELECT r.id, r.person_id, r.answer, r.place, r.party_size, r.ticket, o.places_taken, o.waiting"
    " FROM occurrence o LEFT JOIN rsvp r ON r.occurrence_id = o.id WHERE o.id = :date"
)


@dataclass(frozen=True)
class Wish:
    """What a resident asks for."""

    answer: str
    party: int


@dataclass(frozen=True)
class Call:
    """A wish that the site acknowledged: it holds from some moment between ``began`` and ``ended`` (monotonic) on."""

    wish: Wish
    began: float
    ended: float


class Resident:
    """One person who sends forms, again and again until each is answered."""

    def __init__(self, person_id: int, browser: Browser, path: str, up: threading.Event) -> None:
        self.person_id, self.browser, self.path, self.up = person_id, browser, path, up
        self.calls: list[Call] = []
        self.refused = self.unanswered = 0
        # What was acknowledged last, and what is under way: replaced as one, so that another thread reads them as one.
        self.state: tuple[Wish | None, Wish | None] = (None, None)

    def say(self, wish: Wish, *, times: int = 1) -> None:
        """Send *wish* until it is acknowledged or refused."""
        settled, began = self.state[0], time.monotonic()
        self.state = (settled, wish)
        while True:
            statuses = self.browser.post(
                self.path, {"answer": wish.answer, "party_size": wish.party}, times=times
            )
            if not {*statuses} <= {303, 422, None}:
                raise AssertionError(f"{statuses} for {wish}\n{self.browser.log_end()}")
            if 303 in statuses:
                self.calls.append(Call(wish, began, time.monotonic()))
                self.state = (wish, None)
                return
            if None not in statuses:
                self.refused += 1
                self.state = (settled, None)
                return
            self.unanswered += 1
            if time.monotonic() > began + LONGEST_OUTAGE:
                raise AssertionError(f"the site did not come back for {wish}")
            time.sleep(0.01)
            self.up.wait(LONGEST_OUTAGE)


class Watcher(threading.Thread):
    """Reads the date's line from the database all the while, each time in one statement, and checks every sample."""

    def __init__(self, engine: sa.Engine, date_id: int, capacity: int) -> None:
        super().__init__(daemon=True)
        self.engine, self.date_id, self.capacity = engine, date_id, capacity
        self.samples, self.problems, self.done = 0, list[str](), threading.Event()
        self.promoted: set[tuple[int, int]] = set()  # (rsvp, ticket) that a place was given to
        self._waiting: dict[int, int] = {}  # rsvp: ticket, in the sample before

    def run(self) -> None:
        while not self.done.is_set():
            self.look()
            time.sleep(0.008)

    def look(self) -> list[Any]:
        """Take and check one sample."""
        with self.engine.connect() as connection:
            rows = list(connection.execute(SNAPSHOT, {"date": self.date_id}))
        held = [row for row in rows if row.id is not None]
        self.samples += 1
        self._check(held, rows[0].places_taken, rows[0].waiting)
        return held

    def _check(self, held: list[Any], places_taken: int, waiting: int) -> None:
        confirmed = {row.id: row.party_size for row in held if row.place == "confirmed"}
        line = sorted((row.ticket, row.id, row.party_size) for row in held if row.place == "waiting")
        taken = sum(confirmed.values())
        if taken > self.capacity:
            self.problems.append(f"{taken} confirmed for {self.capacity} places")
        if (places_taken, waiting) != (taken, sum(party for _, _, party in line)):
            self.problems.append(f"counted {places_taken} and {waiting}, held {taken} and {line}")
        if line and line[0][2] <= self.capacity - taken:
            self.problems.append(
                f"{self.capacity - taken} free while the head of the line waits for {line[0][2]}"
            )
        if len({row.person_id for row in held}) != len(held):
            self.problems.append("a person has two answers")
        for rsvp in confirmed.keys() & self._waiting.keys():
            if line and line[0][0] < self._waiting[rsvp]:
                self.problems.append(f"ticket {self._waiting[rsvp]} passed {line[0][0]}")
            self.promoted.add((rsvp, self._waiting[rsvp]))
        self._waiting = {rsvp: ticket for ticket, rsvp, _ in line}


@dataclass
class Fire:
    """One date with few places, everyone who wants them, and what happened."""

    town: Town
    dice: random.Random
    people: int
    capacity: int
    kills: int = 0
    up: threading.Event = field(default_factory=threading.Event)  # cleared while the site is down
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = sa.create_engine(self.town.database_url)
        self.date_id, path, ids = self.town.make(self._prepare)
        self.up.set()
        self.residents = [Resident(number, self.town.browser(number), path, self.up) for number in ids]
        self.watcher = Watcher(self.engine, self.date_id, self.capacity)

    def run(self, *, stampedes: int, steps: int, kills: int) -> list[str]:
        """Burn; returns every violation found while it did and afterwards."""
        self.watcher.start()
        for number in range(stampedes):
            self._together(self._stampede, kills=0)
            if number == 0:
                self._check_first_come()
            if number + 1 < stampedes:
                self._together(lambda resident, dice: resident.say(Wish("not_going", 1)), kills=0)
        self._together(lambda resident, dice: self._churn(resident, dice, steps), kills=kills)
        self.watcher.done.set()
        self.watcher.join()
        self._check_end()
        for resident in self.residents:
            resident.browser.close()
        self.engine.dispose()
        return self.problems + self.watcher.problems

    @property
    def acknowledged(self) -> int:
        return sum(len(resident.calls) for resident in self.residents)

    def _prepare(self) -> tuple[int, str, list[int]]:
        event = make.event(capacity=self.capacity, title=f"{self.capacity} places for {self.people} people")
        ids = [accounts.person(Role.RESIDENT).id for _ in range(self.people)]
        return event.occurrences[0].id, f"/events/{event.id}/rsvp", ids

    def _stampede(self, resident: Resident, dice: random.Random) -> None:
        resident.say(Wish("going", dice.randint(1, min(3, self.capacity))), times=dice.choice((1, 2)))

    def _churn(self, resident: Resident, dice: random.Random, steps: int) -> None:
        for _ in range(steps):
            word = dice.choices([str(each) for each in Answer], weights=[6, 1, 3])[0]
            resident.say(Wish(word, dice.randint(1, min(4, self.capacity))), times=dice.choice((1, 1, 1, 2)))

    def _together(self, act: Any, *, kills: int) -> None:
        """Every resident does *act* in a thread of its own, all at once; the site is killed *kills* times meanwhile."""
        gate, failed = threading.Barrier(self.people + 1), list[str]()

        def work(resident: Resident, seed: int) -> None:
            gate.wait()
            try:
                act(resident, random.Random(seed))
            except Exception as error:
                failed.append(f"{type(error).__name__}: {error}")

        threads = [
            threading.Thread(target=work, args=(resident, self.dice.getrandbits(32)), daemon=True)
            for resident in self.residents
        ]
        for thread in threads:
            thread.start()
        gate.wait()
        for _ in range(kills):
            self._kill_after(self.acknowledged + self.dice.randint(3, self.people), threads)
        for thread in threads:
            thread.join()
        self.problems += failed

    def _kill_after(self, acknowledged: int, threads: list[threading.Thread]) -> None:
        """Pull the plug once so many answers were acknowledged, compare what is on the disk, and start again."""
        while self.acknowledged < acknowledged and any(thread.is_alive() for thread in threads):
            time.sleep(0.001)
        time.sleep(self.dice.random() * 0.01)
        self.up.clear()
        self.town.site.kill()
        self.kills += 1
        self._check_acknowledged()
        self.town.site.start()
        self.up.set()

    def _check_acknowledged(self) -> None:
        """What was acknowledged is there: each answer is its owner's last acknowledged one, or the one under way."""
        time.sleep(0.05)  # PostgreSQL notices a dead client, and ends what it was doing, a little later
        expected = {resident.person_id: resident.state for resident in self.residents}
        kept = {row.person_id: Wish(row.answer, row.party_size) for row in self.watcher_rows()}
        for person, wishes in expected.items():
            if kept.get(person) not in wishes:
                self.problems.append(f"{kept.get(person)} on the disk, {wishes} told to {person}")

    def _check_first_come(self) -> None:
        """After the first stampede nobody has left: whoever was answered before another asked comes before him."""
        rows = {row.person_id: row for row in self.watcher_rows()}
        for first in self.residents:
            for second in self.residents:
                if first.calls and second.calls and first.calls[-1].ended < second.calls[0].began:
                    a, b = rows[first.person_id], rows[second.person_id]
                    if a.place == "waiting" and (b.place == "confirmed" or a.ticket > b.ticket):
                        self.problems.append(f"{second.person_id} was served before {first.person_id}")

    def _check_end(self) -> None:
        rows = {row.person_id: row for row in self.watcher.look()}
        for resident in self.residents:
            row = rows[resident.person_id]
            if Wish(row.answer, row.party_size) != resident.state[0]:
                self.problems.append(f"{row} at the end, {resident.state} acknowledged")
        self._check_line(rows)
        self._check_mail()

    def _check_line(self, rows: dict[int, Any]) -> None:
        """Tickets at the end are in the order of asking, in real time."""
        waiting = [resident for resident in self.residents if rows[resident.person_id].place == "waiting"]
        for first in waiting:
            for second in waiting:
                asked_first = first.calls[-1].ended < _joined(second.calls)
                if asked_first and rows[first.person_id].ticket > rows[second.person_id].ticket:
                    self.problems.append(f"{second.person_id} stands before {first.person_id}")

    def _check_mail(self) -> None:
        """Whoever was given a place is told so, once for each turn in line."""
        told = sa.text("SELECT key FROM notification WHERE kind = 'rsvp.promoted'")
        with self.engine.connect() as connection:
            keys = list(connection.execute(told).scalars())
        missing = {f"rsvp.promoted:{rsvp}:{ticket}" for rsvp, ticket in self.watcher.promoted} - set(keys)
        if missing or len(keys) != len(set(keys)):
            self.problems.append(f"promoted and not told once: {missing}")

    def watcher_rows(self) -> list[Any]:
        with self.engine.connect() as connection:
            return [row for row in connection.execute(SNAPSHOT, {"date": self.date_id}) if row.id is not None]


def _joined(calls: list[Call]) -> float:
    """When someone who waits asked to, at the earliest: the first «going» since the last other answer."""
    began = calls[-1].began
    for call in reversed(calls):
        if call.wish.answer != "going":
            break
        began = call.began
    return began


def sound(engine: sa.Engine) -> list[str]:
    """What the database itself finds wrong after the kills; nothing on PostgreSQL, which checks while it recovers."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        broken = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        return broken + [str(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
