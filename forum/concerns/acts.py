"""What the ledger calls the acts of this slice, and what people are told."""

from __future__ import annotations

from enum import StrEnum


class ConcernAct(StrEnum):
    """Sorted; a word is never given a second meaning."""

    CALENDAR_CHANGE = "concern.calendar.change"
    CATEGORY_CHANGE = "concern.category.change"
    CATEGORY_CREATE = "concern.category.create"
    CONCERN_ANSWER = "concern.answer"
    CONCERN_ASSIGN = "concern.assign"
    CONCERN_DISPUTE_DECIDE = "concern.dispute.decide"
    CONCERN_DUTY = "concern.duty"
    CONCERN_ENTER = "concern.enter"
    CONCERN_IDENTITY_READ = "concern.identity.read"
    CONCERN_IMPORT = "concern.import"
    CONCERN_MERGE = "concern.merge"
    CONCERN_MODE_CHANGE = "concern.mode.change"
    CONCERN_NOTE = "concern.note"
    CONCERN_RECUSE = "concern.recuse"
    CONCERN_SCREEN = "concern.screen"
    CONCERN_SHOW = "concern.show"
    CONCERN_STATE = "concern.state"
    CONCERN_STATUS_CHANGE = "concern.status.change"
    CONCERN_TEMPLATE_SAVE = "concern.template.save"
    CONCERN_TRANSFER_ANSWER = "concern.transfer.answer"
    CONCERN_TRANSFER_ASK = "concern.transfer.ask"
    CONCERN_TRANSFER_SEND = "concern.transfer.send"
    CONCERN_UNMERGE = "concern.unmerge"
    CONCERN_WARN = "concern.warn"
    CONCERN_WITHHOLD = "concern.withhold"


class ConcernNotice(StrEnum):
    """What people are told by mail; messages.py has the words."""

    CONCERN_ANSWERED = "concern.answered"
    CONCERN_DISPUTED = "concern.disputed"
    CONCERN_DUE = "concern.due"
    CONCERN_FOLLOWED = "concern.followed"
    CONCERN_LEFT = "concern.left"
    CONCERN_REPLIED = "concern.replied"
    CONCERN_STATUS = "concern.status"
    CONCERN_UNSEEN = "concern.unseen"
    FOLLOW_CONFIRM = "concern.follow_confirm"
    MORNING = "concern.morning"
    NEW = "concern.new"
