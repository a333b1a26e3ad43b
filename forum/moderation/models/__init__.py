"""Tables of moderation, split by noun."""

from forum.moderation.models.appeal import Appeal, AppealMessage, Verdict
from forum.moderation.models.case import Case, CaseFinding, CaseState, CaseStep, Report, Step
from forum.moderation.models.decision import Decision, Measure, Moderator, Pause
from forum.moderation.models.original import Original, Retention
from forum.moderation.models.recheck import Recheck, Stance
from forum.moderation.models.rules import Rule, Rules, RulesState
from forum.moderation.models.setting import Setting
from forum.moderation.models.wave import Turn, Wave, WaveItem

__all__ = [
    "Appeal",
    "AppealMessage",
    "Case",
    "CaseFinding",
    "CaseState",
    "CaseStep",
    "Decision",
    "Measure",
    "Moderator",
    "Original",
    "Pause",
    "Recheck",
    "Report",
    "Retention",
    "Rule",
    "Rules",
    "RulesState",
    "Setting",
    "Stance",
    "Step",
    "Turn",
    "Verdict",
    "Wave",
    "WaveItem",
]
