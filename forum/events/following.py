"""What other slices do when everybody can see an event from now on, or no longer. Wiring fills the list."""

from __future__ import annotations

from collections.abc import Callable

from forum.events.models import Event

# (id, whether everybody sees it): called while the event's row is held, in the transaction that changes it.
followers: list[Callable[[int, bool], None]] = []


def tell_followers(event: Event) -> None:
    """Call them for *event* as it is now."""
    for follower in followers:
        follower(event.id, event.is_public)
