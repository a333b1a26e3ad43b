"""A visitor's browser without JavaScript, over real HTTP: as much of the test client as walking through forms needs."""

from __future__ import annotations

import http.client
from http.cookies import SimpleCookie
from typing import Any

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from tests.servers.ports import LOOPBACK
from tests.servers.site import Site


class Visitor:
    """``get`` and ``post`` give werkzeug's responses; cookies are kept."""

    def __init__(self, site: Site) -> None:
        self.site, self.cookies = site, dict[str, str]()

    def get(self, path: str) -> Response:
        """Open *path*."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, *, data: dict[str, Any], content_type: str = "multipart/form-data") -> Response:
        """Send a form, with files as the test client takes them."""
        builder = EnvironBuilder(method="POST", data=data, content_type=content_type)
        environ = builder.get_environ()
        with environ["wsgi.input"] as stream:
            body = stream.read()
        builder.close()
        return self._ask("POST", path, body, {"Content-Type": environ["CONTENT_TYPE"]})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Response:
        line = http.client.HTTPConnection(LOOPBACK, self.site.port, timeout=120)
        sent = headers | {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": self.site.url,
            "Sec-Fetch-Site": "same-origin",
        }
        try:
            line.request(method, path, body or None, sent)
            answer = line.getresponse()
            found = Response(answer.read(), answer.status, list(answer.getheaders()))
        finally:
            line.close()
        for cookie in found.headers.getlist("Set-Cookie"):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        return found
