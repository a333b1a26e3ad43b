"""The desk's stories: a queue worked with keys alone, a complaint about its reader, three modes answered at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from forum.accounts.models import Person
from forum.concerns.models import About, Concern, Mode
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood
from tests.factories import concerns
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.scenery import Scene
from tests.journeys.test_keyboard import tab_to
from tests.servers.town import Town

pytestmark = pytest.mark.browser


def concern_of(town: Town, scene: Scene, title: str, mode: Mode = Mode.PRIVATE, **changes: Any) -> str:
    """The reference of a new concern on the officer's beat, late by two days."""

    def make() -> str:
        area = db.session.scalars(select(Neighborhood).where(Neighborhood.slug == scene.area)).one()
        made = concerns.concern(mode, title=title, neighborhood_id=area.id, **changes)
        made.due_at = concerns.noon(-2)
        db.session.flush()
        return made.reference

    return str(town.make(make))


def test_an_officer_works_the_late_one_with_keys_alone(
    town: Town, scene: Scene, reader: Callable[..., Reader]
) -> None:
    reference = concern_of(town, scene, "The lamp at Kedzie is dark")
    window = reader("officer")
    keys = window.page.keyboard
    window.go("/desk/concerns?whose=beats")
    window.reads("late by 2 days")
    opens(window, reference)
    keys.press("a")
    window.reads(f"{reference} is yours now.")
    opens(window, reference)
    keys.press("o")
    window.page.wait_for_url(f"**/desk/concerns/{reference}")
    tab_to(window, "answer-text")
    keys.type("The city mends it on Friday.")
    tab_to(window, "As it was")
    keys.type("Ans")
    tab_to(window, "Preview as the resident")
    keys.press("Enter")
    window.reads("The person will see exactly this")
    window.check()
    tab_to(window, "Send it")
    keys.press("Enter")
    window.reads("Sent. The person can read it now.")
    tab_to(window, "Close it")
    keys.press("Enter")
    tab_to(window, "Choose")
    keys.type("It was")
    tab_to(window, "close-text")
    keys.type("The lamp shines.")
    tab_to(window, "close-evidence")
    keys.type("Seen lit on Friday at nine.")
    tab_to(window, "Preview the closing")
    keys.press("Enter")
    window.reads("Seen lit on Friday at nine.")
    tab_to(window, "Send it")
    keys.press("Enter")
    window.reads("Closed. The person can say")
    window.go("/desk/concerns")
    assert reference not in window.page.content()


def opens(window: Reader, reference: str) -> None:
    """Press J until the row of *reference* has the focus."""
    for _ in range(40):
        window.page.keyboard.press("j")
        row = window.page.locator("tr.chosen")
        if reference in row.inner_text():
            return
    raise AssertionError(f"J does not reach {reference}")


def test_the_keys_can_be_turned_off_and_stay_so(
    town: Town, scene: Scene, reader: Callable[..., Reader]
) -> None:
    concern_of(town, scene, "Keys")
    window = reader("officer")
    window.go("/desk/concerns")
    window.press("Keyboard shortcuts")
    for again in (False, True):
        if again:
            window.go("/desk/concerns")
        window.page.locator("h1").click()
        window.page.keyboard.press("j")
        assert window.page.locator("tr.chosen").count() == 0


@pytest.mark.parametrize(
    ("scripts", "width"),
    ((True, NARROW), (False, WIDE), (False, NARROW)),
    ids=("phone", "without JavaScript", "phone without JavaScript"),
)
def test_an_officer_answers_and_notes(
    town: Town, scene: Scene, reader: Callable[..., Reader], scripts: bool, width: Any
) -> None:
    reference = concern_of(town, scene, "Cars at the school", Mode.PUBLIC)
    window = reader("officer", scripts=scripts, width=width)
    window.go("/desk/concerns?whose=beats")
    window.press("Cars at the school", "link")
    window.go(f"/desk/concerns/{reference}")
    window.fill(**{"note-note": "Do not promise the bump."})
    window.press("Add internal note")
    window.reads("Noted, for the desk alone.")
    window.fill(**{"answer-text": "We come on Monday."})
    window.press("Preview as the resident")
    window.reads("Everybody will see it too")
    assert "Do not promise" not in window.page.content()
    window.press("Change it")
    assert window.page.locator("[name=answer-text]").input_value() == "We come on Monday."
    window.press("Preview as the resident")
    window.press("Send it")
    window.reads("Sent. The person can read it now.")


def test_a_complaint_about_who_reads_the_queue_never_reaches_them(
    town: Town, scene: Scene, reader: Callable[..., Reader]
) -> None:
    reference = concern_of(town, scene, "An officer shouted", about=About.COMPLAINT, category="officer")
    reviewer, officer = reader("reviewer"), reader("officer")
    reviewer.go("/desk/concerns")
    assert (
        "shouted" not in reviewer.page.content()
    )  # nobody reads it before they say that it is not about them
    reviewer.go(f"/desk/concerns/{reference}")
    reviewer.press("It is not about me: open it")
    reviewer.reads("An officer shouted")
    reviewer.press("Screen it", "link")
    reviewer.page.get_by_label("Alex Officer, Beat sergeant, 14th District").check()
    reviewer.press("Screen it")
    reviewer.reads("Screened.")
    supervisor = reader("supervisor")
    supervisor.go("/desk/concerns")
    supervisor.reads("An officer shouted")
    for address in (
        "/desk/concerns?whose=all",
        "/desk/concerns?about=staff&whose=all",
        "/desk/concerns/disputes",
    ):
        officer.go(address)
        assert "shouted" not in officer.page.content()
        assert reference not in officer.page.content()
    assert officer.page.request.get(f"/desk/concerns/{reference}").status == 404


def test_three_people_in_three_modes_read_one_answer_each_in_their_own_thread(
    town: Town, scene: Scene, reader: Callable[..., Reader]
) -> None:
    modes = (Mode.PUBLIC, Mode.PRIVATE, Mode.ANONYMOUS)
    main, private, quiet = (concern_of(town, scene, f"Needles, {mode}", mode) for mode in modes)
    window = reader("officer")
    for other in (private, quiet):
        window.go(f"/desk/concerns/{other}/merge")
        window.fill(into=main)
        window.press("Merge it")
        window.reads("Both keep their own thread and clock.")
    window.go(f"/desk/concerns/{main}")
    window.fill(**{"answer-text": "The underpass is cleaned on Tuesday."})
    for other in (private, quiet):
        window.page.get_by_label(other).check()
    window.press("Preview as the resident")
    window.reads("The same words go to:")
    window.press("Send it")
    for reference in (main, private, quiet):
        window.go(f"/desk/concerns/{reference}")
        window.reads("The underpass is cleaned on Tuesday.")
    public = town.make(lambda: _public_words(main, private, quiet))
    assert public == [main]


def _public_words(*references: str) -> list[str]:
    from forum.concerns.models import Entry

    wanted = (
        select(Concern.reference)
        .join(Entry, Entry.concern_id == Concern.id)
        .where(Entry.public, Entry.text.contains("underpass"), Concern.reference.in_(references))
    )
    return list(db.session.scalars(wanted))


@pytest.mark.once
def test_every_page_of_the_desk_reads_well(town: Town, scene: Scene, reader: Callable[..., Reader]) -> None:
    reference = concern_of(town, scene, "Loud bar, four weekends now", Mode.PUBLIC)

    def dispute() -> None:
        made = db.session.scalars(select(Concern).where(Concern.reference == reference)).one()
        concerns.dispute(made, db.session.get_one(Person, scene.people["officer"]))

    town.make(dispute)
    pages = ["", "/disputes", "/templates", "/templates/new", "/hand-over"]
    pages += [f"/{reference}{part}" for part in ("", "/merge", "/transfer", "/duty", "/dispute")]
    for scheme in ("light", "dark"):
        window = reader("supervisor", color_scheme=scheme)
        for page in pages:
            window.go(f"/desk/concerns{page}")
    narrow = reader("supervisor", width=NARROW)
    for page in pages:
        narrow.go(f"/desk/concerns{page}")
