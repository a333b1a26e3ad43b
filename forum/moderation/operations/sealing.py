"""What was taken away is kept sealed for a set time; what it says of somebody can go sooner, by two people."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation.models import Decision, Original, Retention
from forum.moderation.operations.keeping import person_of
from forum.moderation.queries import cases
from forum.moderation.registry import Thing
from forum.moderation.vocabulary import ModerationAct

KEPT = {Retention.PERSONAL_DATA: timedelta(days=365), Retention.RECORD: timedelta(days=3 * 365)}


def seal(decision: Decision, thing: Thing, retention: Retention) -> Original:
    """Keep the text as it was."""
    now = clock.now()
    made = Original(
        decision_id=decision.id, title=thing.title, text=thing.text, retention=retention, sealed_at=now,
        keep_until=now + KEPT[retention],
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


@operation
def read_original(*, actor: Actor, original: Original) -> str:
    """Open a sealed text; the reading is recorded, in the case's name."""
    record(actor=actor, act=ModerationAct.ORIGINAL_READ, subject=original)
    return str(original.text)


@operation
def ask_excision(*, actor: Actor, original: Original, text: str) -> Original:
    """Propose *text* in place of the sealed one, without some personal data; a second person has to agree."""
    original = _lock(original)
    if original.excised_at is not None:
        raise Refusal(_("Personal data was taken out of this already."))
    if not text.strip() or text.strip() == original.text.strip():
        raise Refusal(_("Write the text without the personal data."), "text")
    original.excised_text, original.excise_asked_by_id = text.strip(), person_of(actor).id
    record(actor=actor, act=ModerationAct.ORIGINAL_EXCISE_ASK, subject=original)
    return original


@operation
def approve_excision(*, actor: Actor, original: Original) -> Original:
    """The second person agrees: the text as it was is gone for good. Refusal for who proposed it."""
    original, person = _lock(original), person_of(actor)
    if original.excised_text is None or original.excised_at is not None:
        raise Refusal(_("Nobody has proposed anything here."))
    if original.excise_asked_by_id == person.id:
        raise Refusal(_("Somebody else than who proposed it has to agree."))
    original.text = original.excised_text
    original.excised_by_id, original.excised_at = person.id, clock.now()
    record(actor=person, act=ModerationAct.ORIGINAL_EXCISE, subject=original)
    return original


@operation
def purge_originals(moment: datetime, limit: int = 200) -> int:
    """Forget what has been kept long enough; returns how many."""
    found = db.session.scalars(cases.originals_over(moment).limit(limit)).all()
    for original in found:
        record(
            actor=None, act=ModerationAct.ORIGINAL_PURGE, subject=original, retention=str(original.retention)
        )
        db.session.delete(original)
    db.session.flush()
    return len(found)


def _lock(original: Original) -> Original:
    held = select(Original).where(Original.id == row_id(original)).with_for_update(of=Original)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()
