"""What an organizer does around a date: writes to everyone, imports, counts at the door; and the list in a frame."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser

from forum.events.models import Answer
from forum.events.operations.rsvp import answer
from forum.extensions import db
from tests.factories import accounts, events
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.scenery import Mailbox, Scene, text_of
from tests.servers.ports import LOOPBACK
from tests.servers.town import Town

pytestmark = pytest.mark.browser


def a_date_with_answers(title: str) -> str:
    """The address of its pages on the desk; two say they come, one does not."""
    made = events.occurrence(title=title, starts_local=events.evening(1))
    said = (("Ana Ruiz", Answer.GOING, 2), ("=Bo Lind", Answer.GOING, 1), ("Cy Doe", Answer.NOT_GOING, 1))
    for name, word, party in said:
        who = accounts.person(
            name=name, email=f"{name[-4:].strip().lower()}@{title.split()[0].lower()}.example"
        )
        answer(actor=who, occurrence=made, answer=word, party_size=party)
    db.session.flush()
    return f"/desk/events/{made.event_id}/dates/{made.original_date.isoformat()}"


@pytest.mark.parametrize(
    ("width", "scheme", "title"),
    ((NARROW, "dark", "Porch evening"), (WIDE, "light", "Garden evening")),
    ids=("phone, dark", "desktop, light"),
)
def test_an_officer_prepares_a_date_and_counts_who_comes(
    town: Town, reader: Callable[..., Reader], mailbox: Mailbox, width: Any, scheme: str, title: str
) -> None:
    desk = town.make(lambda: a_date_with_answers(title))
    window = reader("officer", width=width, color_scheme=scheme)
    host = f"{title.split()[0].lower()}.example"
    writes_to_everyone(window, desk)
    takes_the_list_along(window)
    counts_at_the_door(window)
    imports(window, f"Reading hour after the {title}")
    letter = mailbox.wait_for(f"ruiz@{host}", "Bring a chair")
    assert "The hall has few of them." in text_of(letter)
    assert mailbox.wait_for(f"lind@{host}", "Bring a chair")
    assert not [each for each in mailbox.folder.glob("*.eml") if f"doe@{host}".encode() in each.read_bytes()]


def writes_to_everyone(window: Reader, desk: str) -> None:
    """From the list of who comes, and back to it."""
    window.go(f"{desk}/roster")
    window.reads("Ana Ruiz")
    window.press("Message everyone", role="link")
    window.fill(subject="Bring a chair", text="The hall has few of them.\n\nSee you there!")
    window.press("Show what they will read")
    window.reads("It goes to 2 people, by mail, to each alone.")
    window.press("Change it")
    window.press("Show what they will read")
    window.press("Send it now")
    window.reads("Your message goes to 2 people.")


def takes_the_list_along(window: Reader) -> None:
    """As a table in which no cell is a formula."""
    with window.page.expect_download() as coming:
        window.page.get_by_role("button", name="Take the list along (CSV)").click()
    table = coming.value.path().read_text("utf-8-sig")
    assert coming.value.suggested_filename.endswith(".csv")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert "Ana Ruiz" in cells
    assert "'=Bo Lind" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def counts_at_the_door(window: Reader) -> None:
    """Two by number, then a party of two by name, which was a slip."""
    window.press("Open the door", role="link")
    window.press("One more")
    window.reads("Came so far: 1")
    window.press("One more")
    window.reads("Came so far: 2")
    window.press("Arrived Ana Ruiz")
    window.reads("Came so far: 4")
    window.reads("2 here")
    window.press("Undo Ana Ruiz")
    window.reads("Came so far: 2")


def imports(window: Reader, title: str) -> None:
    """A calendar: what it would do, doing it, and that doing it twice changes nothing."""
    for ending in ("1 new, 0 changed, 0 unchanged, 0 left out", "0 new, 0 changed, 1 unchanged, 0 left out"):
        window.go("/desk/events/import")
        window.page.locator("main [name=file]").set_input_files(
            {"name": "library.ics", "mimeType": "text/calendar", "buffer": a_calendar(title)}
        )
        window.fill(source="Library")
        window.press("Show what would change")
        window.reads(ending)
        if ending.startswith("1"):
            window.press("Import 1 event", exact=True)
            window.reads("1 new, 0 changed")
    window.go("/desk/events/import")
    window.press("Show what would change")
    window.reads("Choose a file.")
    window.go(f"/events?q={title.replace(' ', '+')}")
    window.press(title, role="link")
    window.reads("Main library, first floor")


def a_calendar(title: str) -> bytes:
    """One hour in three weeks."""
    day = f"{date.today() + timedelta(days=21):%Y%m%d}"
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//library//EN", "BEGIN:VEVENT"),
        *(f"UID:{title.replace(' ', '-')}@library.example", "DTSTAMP:20260101T000000Z"),
        *(f"DTSTART:{day}T170000", f"DTEND:{day}T180000", f"SUMMARY:{title}"),
        *("LOCATION:Main library\\, first floor", "END:VEVENT", "END:VCALENDAR", ""),
    )
    return "\r\n".join(lines).encode()


@pytest.fixture
def school(town: Town) -> Iterator[str]:
    """Another site, whose page shows our list as the subscribe page says; its address is of another origin."""
    snippet = f'<iframe src="{town.site.url}/embed/events?lang=en" title="Events" width="100%" height="640"></iframe>'
    page = f"<!doctype html><title>School</title><h1>Our school</h1>{snippet}".encode()

    class School(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), School) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize(
    ("width", "scheme"), ((NARROW, "dark"), (WIDE, "light")), ids=("phone, dark", "desktop, light")
)
def test_another_site_shows_the_list_in_a_frame(
    town: Town,
    scene: Scene,
    school: str,
    chromium: Browser,
    reader: Callable[..., Reader],
    width: Any,
    scheme: Any,
) -> None:
    window = reader(width=width, color_scheme=scheme)
    window.go("/calendars")
    assert "/embed/events" in window.page.get_by_label("Paste this where the list shall stand").input_value()
    window.go("/embed/events")
    with chromium.new_context(viewport=width, color_scheme=scheme) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(school)
        frame = page.frame_locator("iframe")
        row = frame.get_by_role("link", name="Coffee with your beat officers")
        row.wait_for()
        assert frame.locator("script, form").count() == 0
        assert context.cookies() == []
        row.click()  # opens in the whole window, not in the frame
        page.wait_for_url(f"{town.site.url}{scene.open_event}*")
        assert [message for message in said if "favicon" not in message and "404" not in message] == []
