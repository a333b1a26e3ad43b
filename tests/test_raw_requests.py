"""What no HTTP library would send, written to the socket as it is: refused or dropped, and the site goes on serving."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.servers.ports import LOOPBACK
from tests.servers.town import Town, running_town

pytestmark = pytest.mark.once

HOST = b"Host: localhost\r\n"
FORM = b"POST /account/sign-in HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
SECOND = b"0\r\n\r\nGET /desk HTTP/1.1\r\n" + HOST + b"\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
RAW = {
    "nothing": b"",
    "no request": b"\x00\x01\x02\x03\r\n\r\n",
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "HTTP/0.9": b"GET /\r\n\r\n",
    "an unknown version": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a host of another site": b"GET /account/reset HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "a host that is none": b"GET / HTTP/1.1\r\nHost: \xff\xfe:99999999\r\n\r\n",
    "a header without end": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 200_000,
    "10,000 headers": b"GET / HTTP/1.1\r\n"
    + HOST
    + b"".join(b"X-%d: 1\r\n" % n for n in range(10_000))
    + b"\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n",
    "a path of 100 kB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "bytes in the path": b"GET /\xff\xfe%ff%00?\xff=\xfe HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    "a whole address": b"GET http://evil.example/desk HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    "both lengths": FORM + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + SECOND,
    "two lengths": FORM + b"Content-Length: 4\r\nContent-Length: 40\r\n\r\na=bc",
    "a negative length": FORM + b"Content-Length: -1\r\n\r\n",
    "a length that never comes": FORM + b"Content-Length: 1000\r\n\r\na=b",
    "a chunk of no size": FORM + b"Transfer-Encoding: chunked\r\n\r\nzz\r\na=b\r\n",
    "an endless chunk": FORM + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\na=b",
}


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with running_town("sqlite", workers=1) as town:
        yield town


@pytest.mark.parametrize("name", RAW)
def test_the_site_outlives_what_it_is_sent(town: Town, name: str) -> None:
    answer = exchange(town.site.port, RAW[name])
    assert not answer.startswith(b"HTTP/1.1 5"), answer[:300]
    assert b"Traceback" not in answer
    assert b"evil.example" not in answer
    health = exchange(town.site.port, HEALTH, seconds=60)
    assert health.startswith(b"HTTP/1.1 200"), name


def test_one_length_decides_how_much_is_read(town: Town) -> None:
    """What stands behind a body is not read as a second request with somebody else's rights."""
    assert exchange(town.site.port, RAW["both lengths"]).count(b"HTTP/1.1 ") <= 1


def exchange(port: int, data: bytes, seconds: float = 0.5) -> bytes:
    """Send *data* and read what is answered until the site hangs up or says nothing for *seconds*."""
    received = b""
    with socket.create_connection((LOOPBACK, port), timeout=seconds) as line:
        try:
            line.sendall(data)
            while part := line.recv(65_536):
                received += part
        except OSError:
            pass
    return received
