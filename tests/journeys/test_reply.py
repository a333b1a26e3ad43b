"""An Outlook reply counted: the mail's own invitation is answered, by a pipe and by LMTP, and the page shows it."""

from __future__ import annotations

import contextlib
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

import icalendar
import pytest

from tests.events.replies.corpus import filled
from tests.factories import accounts, events
from tests.journeys.reader import Reader
from tests.journeys.scenery import Mailbox, Scene, read, text_of
from tests.servers import free_port, wait_until
from tests.servers.ports import LOOPBACK
from tests.servers.site import ROOT
from tests.servers.town import Town

pytestmark = pytest.mark.browser
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi", "mail", "receive"]


@pytest.fixture
def lmtp(town: Town) -> Iterator[int]:
    """The port of the site's LMTP door."""
    port = free_port()
    with (town.site.instance / "lmtp.log").open("wb") as log:
        door = subprocess.Popen(
            [*FLASK, "--lmtp", f"{LOOPBACK}:{port}"],
            cwd=ROOT,
            env=town.site.environment,
            stdout=log,
            stderr=log,
        )
    wait_until(lambda: _open(port), what="the LMTP door")
    yield port
    door.terminate()
    assert door.wait(120) == 0


def test_an_outlook_reply_is_counted(
    town: Town, scene: Scene, mailbox: Mailbox, lmtp: int, reader: Callable[..., Reader]
) -> None:
    address = f"outlook.{free_port()}@example.org"

    def arrive() -> tuple[int, str]:
        event = events.event(title="Reply by mail evening", starts_local=events.evening(12), capacity=2)
        return accounts.person(email=address, name="Robin Outlook").id, f"/events/{event.id}/rsvp"

    person, page = town.make(arrive)
    window = reader(person)
    window.go(page)
    window.answer("maybe")
    window.reads("A maybe holds no place")
    letter = invitation_to(address, mailbox)
    accepted = outlook(letter, "ACCEPTED")
    pipes(town, letter, accepted)
    window.go(page)
    window.reads("You are going")
    hands_over(lmtp, letter, outlook(letter, "DECLINED"))
    window.go(page)
    window.reads("You said you can't come")
    hands_over(lmtp, letter, accepted)  # the first one, come a second time
    window.go(page)
    window.reads("You said you can't come")
    forged = outlook(letter, "ACCEPTED")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        hands_over(lmtp, letter, forged, to="rsvp+1.5d41402abc4b2a76b9719d911017c592@town.example")


def test_words_to_the_machine_are_answered_in_words(
    town: Town, scene: Scene, mailbox: Mailbox, reader: Callable[..., Reader]
) -> None:
    address = f"words.{free_port()}@example.org"

    def arrive() -> tuple[int, str]:
        event = events.event(title="Questions by mail evening", starts_local=events.evening(13))
        return accounts.person(email=address, name="Sam Writer").id, f"/events/{event.id}/rsvp"

    person, page = town.make(arrive)
    window = reader(person)
    window.go(page)
    window.answer("going")
    window.reads("Your place is saved")
    letter = invitation_to(address, mailbox)
    pipes(
        town, letter, filled("plain_words", {"from": address, "to": seal_of(letter), "date": now_in_mail()})
    )
    answer = mailbox.wait_for(address, "only a machine reads")
    assert page in text_of(answer)
    assert "parking" not in text_of(answer)


def invitation_to(address: str, mailbox: Mailbox) -> icalendar.Event:
    """The event in the calendar part of the mail that came to *address*."""
    wait_until(lambda: _invitation(address, mailbox) is not None, what=f"an invitation to {address}")
    found = _invitation(address, mailbox)
    assert found is not None
    return found


def _invitation(address: str, mailbox: Mailbox) -> icalendar.Event | None:
    for path in sorted(mailbox.folder.glob("*.eml")):
        letter = read(path)
        part = _calendar_of(letter) if address in str(letter["To"]) else None
        if part is not None:
            calendar = icalendar.Calendar.from_ical(part)
            assert calendar["METHOD"] == "REQUEST"
            return calendar.walk("VEVENT")[0]  # type: ignore[no-any-return]
    return None


def _calendar_of(letter: EmailMessage) -> bytes | None:
    for part in letter.walk():
        if part.get_content_type() == "text/calendar":
            return bytes(part.get_payload(decode=True))  # type: ignore[arg-type]
    return None


def seal_of(invitation: icalendar.Event) -> str:
    return str(invitation["ORGANIZER"]).lower().removeprefix("mailto:")


def outlook(invitation: icalendar.Event, partstat: str) -> bytes:
    """What Outlook sends when its button is pressed now."""
    start, end = invitation["DTSTART"].dt, invitation["DTEND"].dt
    now = datetime.now(UTC)
    facts = {
        "to": seal_of(invitation),
        "from": str(invitation["ATTENDEE"]).lower().removeprefix("mailto:"),
        "uid": str(invitation["UID"]),
        "sequence": int(invitation.get("SEQUENCE", 0)),
        "partstat": partstat,
        "date": format_datetime(now),
        "stamp": f"{now:%Y%m%dT%H%M%SZ}",
        "start_local": f"{start:%Y%m%dT%H%M%S}",
        "end_local": f"{end:%Y%m%dT%H%M%S}",
        "recurrence_outlook": "",
    }
    return filled("outlook", facts)


def now_in_mail() -> str:
    return format_datetime(datetime.now(UTC))


def pipes(town: Town, invitation: icalendar.Event, data: bytes) -> None:
    """What Postfix's pipe(8) does."""
    done = subprocess.run(
        [*FLASK, "--sender", "someone@example.org", "--", seal_of(invitation)],
        cwd=ROOT,
        env=town.site.environment,
        input=data,
        capture_output=True,
    )
    assert (done.returncode, done.stdout) == (0, b""), done.stderr.decode()


def hands_over(port: int, invitation: icalendar.Event, data: bytes, *, to: str = "") -> None:
    """What Postfix's lmtp(8) does."""
    with smtplib.LMTP(LOOPBACK, port) as client:
        assert client.sendmail("someone@example.org", [to or seal_of(invitation)], data) == {}


def _open(port: int) -> bool:
    with contextlib.suppress(OSError), smtplib.LMTP(LOOPBACK, port):
        return True
    return False
