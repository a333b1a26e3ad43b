"""Erasing an account.

The row stays without anything personal, since the ledger and the outbox name people by id. Everything else follows what
the foreign keys say: rows with ON DELETE CASCADE go, ON DELETE SET NULL forgets the person. Slices that must do more
than that (give a place in an event to the next in line) add an eraser; erasers run first, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask_babel import gettext as _

from forum.accounts.models import Person, Role
from forum.accounts.operations.credentials import require_proof
from forum.accounts.operations.people import require_another_administrator
from forum.accounts.vocabulary import AccountAct
from forum.audit.operations import record
from forum.core import clock, search
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.notifications.operations import forget_person

Eraser = Callable[[Person], None]
erasers: list[Eraser] = []  # filled by wiring, once


@operation
def erase_account(person: Person, *, proof: str | None) -> None:
    """Erase *person* at their own wish. Raises Refusal when the password changed, or for the last administrator."""
    require_proof(person, proof)
    if person.role is Role.ADMINISTRATOR:
        require_another_administrator(person)
    erase(person)


@operation
def erase(person: Person) -> None:
    """Remove everything personal about *person* in this transaction."""
    if person.erased_at is not None:
        raise Refusal(_("This account was erased already."))
    record(actor=person, act=AccountAct.ERASE, subject=person, role=str(person.role))
    for eraser in erasers:
        eraser(person)
    forget_person(person.id)
    db.session.flush()
    _follow_foreign_keys(person.id)
    now = clock.now()
    person.email = person.email_folded = f"erased-{person.id}@invalid"
    person.name = person.title = person.public_contact = ""
    person.hidden_name = None
    person.password_hash, person.role = None, Role.RESIDENT
    person.team_id = person.answers_to_id = None
    person.erased_at = now
    search.renew("person", person.id)


def _follow_foreign_keys(person_id: int) -> None:
    for table in reversed(db.metadata.sorted_tables):
        for key in table.foreign_keys:
            if key.column.table is not Person.__table__:
                continue
            rows = key.parent == person_id
            if key.ondelete == "CASCADE":
                db.session.execute(sa.delete(table).where(rows))
            elif key.ondelete == "SET NULL":
                db.session.execute(sa.update(table).where(rows).values({key.parent.name: None}))
