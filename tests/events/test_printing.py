"""Poster and sign-in sheet: the date's facts in the event's language, and a code that leads where the words say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forum.accounts.models import Role
from forum.core.qr import qr_svg
from forum.events import policy
from forum.events.models import Occurrence, RsvpPolicy
from tests.factories import accounts
from tests.factories import events as make
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]
PAGES = ("poster", "sign-in-sheet")


@pytest.fixture
def officer(client: Client, saved: Saved) -> Client:
    accounts.sign_in(client, saved(lambda: accounts.person(Role.OFFICER)))
    return client


def address(occurrence: Occurrence, page: str) -> str:
    return f"/desk/events/{occurrence.event_id}/dates/{occurrence.original_date.isoformat()}/{page}"


def leads_to(page: Page, link: str) -> bool:
    """Whether the page has the code of *link*, and its words beneath."""
    return str(qr_svg(f"http://localhost{link}")) in page.html and f"localhost{link}" in page.text().replace(
        " ", ""
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", Role)
def test_staff_alone_prints(client: Client, saved: Saved, page: str, role: Role) -> None:
    path = address(saved(make.occurrence), page)
    assert "/account/sign-in" in client.get(path).headers["Location"]
    accounts.sign_in(client, saved(lambda: accounts.person(role)))
    assert client.get(path).status_code == (200 if role in policy.DESK else 404)


def test_the_poster_says_what_one_needs_to_come(officer: Client, saved: Saved) -> None:
    facts = {"hosts": "Officer Ruiz", "step_free": True, "childcare": True, "interpreter": "Polish"}
    occurrence = saved(lambda: make.occurrence(**facts))
    page = officer.page(address(occurrence, "poster"))
    for words in (
        "1433 beat meeting", "6:30 to 7:30 pm", "Pulaski Park fieldhouse", "1419 W. Blackhawk", "Officer Ruiz",
        "Step-free entrance", "Childcare", "Polish interpreter", "Springfield Police Department",
    ):  # fmt: skip
        assert words in page.text()
    link = f"/events/{occurrence.event_id}"
    assert leads_to(page, link)
    assert officer.get(link, follow_redirects=True).status_code == 200


def test_of_a_series_it_leads_to_the_date_that_it_names(officer: Client, saved: Saved) -> None:
    event = saved(lambda: make.event(rrule="FREQ=WEEKLY;COUNT=3"))
    day = saved(lambda: make.db.session.merge(event).occurrences[1].original_date.isoformat())
    page = officer.page(f"/desk/events/{event.id}/dates/{day}/poster")
    assert leads_to(page, f"/events/{event.id}-{event.slug}/{day}")


def test_the_sheet_has_its_lines_and_leads_to_the_answer_where_one_is_asked(
    officer: Client, saved: Saved
) -> None:
    asks, just_come = (
        saved(lambda p=p: make.occurrence(rsvp_policy=p)) for p in (RsvpPolicy.WELCOME, RsvpPolicy.NONE)
    )
    page = officer.page(address(asks, "sign-in-sheet"))
    assert len([row for row in page.all("tr") if row.findall("td")]) == 20
    assert "voluntary" in page.text()
    assert leads_to(page, f"/events/{asks.event_id}/rsvp")
    assert leads_to(officer.page(address(just_come, "sign-in-sheet")), f"/events/{just_come.event_id}")


@pytest.mark.parametrize("page", PAGES)
def test_the_paper_speaks_the_language_of_the_event_and_its_margin_that_of_who_prints(
    officer: Client, saved: Saved, page: str
) -> None:
    occurrence = saved(lambda: make.occurrence(language="es"))
    shown = officer.page(address(occurrence, page))
    assert shown.root.get("lang") == "es"
    margin = next(each for each in shown.all("header") if each.get("lang"))
    assert margin.get("lang") == "en"
    assert "Back to who comes" in "".join(margin.itertext())
    sheet = "".join("".join(main.itertext()) for main in shown.all("main"))
    assert " de 20" in sheet  # "jueves, 3 de diciembre de 2026"
    assert officer.page(address(occurrence, "roster")).root.get("lang") == "en"
    unknown = saved(lambda: make.occurrence(language="tlh"))
    assert officer.page(address(unknown, page)).root.get("lang") == "en"


@pytest.mark.parametrize("page", PAGES)
def test_a_draft_warns_who_prints_it(officer: Client, saved: Saved, page: str) -> None:
    draft = saved(lambda: make.occurrence(published=False))
    assert "not public" in officer.page(address(draft, page)).text()
