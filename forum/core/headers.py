"""Response headers, the cross-site check, and which answers the visitor cache may keep.

CSP is ``'self'`` with nothing inline and no nonce, since public pages are cached. OWASP ASVS 5.0, 3.4 and 3.5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, session
from flask_login import current_user

from forum.core.current import this_app, this_request

V = TypeVar("V", bound=Callable[..., Any])
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
WITH_CAMERA = SECURITY["Permissions-Policy"].replace("camera=()", "camera=(self)")
# A list that other sites show in a frame (PROMISES 12): no script, no form, nothing personal, so nothing to be tricked
# into pressing. What may not be framed by anybody else keeps X-Frame-Options.
FRAMED = SECURITY | {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors *",
        )
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
del FRAMED["X-Frame-Options"]
_SECURITY, _FRAMED = (
    tuple((name.lower(), (name, value)) for name, value in headers.items()) for headers in (SECURITY, FRAMED)
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Views marked so are called by other sites' software and carry their own proof (RFC 8058, Open311).
CROSS_SITE = "accepts_cross_site"
FRAMABLE = "may_be_framed"
CAMERA = "uses_camera"


def init_app(app: Flask) -> None:
    """Install the hooks."""
    app.before_request(refuse_cross_site)
    app.after_request(finish)


def refuse_cross_site() -> None:
    """400 for an unsafe request that another site's page made (Sec-Fetch-Site, else Origin)."""
    request = this_request()
    if request.method in SAFE or getattr(_view(), CROSS_SITE, False):
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        abort(400)
    origin = request.headers.get("Origin")
    if origin is not None and origin != _own_origin() and origin != request.host_url.rstrip("/"):
        abort(400)


def finish(response: Response) -> Response:
    """Add the security headers and say who may keep the answer."""
    view = _view()
    framed = getattr(view, FRAMABLE, False)
    if getattr(view, CAMERA, False):
        response.headers["Permissions-Policy"] = WITH_CAMERA
    there = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - its own iterator gives pairs
    # Werkzeug would look into each for line ends, at every answer: ours have none.
    response.headers._list += [pair for low, pair in (_FRAMED if framed else _SECURITY) if low not in there]
    if this_app().config["FORUM"].secure and "strict-transport-security" not in there:
        response.headers.add("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if _cacheable(response, view):
        this_request().environ["forum.cacheable"] = True
        if "cache-control" not in there:
            response.headers.add("Cache-Control", "no-cache")
            response.vary.update(("Cookie", "Accept-Language"))
    elif "cache-control" not in there:
        response.headers.add("Cache-Control", "private, no-store")
    return response


def accepts_cross_site(view: V) -> V:
    """Let other sites' software send to this view, which asks for a proof of its own; it stands above the audience."""
    setattr(view, CROSS_SITE, True)
    return view


def framable(view: V) -> V:
    """Let other sites show this view in a frame; it stands below the audience."""
    setattr(view, FRAMABLE, True)
    return view


def uses_camera(view: V) -> V:
    """Let this view's page ask for the camera; it stands below the audience."""
    setattr(view, CAMERA, True)
    return view


def _cacheable(response: Response, view: object) -> bool:
    """Whether a visitor's copy may be kept: public view, plain GET, nothing personal read or written."""
    if this_request().method not in ("GET", "HEAD") or getattr(view, "audience", None) != "public":
        return False
    if response.status_code not in (200, 301, 308) or response.headers.get("Set-Cookie") or session.modified:
        return False
    return not g.get("personal", False) and not current_user.is_authenticated


def _view() -> object:
    return this_app().view_functions.get(this_request().endpoint or "")


def _own_origin() -> str:
    parts = urlsplit(this_app().config["FORUM"].base_url)
    return f"{parts.scheme}://{parts.netloc}"
