"""The words of closed vocabularies, as people read them."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from forum.concerns.models import About, Category, Closing, Concern, Item, Mode, Source, Status, Waiting


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


def desk_title(concern: Concern) -> str:
    """What lists of the desk call it: what is about an officer has no words of its own until it is screened."""
    if concern.about is About.TOWN or concern.screened:
        return concern.title
    return about_words(concern.about)


def source_words(source: Source) -> str:
    """«By phone»."""
    return {
        Source.MEETING: _("At a meeting"),
        Source.PAPER: _("On paper"),
        Source.PHONE: _("By phone"),
        Source.SITE: _("On this site"),
    }[source]


def item_words(item: Item) -> str:
    """«what you told us», as its person reads it."""
    return {
        Item.CONTACT: _("how to reach you"),
        Item.NAME: _("your name"),
        Item.PICTURES: _("your pictures"),
        Item.PLACE: _("where it is"),
        Item.STORY: _("what you told us"),
        Item.THREAD: _("what you and we wrote since"),
    }[item]


def staff_item_words(item: Item) -> str:
    """«what they told us», as the desk reads it."""
    return {
        Item.CONTACT: _("how to reach them"),
        Item.NAME: _("their name"),
        Item.PICTURES: _("their pictures"),
        Item.PLACE: _("where it is"),
        Item.STORY: _("what they told us"),
        Item.THREAD: _("what they and we wrote since"),
    }[item]


def sees_words(mode: Mode) -> str:
    """«You and the officers at the desk.»: who reads a concern of this mode."""
    return {
        Mode.ANONYMOUS: _("You and the officers at the desk. Nobody knows who you are."),
        Mode.CONFIDENTIAL: _(
            "You, the officer who has it, supervisors and reviewers. Your name is kept apart."
        ),
        Mode.PRIVATE: _("You and the officers at the desk."),
        Mode.PUBLIC: _("Everybody reads it on this site. Your name and contact: the desk only."),
    }[mode]


def answer_within(category: Category) -> str:
    """By when somebody answers, as a sentence."""
    hours = category.answer_hours
    if hours < 48:
        return ngettext(
            "An officer answers within %(num)d hour.", "An officer answers within %(num)d hours.", hours
        )
    return ngettext(
        "An officer answers within %(num)d day, or on the next working day after it.",
        "An officer answers within %(num)d days, or on the next working day after them.",
        -(-hours // 24),
    )
