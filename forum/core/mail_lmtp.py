"""A small LMTP server (RFC 2033) for a mail server on the same machine: one letter, one recipient, one answer.

LMTP, not SMTP, because it keeps no queue: whoever hands a letter over hears at once what became of it, and keeps it
when it hears nothing. Everything is bounded; what it is not asked to know it does not log.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

MOST_CONNECTIONS = 20
AT_ONCE = 4  # letters in work; the rest wait their turn
SECONDS = 60.0  # a connection that says nothing for so long is ended
# An address we know; a letter, its recipient and its sender ("" for a bounce), answered by a reply line.
Knows = Callable[[str], bool]
Takes = Callable[[bytes, str, str], str]


class _Handler:
    def __init__(self, knows: Knows, takes: Takes) -> None:
        self.knows, self.takes = knows, takes
        self.turn = asyncio.Semaphore(AT_ONCE)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse who is nobody here before the letter is sent; a second recipient comes again on its own."""
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time, please"
        if not await asyncio.to_thread(self.knows, address):
            return "550 5.1.1 Nobody reads mail at this address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Hand the letter on and answer what is said of it."""
        sender = (envelope.mail_from or "").strip("<>")
        data = envelope.original_content or b""
        async with self.turn:
            return await asyncio.to_thread(self.takes, data, envelope.rcpt_tos[0], sender)


class _Door(LMTP):
    """One connection; beyond MOST_CONNECTIONS they are turned away."""

    open = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.counted = _Door.open < MOST_CONNECTIONS
        if not self.counted:
            door = cast(asyncio.WriteTransport, transport)
            door.write(b"421 4.3.2 Too many connections, try again later\r\n")
            door.close()
            return
        _Door.open += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.counted:
            _Door.open -= 1
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self.counted else None

    def data_received(self, data: bytes) -> None:
        if self.counted:
            super().data_received(data)


async def start(address: str, *, largest: int, knows: Knows, takes: Takes) -> asyncio.Server:
    """Listen at *address*: ``host:port`` or ``unix:/path``. Letters have at most *largest* bytes.

    *knows* and *takes* are called in threads. ValueError when the address is none, OSError when it is not to be had.
    """
    handler = _Handler(knows, takes)
    loop = asyncio.get_running_loop()

    def door() -> Any:
        return _Door(handler, data_size_limit=largest, ident="LMTP", timeout=SECONDS, hostname="localhost")

    if address.startswith("unix:"):
        path = address.removeprefix("unix:")
        server = await loop.create_unix_server(door, path)
        os.chmod(path, 0o660)  # the mail server's group
        return server
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{address} is neither host:port nor unix:/path")
    return await loop.create_server(door, host.strip("[]") or "127.0.0.1", int(port))
