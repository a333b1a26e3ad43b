"""Writing minutes and action items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import undefer

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import clock, markdown
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.events.acts import EventAct
from forum.events.models import ActionItem, Minutes, Occurrence
from forum.events.operations.details import YEARS
from forum.events.operations.occurrences import lock_occurrence
from forum.extensions import db

MOST_ITEMS = 50  # on one date: more than a meeting can promise, and bounded


@dataclass(frozen=True)
class ItemDetails:
    """What an action item says. *mine*: the actor answers for it. *done_on* and *due_on* in the event's zone."""

    text: str
    owner: str
    due_on: date
    mine: bool = False
    done_on: date | None = None
    outcome: str = ""


@operation
def write_minutes(
    *, actor: Person, occurrence: Occurrence, text: str, shows_attendance: bool, version: int | None = None
) -> Minutes:
    """Save the minutes of a date: a draft until they are published, afterwards for everybody, with the day it changed.

    *version* is the one the writer started from; Refusal when somebody saved another one since.
    """
    minutes = _locked(occurrence)
    if version is not None and version != minutes.version:
        raise Refusal(
            _(
                "Somebody else saved these minutes while you were writing. "
                "Look at them in another tab; save again to keep yours."
            )
        )
    if (minutes.text, minutes.shows_attendance) == (text, shows_attendance):
        return minutes
    minutes.text, minutes.shows_attendance = text, shows_attendance
    minutes.html, minutes.renderer = markdown.render(text), markdown.RENDERER
    _changed(minutes)
    record(actor=actor, act=EventAct.MINUTES_EDIT, subject=occurrence, version=minutes.version)
    return minutes


@operation
def publish_minutes(*, actor: Person, occurrence: Occurrence) -> Minutes:
    """Show the minutes of a date that has begun, and their action items, to everybody."""
    minutes = _locked(occurrence)
    if minutes.is_public:
        return minutes
    if occurrence.starts_at > clock.now():
        raise Refusal(_("This date has not begun yet. The draft is kept; publish it afterwards."))
    if not minutes.text and not minutes.items and not minutes.shows_attendance:
        raise Refusal(_("There is nothing to publish yet."), "text")
    minutes.published_at = clock.now()
    db.session.flush()
    record(actor=actor, act=EventAct.MINUTES_PUBLISH, subject=occurrence)
    return minutes


@operation
def withdraw_minutes(*, actor: Person, occurrence: Occurrence) -> None:
    """Make published minutes a draft again: they leave the event's page at once."""
    minutes = _locked(occurrence)
    if not minutes.is_public:
        return
    minutes.published_at = minutes.changed_at = None
    db.session.flush()
    record(actor=actor, act=EventAct.MINUTES_WITHDRAW, subject=occurrence)


@operation
def add_item(*, actor: Person, occurrence: Occurrence, details: ItemDetails) -> ActionItem:
    """Note what somebody is to do. Refusal without an owner or a sensible day."""
    minutes = _locked(occurrence)
    if len(minutes.items) >= MOST_ITEMS:
        raise Refusal(_("One date holds %(most)s action items at most.", most=MOST_ITEMS))
    item = ActionItem()
    _fill(actor, item, details)
    minutes.items.append(item)
    _changed(minutes)
    record(actor=actor, act=EventAct.ACTION_ITEM_ADD, subject=occurrence, item=item.id)
    return item


@operation
def change_item(*, actor: Person, item: ActionItem, details: ItemDetails) -> None:
    """Change an action item, or say that it is done and what came of it."""
    minutes = _locked(item.minutes.occurrence)
    db.session.refresh(item)
    was_open = item.done_on is None
    _fill(actor, item, details)
    _changed(minutes)
    done = was_open and item.done_on is not None
    act = EventAct.ACTION_ITEM_DONE if done else EventAct.ACTION_ITEM_CHANGE
    record(actor=actor, act=act, subject=minutes.occurrence, item=item.id)


@operation
def remove_item(*, actor: Person, item: ActionItem) -> None:
    """Take an action item away; the ledger keeps that it was."""
    minutes = _locked(item.minutes.occurrence)
    record(actor=actor, act=EventAct.ACTION_ITEM_REMOVE, subject=minutes.occurrence, item=item.id)
    minutes.items.remove(item)
    _changed(minutes)


def _locked(occurrence: Occurrence) -> Minutes:
    """The minutes of a date, held until the end of the unit of work; made when there are none."""
    lock_occurrence(occurrence)
    wanted = select(Minutes).where(Minutes.occurrence_id == occurrence.id).options(undefer(Minutes.text))
    minutes = db.session.scalars(wanted.execution_options(populate_existing=True)).first()
    if minutes is None:
        minutes = Minutes(occurrence_id=occurrence.id, text="", html="", shows_attendance=False, version=1)
        db.session.add(minutes)
        db.session.flush()
    return minutes


def _changed(minutes: Minutes) -> None:
    minutes.version += 1
    if minutes.is_public:
        minutes.changed_at = clock.now()
    db.session.flush()


def _fill(actor: Person, item: ActionItem, details: ItemDetails) -> None:
    owner = details.owner or (actor.title if details.mine else "")
    if not details.text:
        raise Refusal(_("Say what is to be done."), "text")
    if not owner:
        raise Refusal(_("Say who answers for it: a role or a team."), "owner")
    if details.due_on.year not in YEARS:
        raise Refusal(_("The year must lie between 1990 and 2100."), "due_on")
    if details.done_on is None and details.outcome:
        raise Refusal(_("Say on which day it was done."), "done_on")
    item.text, item.owner, item.due_on = details.text, owner, details.due_on
    item.done_on, item.outcome = details.done_on, details.outcome
    if details.mine:
        item.owner_id = actor.id
    elif item.owner_id == actor.id:
        item.owner_id = None
