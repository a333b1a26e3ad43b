"""What an address and a body may hold before any view sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, g
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Map

from forum.core.current import this_app, this_g, this_request

V = TypeVar("V", bound=Callable[..., Any])
LARGEST_ID = 2**31 - 1  # what both databases' integer columns hold


class IdConverter(IntegerConverter):
    """``<int:...>`` in an address: a number that no row can have leads nowhere, not to an error."""

    def __init__(self, map: Map, **arguments: Any) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, **{"max": LARGEST_ID, **arguments})


def refuse_nameless_fields() -> None:
    """400 for a multipart part without a name: no browser sends one, and form libraries trip over it."""
    request = this_request()
    if request.method in ("POST", "PUT", "PATCH") and None in request.form:
        abort(400)


def takes_anything(view: V) -> V:
    """Mark a view that reads whatever its address holds, also what no database could compare: it hands that to none."""
    view.takes_anything = True  # type: ignore[attr-defined]
    return view


def refuse_nul_in_address() -> None:
    """400 for a NUL in an address: nobody types one, and PostgreSQL cannot even compare it."""
    request = this_request()
    if getattr(this_app().view_functions.get(request.endpoint or ""), "takes_anything", False):
        return
    if "\0" in request.path or any("\0" in value for _, value in request.args.items(multi=True)):
        abort(400)


def take_nul_out() -> None:
    """A form goes on without its NULs, so that nothing typed around one is lost. Which fields held one stays known:
    ``core.forms`` says so beside them, and so nothing is kept that the person has not seen."""
    request = this_request()
    if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
        return
    sent = list(request.form.items(multi=True))
    held = frozenset(name for name, value in sent if "\0" in value)
    if held:
        request.form = ImmutableMultiDict((name, value.replace("\0", "")) for name, value in sent)
        g.held_nul = held


def held_nul() -> frozenset[str]:
    """The names of fields that were sent with a NUL, which was taken out."""
    held: frozenset[str] = this_g().get("held_nul", frozenset())
    return held


def init_app(app: Flask) -> None:
    """Before any blueprint is registered, and before the check of CSRF tokens reads the form."""
    app.url_map.converters["int"] = IdConverter
    app.before_request(refuse_nul_in_address)
    app.before_request(refuse_nameless_fields)
    app.before_request(take_nul_out)
