"""``python -m tests.journeys.screenshots`` draws the pictures of docs/screenshots anew, from the demonstration town."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import Site, chromium_args, chromium_path, running_site
from tests.servers.site import ROOT

FOLDER = ROOT / "docs" / "screenshots"
SIZES = {1280: {"width": 1280, "height": 860}, 360: {"width": 360, "height": 760}}
LARGEST = 300 * 1024  # bytes a picture
# Name, who looks, address ({event}, {number} and {day} are a meeting's, {concern} a concern's, {topic} a topic's,
# {case} a moderator's case), sizes and schemes.
PICTURES: tuple[tuple[str, str, str, tuple[tuple[int, Any], ...]], ...] = (
    ("home", "", "/", ((1280, "light"), (360, "dark"))),
    ("events", "", "/events", ((1280, "light"), (360, "dark"))),
    ("event", "", "{event}", ((1280, "light"), (1280, "dark"), (360, "light"))),
    ("calendar", "", "/events/calendar", ((1280, "light"), (360, "dark"))),
    ("calendars", "", "/calendars", ((1280, "light"),)),
    ("neighborhood", "", "/neighborhoods/logan-square", ((1280, "light"), (360, "dark"))),
    ("find", "", "/neighborhoods/find", ((1280, "light"),)),
    ("rsvp", "resident", "/events/{number}/rsvp", ((1280, "light"), (360, "light"))),
    ("desk-event", "officer", "/desk/events/{number}", ((1280, "light"), (360, "dark"))),
    ("desk-new", "officer", "/desk/events/new", ((1280, "light"),)),
    ("door", "officer", "/desk/events/{number}/dates/{day}/door", ((360, "light"),)),
    ("concerns", "", "/concerns", ((1280, "light"), (360, "dark"))),
    ("concern", "", "/concerns/{concern}", ((1280, "light"), (360, "light"))),
    ("concern-new", "", "/concerns/new", ((1280, "light"), (360, "light"))),
    ("desk", "officer", "/desk", ((1280, "light"),)),
    ("desk-concerns", "officer", "/desk/concerns", ((1280, "light"), (1280, "dark"), (360, "light"))),
    ("desk-concern", "officer", "/desk/concerns/{concern}", ((1280, "light"),)),
    ("forums", "", "/forums", ((1280, "light"), (360, "light"))),
    ("topic", "", "{topic}", ((1280, "light"), (1280, "dark"), (360, "dark"))),
    ("search", "", "/search?q=cars+school", ((1280, "light"), (360, "dark"))),
    ("rules", "", "/rules", ((1280, "light"), (360, "light"))),
    ("moderation-log", "", "/moderation/log", ((1280, "light"), (360, "dark"))),
    ("desk-moderation", "officer", "/desk/moderation", ((1280, "light"), (360, "dark"))),
    ("desk-moderation-case", "officer", "/desk/moderation/{case}", ((1280, "light"),)),
)


def draw(site: Site, browser: Browser) -> list[Path]:
    """Every picture; returns the files."""
    accounts = {each["role"]: each for each in json.loads((site.instance / "demo-accounts.json").read_text())}
    event, day = a_meeting(site)
    names = {"event": event, "day": day, "number": event.partition("-")[0].rpartition("/")[2]}
    names |= {"concern": a_concern(site), "topic": a_topic(site), "case": a_case(site)}
    drawn = []
    for name, role, address, ways in PICTURES:
        for width, scheme in ways:
            window = browser.new_context(
                base_url=site.url,
                viewport=SIZES[width],
                color_scheme=scheme,
                locale="en-US",
                reduced_motion="reduce",
            )
            page = window.new_page()
            if role:
                sign_in(page, accounts[role])
            page.goto(address.format(**names), wait_until="networkidle")
            drawn.append(save(page.screenshot(), FOLDER / f"{name}-{width}-{scheme}.png"))
            window.close()
    return drawn


def a_meeting(site: Site) -> tuple[str, str]:
    """The address of the coming series that most people said they come to, and its date."""
    with contextlib.closing(sqlite3.connect(site.instance / "forum.db")) as database:
        number, slug, day = database.execute(
            "SELECT event.id, event.slug, occurrence.original_date"
            " FROM event JOIN occurrence ON occurrence.event_id = event.id"
            " WHERE event.rrule IS NOT NULL AND event.place_name <> '' AND occurrence.starts_at > datetime('now')"
            " AND NOT occurrence.moved AND NOT occurrence.cancelled AND event.status = 'published'"
            " ORDER BY occurrence.places_taken DESC, occurrence.starts_at LIMIT 1"
        ).fetchone()
    return f"/events/{number}-{slug}", day


def a_concern(site: Site) -> str:
    """The reference of the public concern in whose thread most was said."""
    with contextlib.closing(sqlite3.connect(site.instance / "forum.db")) as database:
        (reference,) = database.execute(
            "SELECT concern.reference FROM concern JOIN concern_entry ON concern_entry.concern_id = concern.id"
            " WHERE concern.mode = 'public' AND NOT concern.withheld AND concern_entry.public"
            " GROUP BY concern.id ORDER BY count(*) DESC, concern.arrived_at LIMIT 1"
        ).fetchone()
    return str(reference)


def a_topic(site: Site) -> str:
    """The address of the topic that the agency answered and in which most was said."""
    with contextlib.closing(sqlite3.connect(site.instance / "forum.db")) as database:
        number, slug = database.execute(
            "SELECT id, slug FROM topic WHERE official_id IS NOT NULL ORDER BY posts_count DESC, id LIMIT 1"
        ).fetchone()
    return f"/topics/{number}-{slug}"


def a_case(site: Site) -> str:
    """The number of the case that has waited longest for a moderator."""
    with contextlib.closing(sqlite3.connect(site.instance / "forum.db")) as database:
        (number,) = database.execute(
            "SELECT id FROM moderation_case WHERE state = 'new' ORDER BY due_at, id LIMIT 1"
        ).fetchone()
    return str(number)


def sign_in(page: Page, account: dict[str, str]) -> None:
    page.goto("/account/sign-in")
    page.locator("main [name=email]").fill(account["email"])
    page.locator("main [name=password]").fill(account["password"])
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def save(picture: bytes, path: Path) -> Path:
    """Write the picture in 128 colors, which pages as plain as ours do not miss."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(path, optimize=True)
    assert path.stat().st_size < LARGEST, path
    return path


def main() -> int:
    settings = {"FORUM_ENVIRONMENT": "demonstration"}
    with running_site(settings, start=False) as site, sync_playwright() as playwright:
        site.flask("demo", "load")
        site.start()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=chromium_args())
        for path in draw(site, browser):
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
