"""Forgetting what has been kept long enough, and going on with waves that are larger than one transaction."""

from __future__ import annotations

from forum.core import clock, jobs, uploads
from forum.core.transactions import unit_of_work
from forum.extensions import db
from forum.moderation.models import Retention
from forum.moderation.operations.sealing import KEPT, purge_originals
from forum.moderation.operations.waves import GO_ON, go_on
from forum.moderation.queries import waves

BATCH = 200


@jobs.periodic("moderation.purge", daily="04:10")
def purge() -> None:
    """Remove sealed originals whose time is over, a batch a transaction, and the files of pictures as old as that."""
    uploads.forget_sealed(clock.now() - KEPT[Retention.RECORD])
    while not jobs.stopping.is_set():
        with unit_of_work():
            purged = purge_originals(clock.now(), BATCH)
        if purged < BATCH:
            return


@jobs.periodic(GO_ON, minutes=1, at_start=True)
def finish_waves() -> None:
    """Hide or give back what is left of each wave, a piece a transaction; what fails is tried again in a minute."""
    ids = db.session.scalars(waves.busy()).all()
    db.session.rollback()
    for wave_id in ids:
        left = True
        while left and not jobs.stopping.is_set():
            with unit_of_work():
                left = go_on(wave_id)
