"""Closed vocabularies: what the ledger says, and what people are told."""

from __future__ import annotations

from enum import StrEnum


class ModerationAct(StrEnum):
    """``moderation.<noun>.<verb>``. Sorted; a word is never given a second meaning."""

    APPEAL_ANSWER = "moderation.appeal.answer"
    APPEAL_DECIDE = "moderation.appeal.decide"
    APPEAL_RAISE = "moderation.appeal.raise"
    CASE_DECIDE = "moderation.case.decide"
    CASE_DROP = "moderation.case.drop"
    CASE_HOLD = "moderation.case.hold"
    CASE_RELEASE = "moderation.case.release"
    CASE_TAKE = "moderation.case.take"
    ORIGINAL_EXCISE = "moderation.original.excise"
    ORIGINAL_EXCISE_ASK = "moderation.original.excise_ask"
    ORIGINAL_PURGE = "moderation.original.purge"
    ORIGINAL_READ = "moderation.original.read"
    RECHECK_LOOK = "moderation.recheck.look"
    RECHECK_STANCE = "moderation.recheck.stance"
    REPORT_MAKE = "moderation.report.make"
    RULES_APPROVE = "moderation.rules.approve"
    RULES_PROPOSE = "moderation.rules.propose"
    RULES_REFUSE = "moderation.rules.refuse"
    SETTING_CHANGE = "moderation.setting.change"
    WAVE_HIDE = "moderation.wave.hide"
    WAVE_UNDO = "moderation.wave.undo"


class ModerationNotice(StrEnum):
    """What people are told by mail; messages.py has the words. Sorted."""

    APPEAL_ANSWERED = "moderation.appeal_answered"
    APPEAL_DECIDED = "moderation.appeal_decided"
    DECIDED = "moderation.decided"
    REPORT_ANSWERED = "moderation.report_answered"
    WAVE_UNDONE = "moderation.wave_undone"
