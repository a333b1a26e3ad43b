"""Periodic work of discussions."""

from __future__ import annotations

from datetime import timedelta

from forum.core import clock, jobs
from forum.core.transactions import unit_of_work
from forum.discussions.operations.attaching import forget_old_waiting
from forum.discussions.operations.drafting import forget_old_drafts
from forum.discussions.operations.states import renew_topic
from forum.discussions.operations.sweeping import sweep_pictures
from forum.discussions.queries.topics import opened_since
from forum.extensions import db


@jobs.periodic("discussions.forget_drafts", daily="03:50")
def forget_drafts() -> None:
    """Remove drafts that nobody has touched for two months, pictures that wait as long, and files that none names."""
    with unit_of_work():
        forget_old_drafts()
        forget_old_waiting()
    sweep_pictures()


@jobs.periodic("discussions.open_topics", minutes=5)
def open_topics() -> None:
    """Let search find what was scheduled and is open now; twice the time between two runs, for one that was missed."""
    with unit_of_work():
        for topic in db.session.scalars(opened_since(clock.now() - timedelta(minutes=10), clock.now())).all():
            renew_topic(topic)
