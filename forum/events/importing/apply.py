"""Carrying out a plan, through the operations that everybody's hands go through."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from forum.audit.operations import Actor
from forum.core.errors import Refusal
from forum.core.transactions import operation, unit_of_work
from forum.events.importing.model import Override, RowProblem
from forum.events.importing.plan import Item, Plan, occurrence_on, times_of
from forum.events.models import Event, EventStatus
from forum.events.operations.events import (
    cancel_event,
    create_event,
    edit_event,
    postpone_event,
)
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence
from forum.extensions import db

Progress = Callable[[int, int, str], None]
"""Called with how many are done, of how many, and what."""

BATCH = 200
"""Rows a transaction: few enough to let others write in between, many enough not to wait for the disk at each."""


def silent(_done: int, _total: int, _text: str) -> None:
    """Says nothing."""


def apply_plan(
    plan: Plan, *, actor: Actor | None, progress: Progress = silent, what: str = "Events"
) -> list[RowProblem]:
    """Write what `plan` has that is new or changed; returns the rows that were refused, the rest is in.

    Opens its own units of work; killed in the middle, it leaves whole events behind, and the next run does the rest.
    """
    items = [*plan.new, *plan.changed]
    refused: list[RowProblem] = []
    others = set(db.session)  # what the caller works with, such as the officer who uploads
    for first in range(0, len(items), BATCH):
        batch = items[first : first + BATCH]
        try:
            with unit_of_work():
                for item in batch:
                    apply_item(actor=actor, item=item)
        except Refusal:
            refused += _one_by_one(batch, actor)
        for row in (
            set(db.session) - others
        ):  # thousands of events with their bytes would stay in memory until the end
            db.session.expunge(row)
        progress(first + len(batch), len(items), what)
    return refused


def _one_by_one(batch: Sequence[Item], actor: Actor | None) -> list[RowProblem]:
    """The batch again, each row behind a savepoint of its own, which is too slow to have where nothing is refused."""
    refused: list[RowProblem] = []
    with unit_of_work():
        for item in batch:
            try:
                with db.session.begin_nested():
                    apply_item(actor=actor, item=item)
            except Refusal as refusal:
                refused.append(RowProblem(item.imported.row, item.imported.title, str(refusal.message)))
    return refused


@operation
def apply_item(*, actor: Actor | None, item: Item) -> Event:
    """Create or change one event and its single dates as `item` says. Refusal as the operations give it."""
    if item.existing_id is None:
        public = item.status is not None
        event = create_event(actor=actor, details=item.details, source_key=item.source_key, published=public)
    else:
        event = db.session.get_one(Event, item.existing_id)
        if item.changed:
            edit_event(actor=actor, event=event, details=item.details)
    for override in item.overrides:
        _change_date(actor, event, item, override)
    _call_off(actor, event, item)
    return event


def _change_date(actor: Actor | None, event: Event, item: Item, override: Override) -> None:
    occurrence = occurrence_on(event, override.original)
    if occurrence is None or occurrence.cancelled:
        return
    starts, ends = times_of(override, item.imported)
    if override.starts is not None or override.ends is not None or override.place_name is not None:
        move_occurrence(
            actor=actor,
            occurrence=occurrence,
            starts_local=starts,
            ends_local=ends,
            place_name=override.place_name,
            place_address=override.place_address,
        )
    if override.cancelled:
        cancel_occurrence(actor=actor, occurrence=occurrence, reason=override.reason or _default_reason())


def _call_off(actor: Actor | None, event: Event, item: Item) -> None:
    reason = item.imported.reason or _default_reason()
    if item.status == EventStatus.CANCELLED:
        cancel_event(actor=actor, event=event, reason=reason)
    elif item.status == EventStatus.POSTPONED:
        postpone_event(actor=actor, event=event, reason=reason)


def _default_reason() -> str:
    return _("The calendar that this comes from says so.")
