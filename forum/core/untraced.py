"""Addresses of which nothing is kept: no line in the access log, no sample of how long one took, no sign of a session.

What somebody tells anonymously must not be found again by its minute (PROMISES 1). A view marked so answers as any
other; the hooks that would note the moment ask here first. A crash is still logged: without it nobody could mend it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from forum.core.current import this_app, this_request

V = TypeVar("V", bound=Callable[..., Any])
MARK = "leaves_no_trace"


def untraced(view: V) -> V:
    """Keep nothing of requests to this view; it stands below the audience."""
    setattr(view, MARK, True)
    return view


def is_untraced() -> bool:
    """Whether nothing of the present request may be kept."""
    return bool(getattr(this_app().view_functions.get(this_request().endpoint or ""), MARK, False))
