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
    CONCERN_ENTER = "concern.enter"
    CONCERN_IMPORT = "concern.import"
    CONCERN_MODE_CHANGE = "concern.mode.change"
    CONCERN_NOTE = "concern.note"
    CONCERN_RECUSE = "concern.recuse"
    CONCERN_SCREEN = "concern.screen"
    CONCERN_STATUS_CHANGE = "concern.status.change"
    CONCERN_WARN = "concern.warn"


class ConcernNotice(StrEnum):
    """What people are told by mail; messages.py has the words."""

    CONCERN_ANSWERED = "concern.answered"
    CONCERN_DUE = "concern.due"
    CONCERN_STATUS = "concern.status"
