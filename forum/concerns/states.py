"""The one table of what may follow what."""

from __future__ import annotations

from forum.concerns.models import Status

# A concern that was answered goes on when its person writes again; a closed one only by being reopened.
NEXT: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset(
        {Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.WAITING, Status.ANSWERED, Status.CLOSED}
    ),
    Status.ACKNOWLEDGED: frozenset({Status.IN_PROGRESS, Status.WAITING, Status.ANSWERED, Status.CLOSED}),
    Status.IN_PROGRESS: frozenset({Status.WAITING, Status.ANSWERED, Status.CLOSED}),
    Status.WAITING: frozenset({Status.IN_PROGRESS, Status.WAITING, Status.ANSWERED, Status.CLOSED}),
    Status.ANSWERED: frozenset({Status.IN_PROGRESS, Status.WAITING, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.REOPENED}),
    Status.REOPENED: frozenset({Status.IN_PROGRESS, Status.WAITING, Status.ANSWERED, Status.CLOSED}),
}


def may_follow(before: Status, after: Status) -> bool:
    """Whether a concern that is *before* may become *after*."""
    return after in NEXT[before]
