"""Letters that strangers send, taken apart within bounds."""

from __future__ import annotations

import base64
import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.core.mail_receive import MAX_BYTES, MAX_CALENDAR, UnreadableLetter, read
from tests.alike import quickest

pytestmark = pytest.mark.once
CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"


def letter(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(headers).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("encoding", "body"),
    (
        ("7bit", CALENDAR),
        ("base64", base64.encodebytes(CALENDAR)),
        ("quoted-printable", CALENDAR.replace(b"REPLY", b"RE=\r\nPLY").replace(b":", b"=3A")),
        ("x-unheard-of", CALENDAR),
    ),
)
def test_a_calendar_is_found_in_whatever_encoding(encoding: str, body: bytes) -> None:
    kind = 'Content-Type: text/calendar; method="reply"; charset=no-such-charset'
    found = read(letter(body, kind, f"Content-Transfer-Encoding: {encoding}"))
    assert [(part.method, part.text.strip()) for part in found.calendars] == [
        ("REPLY", CALENDAR.decode().strip())
    ]


def test_a_file_that_only_looks_like_a_calendar_comes_last() -> None:
    mixed = b"\r\n".join(
        (b"--x", b'Content-Type: application/octet-stream; name="Einladung.ICS"', b"", CALENDAR.replace(b"REPLY", b"X"),
         b"--x", b"Content-Type: text/calendar", b"", CALENDAR, b"--x--", b"")
    )  # fmt: skip
    found = read(letter(mixed, "Content-Type: multipart/mixed; boundary=x")).calendars
    assert ["METHOD:REPLY" in part.text for part in found] == [True, False]


def test_a_calendar_inside_a_forwarded_letter_is_not_the_senders() -> None:
    inner = letter(CALENDAR, "Content-Type: text/calendar; method=REPLY")
    assert read(letter(inner, "Content-Type: message/rfc822")).calendars == ()


def test_what_outlook_alone_reads_is_told_apart() -> None:
    assert read(letter(b"\x78\x9f", "Content-Type: application/ms-tnef; name=winmail.dat")).tnef


@pytest.mark.parametrize(
    "header",
    (
        "Auto-Submitted: auto-replied; owner=x",
        "Precedence: bulk",
        "Return-Path: <>",
        "List-Id: <a.b>",
        "Content-Type: multipart/report; boundary=y",
    ),
)
def test_machines_are_known_by_their_headers(header: str) -> None:
    assert read(letter(b"I am away", header)).automatic
    assert not read(letter(b"Thank you", "Auto-Submitted: no")).automatic


def test_recipients_come_surest_first_and_the_date_in_utc() -> None:
    found = read(
        letter(b"", "To: Forum <A@b.example>, c@b.example", "X-Original-To: D@b.example",
               "Date: Tue, 24 Nov 2026 09:30:00 -0600")
    )  # fmt: skip
    assert found.recipients == ("d@b.example", "a@b.example", "c@b.example")
    assert found.sent_at == datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableLetter) as refused:
        read(b"x" * (MAX_BYTES + 1))
    assert refused.value.word == "too_large"
    huge = letter(CALENDAR + b"X-A:b\r\n" * (MAX_CALENDAR // 7), "Content-Type: text/calendar")
    assert (read(huge).calendars, read(huge).calendar_too_long) == ((), True)


def test_a_letter_within_letters_within_letters_ends_soon() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5000)
    )

    def refuse() -> None:
        with pytest.raises(UnreadableLetter):
            read(nested)

    assert quickest(refuse, enough=2) <= 2


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([*b'\r\n:;="<>@,-']) | st.integers(0, 255), max_size=80).map(bytes),
    st.sampled_from(
        ("Content-Type", "Date", "To", "Content-Disposition", "Content-Transfer-Encoding", "Return-Path")
    ),
)
def test_no_bytes_raise_anything_else(noise: bytes, header: str) -> None:
    for data in (noise, header.encode() + b": " + noise + b"\r\n\r\n" + CALENDAR):
        with contextlib.suppress(UnreadableLetter):
            read(data)
