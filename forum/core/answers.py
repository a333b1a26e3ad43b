"""Answers as the server takes them quickest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.datastructures import Headers
from werkzeug.urls import iri_to_uri

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_BARE = (204, 304)  # the answers that have no length
_SAFE = r"[\w.~%!$&'()*+,/:;=@-]"
_PLAIN = re.compile(rf"/(?!/){_SAFE}*(?:\?(?:{_SAFE}|\?)+)?(?:#(?:{_SAFE}|[?#])+)?", re.ASCII)


def is_plain(address: str) -> bool:
    """Whether *address* leads to a place of this site and is written as it is sent: nothing in it has to be quoted."""
    return _PLAIN.fullmatch(address) is not None


class Answer(Response):
    """An answer that is sent once, and one that is there as a whole is handed over as a list.

    Granian sends a list in one step. Any other iterable it asks for its next piece and lets go of the interpreter after
    each: whoever waits takes it, and the thread that has but to end interrupts them to get it back.
    """

    def get_app_iter(self, environ: WSGIEnvironment) -> Iterable[bytes]:
        """As Werkzeug gives it; a list where nothing is read from a file and nothing waits for the end."""
        pieces = super().get_app_iter(environ)
        return list(pieces) if self.is_sequence and not self._on_close else pieces

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """As Werkzeug makes them, without a copy of each in which it would look for line ends again."""
        if self.status_code < 200 or self.status_code in _BARE:
            return super().get_wsgi_headers(environ)
        headers = self.headers
        there = {name.lower(): value for name, value in headers}
        for name in ("Location", "Content-Location"):
            address = there.get(name.lower())
            if address is not None and not is_plain(address):
                headers[name] = iri_to_uri(address)
        if self.is_sequence and "content-length" not in there:
            headers["Content-Length"] = str(sum(map(len, self.iter_encoded())))
        return headers


def init_app(app: Flask) -> None:
    """Let *app* answer so."""
    app.response_class = Answer
