"""Who may come in: every view states its audience, and what a person may not see answers 404.

``@public``, ``@signed_in`` and ``@staff(...)`` are the outer gate; object rules are policy functions passed to
:func:`require`. tests/architecture walks the URL map and fails on a view without an audience.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from forum.core.errors import rescued
from forum.core.login import this_reader

P = ParamSpec("P")
R = TypeVar("R")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Everyone; the answer to a visitor may be kept by the cache in front, so it must carry nothing personal."""
    return _stated(view, "public")


def public_uncached(view: Callable[P, R]) -> Callable[P, R]:
    """Everyone, but never cached: a visitor's own form, a token's address."""
    return _stated(view, "public_uncached")


def signed_in(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Whoever is signed in; others are sent to sign in and brought back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if not this_reader().is_authenticated:
            return _to_sign_in()
        return view(*args, **kwargs)

    return _stated(guarded, "signed_in")


def staff(*roles: StrEnum) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Signed-in people of one of *roles*; for other signed-in people the address does not exist."""

    def decorate(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            reader = this_reader()
            if not reader.is_authenticated:
                return _to_sign_in()
            if reader.role not in roles:
                abort(404)
            return view(*args, **kwargs)

        return _stated(guarded, "staff", roles)

    return decorate


def require(allowed: bool) -> None:
    """404 unless *allowed*: what must be hidden is not found, rather than forbidden."""
    if not allowed:
        abort(404)


def safe_next(target: str | None, default: str) -> str:
    """*target* when it is a plain path on this site, else *default*: nobody is bounced elsewhere after signing in."""
    if not target or not target.startswith("/") or len(target) > 2000:
        return default
    if (
        target.startswith(("//", "/\\"))
        or "\\" in target
        or any(ord(c) < 32 or ord(c) == 127 for c in target)
    ):
        return default
    return target


def _to_sign_in() -> Response:
    if request.method not in ("GET", "HEAD"):
        # Whoever wrote something meanwhile must not lose it.
        return rescued() or redirect(url_for("accounts.sign_in"))
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def _stated(view: Callable[P, R], audience: str, roles: tuple[StrEnum, ...] = ()) -> Callable[P, R]:
    if getattr(view, "audience", None) is None:

        @wraps(view)
        def stated(*args: P.args, **kwargs: P.kwargs) -> R:
            return view(*args, **kwargs)
    else:
        stated = view  # type: ignore[assignment]
    stated.audience = audience  # type: ignore[attr-defined]
    stated.roles = roles  # type: ignore[attr-defined]
    return stated
