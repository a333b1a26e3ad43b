"""Tables of concerns, split by noun."""

from forum.concerns.models.category import Category
from forum.concerns.models.concern import About, Closing, Concern, Mode, Source, Status
from forum.concerns.models.dispute import Dispute, Outcome
from forum.concerns.models.duty import DutyEntry, DutyKind, DutyStep
from forum.concerns.models.identity import Identity, IdentityReading
from forum.concerns.models.recusal import Recusal
from forum.concerns.models.saved import SavedView, Template
from forum.concerns.models.thread import Author, ConcernPicture, Entry, Note, Waiting
from forum.concerns.models.transfer import Consent, Item, Transfer
from forum.concerns.models.warning import Cause, DangerCount
from forum.concerns.models.withholding import Withholding

__all__ = [
    "About",
    "Author",
    "Category",
    "Cause",
    "Closing",
    "Concern",
    "ConcernPicture",
    "Consent",
    "DangerCount",
    "Dispute",
    "DutyEntry",
    "DutyKind",
    "DutyStep",
    "Entry",
    "Identity",
    "IdentityReading",
    "Item",
    "Mode",
    "Note",
    "Outcome",
    "Recusal",
    "SavedView",
    "Source",
    "Status",
    "Template",
    "Transfer",
    "Waiting",
    "Withholding",
]
