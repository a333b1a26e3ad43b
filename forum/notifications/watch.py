"""What operators are told of the outbox: /readyz and /metrics."""

from __future__ import annotations

from datetime import timedelta

from forum.core import clock, health, metrics
from forum.extensions import db
from forum.notifications import queries

# Retries of a refused mail wait five minutes, so what is due for longer than this is waiting for a worker.
OVERDUE = timedelta(minutes=15)


def mail_moves() -> str:
    """Empty unless something due has waited for more than fifteen minutes: no worker, or no mail server."""
    oldest = db.session.scalar(queries.oldest_overdue(clock.now()))
    return "overdue" if oldest is not None and clock.now() - oldest > OVERDUE else ""


def depth() -> dict[str, float]:
    """Notifications that wait or are being sent, by state."""
    found = {str(state): float(count) for state, count in db.session.execute(queries.depth())}
    return {str(state): found.get(str(state), 0.0) for state in queries.OPEN}


def waited() -> dict[str, float]:
    """Seconds since the longest waiting notification became due; 0 when none is."""
    oldest = db.session.scalar(queries.oldest_overdue(clock.now()))
    return {"pending": (clock.now() - oldest).total_seconds() if oldest else 0.0}


def register() -> None:
    """Add the outbox to /readyz and /metrics."""
    health.CHECKS["mail"] = mail_moves
    metrics.GAUGES["forum_outbox"] = ("Notifications not yet delivered.", "state", depth)
    metrics.GAUGES["forum_outbox_oldest_seconds"] = (
        "How long the oldest due one has waited.",
        "state",
        waited,
    )
