"""What the owner of an answer is told when a letter to its address could not simply be counted."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from forum.events.models import Answer, Place, Rsvp
from forum.events.operations.replies import Ending

# With these goes the invitation as it is now, so that the calendar that asked shows what holds.
SENDS_WHAT_HOLDS = (Ending.COUNTER, Ending.OUTDATED, Ending.OVERTAKEN, Ending.REFRESH, Ending.WAITING)


def words(ending: Ending, rsvp: Rsvp) -> tuple[str, str]:
    """What happened, and what to do about it; each a sentence or two in the reader's language."""
    return _said(ending, rsvp), _todo(ending)


def _said(ending: Ending, rsvp: Rsvp) -> str:
    if ending is Ending.PARTY:
        people = rsvp.party_size
        return ngettext(
            "Your calendar accepted for %(num)s person. There is not room for so many.",
            "Your calendar accepted for %(num)s people. There is not room for so many.",
            people,
        )
    known = {
        Ending.CANCELLED: _("Your calendar sent us an answer. This event does not take place."),
        Ending.CLOSED: _("Your calendar sent us an answer. This event takes no answers now."),
        Ending.COUNTER: _(
            "Your calendar proposed another time. Many people come to this event, so its time cannot be changed by"
            " mail."
        ),
        Ending.DELEGATED: _(
            "Your calendar handed your invitation on to somebody else. That cannot be done by mail, but they are"
            " welcome to answer for themselves."
        ),
        Ending.NO_SUCH_DATE: _("Your calendar answered for a date for which we know no answer of yours."),
        Ending.OUTDATED: _(
            "Your calendar answered an older invitation, and the time has changed since. We did not count it, because"
            " you might think otherwise now. This is what holds:"
        ),
        Ending.OVER: _("Your calendar sent us an answer. This event is over."),
        Ending.OVERTAKEN: _(
            "An older answer of your calendar reached us only now. You have answered again since, and that is what"
            " counts."
        ),
        Ending.PLAIN: _(
            "You wrote to an address that only a machine reads. It understands Accept and Decline from a calendar;"
            " nobody has seen your words, and they are not kept."
        ),
        Ending.REFRESH: _("Your calendar asked for the newest version of this event. This is what holds:"),
        Ending.UNREADABLE: _("Your calendar sent us an answer in a form that we cannot read."),
        Ending.WAITING: _(
            "We have your answer. All places are taken just now, so you are on the waitlist: we write when it is"
            " your turn, and you need not do anything until then."
        ),
    }
    return f"{known[ending]} {_standing(rsvp)}".strip() if ending in _STANDS else known[ending]


_STANDS = (
    Ending.COUNTER,
    Ending.DELEGATED,
    Ending.OVERTAKEN,
    Ending.PLAIN,
    Ending.UNREADABLE,
)  # what we know is unchanged, so it is worth saying


def _standing(rsvp: Rsvp) -> str:
    if rsvp.answer == Answer.MAYBE:
        return _("What we have from you: maybe.")
    if rsvp.answer == Answer.NOT_GOING:
        return _("What we have from you: you can't come.")
    if rsvp.place == Place.CONFIRMED:
        return _("What we have from you: you are going.")
    return _("What we have from you: you are on the waitlist.")


def _todo(ending: Ending) -> str:
    if ending in (Ending.CANCELLED, Ending.OVER):
        return _("The event and other dates:")
    if ending is Ending.WAITING:
        return _("If you cannot come now, please change it:")
    return _("Your answer can be seen and changed here:")
