"""The roster of a date with 5,000 answers, as an officer opens it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, func, insert, select

from bench import servers, town
from bench.browser import Browser, session_cookies
from bench.load import Request
from bench.report import Row, limit, ratio
from forum.accounts.models import Person, Role
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.events.models import Answer, Channel, Event, EventKind, Place, Rsvp
from forum.events.operations.details import EventDetails
from forum.events.operations.events import create_event, publish_event
from forum.extensions import db

if TYPE_CHECKING:
    from bench.scenarios import Bench

ANSWERS = 5000
WITH_ACCOUNT = 4000
TITLE = "An evening for the whole town"
MOST_QUERIES = 8


def roster(bench: Bench) -> Iterator[Row]:
    """Its first page, one in its middle and a search, against one select and one page of Flask and SQLAlchemy."""
    path = _crowded(bench)
    (cookie,) = session_cookies(bench.town.app, 1, role=Role.OFFICER)
    cases: dict[str, list[Request]] = {}
    names = {
        "": "roster of 5,000, first page",
        "?page=30": "page 30",
        "?q=guest+0042": "one found by name",
    }
    for query, name in names.items():
        answer = Browser(bench.site.url).get(path + query, Cookie=cookie)
        if answer.status != 200:
            bench.failures.append(f"{path}{query} answers {answer.status}")
        cases[name] = [Request(path + query, headers={"Cookie": cookie})]
    yield limit("roster of 5,000, questions to the database", _queries(bench, path, cookie), "", MOST_QUERIES)
    with servers.floor("page", town.FOLDER / "floors" / "page") as floor:
        for name, (site, least) in bench.against(floor, Request("/"), cases).items():
            yield ratio(name, site, least, "Flask + SQLAlchemy", 0.2)


def _crowded(bench: Bench) -> str:
    """The roster's path; the date and its answers are made once."""
    with bench.town.app.app_context():
        if db.session.scalar(select(func.count()).select_from(Event).where(Event.title == TITLE)) == 0:
            bench.say(f"answering {ANSWERS:,} times")
            with unit_of_work():
                _answer(_event().occurrences[0].id)
        found = db.session.scalars(select(Event).where(Event.title == TITLE)).one()
        return f"/desk/events/{found.id}/dates/{found.occurrences[0].original_date.isoformat()}/roster"


def _event() -> Event:
    start = clock.now().replace(tzinfo=None, microsecond=0) + timedelta(days=30)
    kind = db.session.scalars(select(EventKind.id).order_by(EventKind.position)).first()
    assert kind is not None
    made = create_event(
        actor=None,
        details=EventDetails(
            title=TITLE,
            kind_id=kind,
            zone=clock.agency_zone().key,
            starts_local=start,
            ends_local=start + timedelta(hours=2),
            capacity=4000,
        ),
    )
    publish_event(actor=None, event=made)
    return made


def _answer(occurrence_id: int) -> None:
    people = [
        {
            "email": f"roster-{n}@example.org",
            "email_folded": f"roster-{n}@example.org",
            "name": f"Resident {n}",
        }
        for n in range(WITH_ACCOUNT)
    ]
    ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
    held = [(Answer.GOING, Place.CONFIRMED), (Answer.GOING, Place.WAITING), (Answer.MAYBE, Place.NONE)]
    rows = []
    for number in range(ANSWERS):
        answer, place = held[min(number // 3500, 1) if number % 10 else 2]
        account = ids[number] if number < WITH_ACCOUNT else None
        rows.append(
            {
                "occurrence_id": occurrence_id,
                "person_id": account,
                "name": "" if account else f"Guest {number:04}",
                "channel": Channel.SITE,
                "answer": answer,
                "place": place,
                "ticket": number + 1 if place == Place.WAITING else None,
            }
        )
    db.session.execute(insert(Rsvp), rows)


def _queries(bench: Bench, path: str, cookie: str) -> int:
    """What one page asks the database, counted in this process."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with bench.town.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        client = bench.town.app.test_client(use_cookies=False)
        client.get(path, headers={"Cookie": cookie})
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in asked)
