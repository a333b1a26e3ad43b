"""The words of closed vocabularies, as people read them."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.concerns.models import About, Closing, Mode, Source, Status, Waiting


def status_words(status: Status) -> str:
    """«In progress»."""
    return {
        Status.ACKNOWLEDGED: _("Acknowledged"),
        Status.ANSWERED: _("Answered"),
        Status.CLOSED: _("Closed"),
        Status.IN_PROGRESS: _("In progress"),
        Status.RECEIVED: _("Received"),
        Status.REOPENED: _("Reopened"),
        Status.WAITING: _("Waiting"),
    }[status]


def mode_words(mode: Mode) -> str:
    """«Private»."""
    return {
        Mode.ANONYMOUS: _("Anonymous"),
        Mode.CONFIDENTIAL: _("Confidential"),
        Mode.PRIVATE: _("Private"),
        Mode.PUBLIC: _("Public"),
    }[mode]


def closing_words(closing: Closing) -> str:
    """«It was done»."""
    return {
        Closing.COULD_NOT_REACH: _("We could not reach you"),
        Closing.DONE: _("It was done"),
        Closing.DUPLICATE: _("We already have this concern"),
        Closing.NO_POWER: _("We have no power to act on it"),
        Closing.REFERRED: _("Somebody else takes care of it"),
        Closing.WITHDRAWN: _("You took it back"),
    }[closing]


def waiting_words(waiting: Waiting) -> str:
    """«Waiting for you», as its person reads it."""
    return {
        Waiting.OUTSIDE: _("Waiting for somebody outside the agency"),
        Waiting.PARTNER: _("Waiting for a partner"),
        Waiting.PERSON: _("Waiting for you"),
    }[waiting]


def about_words(about: About) -> str:
    """«A complaint about an officer»."""
    return {
        About.COMMENDATION: _("Praise for an officer"),
        About.COMPLAINT: _("A complaint about an officer"),
        About.TOWN: _("Something in town"),
    }[about]


def source_words(source: Source) -> str:
    """«By phone»."""
    return {
        Source.MEETING: _("At a meeting"),
        Source.PAPER: _("On paper"),
        Source.PHONE: _("By phone"),
        Source.SITE: _("On this site"),
    }[source]
