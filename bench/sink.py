"""A mail server that takes everything and notes for whom: ``python -m bench.sink PORT FILE``.

Plain asyncio, since it shares the machine with what is measured; PIPELINING is offered (RFC 2920), and a line for each
message goes to FILE the moment it is accepted.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TextIO

GREETING = b"220 sink ESMTP\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, notes: TextIO) -> None:
    """One connection, until QUIT or its end."""
    recipient = ""
    writer.write(GREETING)
    while line := await reader.readline():
        word = line[:4].upper().strip()
        if word in (b"EHLO", b"HELO"):
            writer.write(HELLO)
        elif word == b"RCPT":
            recipient = line.decode().partition("<")[2].partition(">")[0]
            writer.write(b"250 ok\r\n")
        elif word == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            notes.write(recipient + "\n")
            notes.flush()
            writer.write(b"250 taken\r\n")
        elif word == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            writer.write(b"250 ok\r\n")
    writer.close()


async def main(port: int, path: str) -> None:
    """Serve until killed."""
    with open(path, "w") as notes:
        server = await asyncio.start_server(
            lambda reader, writer: converse(reader, writer, notes), "127.0.0.1", port, limit=2**24
        )
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
