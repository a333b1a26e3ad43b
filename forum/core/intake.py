"""What an address and a body may hold before any view sees them."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1  # what both databases' integer columns hold


class IdConverter(IntegerConverter):
    """``<int:...>`` in an address: a number that no row can have leads nowhere, not to an error."""

    def __init__(self, map: Map, **arguments: Any) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, **{"max": LARGEST_ID, **arguments})


def refuse_nameless_fields() -> None:
    """400 for a multipart part without a name: no browser sends one, and form libraries trip over it."""
    if request.method in ("POST", "PUT", "PATCH") and None in request.form:
        abort(400)


def init_app(app: Flask) -> None:
    """Before any blueprint is registered, and before the check of CSRF tokens reads the form."""
    app.url_map.converters["int"] = IdConverter
    app.before_request(refuse_nameless_fields)
