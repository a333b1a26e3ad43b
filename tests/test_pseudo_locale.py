"""Every word of every page goes through gettext: in a made-up language each message stands in brackets, and what is
left outside them is data. Arabic stands for it, so the same run shows the pages from right to left."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from flask_migrate import upgrade

from forum import create_app
from forum.accounts.models import Person, Role
from forum.config import Config
from forum.core.transactions import unit_of_work
from forum.events.models import EventKind
from forum.events.operations.rsvp import answer
from forum.extensions import db
from tests.catalogs.compare import extract
from tests.factories import accounts
from tests.factories import events as make
from tests.pages import Client, Page

PLACES = re.compile(r"%\(\w+\)s")
MESSAGE = re.compile(r"⟦[^⟦⟧]*⟧")
# What is data or a name whatever the language: what the factories make, the agency, languages' own names, addresses.
DATA = re.compile(
    r"ZZ\w*|https?://\S+|webcal:\S+|\S+@\S+|\.ics|\.ical|RFC \d+|UID|[A-Z]{2,}=\S+|America/\w+|English|Español"
    r"|Markdown|Springfield Police Department|Apple Calendar|Google Calendar|Outlook(?:\.com)?|Thunderbird"
    r"|Nextcloud|Atom|Windows|Linux|Chrome|Firefox|Test browser"
)
LATIN = re.compile(r"[A-Za-z]{2,}")

pytestmark = pytest.mark.once

PUBLIC = (
    "/",
    "/events",
    "/events?past=1",
    "/events/calendar",
    "/calendars",
    "/neighborhoods",
    "/neighborhoods/find",
    "/about",
    "/privacy",
    "/accessibility",
    "/account/sign-in",
    "/account/register",
    "/account/reset",
)
DESK = (
    "/desk",
    "/desk/events",
    "/desk/events/new",
    "/account",
    "/account/rsvps",
    "/account/calendars",
    "/nowhere",
)


def pseudo(text: str) -> str:
    """*text* in brackets, its own letters replaced, its placeholders kept."""
    pieces = PLACES.split(text)
    kept = [*PLACES.findall(text), ""]
    return (
        "⟦"
        + "".join(re.sub(r"[A-Za-z]", "ø", piece) + place for piece, place in zip(pieces, kept, strict=True))
        + "⟧"
    )


@pytest.fixture(scope="module")
def catalogs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a catalog in which every message is bracketed."""
    folder = tmp_path_factory.mktemp("translations")
    wanted = extract(folder / "messages.pot")
    catalog = Catalog(locale="ar")
    for message in wanted:
        if not message.id:
            continue
        words = message.id if isinstance(message.id, str) else message.id[-1]
        forms = pseudo(words) if isinstance(message.id, str) else tuple(pseudo(words) for _ in range(6))
        catalog.add(message.id, forms, context=message.context)
    target = folder / "ar/LC_MESSAGES/messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalog)
    return folder


@pytest.fixture(scope="module")
def foreign(catalogs: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site in the made-up language, with a database of its own."""
    config = Config(
        environment="test",
        secret_key="k" * 40,
        base_url="http://localhost",
        languages=("en", "ar"),
        instance_dir=tmp_path_factory.mktemp("foreign"),
        translations=str(catalogs),
        agency_name="Springfield Police Department",
    ).completed()
    made = create_app(config)
    made.test_client_class = Client
    with made.app_context():
        upgrade()
        with unit_of_work():
            made.config["SEEN"] = _fill()
    return made


def _fill() -> dict[str, Any]:
    officer = accounts.person(Role.OFFICER, name="ZZofficer", title="ZZtitle", language="ar")
    kind = make.kind("other")
    kind.names = {"en": "ZZkind"}
    for other in db.session.query(EventKind):
        other.names = {"en": "ZZkind"}
    event = make.event(
        title="ZZtitle",
        place_name="ZZplace",
        place_address="ZZ12",
        capacity=1,
        hosts="ZZhosts",
        rrule="FREQ=WEEKLY;COUNT=3",
        interpreter="ZZ",
        step_free=True,
        childcare=True,
        kind="other",
    )
    for _ in range(2):
        answer(actor=accounts.person(name="ZZname"), occurrence=event.occurrences[0], answer="going")
    return {
        "officer": officer.id,
        "event": event.id,
        "slug": event.slug,
        "day": event.occurrences[0].original_date,
    }


def left_over(page: Page) -> list[str]:
    """Latin words of *page* outside every message."""
    words = DATA.sub(" ", MESSAGE.sub(" ", MESSAGE.sub(" ", page.text())))
    return LATIN.findall(words)


def visit(client: Any, path: str) -> Page:
    answered = client.get(path, headers={"Accept-Language": "ar"})
    assert answered.status_code in (200, 404), path
    return Page(answered.get_data(as_text=True))


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_speaks_no_english_of_its_own(foreign: Flask, path: str) -> None:
    page = visit(foreign.test_client(), path)
    assert page.root.get("dir") == "rtl"
    assert left_over(page) == []


def test_an_event_speaks_no_english_of_its_own(foreign: Flask) -> None:
    number, slug, day = (foreign.config["SEEN"][name] for name in ("event", "slug", "day"))
    for path in (f"/events/{number}-{slug}", f"/events/{number}-{slug}/{day}", f"/events/{number}/rsvp"):
        assert left_over(visit(foreign.test_client(), path)) == []


def test_the_desk_speaks_no_english_of_its_own(foreign: Flask) -> None:
    number, day = (foreign.config["SEEN"][name] for name in ("event", "day"))
    client = foreign.test_client()
    with foreign.app_context():
        person = db.session.get(Person, foreign.config["SEEN"]["officer"])
        db.session.expunge_all()
    accounts.sign_in(client, person)
    own = (
        f"/desk/events/{number}",
        f"/desk/events/{number}/edit",
        f"/desk/events/{number}/cancel",
        f"/desk/events/{number}/dates/{day}/roster",
        f"/desk/events/{number}/dates/{day}/move",
    )
    for path in (*DESK, *own):
        assert left_over(visit(client, path)) == [], path
