"""Who may see, edit and answer. An unknown role or state means no."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from forum.accounts.models import Role
from forum.events.models import Event, EventStatus, Occurrence, Rsvp, RsvpPolicy

EDITORS = (Role.ADMINISTRATOR, Role.OFFICER, Role.SUPERVISOR)
FEEDBACK_OPEN = timedelta(days=14)  # after the end of a date
NAMES_AT_THE_DOOR = timedelta(days=1)  # after the end of a date: until then the desk knows by name who came
DESK = (Role.ADMINISTRATOR, Role.AUDITOR, Role.OFFICER, Role.SUPERVISOR)


class Viewer(Protocol):
    """A person or a visitor: policy always gets an object."""

    @property
    def id(self) -> Any: ...

    @property
    def role(self) -> Any: ...


def can_see_event(viewer: Viewer, event: Event) -> bool:
    """Public events are everyone's; drafts are seen on the desk alone."""
    return event.is_public or can_see_desk(viewer)


def can_see_desk(viewer: Viewer) -> bool:
    """The desk's lists, drafts, rosters and history."""
    return viewer.role in DESK


def can_edit_events(viewer: Viewer) -> bool:
    """Create, edit, publish, move, cancel, take phone-ins, count walk-ins."""
    return viewer.role in EDITORS


def keeps_door_list(occurrence: Occurrence, now: datetime) -> bool:
    """Whether who comes may be noted by name at the moment *now*; later people are only counted."""
    return now < occurrence.ends_at + NAMES_AT_THE_DOOR


def door_is_open(occurrence: Occurrence, now: datetime) -> bool:
    """Whether a ticket is good at the moment *now*: from a day before the start until a day after the end."""
    return (
        takes_place(occurrence)
        and occurrence.starts_at - NAMES_AT_THE_DOOR <= now
        and keeps_door_list(occurrence, now)
    )


def can_manage_kinds(viewer: Viewer) -> bool:
    """The list of kinds is the administrator's."""
    return viewer.role == Role.ADMINISTRATOR


def takes_answers(occurrence: Occurrence, now: datetime) -> bool:
    """Whether this date takes RSVPs at the moment *now*: public, on, not over, and the event asks for them."""
    event = occurrence.event
    return (
        event.status == EventStatus.PUBLISHED
        and not occurrence.cancelled
        and occurrence.ends_at > now
        and event.rsvp_policy in (RsvpPolicy.REQUIRED, RsvpPolicy.WELCOME)
    )


def can_see_rsvp(viewer: Viewer, rsvp: Rsvp) -> bool:
    """One's own answer, or any on the desk's roster."""
    return (viewer.id is not None and rsvp.person_id == viewer.id) or can_see_desk(viewer)


def can_see_needs(viewer: Viewer) -> bool:
    """Who needs what to take part: for who can arrange it, not for every reader of the roster."""
    return can_edit_events(viewer)


def needs_served(event: Event) -> frozenset[str]:
    """What of access needs the event can serve, as columns of AccessNeed; only that is asked, and kept."""
    served = {
        "interpreter": bool(event.interpreter),
        "step_free": event.step_free is True,
        "children": event.childcare is True,
        "quiet_space": event.quiet_space is True,
    }
    found = {name for name, can in served.items() if can}
    return frozenset(found | {"note"}) if found else frozenset()


def takes_place(occurrence: Occurrence) -> bool:
    """Whether this date is public and not called off; it may lie behind us."""
    return occurrence.event.status == EventStatus.PUBLISHED and not occurrence.cancelled


def takes_feedback(occurrence: Occurrence, now: datetime) -> bool:
    """Whether people may say at the moment *now* how this date was: it took place, and ended within two weeks."""
    return takes_place(occurrence) and occurrence.ends_at <= now < occurrence.ends_at + FEEDBACK_OPEN
