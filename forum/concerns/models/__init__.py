"""Tables of concerns, split by noun."""

from forum.concerns.models.afterwards import Afterwards, Question, Verdict
from forum.concerns.models.category import Category
from forum.concerns.models.concern import About, Closing, Concern, Mode, Source, Status
from forum.concerns.models.following import ConcernFollow, FollowRequest
from forum.concerns.models.identity import Identity, IdentityReading
from forum.concerns.models.recusal import Recusal
from forum.concerns.models.thread import Author, ConcernPicture, Entry, Note, Waiting

__all__ = [
    "About",
    "Afterwards",
    "Author",
    "Category",
    "Closing",
    "Concern",
    "ConcernFollow",
    "ConcernPicture",
    "Entry",
    "FollowRequest",
    "Identity",
    "IdentityReading",
    "Mode",
    "Note",
    "Question",
    "Recusal",
    "Source",
    "Status",
    "Verdict",
    "Waiting",
]
