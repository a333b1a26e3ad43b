"""The LMTP door, spoken to by the standard library's client."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forum.core import mail_lmtp
from tests.servers import wait_until

pytestmark = pytest.mark.once
Taken = list[tuple[bytes, str, str]]
LETTER = b"Subject: x\r\n\r\n.a line that begins with a dot\r\n"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Callable[[str], Taken]]:
    """``door(address)`` opens one that knows ada@town.example alone and takes letters of 1,000 bytes."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers = []

    def open_at(address: str) -> Taken:
        taken: Taken = []

        def take(data: bytes, recipient: str, sender: str) -> str:
            taken.append((data, recipient, sender))
            return "250 2.0.0 Thank you."

        starting = mail_lmtp.start(
            address, largest=1000, knows=lambda known: known == "ada@town.example", takes=take
        )
        servers.append(asyncio.run_coroutine_threadsafe(starting, loop).result(120))
        return taken

    yield open_at
    for server in servers:
        loop.call_soon_threadsafe(server.close)
    wait_until(lambda: mail_lmtp._Door.open == 0, what="connections to end")
    loop.call_soon_threadsafe(loop.stop)
    thread.join(120)
    loop.close()


def test_a_letter_is_handed_on_and_answered(door: Callable[[str], Taken], tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    taken = door(f"unix:{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    with smtplib.LMTP(str(path)) as client:
        assert client.sendmail("eve@example.org", ["ada@town.example"], LETTER) == {}
        assert client.sendmail("", ["ada@town.example"], LETTER) == {}
    assert taken == [(LETTER, "ada@town.example", sender) for sender in ("eve@example.org", "")]


def test_unknown_and_second_recipients_are_refused_before_the_letter(
    door: Callable[[str], Taken], tmp_path: Path
) -> None:
    taken = door(f"unix:{tmp_path}/s")
    with smtplib.LMTP(f"{tmp_path}/s") as client:
        to = ["bob@town.example", "ada@town.example", "ada@town.example"]
        client.ehlo_or_helo_if_needed()
        client.mail("eve@example.org")
        assert [client.rcpt(address)[0] for address in to] == [550, 250, 452]
        assert client.data(LETTER)[0] == 250
    assert len(taken) == 1


def test_what_is_too_large_is_refused_and_the_line_goes_on(
    door: Callable[[str], Taken], tmp_path: Path
) -> None:
    taken = door(f"unix:{tmp_path}/s")
    with smtplib.LMTP(f"{tmp_path}/s") as client:
        with pytest.raises(smtplib.SMTPResponseException) as announced:
            client.sendmail("eve@example.org", ["ada@town.example"], b"x" * 2000)
        assert announced.value.smtp_code == 552
        client.rset()
        client.mail("eve@example.org")
        client.rcpt("ada@town.example")
        assert client.data(b"x\r\n" * 2000)[0] == 552
        assert client.sendmail("eve@example.org", ["ada@town.example"], LETTER) == {}
    assert len(taken) == 1


def test_too_many_connections_are_turned_away_and_let_in_later(
    door: Callable[[str], Taken], tmp_path: Path
) -> None:
    door(f"unix:{tmp_path}/s")

    def knock() -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(60)
        client.connect(f"{tmp_path}/s")
        return client

    inside = [knock() for _n in range(mail_lmtp.MOST_CONNECTIONS)]
    assert {client.recv(100)[:3] for client in inside} == {b"220"}
    with knock() as outside:
        assert outside.recv(100).startswith(b"421")
    for client in inside:
        client.close()

    def lets_in() -> bool:
        with knock() as later:
            return later.recv(100).startswith(b"220")

    wait_until(lets_in, what="somebody to be let in")


@pytest.mark.parametrize("address", ("nowhere", "unix", "localhost:x", "localhost:65536"))
def test_an_address_that_is_none_is_said_to_be(address: str, door: Callable[[str], Taken]) -> None:
    with pytest.raises(ValueError, match="neither"):
        door(address)
