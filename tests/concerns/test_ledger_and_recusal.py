"""What the ledger says of whom a concern is kept from: its readers may be the ones it is about."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Role
from forum.audit.models import Entry as LedgerEntry
from forum.concerns.acts import ConcernAct
from forum.concerns.models import About, Mode, Recusal
from forum.concerns.operations.recusing import recuse, screen_concern
from forum.core.errors import Refusal
from forum.extensions import db
from tests.factories import accounts, concerns


def test_the_ledger_says_that_somebody_is_kept_out_and_the_concern_whom(work: Flask) -> None:
    reviewer, accused = accounts.person(Role.REVIEWER), accounts.person(Role.ADMINISTRATOR)
    made = concerns.concern(Mode.CONFIDENTIAL, about=About.COMPLAINT)
    screen_concern(actor=reviewer, concern=made, named=[accused])
    entries = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.act == ConcernAct.CONCERN_RECUSE)
    ).all()
    assert [entry.detail for entry in entries] == [{"named": True}]
    assert [recusal.person_id for recusal in db.session.scalars(select(Recusal))] == [accused.id]


def test_a_reviewer_who_was_named_meanwhile_screens_nothing(work: Flask) -> None:
    reviewer, other = accounts.person(Role.REVIEWER), accounts.person(Role.REVIEWER)
    made = concerns.concern(Mode.CONFIDENTIAL, about=About.COMPLAINT)
    recuse(actor=other, concern=made, people=[reviewer])
    with pytest.raises(Refusal, match="no longer yours"):
        screen_concern(actor=reviewer, concern=made, named=[])
    assert not made.screened
