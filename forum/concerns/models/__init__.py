"""Tables of concerns, split by noun."""

from forum.concerns.models.afterwards import Afterwards, Question, Verdict
from forum.concerns.models.category import Category
from forum.concerns.models.concern import About, ClockKind, Closing, Concern, Mode, Source, Status
from forum.concerns.models.danger import Cause, DangerCount
from forum.concerns.models.dispute import Dispute, Outcome
from forum.concerns.models.duty import DutyEntry, DutyKind, DutyStep
from forum.concerns.models.following import ConcernFollow, FollowRequest
from forum.concerns.models.identity import Identity, IdentityReading
from forum.concerns.models.opening import Holiday, Opening
from forum.concerns.models.recusal import Recusal, Statement
from forum.concerns.models.saved import SavedView, Template
from forum.concerns.models.thread import Author, ConcernPicture, Entry, Note, Waiting
from forum.concerns.models.transfer import Consent, Item, Transfer
from forum.concerns.models.warning import Warned
from forum.concerns.models.withholding import Withholding

__all__ = [
    "About",
    "Afterwards",
    "Author",
    "Category",
    "Cause",
    "ClockKind",
    "Closing",
    "Concern",
    "ConcernFollow",
    "ConcernPicture",
    "Consent",
    "DangerCount",
    "Dispute",
    "DutyEntry",
    "DutyKind",
    "DutyStep",
    "Entry",
    "FollowRequest",
    "Holiday",
    "Identity",
    "IdentityReading",
    "Item",
    "Mode",
    "Note",
    "Opening",
    "Outcome",
    "Question",
    "Recusal",
    "SavedView",
    "Source",
    "Statement",
    "Status",
    "Template",
    "Transfer",
    "Verdict",
    "Waiting",
    "Warned",
    "Withholding",
]
