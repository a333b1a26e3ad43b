"""What the ledger calls the acts of this slice."""

from __future__ import annotations

from enum import StrEnum


class EventAct(StrEnum):
    """Sorted; a word is never given a second meaning."""

    ACTION_ITEM_ADD = "action_item.add"
    ACTION_ITEM_CHANGE = "action_item.change"
    ACTION_ITEM_DONE = "action_item.done"
    ACTION_ITEM_REMOVE = "action_item.remove"
    CALENDAR_TOKEN_CREATE = "calendar_token.create"
    CALENDAR_TOKEN_REVOKE = "calendar_token.revoke"
    DOOR_COUNT = "door.count"
    EVENT_CANCEL = "event.cancel"
    EVENT_CREATE = "event.create"
    EVENT_DUPLICATE = "event.duplicate"
    EVENT_EDIT = "event.edit"
    EVENT_FOLLOW = "event.follow"
    EVENT_IMPORT = "event.import"
    EVENT_MESSAGE = "event.message"
    EVENT_POSTPONE = "event.postpone"
    EVENT_PUBLISH = "event.publish"
    EVENT_SPLIT = "event.split"
    EVENT_WITHDRAW = "event.withdraw"
    KIND_CHANGE = "kind.change"
    KIND_CREATE = "kind.create"
    MINUTES_EDIT = "minutes.edit"
    MINUTES_PUBLISH = "minutes.publish"
    MINUTES_WITHDRAW = "minutes.withdraw"
    OCCURRENCE_CANCEL = "occurrence.cancel"
    OCCURRENCE_MOVE = "occurrence.move"
    OCCURRENCE_REINSTATE = "occurrence.reinstate"
    ROSTER_EXPORT = "roster.export"
    RSVP_PHONE_IN = "rsvp.phone_in"
    RSVP_PHONE_IN_CHANGE = "rsvp.phone_in.change"
    RSVP_REPLY = "rsvp.reply"
    RSVP_REPLY_REFUSE = "rsvp.reply.refuse"
    SHIFT_ADD = "shift.add"
    SHIFT_CHANGE = "shift.change"
    SHIFT_HOURS_COUNT = "shift.hours_count"
    SHIFT_HOURS_EXPORT = "shift.hours_export"
    SHIFT_REMOVE = "shift.remove"
    SHIFT_SIGN_OFF = "shift.sign_off"
    SHIFT_SIGN_UP = "shift.sign_up"
    WALK_INS_COUNT = "walk_ins.count"


class EventNotice(StrEnum):
    """What people are told by mail; messages.py has the words."""

    EVENT_MESSAGE = "event.message"
    FEEDBACK_ASKED = "feedback.asked"
    GUEST_CONFIRM = "guest.confirm"
    OCCURRENCE_CANCELLED = "occurrence.cancelled"
    OCCURRENCE_MOVED = "occurrence.moved"
    RSVP_CONFIRMED = "rsvp.confirmed"
    RSVP_LAPSED = "rsvp.lapsed"
    RSVP_OFFERED = "rsvp.offered"
    RSVP_PROMOTED = "rsvp.promoted"
    RSVP_REPLY = "rsvp.reply"
