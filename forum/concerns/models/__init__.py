"""Tables of concerns, split by noun."""

from forum.concerns.models.category import Category
from forum.concerns.models.concern import About, ClockKind, Closing, Concern, Mode, Source, Status
from forum.concerns.models.identity import Identity, IdentityReading
from forum.concerns.models.opening import Holiday, Opening
from forum.concerns.models.recusal import Recusal
from forum.concerns.models.thread import Author, ConcernPicture, Entry, Note, Waiting
from forum.concerns.models.warning import Warned

__all__ = [
    "About",
    "Author",
    "Category",
    "ClockKind",
    "Closing",
    "Concern",
    "ConcernPicture",
    "Entry",
    "Holiday",
    "Identity",
    "IdentityReading",
    "Mode",
    "Note",
    "Opening",
    "Recusal",
    "Source",
    "Status",
    "Waiting",
    "Warned",
]
