"""What the ledger calls the acts of this slice, and what people are told."""

from __future__ import annotations

from enum import StrEnum


class ConcernAct(StrEnum):
    """Sorted; a word is never given a second meaning."""

    CONCERN_ANSWER = "concern.answer"
    CONCERN_ASSIGN = "concern.assign"
    CONCERN_DISPUTE_DECIDE = "concern.dispute.decide"
    CONCERN_DUTY = "concern.duty"
    CONCERN_ENTER = "concern.enter"
    CONCERN_IDENTITY_READ = "concern.identity.read"
    CONCERN_MERGE = "concern.merge"
    CONCERN_MODE_CHANGE = "concern.mode.change"
    CONCERN_NOTE = "concern.note"
    CONCERN_RECUSE = "concern.recuse"
    CONCERN_SCREEN = "concern.screen"
    CONCERN_SHOW = "concern.show"
    CONCERN_STATUS_CHANGE = "concern.status.change"
    CONCERN_TEMPLATE_SAVE = "concern.template.save"
    CONCERN_TRANSFER_ANSWER = "concern.transfer.answer"
    CONCERN_TRANSFER_ASK = "concern.transfer.ask"
    CONCERN_TRANSFER_SEND = "concern.transfer.send"
    CONCERN_UNMERGE = "concern.unmerge"
    CONCERN_WITHHOLD = "concern.withhold"


class ConcernNotice(StrEnum):
    """What people are told by mail; messages.py has the words."""

    CONCERN_ANSWERED = "concern.answered"
    CONCERN_STATUS = "concern.status"
