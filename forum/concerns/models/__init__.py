"""Tables of concerns, split by noun."""

from forum.concerns.models.category import Category
from forum.concerns.models.concern import About, Closing, Concern, Mode, Source, Status
from forum.concerns.models.identity import Identity, IdentityReading
from forum.concerns.models.recusal import Recusal
from forum.concerns.models.thread import Author, ConcernPicture, Entry, Note, Waiting

__all__ = [
    "About",
    "Author",
    "Category",
    "Closing",
    "Concern",
    "ConcernPicture",
    "Entry",
    "Identity",
    "IdentityReading",
    "Mode",
    "Note",
    "Recusal",
    "Source",
    "Status",
    "Waiting",
]
