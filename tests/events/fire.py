"""A stampede on one date's places, its history, and the check of that history afterwards."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from forum.accounts.models import Role
from forum.core import clock, jobs
from forum.events.models import Answer, Place, Rsvp
from forum.extensions import db
from tests.factories import accounts
from tests.factories import events as make
from tests.servers.town import Browser, Town

LONGEST_OUTAGE = 120.0  # seconds a resident keeps trying
SNAPSHOT = sa.text(
    "SELECT r.id, r.person_id, r.answer, r.place, r.party_size, r.ticket, o.places_taken, o.places_offered, o.waiting"
    " FROM occurrence o LEFT JOIN rsvp r ON r.occurrence_id = o.id WHERE o.id = :date"
)


@dataclass(frozen=True)
class Wish:
    """What a resident asks for."""

    answer: str
    party: int
    choice: str = field(default="", compare=False)  # said by the button of an offer: "take" or "pass"

    @property
    def form(self) -> dict[str, object]:
        return {"choice": self.choice} if self.choice else {"answer": self.answer, "party_size": self.party}


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
        path = f"{self.path}/offer" if wish.choice else self.path
        self.state = (settled, wish)
        while True:
            statuses = self.browser.post(path, wish.form, times=times)
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
        self.offered: set[tuple[int, int]] = set()  # (rsvp, ticket) that places were offered to
        self._waiting: dict[int, int] = {}  # rsvp: ticket, in the sample before

    def run(self) -> None:
        try:
            while not self.done.is_set():
                self.look()
                time.sleep(0.008)
        except Exception as error:
            self.problems.append(f"the watcher ended: {type(error).__name__}: {error}")

    def look(self) -> list[Any]:
        """Take and check one sample."""
        with self.engine.connect() as connection:
            rows = list(connection.execute(SNAPSHOT, {"date": self.date_id}))
        held = [row for row in rows if row.id is not None]
        self.samples += 1
        self._check(held, (rows[0].places_taken, rows[0].places_offered, rows[0].waiting))
        return held

    def _check(self, held: list[Any], counted: tuple[int, int, int]) -> None:
        confirmed = {row.id: row.party_size for row in held if row.place == "confirmed"}
        offered = {row.id: row.party_size for row in held if row.place == "offered"}
        line = sorted((row.ticket, row.id, row.party_size) for row in held if row.place == "waiting")
        taken, kept = sum(confirmed.values()), sum(offered.values())
        free = self.capacity - taken - kept
        if free < 0:
            self.problems.append(f"{taken} confirmed and {kept} offered for {self.capacity} places")
        if counted != (taken, kept, sum(party for _, _, party in line)):
            self.problems.append(f"counted {counted}, held {taken}, {kept} and {line}")
        if line and line[0][2] <= free:
            self.problems.append(f"{free} free while the head of the line waits for {line[0][2]}")
        if len({row.person_id for row in held}) != len(held):
            self.problems.append("a person has two answers")
        for rsvp in (confirmed.keys() | offered.keys()) & self._waiting.keys():
            if line and line[0][0] < self._waiting[rsvp]:
                self.problems.append(f"ticket {self._waiting[rsvp]} passed {line[0][0]}")
        self.offered |= {(row.id, row.ticket) for row in held if row.place == "offered"}
        self._waiting = {rsvp: ticket for ticket, rsvp, _ in line}


class Hours(threading.Thread):
    """Lets the time of one offer after the other run out, and does then what the worker does every minute."""

    def __init__(self, town: Town, date_id: int) -> None:
        super().__init__(daemon=True)
        self.town, self.date_id, self.done = town, date_id, threading.Event()
        self.problems = list[str]()
        self.ended: dict[
            int, float
        ] = {}  # person: since when the last offer they had may have ended (monotonic)

    def run(self) -> None:
        try:
            while not self.done.wait(0.03):
                self.pass_on()
        except Exception as error:
            self.problems.append(f"time stood still: {type(error).__name__}: {error}")

    def pass_on(self) -> None:
        """End the offer that is held longest, then look for what is over."""
        person = self.town.make(self._end_one)
        if person is not None:
            self.ended[person] = time.monotonic()
        with self.town.app.app_context():
            jobs.run("events.end_offers")

    def _end_one(self) -> int | None:
        offered = sa.select(Rsvp).where(Rsvp.occurrence_id == self.date_id, Rsvp.place == Place.OFFERED)
        held = db.session.scalars(offered.order_by(Rsvp.updated_at).limit(1).with_for_update()).first()
        if held is None or held.person_id is None:
            return None
        self.ended[held.person_id] = float("inf")  # until it is known when this was committed
        held.offer_ends_at = clock.now()
        return held.person_id


@dataclass
class Fire:
    """One date with few places, everyone who wants them, and what happened."""

    town: Town
    dice: random.Random
    people: int
    capacity: int
    kills: int = 0
    offers: int = 0  # turns in line that ended with an offer, in the end
    lapsed: int = 0  # offers that ended, in the end
    up: threading.Event = field(default_factory=threading.Event)  # cleared while the site is down
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = sa.create_engine(self.town.database_url)
        self.date_id, path, ids = self.town.make(self._prepare)
        self.up.set()
        self.residents = [Resident(number, self.town.browser(number), path, self.up) for number in ids]
        self.watcher = Watcher(self.engine, self.date_id, self.capacity)
        self.hours = Hours(self.town, self.date_id)

    def run(self, *, stampedes: int, steps: int, kills: int) -> list[str]:
        """Burn; returns every violation found while it did and afterwards."""
        self.watcher.start()
        self.hours.start()
        for number in range(stampedes):
            self._together(self._stampede, kills=0)
            if number == 0:
                self._check_first_come()
                self._leave()
            if number + 1 < stampedes:
                self._together(lambda resident, dice: resident.say(Wish("not_going", 1)), kills=0)
        self._together(lambda resident, dice: self._churn(resident, dice, steps), kills=kills)
        for thread in (self.hours, self.watcher):
            thread.done.set()
            thread.join()
        self._check_end()
        for resident in self.residents:
            resident.browser.close()
        self.engine.dispose()
        return self.problems + self.watcher.problems + self.hours.problems

    @property
    def acknowledged(self) -> int:
        return sum(len(resident.calls) for resident in self.residents)

    def _prepare(self) -> tuple[int, str, list[int]]:
        event = make.event(capacity=self.capacity, title=f"{self.capacity} places for {self.people} people")
        ids = [accounts.person(Role.RESIDENT).id for _ in range(self.people)]
        return event.occurrences[0].id, f"/events/{event.id}/rsvp", ids

    def _stampede(self, resident: Resident, dice: random.Random) -> None:
        resident.say(Wish("going", dice.randint(1, min(3, self.capacity))), times=dice.choice((1, 2)))

    def _leave(self) -> None:
        """Whoever has a place gives it back; if anybody waits, one is offered for certain."""
        rows = {row.person_id: row for row in self.watcher_rows()}
        for resident in self.residents:
            if rows[resident.person_id].place == "confirmed":
                resident.say(Wish("not_going", 1))

    def _churn(self, resident: Resident, dice: random.Random, steps: int) -> None:
        for _ in range(steps):
            word = dice.choices([str(each) for each in Answer], weights=[6, 1, 3])[0]
            wish, settled = Wish(word, dice.randint(1, min(4, self.capacity))), resident.state[0]
            if settled is not None and word != "maybe" and dice.random() < 0.3:
                wish = Wish(word, settled.party, "take" if word == "going" else "pass")
            resident.say(wish, times=dice.choice((1, 1, 1, 2)))

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
        expected = {resident.person_id: (resident.state, resident) for resident in self.residents}
        kept = {row.person_id: Wish(row.answer, row.party_size) for row in self.watcher_rows()}
        for person, (wishes, resident) in expected.items():
            if kept.get(person) not in wishes and not self._may_have_lapsed(resident, kept.get(person)):
                self.problems.append(f"{kept.get(person)} on the disk, {wishes} told to {person}")

    def _may_have_lapsed(self, resident: Resident, kept: Wish | None) -> bool:
        """Whether a «maybe» nobody said can come of an offer that ended after its owner spoke last."""
        spoke = resident.calls[-1].began if resident.calls else 0.0
        return (
            kept is not None
            and kept.answer == "maybe"
            and self.hours.ended.get(resident.person_id, 0) > spoke
        )

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
            kept = Wish(row.answer, row.party_size)
            if kept != resident.state[0] and not self._may_have_lapsed(resident, kept):
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
        """Whoever was offered a place is told so, and of its end, once for each turn in line."""
        offers, ends = self._told("rsvp.offered"), self._told("rsvp.lapsed")
        if len(offers) != len(set(offers)) or not self.watcher.offered <= set(offers):
            self.problems.append(f"offered {self.watcher.offered}, told of {offers}")
        if len(ends) != len(set(ends)) or not set(ends) <= set(offers):
            self.problems.append(f"offered {offers}, told of the end of {ends}")
        self.offers, self.lapsed = len(offers), len(ends)

    def _told(self, kind: str) -> list[tuple[int, int]]:
        """The turns, as (rsvp, ticket), whose owners were told so."""
        told = sa.text("SELECT key FROM notification WHERE kind = :kind")
        with self.engine.connect() as connection:
            keys = [key.split(":") for key in connection.execute(told, {"kind": kind}).scalars()]
        return [(int(key[1]), int(key[2])) for key in keys]

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
