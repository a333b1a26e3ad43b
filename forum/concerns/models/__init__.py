"""Tables of concerns, split by noun."""

from forum.concerns.models.category import Category
from forum.concerns.models.concern import About, Closing, Concern, Mode, Source, Status
from forum.concerns.models.dispute import Dispute, Outcome
from forum.concerns.models.identity import Identity, IdentityReading
from forum.concerns.models.recusal import Recusal
from forum.concerns.models.thread import Author, ConcernPicture, Entry, Note, Waiting
from forum.concerns.models.warning import Cause, DangerCount

__all__ = [
    "About",
    "Author",
    "Category",
    "Cause",
    "Closing",
    "Concern",
    "ConcernPicture",
    "DangerCount",
    "Dispute",
    "Entry",
    "Identity",
    "IdentityReading",
    "Mode",
    "Note",
    "Outcome",
    "Recusal",
    "Source",
    "Status",
    "Waiting",
]
