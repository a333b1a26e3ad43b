"""A disputed closing, a complaint about who reads the queue, three modes of one matter, a breach that is foretold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import select

from forum.accounts.models import Person
from forum.concerns import jobs
from forum.concerns.models import About, Closing, Concern, Mode, Status
from forum.concerns.operations.importing import redate_concern
from forum.concerns.operations.merging import merge_concern
from forum.concerns.operations.recusing import screen_concern
from forum.concerns.operations.working import answer_concern, assign_concern, close_concern
from forum.concerns.receipts import new_code
from forum.core import clock
from forum.extensions import db
from tests.factories import concerns
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.scenery import Mailbox, Scene, read, text_of
from tests.journeys.test_concern import returns
from tests.journeys.test_concerns_public import asks
from tests.servers.town import Town

pytestmark = pytest.mark.browser
Open = Callable[..., Reader]


def of(reference: str) -> Concern:
    return db.session.scalars(select(Concern).where(Concern.reference == reference)).one()


def staff(scene: Scene, role: str) -> Person:
    return db.session.get_one(Person, scene.people[role])


@pytest.mark.parametrize(
    ("outcome", "way"),
    (
        ("upheld", {"width": WIDE, "scripts": False}),
        ("overturned", {"width": NARROW, "color_scheme": "dark"}),
    ),
)
def test_a_disputed_closing_is_decided_by_somebody_else(
    town: Town, scene: Scene, reader: Open, outcome: str, way: dict[str, Any]
) -> None:
    code = new_code()

    def close() -> str:
        made, officer = concerns.concern(Mode.ANONYMOUS, code=code), staff(scene, "officer")
        answer_concern(actor=officer, concern=made, text="We stood there.", status=Status.ANSWERED)
        close_concern(
            actor=officer, concern=made, closed_as=Closing.DONE, text="It is quiet.", evidence="No car on Friday."
        )  # fmt: skip
        return made.reference

    reference = town.make(close)
    visitor = reader(**way)
    returns(visitor, code)
    visitor.reads("What shows it: No car on Friday.")
    visitor.page.locator("#dispute-text").fill("They race again.")
    visitor.press("Disagree")
    visitor.reads("Your concern is open again.")
    closer = reader("officer", **way)
    closer.go(f"/desk/concerns/{reference}/dispute")
    closer.reads("Somebody else than who closed it")
    assert closer.page.locator("[name=outcome]").count() == 0
    other = reader("supervisor", **way)
    other.go("/desk/concerns/disputes")
    other.page.locator(f"a[href$='{reference}/dispute']").click()
    other.reads("They race again.")
    other.page.locator(f"[name=outcome][value={outcome}]").check()
    other.fill(text="I went there myself.")
    other.press("Decide")
    other.reads("Decided. The person can read it now.")
    returns(visitor, code)
    visitor.reads("I went there myself.")
    goes_on = visitor.page.locator("#reply-text").count() == 1
    assert goes_on is (outcome == "overturned")


def test_who_is_named_in_a_complaint_finds_it_nowhere(
    town: Town, scene: Scene, mailbox: Mailbox, reader: Open
) -> None:
    officer = reader("officer")
    before = [_shown(officer, page) for page in ("/desk/concerns?whose=all", "/desk")]

    def complain() -> str:
        made = concerns.concern(title="Zebra at the stop", category="officer", about=About.COMPLAINT)
        screen_concern(actor=staff(scene, "reviewer"), concern=made, named=[staff(scene, "officer")])
        return made.reference

    reference = town.make(complain)
    supervisor = reader("supervisor")
    supervisor.go("/desk/concerns?whose=all&q=Zebra")
    supervisor.reads("Zebra at the stop")
    assert [_shown(officer, page) for page in ("/desk/concerns?whose=all", "/desk")] == before
    for search in ("Zebra", reference):
        officer.go(f"/desk/concerns?whose=all&q={search}")
        assert "Zebra at the stop" not in officer.page.content()
        assert officer.page.locator(f"a[href$='/concerns/{reference}']").count() == 0
    for part in ("", "/dispute", "/duty", "/merge", "/transfer", "/identity", "/screening"):
        assert officer.page.request.get(f"/desk/concerns/{reference}{part}").status in (403, 404)
    address = town.make(lambda: str(staff(scene, "officer").email))
    for letter in map(read, mailbox.folder.glob("*.eml")):
        assert address not in str(letter["To"]) or reference not in text_of(letter)


def _shown(window: Reader, page: str) -> str:
    """Every word of a page: with its counts."""
    window.go(page)
    return window.page.locator("main").inner_text()


def test_three_modes_read_one_answer_and_find_no_trace_of_each_other(
    town: Town, scene: Scene, reader: Open
) -> None:
    modes = (Mode.PUBLIC, Mode.PRIVATE, Mode.CONFIDENTIAL)
    codes = [new_code() for _ in modes]

    def merge() -> Sequence[str]:
        boss = staff(scene, "supervisor")
        made = [
            concerns.concern(mode, code=code, title=f"Glass, {mode}", story=f"Told in {mode} words.")
            for mode, code in zip(modes, codes, strict=True)
        ]
        for each in made[1:]:
            merge_concern(actor=boss, concern=each, into=made[0])
        answer_concern(actor=boss, concern=made[0], text="It is swept on Tuesday.", also=made[1:])
        return [each.reference for each in made]

    references = town.make(merge)
    marks = [(reference, f"Told in {mode} words.") for reference, mode in zip(references, modes, strict=True)]
    visitor = reader(width=NARROW)
    for code, own in zip(codes, marks, strict=True):
        returns(visitor, code)
        visitor.reads("It is swept on Tuesday.")
        _has_only(visitor, own, marks)
    visitor.go(f"/concerns/{references[0]}")
    visitor.reads("It is swept on Tuesday.")
    _has_only(visitor, marks[0], marks)
    for hidden in references[1:]:
        assert visitor.page.request.get(f"/concerns/{hidden}").status == 404


def _has_only(window: Reader, own: tuple[str, str], marks: Sequence[tuple[str, str]]) -> None:
    page = window.page.content()
    for mark in marks:
        assert all((word in page) is (mark == own) for word in mark), mark


def test_a_supervisor_is_warned_by_mail_before_the_breach(
    town: Town, scene: Scene, mailbox: Mailbox, reader: Open
) -> None:
    reference = town.make(lambda: _nearly_due(scene))
    with town.app.app_context():
        jobs.warn()
    asks(reader(), reference, f"neighbor.{token_hex(6)}@example.org")  # which wakes the courier
    supervisor, address = reader("supervisor"), town.make(lambda: str(staff(scene, "supervisor").email))
    letter = mailbox.wait_for(address, reference)
    assert concerns.STORY not in text_of(letter)
    supervisor.go(f"/desk/concerns/{reference}")
    assert "late by" not in supervisor.page.locator("main").inner_text(), "warned of before, not after"


def _nearly_due(scene: Scene) -> str:
    """A concern that somebody has to be warned of now, whatever day and hour it is: its closing was promised for a
    moment of its own. An answer is due when the agency opens, of which nobody is warned on a Saturday."""
    made, now = concerns.concern(Mode.PUBLIC), clock.now()
    assign_concern(actor=staff(scene, "supervisor"), concern=made, to=staff(scene, "officer"))
    made.target_at = now + timedelta(hours=6)
    redate_concern(concern=made, moments=[now - timedelta(hours=24)])
    assert made.warn_at is not None
    assert made.due_at is not None
    assert made.warn_at <= now < made.due_at
    return made.reference
